"""The GPA rule: the lowest GPA with which a transcript is accepted, and that with which one is selected.

Both are the institution's own numbers (source: its page, `requirements.sources`), unless the host asks more.
"""

from dataclasses import dataclass
from typing import Literal

from mobility.catalogue.partners import Defaults, Offer
from mobility.i18n.languages import format_number

AskedBy = Literal["institution", "host"]


@dataclass(frozen=True)
class GpaRule:
    """The minimum GPA of `transcript` and `selection`, of 4.0; each with whose number it is."""

    transcript: float
    selection: float
    transcript_by: AskedBy = "institution"
    selection_by: AskedBy = "institution"

    def accepts(self, gpa: float) -> bool:
        """Whether a transcript with this GPA is accepted at all."""
        return gpa >= self.transcript

    def selects(self, gpa: float) -> bool:
        """Whether the GPA meets the selection criterion."""
        return gpa >= self.selection


def gpa_rule(common: Defaults, offer: Offer | None = None) -> GpaRule:
    """The rule at the host of an offer; without one, the institution's own."""
    host = (offer.required("min_gpa") if offer else None) or 0.0
    return GpaRule(
        max(common.min_gpa_transcript, host),
        max(common.min_gpa, host),
        "host" if host > common.min_gpa_transcript else "institution",
        "host" if host > common.min_gpa else "institution",
    )


def format_gpa(gpa: float) -> str:
    """A GPA with at least two decimals, not rounded: 2.50, 2.499."""
    return format_number(gpa, 2)
