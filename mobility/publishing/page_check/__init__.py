"""Finds faults in the office's pages (`content/pages`) before they are built, each with its file and line.

Others call `page_check` and `page_files`; tests/data/typed-page-mistakes.yaml is the table of both.
May import: paths, i18n, yamlfiles, and of publishing what renders the pages.
"""
