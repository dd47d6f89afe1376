"""A call is erased as a whole: told first, gone on with after a crash, certified without a name."""

import datetime
from dataclasses import replace

import pytest

from mobility import storage
from mobility.applications import drafts, journal, search, submissions
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, keeping
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed

CALL = "2027-autumn"


@pytest.fixture
def desk(instance: Instance, book: Rulebook, call: Call) -> Desk:
    """The office, after the call has closed."""
    return Desk(instance, book, "", False, call.closes + datetime.timedelta(days=1), "officer1")


@pytest.fixture
def three(filled: Filled, seal: Sealed) -> list[Bag]:
    """Three applications, and a draft that was never sent."""
    found = [seal(filled(family_name=name)) for name in ("Sampleova", "Mockenova", "Testbekova")]
    filled(family_name="Draftkyzy")
    return found


def left(instance: Instance) -> list[str]:
    """The files that hold anything of a person."""
    places = (instance.submissions, instance.review, instance.drafts, instance.dossiers, instance.outbox)
    return [str(path) for place in places for path in place.rglob("*") if path.is_file()]


def test_all_of_a_call_goes_and_the_certificate_names_nobody(desk: Desk, three: list[Bag]) -> None:
    journal.record(desk.instance, desk.now, "sheet made", three[0].reference, host="usm", by="officer1")
    journal.record(desk.instance, desk.now, "archived", "", call=CALL)
    told = keeping.of_call(desk, CALL)
    assert told.archived and (told.applications, told.drafts, told.copies) == (3, 1, {"sheet made": 1})
    written = keeping.purge(desk, CALL)
    assert written
    says = written.read_text()
    assert "Applications erased:   3" in says and "Never sent, erased:    1" in says
    assert says.count("Almaty time") == 2, "begun and ended"
    assert "sheet for a host: of 1" in says and "mobility archive" in says and "by officer1" in says
    assert not any(name in says for name in ("Sampleova", "Mockenova", three[0].reference))
    files = [path for path in left(desk.instance) if not path.endswith((".lock", ".last-reference"))]
    assert [path for path in files if "/index." not in path] == []
    for path in desk.instance.submissions.glob("*/index.csv"):
        assert "Sampleova" not in path.read_text()
    assert submissions.lost(desk.instance) == [] and keeping.every(desk) == []
    with pytest.raises(NotPossible, match="nothing is kept"):
        keeping.purge(desk, CALL)


@pytest.mark.usefixtures("three")
def test_other_calls_stay_and_an_open_call_is_not_erased(desk: Desk, in_march: datetime.datetime) -> None:
    with pytest.raises(NotPossible, match="not closed yet"):
        keeping.purge(replace(desk, now=in_march), CALL)
    later = replace(desk, now=desk.now + datetime.timedelta(days=400))
    with pytest.raises(NotPossible, match="nothing is kept"):
        keeping.purge(later, "2028-spring")
    with pytest.raises(NotPossible):
        keeping.of_call(desk, "soon")
    assert len(list(submissions.every(desk.instance))) == 3


def test_what_was_cut_off_goes_on_and_is_counted_whole(desk: Desk, three: list[Bag]) -> None:
    def power_cut(_: int) -> None:
        home = three[1].home
        home.rename(home.with_name(f"{storage.LEAVING}{home.name}"))  # half removed
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keeping.purge(desk, CALL, told=power_cut)
    assert keeping.of_call(desk, CALL).begun and not keeping.certificates(desk.instance)
    written = keeping.purge(replace(desk, by="officer2"), CALL)
    assert written and "Applications erased:   3" in written.read_text()
    assert not any("Sampleova" in path or "Mockenova" in path for path in left(desk.instance))
    assert not keeping.every(desk)


@pytest.mark.usefixtures("three")
def test_a_part_at_a_time_comes_to_the_same(desk: Desk) -> None:
    assert keeping.purge(desk, CALL, most=1) is None and keeping.purge(desk, CALL, most=1) is None
    written = keeping.purge(desk, CALL, most=1)
    assert written and "Applications erased:   3" in written.read_text()
    events = [entry["event"] for entry in search.history(desk.instance, CALL)]
    assert events == ["purge begun", "purged"]


@pytest.mark.usefixtures("three")
def test_a_draft_that_can_be_sent_still_stays(desk: Desk) -> None:
    late, _ = actions.let_late(desk, "late@example.kz", CALL, desk.now.date(), "was ill")
    assert keeping.of_call(desk, CALL).open == 1
    keeping.purge(desk, CALL)
    assert [draft.hash for draft in drafts.every(desk.instance)] == [late.hash]


@pytest.mark.parametrize(
    ("months", "of_this", "until"),
    [(None, None, None), (12, None, "2028-04-01"), (12, 24, "2029-04-01"), (None, 11, "2028-03-01")],
)
def test_until_when_a_call_is_kept(
    desk: Desk, book: Rulebook, call: Call, months: int | None, of_this: int | None, until: str | None
) -> None:
    kept = {call.id: of_this} if of_this else {}
    settings = book.catalogue.settings.model_copy(update={"keep_months": months, "keep_months_of": kept})
    catalogue = book.catalogue.model_copy(update={"settings": settings})
    changed = replace(desk, book=replace(book, catalogue=catalogue))
    found = keeping.kept_until(changed, call)
    assert (found.isoformat() if found else None) == until
