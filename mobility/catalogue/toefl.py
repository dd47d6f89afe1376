"""The two scales of the TOEFL iBT, 0 to 120 and since 21 January 2026 1 to 6, and how they compare.

What hosts and the university ask stands on the old scale. A score on the new one stands for a range of the
old, by the concordance of ETS as `SOURCE` gives it (its date is 30 June 2026).
"""

import datetime

SOURCE = "https://prepdrills.com/toefl-2026-score-converter/"
SEEN = datetime.date(2026, 11, 25)
MOST = 6
"""On the new scale."""
SINCE = datetime.date(2026, 1, 21)
BANDS: dict[float, tuple[int, int]] = {
    6.0: (114, 120),
    5.5: (107, 113),
    5.0: (95, 106),
    4.5: (86, 94),
    4.0: (72, 85),
    3.5: (58, 71),
    3.0: (44, 57),
}
"""The range of 0 to 120 for which a score of 1 to 6 stands."""
_BELOW = (0, min(low for low, _ in BANDS.values()) - 1)


def range_of(score: float) -> tuple[int, int]:
    """The range of the old scale for a score on the new; of scores that the table lacks, all below it."""
    return BANDS.get(score, _BELOW)
