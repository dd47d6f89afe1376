"""Decisions on an application, each a file of its own: drafted, released, answered, and taken up by the host.

instance/review/2027-autumn/2027A-0042/decisions/ holds `1.yaml`, `2.yaml` … (what was decided, never written
again), `1-released.yaml` (that it was told), `1-answer.yaml` (what the student says to the place) and
`1-host-1.yaml` … (what the host says). The `decision.yaml` and `answer.yaml` of earlier versions, which were
told at once, are read as the first.
"""

import datetime
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from mobility import storage
from mobility.applications import versioned_files
from mobility.applications.versioned_files import as_dataclass

Outcome = Literal["nominated", "waiting list", "not nominated"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
HostWord = Literal["sent", "acknowledged", "accepted", "refused"]
HOST_WORDS: tuple[HostWord, ...] = get_args(HostWord)


@dataclass(frozen=True)
class Decision:
    """What the committee decided, as the applicant will be told. `programme`: for which of the choices one is
    nominated or waits; `answer_by`: the first instant at which a nominated student cannot say any more
    whether the place is taken; `rank`: on the waiting list, 1 the first; `beyond`: why there may be more
    nominated than places; `by`: who decided."""

    outcome: Outcome
    decided: str
    programme: str | None = None
    answer_by: str | None = None
    message: str = ""
    rank: int | None = None
    beyond: str = ""
    by: str = ""


@dataclass(frozen=True)
class Release:
    """That a decision is told. `mail`: the message that tells it; none where there is no address; `overtook`:
    the message of the decision told before, where that had not gone and does not go."""

    at: str
    by: str = ""
    mail: str | None = None
    overtook: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a nominated student says to the place."""

    takes: bool
    given: str


@dataclass(frozen=True)
class FromHost:
    """What was sent to the host of a nominated student, or came from it."""

    word: HostWord
    at: str
    note: str = ""
    by: str = ""


@dataclass(frozen=True)
class Decided:
    """A decision with all that came after it."""

    number: int
    decision: Decision
    release: Release | None = None
    answer: Answer | None = None
    host: tuple[FromHost, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the host has refused the student: for good, only a new decision nominates again."""
        return any(each.word == "refused" for each in self.host)

    @property
    def declined(self) -> bool:
        """Whether the student does not want the place."""
        return self.answer is not None and not self.answer.takes

    @property
    def taken(self) -> bool:
        """Whether the student has the place: taken, and not refused by the host since."""
        return self.answer is not None and self.answer.takes and not self.refused

    @property
    def holds(self) -> str | None:
        """The programme of which it takes a place, told or not."""
        nominated = self.decision.outcome == "nominated" and not self.declined and not self.refused
        return self.decision.programme if nominated else None


def every(folder: Path) -> tuple[Decided, ...]:
    """All decisions on the application with this folder of its review, the oldest first."""
    place = folder / "decisions"
    numbers = sorted(int(path.stem) for path in place.glob("*.yaml") if re.fullmatch("[0-9]+", path.stem))
    return (*_of_before(folder), *(_decided(place, number) for number in numbers))


def last_released(found: tuple[Decided, ...]) -> Decided | None:
    """The decision that the applicant knows."""
    return next((each for each in reversed(found) if each.release), None)


def last_number(found: tuple[Decided, ...]) -> int:
    """The number of the last decision, by which one sees whether another has come; 0: there is none."""
    return found[-1].number if found else 0


def drafted(found: tuple[Decided, ...]) -> Decided | None:
    """The last decision, where it is not told yet."""
    return found[-1] if found and not found[-1].release else None


def add(folder: Path, decision: Decision) -> int:
    """Keeps a decision as the next; its number. To be called while the folder is locked."""
    number = last_number(every(folder)) + 1
    _write(folder, str(number), decision)
    return number


def keep_release(folder: Path, number: int, release: Release) -> None:
    """Keeps that a decision is told."""
    _write(folder, f"{number}-released", release)


def remove_release(folder: Path, number: int) -> None:
    """Takes back that a decision is told."""
    storage.remove(folder / "decisions" / f"{number}-released.yaml")


def keep_answer(folder: Path, number: int, answer: Answer) -> None:
    """Keeps what the student says to the place of a decision."""
    _write(folder, f"{number}-answer", answer)


def add_host_word(folder: Path, decided: Decided, word: FromHost) -> None:
    """Keeps what the host says next."""
    _write(folder, f"{decided.number}-host-{len(decided.host) + 1}", word)


def mail_id(reference: str, number: int) -> str:
    """What the message is called that tells a decision: the same whenever it is written."""
    return f"decision-{reference}-{number}"


def refusal_mail_id(reference: str, number: int) -> str:
    """What the message is called that tells that the host has refused."""
    return f"refusal-{reference}-{number}"


def mail_ids(reference: str, decided: Decided) -> tuple[str, str]:
    """What the messages are called that tell of a decision; one of them waits at a time."""
    return mail_id(reference, decided.number), refusal_mail_id(reference, decided.number)


def when(written: str) -> datetime.datetime:
    """An instant as it is kept."""
    return datetime.datetime.fromisoformat(written)


def _decided(place: Path, number: int) -> Decided:
    release, answer = _read(place / f"{number}-released.yaml"), _read(place / f"{number}-answer.yaml")
    return Decided(
        number,
        as_dataclass(Decision, _read(place / f"{number}.yaml")),
        as_dataclass(Release, release) if release else None,
        as_dataclass(Answer, answer) if answer else None,
        _from_host(place, number),
    )


def _from_host(place: Path, number: int) -> tuple[FromHost, ...]:
    found = sorted(place.glob(f"{number}-host-*.yaml"), key=lambda path: int(path.stem.rsplit("-", 1)[1]))
    return tuple(as_dataclass(FromHost, _read(path)) for path in found)


def _of_before(folder: Path) -> tuple[Decided, ...]:
    decision, place = _read(folder / "decision.yaml"), folder / "decisions"
    if not decision:
        return ()
    told = as_dataclass(Decision, decision)
    answer = _read(folder / "answer.yaml") or _read(place / "0-answer.yaml")
    answered = as_dataclass(Answer, answer) if answer else None
    return (Decided(0, told, Release(told.decided), answered, _from_host(place, 0)),)


def _read(path: Path) -> dict[str, Any]:
    return versioned_files.read_yaml(path) if path.exists() else {}


def _write(folder: Path, name: str, said: Any) -> None:
    place = storage.folder(folder / "decisions")
    versioned_files.write_yaml(place / f"{name}.yaml", asdict(said))
