"""Fixtures that several folders use: the rules, files to upload, drafts, and a running portal."""

import dataclasses
import datetime
import json
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mobility.applications import completeness, drafts, submissions
from mobility.applications.bags import Bag
from mobility.applications.drafts import Draft
from mobility.catalogue import calls, catalogue_file, rulebook
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office.desk import Desk
from mobility.paths import CHECKOUT, Instance
from mobility.yamlfiles.reader import InvalidFile
from tests.helpers import openid_provider
from tests.helpers.applications import Filled, Sealed
from tests.helpers.follow_ups import written
from tests.helpers.partners_file import GOOD, Faults
from tests.helpers.portal_server import Portal, running
from tests.helpers.scans import Scans
from tests.helpers.student import AIGERIM, Student

# Tests that run in the background are deaf to Ctrl-C, and so would be the servers that they stop by it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def scans(tmp_path: Path) -> Scans:
    folder = tmp_path / "scans"
    folder.mkdir()
    return Scans(folder)


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "instance")


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return rulebook.load(CHECKOUT)


@pytest.fixture(scope="session")
def call(book: Rulebook) -> Call:
    return calls.call_for(book.catalogue.calls, "autumn", 2027)


@pytest.fixture(scope="session")
def in_march(book: Rulebook) -> datetime.datetime:
    """A moment at which the call for autumn 2027 is open."""
    return datetime.datetime(2027, 3, 15, 12, 30, tzinfo=calls.zone(book.catalogue.calls))


@pytest.fixture(scope="session")
def invented(book: Rulebook) -> Callable[..., dict[str, Any]]:
    """The answers of the invented student of the samples, at a partner of the shipped catalogue."""

    def answers(**changed: str) -> dict[str, Any]:
        offers = list(book.catalogue.offers())
        given = {**book.application.sample(), "choice-1": offers[0].id, "choice-2": "", "choice-3": ""}
        return {**given, **{name.replace("_", "-"): value for name, value in changed.items()}}

    return answers


@pytest.fixture(scope="session")
def filled_once(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook, call: Call, in_march: datetime.datetime
) -> Callable[[dict[str, Any]], Draft]:
    """Gives the draft that has these answers and every document, to copy from: made once."""
    kept: dict[str, Draft] = {}
    folder = tmp_path_factory.mktemp("filled")
    scans = Scans(folder)

    def fill(answers: dict[str, Any]) -> Draft:
        _, draft = drafts.start(Instance(folder / "instance"), call.id, in_march, answers)
        for slot in completeness.slots(book, call, answers):
            with scans.pdf(f"мой файл {slot.id}.pdf", text=slot.id).open("rb") as stream:
                draft = drafts.keep(draft, slot, stream, f"мой файл {slot.id}.pdf", in_march)
        return draft

    def once(answers: dict[str, Any]) -> Draft:
        key = json.dumps(answers)
        if key not in kept:
            kept[key] = fill(answers)
        return kept[key]

    return once


@pytest.fixture
def portal(tmp_path: Path, in_march: datetime.datetime) -> Iterator[Portal]:
    """A real deployment, while the call for autumn 2027 is open."""
    with running(tmp_path / "instance", in_march) as found:
        yield found


@pytest.fixture
def university(tmp_path: Path) -> Iterator[openid_provider.University]:
    """Where Aigerim has an account."""
    folder = tmp_path / "university"
    folder.mkdir()
    with openid_provider.running_university(folder) as found:
        found.people["aigerim"] = {"email": openid_provider.AIGERIM, "email_verified": True}
        yield found


@pytest.fixture
def student(portal: Portal, book: Rulebook) -> Student:
    return Student(portal, book)


@pytest.fixture(scope="session")
def sent_once(
    tmp_path_factory: pytest.TempPathFactory,
    in_march: datetime.datetime,
    book: Rulebook,
    invented: Callable[..., dict[str, Any]],
) -> tuple[Path, str]:
    """What a portal keeps once one application is submitted, and the secret that opens that."""
    folder = tmp_path_factory.mktemp("sent")
    with running(folder / "instance", in_march) as portal:
        student = Student(portal, book)
        link = student.begin(email=AIGERIM)
        student.answer(invented(choice_1="usm/exchange"))
        student.upload_all(Scans(folder))
        student.post("/apply/submit")
    return folder / "instance", link.rsplit("/", 1)[1]


@pytest.fixture
def sent(student: Student, portal: Portal, sent_once: tuple[Path, str]) -> Bag:
    """An application of the student, submitted."""
    instance, secret = sent_once
    shutil.copytree(
        instance, portal.settings.kept.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("index.*")
    )
    student.open(f"/apply/back/{secret}")
    written(portal.settings.kept)
    (bag,) = submissions.every(portal.settings.kept)
    return bag


@pytest.fixture
def desk_of(portal: Portal, book: Rulebook) -> Callable[[], Desk]:
    """The office, at the portal's present moment."""
    return lambda: Desk(portal.settings.kept, book, f"{portal.address}/apply/", False, portal.now)


@pytest.fixture
def filled(
    instance: Instance,
    filled_once: Callable[[dict[str, Any]], Draft],
    call: Call,
    in_march: datetime.datetime,
    invented: Callable[..., dict[str, Any]],
) -> Filled:
    """Makes a draft with every answer and every document."""

    def make(**changed: str) -> Draft:
        once = filled_once(invented(**changed))
        _, draft = drafts.start(instance, call.id, in_march, once.answers)
        for file in once.files:
            shutil.copy(once.path(file), draft.folder)
        return drafts.note(draft, lambda current: dataclasses.replace(current, files=once.files))

    return make


@pytest.fixture
def seal(instance: Instance, book: Rulebook, call: Call, in_march: datetime.datetime) -> Sealed:
    def submit(draft: Draft, rehearsal: bool = False) -> Bag:
        return submissions.submit(instance, book, call, draft, in_march, rehearsal)

    return submit


@pytest.fixture
def faults(tmp_path: Path) -> Faults:
    """Writes partners.yaml with some of its text changed, and gives what is said of it."""

    def said(*changes: tuple[str, str], content: bytes | None = None) -> list[str]:
        text = GOOD
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "partners.yaml"
        path.write_bytes(text.encode() if content is None else content)
        try:
            catalogue_file.load(path)
        except InvalidFile as wrong:
            return str(wrong).splitlines()
        return []

    return said
