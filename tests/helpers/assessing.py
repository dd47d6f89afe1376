"""What the rules say of a draft on the first day of its call."""

from mobility.applications.assessment import Assessment
from mobility.applications.drafts import Draft
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook


def assessed(book: Rulebook, call: Call, draft: Draft) -> Assessment:
    return Assessment(book, call, draft, None, call.opens.date())
