"""Readers' languages: English, Russian and Kazakh, and what the code says in each.

Others call `languages` (said, say, day, moment), `labels` and `written_dates`; translations lie in `locale/`.
May import: nothing of mobility.
"""
