"""The list of a call at the desk, and the way through it: what is asked for, who is next, what is kept."""

import csv
import datetime
import html
import io
import re
import secrets
from collections.abc import Callable

import pytest

from mobility.applications import lookup, review, search, twins
from mobility.applications.bags import Bag
from mobility.applications.review import Round, Withdrawal
from mobility.applications.search import Wanted
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, checks, decisions
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed
from tests.helpers.officer import Officer, signed_in
from tests.helpers.portal_server import Portal
from tests.helpers.told import tell

DAY = datetime.timedelta(days=1)


@pytest.fixture
def officer(portal: Portal) -> Officer:
    return signed_in(portal)[0]


@pytest.fixture
def three(filled: Filled, seal: Sealed) -> list[str]:
    """Three applications, by their references."""
    return [seal(filled(choice_1="usm/exchange", gpa=f"3.{n}")).reference for n in (9, 5, 7)]


def links(page: str) -> dict[str, str]:
    """Where the page of an application leads: prev and next."""
    found = re.findall(r'<a rel="(prev|next)" [^>]*href="([^"]+)"', page)
    return {name: html.unescape(address) for name, address in found}


def test_an_overdue_correction_hides_no_other_request_and_ends_by_a_decision(
    portal: Portal, sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    def all_listed() -> list[str]:
        officer = signed_in(portal, f"Officer{secrets.token_hex(4)} X")[0]
        return [
            asked
            for asked in ("overdue", "correction", "additional")
            if f">{sent.reference}<" in officer.get(f"/office/applications?asked={asked}").text
        ]

    actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "x", portal.now.date() + DAY)
    assert all_listed() == ["correction"]
    portal.now += 3 * DAY
    assert all_listed() == ["overdue", "correction"]
    decisions.decide(desk_of(), sent.reference, "nominated", "usm/exchange")
    assert all_listed() == [], "who is decided on is not overdue"
    decisions.release(desk_of(), sent.reference)
    portal.now += DAY
    actions.open_additional(desk_of(), sent.reference, ["Insurance"], "")
    assert all_listed() == ["additional"]
    portal.now += DAY
    actions.ask_correction(desk_of(), sent.reference, [], ["passport"], "y", portal.now.date())
    assert all_listed() == ["correction", "additional"], "the newest of each kind"
    portal.now += 2 * DAY
    assert all_listed() == ["overdue", "correction", "additional"]
    review.answer(kept, sent.call, sent.reference, False, portal.now)
    assert all_listed() == ["overdue", "correction"], "who declines needs no insurance"
    withdrawal = Withdrawal(portal.now.isoformat(), "applicant")
    review.withdraw(kept, sent.call, sent.reference, withdrawal, portal.now)
    assert all_listed() == []


def test_a_lapsed_correction_is_over_when_a_newer_one_is_answered(
    sent: Bag, kept: Instance, desk_of: Callable[[], Desk], portal: Portal
) -> None:
    actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "x", portal.now.date() + DAY)
    portal.now += 3 * DAY
    newer = actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "x")
    assert search.count(kept, Wanted(sent.call, state="correction asked for")) == 1
    review.done(kept, sent.call, sent.reference, newer, "v2")
    portal.now += DAY
    review.ask(kept, sent.call, sent.reference, "additional", Round("", portal.now.isoformat()))
    found = search.find(kept, Wanted(sent.call))[0]
    assert [(each.state, each.asked) for each in found] == [("", ())]


@pytest.mark.parametrize("order", ["reference", "gpa", "name", "received", "state"])
def test_the_next_one_stays_after_an_act_takes_an_application_out_of_the_list(
    three: list[str], instance: Instance, book: Rulebook, in_march: datetime.datetime, order: str
) -> None:
    wanted = Wanted("2027-autumn", state="", order=order)
    listed = [each.reference for each in search.find(instance, wanted)[0]]
    assert sorted(listed) == sorted(three)
    desk = Desk(instance, book, "", False, in_march)
    tell(desk, listed[1], "waiting list")
    assert search.count(instance, wanted) == 2
    assert search.beside(instance, wanted, listed[1]) == (listed[0], listed[2])
    assert search.beside(instance, wanted, listed[0]) == (None, listed[2])
    assert search.beside(instance, wanted, "2027A-9999") == (None, None)


QUERY = "call=2027-autumn&state=received&programme=usm&choice=1&words=sampl&order=gpa"


def test_every_form_and_link_of_an_application_keeps_the_list_from_which_it_was_opened(
    officer: Officer, sent: Bag
) -> None:
    where = f"/office/applications/{sent.reference}"
    page = officer.get(f"{where}?{QUERY}").text
    forms = re.findall(rf'<form method="post"[^>]* action="({where}/[^"]+)"', page)
    assert len(forms) >= 8
    for address in forms:
        assert QUERY in html.unescape(address), address
    ru = re.search(r'<a href="([^"]+)" hreflang="ru"', page)
    assert ru and QUERY in html.unescape(ru[1])
    erased = officer.post(f"{where}/erase?{QUERY}", {"typed": sent.reference}, at=where)
    assert erased.url.endswith(f"/office/applications?{QUERY}")


