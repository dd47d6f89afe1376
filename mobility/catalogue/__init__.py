"""What the office edits, and the rules on it: partners, programmes, calls, documents, forms.

Others call `rulebook.load`, then `partners`, `calls`, `documents`, `forms`, `answers`, `eligibility`.
May import: paths, i18n, yamlfiles.
"""
