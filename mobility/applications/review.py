"""Decisions, requests and withdrawals of applications: files beside the bags, never inside them.

instance/review/2027-autumn/2027A-0042/ holds `correction-1.yaml` and `additional-1.yaml` (what was asked
for), `withdrawn.yaml`, and a folder of decisions. Each is a few lines that the office can read; every change
is in the journal too.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from mobility import storage
from mobility.applications import data_format, decisions, journal, versioned_files
from mobility.applications.decisions import Answer, Decided, Decision
from mobility.catalogue.documents import AdditionalDocument
from mobility.i18n.languages import Language, said, say
from mobility.paths import Instance

DRAFTED = "decided, not told"
"""Where an application stands on which something is decided that its applicant does not know."""


class NotPossible(Exception):
    """What was wanted does not go with what there is; the one argument, `Said`, tells the officer why."""

    def to(self, language: Language) -> str:
        """Why, in a language; str() gives it in English."""
        return say(self.args[0], language)


class Unreadable(NotPossible, ValueError):
    """A file of an application cannot be read: lost, edited by hand, or of a newer version. `what`: which it
    is, `newer`: whether a newer version of this program wrote it."""

    def __init__(self, what: str, error: Exception):
        self.what, self.newer = what, isinstance(error, data_format.TooNew)
        why = (
            said("%(what)s is kept by a newer version of this program", what=what)
            if self.newer
            else said("%(what)s cannot be read: tell whoever runs the server", what=what)
        )
        super().__init__(why)


@contextmanager
def naming(what: str) -> Iterator[None]:
    """Raises Unreadable with the name of what is read, where that cannot be read."""
    try:
        yield
    except Unreadable:
        raise
    except versioned_files.UNREADABLE as error:
        raise Unreadable(what, error) from error


@dataclass(frozen=True)
class Round:
    """What the office asks of one applicant: a correction of what was sent, or additional documents.

    `sections` of the form and `slots` are open again in a correction; `documents` make the slots of
    additional ones. `until`: the first instant at which it is too late, ISO 8601; none: no end. `done`: the
    bag in which the answer was sealed.
    """

    id: str
    asked: str
    message: str = ""
    until: str | None = None
    sections: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    documents: tuple[AdditionalDocument, ...] = ()
    done: str | None = None

    @property
    def corrects(self) -> bool:
        """Whether it asks for a correction; else for additional documents."""
        return self.id.startswith("correction-")

    def in_time(self, now: datetime.datetime) -> bool:
        """Whether it is not answered, and its end has not come."""
        return not self.done and (not self.until or now < datetime.datetime.fromisoformat(self.until))


@dataclass(frozen=True)
class Withdrawal:
    """That an application does not count any more. `by`: applicant or office; `erase`: the applicant also
    wants the data erased, which the office does."""

    at: str
    by: Literal["applicant", "office"]
    reason: str = ""
    erase: bool = False


@dataclass(frozen=True)
class Standing:
    """Where one application stands: requests, decisions, withdrawal."""

    rounds: tuple[Round, ...] = ()
    decisions: tuple[Decided, ...] = ()
    withdrawn: Withdrawal | None = None

    @property
    def told(self) -> Decided | None:
        """The decision that the applicant knows."""
        return decisions.last_released(self.decisions)

    @property
    def drafted(self) -> Decided | None:
        """The decision that is not told yet; none where the student has taken the place meanwhile."""
        taken = self.told is not None and self.told.taken
        return None if taken else decisions.drafted(self.decisions)

    @property
    def decision(self) -> Decision | None:
        """What the applicant knows of the committee's decision."""
        return self.told.decision if self.told else None

    @property
    def answer(self) -> Answer | None:
        """What the student says to the offered place."""
        return self.told.answer if self.told else None

    @property
    def holds(self) -> tuple[str, ...]:
        """The programmes of which the application takes a place: of the nomination that is told, which can be
        taken until another decision is, and of the one that is drafted."""
        found = (each.holds for each in (self.told, self.drafted) if each and not self.withdrawn)
        return tuple(dict.fromkeys(programme for programme in found if programme))

    @property
    def can_decide(self) -> bool:
        """Whether something can be decided: not once it is withdrawn, or the student has the place."""
        return not self.withdrawn and not (self.told and self.told.taken)

    @property
    def is_nominated(self) -> bool:
        """Whether the applicant was told of a nomination that stands: not declined, refused or withdrawn."""
        return self.told is not None and self.told.holds is not None and not self.withdrawn

    def concerns(self, asked: Round) -> bool:
        """Whether what was asked is wanted still: a correction until a later decision is told, as that is on
        what had come; additional documents while the nomination stands."""
        if self.withdrawn:
            return False
        if not asked.corrects:
            return self.is_nominated
        decided = max(
            (decisions.when(each.decision.decided) for each in self.decisions if each.release), default=None
        )
        return decided is None or decided <= decisions.when(asked.asked)

    def is_open(self, asked: Round, now: datetime.datetime) -> bool:
        """Whether a request can be answered."""
        return asked.in_time(now) and self.concerns(asked)

    def can_answer(self, now: datetime.datetime) -> bool:
        """Whether a place is offered, and can still be taken or declined."""
        if not self.told or not self.is_nominated or self.answer:
            return False
        until = self.told.decision.answer_by
        return not until or now < datetime.datetime.fromisoformat(until)


