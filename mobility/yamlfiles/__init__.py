"""Reads YAML that people edit into checked values with line numbers, and errors they can mend.

Others call `reader` (read, Problem, InvalidFile), `errors`, `loader`, `field_types`, `email_addresses`.
May import: i18n.
"""
