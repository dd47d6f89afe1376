"""HTML by MkDocs and its theme Material; catalogue pages are filled into HTML cut from one page of each kind.

Others call `rendering` alone. What knows Material's HTML by patterns stands in this package and nowhere else.
May import: paths, catalogue (through `catalogue_json`), and of publishing `output` and `catalogue_json`.
"""
