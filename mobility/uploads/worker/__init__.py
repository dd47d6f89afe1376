"""The side of the sandbox in which strangers' bytes are parsed. No other module imports what is in here."""
