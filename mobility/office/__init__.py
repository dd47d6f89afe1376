"""What the office does, as verbs: ask, decide, withdraw, erase; the mail that tells it; the dossier.

Others call `actions`, `tasks`, `outbox`, `dossier`, `retention`; a `desk` is what each act needs.
May import: paths, storage, i18n, yamlfiles, catalogue, pdfforms, uploads, applications.
"""
