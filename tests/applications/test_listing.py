"""The list of a call's applications, as a page and as a table: nothing that was typed runs in either."""

import datetime
from concurrent.futures import ThreadPoolExecutor

from mobility import storage
from mobility.applications import (
    drafts,
    listing,
)
from mobility.applications.bags import Bag
from tests.helpers.applications import Filled, Sealed


def test_the_office_list_is_a_page_and_a_table_that_no_spreadsheet_runs(
    filled: Filled, seal: Sealed, in_march: datetime.datetime
) -> None:
    bag = seal(filled(phone="+77010000000", email="=cmd@example.kz", gpa="2.70"))
    place = bag.call_folder
    listing.write(bag.instance, bag.call, in_march)
    table = (place / "index.csv").read_text(encoding="utf-8-sig")
    page = (place / "index.html").read_text()
    assert "'=cmd@example.kz" in table
    assert bag.reference in table and bag.reference in page
    assert "below the selection criterion" in table and "below the selection criterion" in page
    linked = place / bag.home.name / "v1" / "data" / "04-transcript.pdf"
    assert linked.is_file() and f"{bag.home.name}/v1/data/04-transcript.pdf" in page


def test_a_name_cannot_lead_out_of_the_folder_or_into_the_page(
    filled: Filled, seal: Sealed, in_march: datetime.datetime
) -> None:
    draft = filled(given_name="Ann")
    drafts.answer(draft, {"family-name": "O'Sample ..-A"})
    draft = drafts.answer(draft, {"address": "<script>alert(1)</script> ../../etc"})
    bag = seal(draft)
    assert bag.home.name == "2027A-0001_O-SAMPLE-A-A"
    listing.write(bag.instance, bag.call, in_march)
    assert "<script>" not in (bag.call_folder / "index.html").read_text()


def test_an_index_can_be_written_again_from_what_is_there(sent: Bag) -> None:
    place = sent.call_folder
    before = (place / "index.csv").read_text()
    (place / "index.csv").unlink()
    listing.write(sent.instance, sent.call, datetime.datetime.now(datetime.UTC))
    assert (place / "index.csv").read_text() == before


def test_nobody_who_submits_waits_for_the_list(sent: Bag) -> None:
    now = datetime.datetime(2027, 3, 10, tzinfo=datetime.UTC)
    with ThreadPoolExecutor(1) as pool, storage.locked(sent.call_folder):  # as for a reference
        pool.submit(listing.write, sent.instance, sent.call, now).result(timeout=30)
    assert sent.reference in (sent.call_folder / "index.csv").read_text()
