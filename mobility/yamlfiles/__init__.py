"""Reads YAML that people edit into checked values with line numbers, and errors they can mend.

Others call `reader` (read, Problem, InvalidFile), `errors` (did_you_mean), `loader` and `field_types`.
May import: i18n.
"""
