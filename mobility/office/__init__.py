"""What the office does, as verbs: ask, decide, withdraw, erase; the mail that tells it; the dossier.

Others call `actions`, `checks`, `reminders`, `staff`, `tasks`, `outbox`, `dossier`; all on a `desk`.
May import: paths, storage, i18n, yamlfiles, catalogue, pdfforms, uploads, applications.
"""