def standing(instance: Instance, call: str, reference: str) -> Standing:
    """Reads where one application stands. Raises Unreadable."""
    place = folder(instance, call, reference)
    with naming(f"{reference}: a file in review/{call}/{reference}"):
        withdrawn = _read(place, "withdrawn")
        kinds = ("correction", "additional")
        return Standing(
            rounds=tuple(_round(path) for kind in kinds for path in _rounds(place, kind)),
            decisions=decisions.every(place),
            withdrawn=versioned_files.as_dataclass(Withdrawal, withdrawn) if withdrawn else None,
        )


def folder(instance: Instance, call: str, reference: str) -> Path:
    """The folder of one application's review."""
    return storage.inside(instance.review, call, reference)


def ask(
    instance: Instance,
    call: str,
    reference: str,
    kind: Literal["correction", "additional"],
    wanted: Round,
    by: str = "",
) -> Round:
    """Keeps what is asked for as the next round of its kind. Raises NotPossible where the one before is not
    answered yet, or the application is withdrawn."""
    with storage.locked(folder(instance, call, reference)):
        there = standing(instance, call, reference)
        if there.withdrawn:
            raise NotPossible(said("%(reference)s is withdrawn", reference=reference))
        when = datetime.datetime.fromisoformat(wanted.asked)
        before = [each for each in there.rounds if each.id.startswith(kind)]
        if any(there.is_open(each, when) for each in before):
            raise NotPossible(
                said("%(reference)s: %(round)s is not answered yet", reference=reference, round=before[-1].id)
            )
        asked = replace(wanted, id=f"{kind}-{len(before) + 1}")
        _write(instance, call, reference, asked.id, asked)
    journal.record(instance, when, "asked", reference, round=asked.id, **({"by": by} if by else {}))
    return asked


def extend(instance: Instance, call: str, reference: str, asked: Round, until: str) -> Round:
    """Gives a request another end. Raises NotPossible where it was answered meanwhile."""
    with _changing(instance, call, reference, asked) as current:
        if current.done:
            raise NotPossible(said("%(reference)s: no request waits for an answer", reference=reference))
        later = replace(current, until=until)
        _write(instance, call, reference, asked.id, later)
    return later


def done(instance: Instance, call: str, reference: str, answered: Round, bag: str) -> None:
    """Keeps in which bag a round was answered."""
    with _changing(instance, call, reference, answered) as current:
        _write(instance, call, reference, answered.id, replace(current, done=bag))


@contextmanager
def _changing(instance: Instance, call: str, reference: str, asked: Round) -> Iterator[Round]:
    """A request as it is on disk now, with everybody else kept from changing it. A lock of its own: whoever
    has that of the review may wait for that of a draft, whose owner comes here."""
    place = folder(instance, call, reference)
    with storage.locked(place, make=False, name=f".{asked.id}.lock"):
        yield _round(place / f"{asked.id}.yaml")


def answer(instance: Instance, call: str, reference: str, takes: bool, now: datetime.datetime) -> bool:
    """Keeps whether the offered place is taken; False where none can be answered to any more."""
    place = folder(instance, call, reference)
    with storage.locked(place):
        there = standing(instance, call, reference)
        if not there.told or not there.can_answer(now):
            return False
        said = Answer(takes, now.isoformat(timespec="seconds"))
        decisions.keep_answer(place, there.told.number, said)
    journal.record(instance, now, "place taken" if takes else "place declined", reference)
    return True


def withdraw(
    instance: Instance, call: str, reference: str, withdrawal: Withdrawal, now: datetime.datetime
) -> None:
    """Keeps that an application does not count any more; said twice, the first stays, unless erasing is
    asked for since."""
    with storage.locked(folder(instance, call, reference)):
        before = standing(instance, call, reference).withdrawn
        if before and (before.erase or not withdrawal.erase):
            return
        _write(instance, call, reference, "withdrawn", withdrawal)
    event = "erasure asked for" if withdrawal.erase else "withdrawn"
    journal.record(instance, now, event, reference, by=withdrawal.by)


def _rounds(place: Path, kind: str) -> list[Path]:
    found = place.glob(f"{kind}-*.yaml")
    return sorted(found, key=lambda path: int(path.stem.rsplit("-", 1)[1]))


def _round(path: Path) -> Round:
    return versioned_files.as_dataclass(Round, versioned_files.read_yaml(path))


def _read(place: Path, name: str) -> dict[str, Any]:
    path = place / f"{name}.yaml"
    return versioned_files.read_yaml(path) if path.exists() else {}


def _write(instance: Instance, call: str, reference: str, name: str, said: Any) -> None:
    kept = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(said).items()}
    place = storage.folder(folder(instance, call, reference))
    versioned_files.write_yaml(place / f"{name}.yaml", kept)
