"""What a document may hold, the same where it is kept and where it is shown."""

MOST_BYTES = 20_000_000
"""Of one file: 20 MB."""
MOST_PAGES = 500
"""Of one PDF."""
MOST_PIXELS = 120_000_000
"""Of a JPEG that can be decoded at an eighth of its size."""
MOST_DECODED = 50_000_000
"""Of a picture that is decoded whole: what the largest pictures of today's phones (48 million) need."""
