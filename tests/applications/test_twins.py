"""Who applies twice in a call, by IIN or passport, is marked; withdrawn applications are not counted."""

import datetime

from mobility.applications import listing, lookup, review, search
from mobility.applications.review import Withdrawal
from mobility.applications.search import Wanted
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed

OTHER = {"iin": "000101000015", "passport_number": "N00000001"}


def test_one_person_with_two_applications_is_marked_in_every_list(
    filled: Filled, seal: Sealed, instance: Instance, in_march: datetime.datetime
) -> None:
    one, two = seal(filled()), seal(filled(iin="000101000027"))
    alone = seal(filled(**OTHER))
    wanted = {one.reference: two.reference, two.reference: one.reference, alone.reference: None}
    for found in (lookup.applications(instance, one.call)[0], search.find(instance, Wanted(one.call))[0]):
        for each in found:
            marks = [mark for mark in each.marks if "same IIN or passport" in mark]
            twin = wanted[each.reference]
            assert marks == ([f"same IIN or passport as {twin}"] if twin else [])
    listing.write(instance, one.call, in_march)
    assert f"same IIN or passport as {two.reference}" in (one.call_folder / "index.csv").read_text()
    review.withdraw(
        instance, two.call, two.reference, Withdrawal(in_march.isoformat(), "applicant"), in_march
    )
    assert not any("same IIN" in m for each in lookup.applications(instance, one.call)[0] for m in each.marks)


def test_many_with_one_passport_name_three_others(filled: Filled, seal: Sealed, instance: Instance) -> None:
    bags = [seal(filled()) for _ in range(6)]
    marks = lookup.applications(instance, bags[0].call)[0][0].marks
    others = ", ".join(bag.reference for bag in bags[1:4])
    assert f"same IIN or passport as {others} and 2 more" in marks