def test_the_filter_shows_and_keeps_what_it_filters_by(officer: Officer) -> None:
    page = officer.get(f"/office/applications?{QUERY}&asked=overdue").text
    form = re.search(r'<form method="get" class="filters".*?</form>', page, re.DOTALL)
    assert form
    kept = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', form[0]))
    for name, options in re.findall(r'<select id="\w+" name="(\w+)">(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        kept[name] = (chosen[1] or chosen[2]) if chosen else ""
    assert kept == {
        "call": "2027-autumn", "words": "sampl", "state": "received", "mark": "", "choice": "1",
        "programme": "usm", "asked": "overdue", "order": "gpa",
    }  # fmt: skip


def test_marks_findings_documents_and_what_was_done_are_told_in_the_readers_language(
    officer: Officer, sent: Bag, desk_of: Callable[[], Desk]
) -> None:
    where = f"/office/applications/{sent.reference}"
    files = sent.record()["files"]
    transcript = next(file for file in files if file["slot"] == "transcript")
    checks.note(desk_of(), sent.reference, "transcript", transcript["sha256"], False, "x")
    actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "x")
    decisions.decide(desk_of(), sent.reference, "nominated", "usm/exchange")
    english = re.sub(r"<[^>]+>", " ", officer.get(where).text)
    for words in (
        "Checked, Official KBTU transcript",
        "not in order",
        "Decided: Nominated",
        "Asked for: correction 1",
    ):
        assert words in english, words
    in_english = [
        *(finding["says"] for choice in sent.record()["choices"] for finding in choice["findings"]),
        *(f"{choice['partner']}: {choice['programme']}" for choice in sent.record()["choices"]),
        *(f">{n}. {file['document']}<" for n, file in enumerate(files, 1)),
        *sent.record()["marks"],
        "Asked for", "Checked", "Decided", "Received as",
    ]  # fmt: skip
    for language in ("ru", "kk"):
        page = html.unescape(officer.get(f"{where}?language={language}").text)
        assert not [each for each in in_english if each in page], language
        listed = officer.get(f"/office/applications?language={language}").text
        listed = html.unescape(re.sub(r"<[^>]+>", " ", listed))
        assert not [each for each in sent.record()["marks"] if each in listed]


def test_what_the_rules_know_no_more_is_told_as_it_was_recorded(officer: Officer, sent: Bag) -> None:
    path = sent.folder / "data/application.yaml"
    path.chmod(0o600)
    before = path.read_text(encoding="utf-8")
    assert "id: usm/exchange" in before
    path.write_text(before.replace("id: usm/exchange", "id: gone/gone"), encoding="utf-8")
    page = officer.get(f"/office/applications/{sent.reference}?language=ru")
    assert page.status_code == 200
    choice = sent.record()["choices"][0]
    assert f"{choice['partner']}: {choice['programme']}" in html.unescape(page.text)


def test_who_applied_twice_is_marked_on_both_pages_and_found_by_it(
    three: list[str], instance: Instance, seal: Sealed, filled: Filled
) -> None:
    alone = seal(filled(iin="000101000015", passport_number="N00000001")).reference
    found = search.find(instance, Wanted("2027-autumn", mark=str(twins.MARK)))[0]
    assert [each.reference for each in found] == sorted(three)
    assert search.marks(instance, "2027-autumn")[str(twins.MARK)] == 3
    assert f"same IIN or passport as {', '.join(sorted(three)[1:])}" in lookup.marks_of(
        instance, sorted(three)[0]
    )
    assert not [mark for mark in lookup.marks_of(instance, alone) if "same IIN" in mark]
    assert lookup.marks_of(instance, "2027A-9999") == ()


def test_the_list_and_its_tables_tell_what_is_waited_for_warnings_and_ids(
    officer: Officer, portal: Portal, sent: Bag, desk_of: Callable[[], Desk]
) -> None:
    actions.ask_correction(desk_of(), sent.reference, [], ["transcript"], "x", portal.now.date() + DAY)
    (row,) = csv.DictReader(io.StringIO(officer.get("/office/applications.csv").content.decode("utf-8-sig")))
    assert (row["choice 1"], row["programme 1"]) == (
        "Universiti Sains Malaysia: Student exchange",
        "usm/exchange",
    )
    warnings = sent.record()["warnings"]
    assert row["waited for"] == "correction-1" and row["warnings"] == str(len(warnings) or "")
    listed = officer.get("/office/applications").text
    assert "Correction asked for" in re.sub(r"<select.*?</select>", "", listed, flags=re.DOTALL)
    assert "16 March 2027" in listed
