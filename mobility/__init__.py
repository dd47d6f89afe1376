"""The domain of outgoing mobility: catalogue, calls, rules, forms and submissions. No web in it."""
