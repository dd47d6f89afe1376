"""Erasing a draft while somebody still writes into it leaves nothing, and fails in one known way."""

import datetime
import io
import threading
from pathlib import Path

import pytest

from mobility.applications import drafts, private_links, review, rounds
from mobility.applications.drafts import Gone
from mobility.applications.review import Round
from mobility.catalogue import documents
from mobility.catalogue.calls import Call
from mobility.catalogue.documents import AdditionalDocument, Slot
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed
from tests.helpers.scans import Scans


@pytest.fixture
def slot() -> Slot:
    (found,) = documents.additional([AdditionalDocument("letter", "Letter")])
    return found


class Slowly(io.BytesIO):
    """An upload of which the second half comes when the test says so."""

    def __init__(self, content: bytes, half: threading.Event, go_on: threading.Event):
        super().__init__(content)
        self.half, self.go_on = half, go_on

    def read(self, size: int | None = -1) -> bytes:  # noqa: ARG002
        if self.tell():
            self.half.set()
            self.go_on.wait(10)
        return super().read(1000)


def left(instance: Instance) -> list[Path]:
    return [path for folder in (instance.drafts, instance.links) for path in folder.rglob("*")]


def test_an_upload_that_was_on_its_way_is_gone_with_the_draft(
    instance: Instance, call: Call, in_march: datetime.datetime, slot: Slot, scans: Scans
) -> None:
    _, draft = drafts.start(instance, call.id, in_march, {})
    half, go_on = threading.Event(), threading.Event()
    met: list[BaseException] = []

    def upload() -> None:
        stream = Slowly(scans.pdf("letter.pdf").read_bytes(), half, go_on)
        try:
            drafts.keep(draft, slot, stream, "letter.pdf", in_march)
        except BaseException as error:
            met.append(error)

    thread = threading.Thread(target=upload)
    thread.start()
    assert half.wait(10)
    private_links.forget(instance, draft)
    go_on.set()
    thread.join()
    assert [type(error) for error in met] == [Gone]
    assert left(instance) == []


def test_whoever_changes_an_erased_draft_meets_gone_and_makes_nothing(
    instance: Instance, call: Call, in_march: datetime.datetime, slot: Slot, scans: Scans
) -> None:
    secret, draft = drafts.start(instance, call.id, in_march, {})
    private_links.forget(instance, draft)
    with pytest.raises(Gone):
        drafts.answer(draft, {"gpa": "3.5"})
    with pytest.raises(Gone), scans.pdf("letter.pdf").open("rb") as stream:
        drafts.keep(draft, slot, stream, "letter.pdf", in_march)
    with pytest.raises(Gone):
        private_links.opened(instance, draft, secret, in_march)
    assert left(instance) == []


def test_what_the_office_asks_for_is_not_opened_in_an_erased_application(
    instance: Instance, filled: Filled, seal: Sealed, in_march: datetime.datetime
) -> None:
    bag = seal(draft := filled())
    wanted = Round("", in_march.isoformat(), sections=("contact",))
    asked = review.ask(instance, bag.call, bag.reference, "correction", wanted)
    sent = drafts.read(draft.folder)
    private_links.forget(instance, sent, even_sealed=True)
    with pytest.raises(Gone):
        rounds.begin(instance, sent, asked, in_march)
    assert left(instance) == []


def test_answering_and_erasing_at_once_never_brings_a_folder_back(
    instance: Instance, call: Call, in_march: datetime.datetime
) -> None:
    for _ in range(20):
        _, draft = drafts.start(instance, call.id, in_march, {})
        ready = threading.Barrier(3)
        others: list[BaseException] = []

        def answer(
            draft: drafts.Draft = draft,
            ready: threading.Barrier = ready,
            others: list[BaseException] = others,
        ) -> None:
            ready.wait()
            try:
                for number in range(20):
                    drafts.answer(draft, {"gpa": str(number)})
            except Gone:
                pass
            except BaseException as error:
                others.append(error)

        threads = [threading.Thread(target=answer) for _ in range(2)]
        for thread in threads:
            thread.start()
        ready.wait()
        private_links.forget(instance, draft)
        for thread in threads:
            thread.join()
        assert others == []
        assert left(instance) == []


def test_what_a_crash_left_of_an_erased_draft_is_swept(
    instance: Instance, call: Call, in_march: datetime.datetime
) -> None:
    _, draft = drafts.start(instance, call.id, in_march, {"family-name": "SAMPLEOVA"})
    draft.folder.rename(draft.folder.with_name(f".leaving-{draft.hash}"))
    assert list(drafts.every(instance)) == []
    drafts.sweep(instance)
    assert left(instance) == []
