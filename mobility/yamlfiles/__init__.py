"""Reads YAML that people edit into checked values with line numbers, and errors they can mend.

Others call `reader` (read, Problem, Wrong), `errors` (problems, near) and `field_types`.
May import: i18n.
"""
