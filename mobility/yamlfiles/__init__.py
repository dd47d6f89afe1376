"""Reads YAML that people edit into checked values with line numbers, and errors they can mend.

Others call `reader` (read, Problem, InvalidFile), `errors` (problems, did_you_mean) and `field_types`.
May import: i18n.
"""
