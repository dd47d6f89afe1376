"""An application from the first answer to its sealed bags, and what stands beside them.

Others call `drafts`, `private_links`, `completeness`, `submissions`, `bags`, `record`, `review`.
May import: paths, storage, i18n, yamlfiles, catalogue, pdfforms, uploads.
"""
