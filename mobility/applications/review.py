"""Decisions, requests and withdrawals of applications: files beside the bags, never inside them.

instance/review/2027-autumn/2027A-0042/ holds `correction-1.yaml` and `additional-1.yaml` (what was asked
for), `decision.yaml`, `answer.yaml` (to the offered place) and `withdrawn.yaml`. Each is a few lines that the
office can read; every change is in the journal too.
"""

import datetime
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from mobility import storage
from mobility.applications import journal
from mobility.catalogue.documents import AdditionalDocument
from mobility.paths import Instance

Outcome = Literal["nominated", "waiting list", "not nominated"]
OUTCOMES: tuple[Outcome, ...] = ("nominated", "waiting list", "not nominated")


class NotPossible(Exception):
    """What was wanted does not go with what there is; the message says why, for the officer."""


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

    def open(self, now: datetime.datetime) -> bool:
        """Whether it can be answered."""
        return not self.done and (not self.until or now < datetime.datetime.fromisoformat(self.until))


@dataclass(frozen=True)
class Decision:
    """What the committee decided, as the applicant is told. `programme`: for which of the choices;
    `answer_by`: the first instant at which a nominated student cannot say any more whether the place is
    taken."""

    outcome: Outcome
    decided: str
    programme: str | None = None
    answer_by: str | None = None
    message: str = ""


@dataclass(frozen=True)
class Answer:
    """What a nominated student says to the place."""

    takes: bool
    given: str


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
    """Where one application stands: requests, decision, answer, withdrawal."""

    rounds: tuple[Round, ...] = ()
    decision: Decision | None = None
    answer: Answer | None = None
    withdrawn: Withdrawal | None = None

    def can_answer(self, now: datetime.datetime) -> bool:
        """Whether a place is offered, and can still be taken or declined."""
        offered = self.decision if not self.withdrawn and not self.answer else None
        if not offered or offered.outcome != "nominated":
            return False
        return not offered.answer_by or now < datetime.datetime.fromisoformat(offered.answer_by)


def standing(instance: Instance, call: str, reference: str) -> Standing:
    """Reads where one application stands."""
    place = folder(instance, call, reference)
    decision, answer, withdrawn = (_read(place, name) for name in ("decision", "answer", "withdrawn"))
    return Standing(
        rounds=tuple(_round(path) for kind in ("correction", "additional") for path in _rounds(place, kind)),
        decision=Decision(**decision) if decision else None,
        answer=Answer(**answer) if answer else None,
        withdrawn=Withdrawal(**withdrawn) if withdrawn else None,
    )


def folder(instance: Instance, call: str, reference: str) -> Path:
    """The folder of one application's review."""
    return storage.inside(instance.review, call, reference)


def ask(
    instance: Instance, call: str, reference: str, kind: Literal["correction", "additional"], wanted: Round
) -> Round:
    """Keeps what is asked for as the next round of its kind. Raises NotPossible where the one before is not
    answered yet, or the application is withdrawn."""
    with storage.locked(folder(instance, call, reference)):
        there = standing(instance, call, reference)
        if there.withdrawn:
            raise NotPossible(f"{reference} is withdrawn")
        when = datetime.datetime.fromisoformat(wanted.asked)
        before = [each for each in there.rounds if each.id.startswith(kind)]
        if any(each.open(when) for each in before):
            raise NotPossible(f"{reference}: {before[-1].id} is not answered yet")
        asked = replace(wanted, id=f"{kind}-{len(before) + 1}")
        _write(instance, call, reference, asked.id, asked)
    journal.record(instance, when, "asked", reference, round=asked.id)
    return asked


def done(instance: Instance, call: str, reference: str, answered: Round, bag: str) -> None:
    """Keeps in which bag a round was answered."""
    _write(instance, call, reference, answered.id, replace(answered, done=bag))


def decide(instance: Instance, call: str, reference: str, decision: Decision, now: datetime.datetime) -> None:
    """Keeps a decision; one after another, and the last counts. Raises NotPossible where the student has
    answered already, or the application is withdrawn."""
    with storage.locked(folder(instance, call, reference)):
        there = standing(instance, call, reference)
        if there.withdrawn:
            raise NotPossible(f"{reference} is withdrawn")
        if there.answer:
            raise NotPossible(f"{reference}: the student has answered to the decision already")
        _write(instance, call, reference, "decision", decision)
    journal.record(instance, now, "decided", reference, outcome=decision.outcome)


def answer(instance: Instance, call: str, reference: str, takes: bool, now: datetime.datetime) -> bool:
    """Keeps whether the offered place is taken; False where none can be answered to any more."""
    with storage.locked(folder(instance, call, reference)):
        if not standing(instance, call, reference).can_answer(now):
            return False
        _write(instance, call, reference, "answer", Answer(takes, now.isoformat(timespec="seconds")))
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
    kept = _read(path.parent, path.stem)
    kept["documents"] = tuple(AdditionalDocument(**each) for each in kept["documents"])
    lists: dict[str, Any] = {name: tuple(kept.pop(name)) for name in ("sections", "slots")}
    return Round(**lists, **kept)


def _read(place: Path, name: str) -> dict[str, Any]:
    path = place / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def _write(instance: Instance, call: str, reference: str, name: str, said: Any) -> None:
    kept = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(said).items()}
    place = storage.folder(folder(instance, call, reference))
    storage.write(place / f"{name}.yaml", yaml.safe_dump(kept, allow_unicode=True, sort_keys=False))
