"""The domain of outgoing mobility, with no web in it; docs/design.md shows how the packages stand."""
