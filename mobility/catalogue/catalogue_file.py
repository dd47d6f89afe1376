"""Loads `partners.yaml` with all checks: of each value, and of values against each other."""

import datetime
import zoneinfo
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mobility.catalogue import known_words
from mobility.catalogue.contradictions import contradictions, duplicates
from mobility.catalogue.partners import Catalogue
from mobility.yamlfiles import errors, reader
from mobility.yamlfiles.reader import InvalidFile


def load(path: Path, now: datetime.datetime | None = None) -> Catalogue:
    """Loads the catalogue, translated by the known words beside it. `now`: sources cannot have been seen on a
    later day, where the institution is; without it that is not asked. Raises InvalidFile with every problem
    of the file."""
    value, marks = reader.read(path)
    words = known_words.load(path.parent / known_words.FILE)
    try:
        catalogue = Catalogue.model_validate(value, context={"today": today_at(value, now), "words": words})
    except ValidationError as error:
        found = errors.problems(error, Catalogue, marks, path.name, lambda loc: _subject(value, loc))
        raise InvalidFile(found + duplicates(value, marks, path.name)) from error
    if found := [*duplicates(value, marks, path.name), *contradictions(catalogue, marks, path.name)]:
        raise InvalidFile(found)
    return catalogue


def today_at(value: Any, now: datetime.datetime | None) -> datetime.date | None:
    """The day at the institution, by the zone that the file names; as `now` says where it names none."""
    try:
        return now and now.astimezone(zoneinfo.ZoneInfo(value["calls"]["time_zone"])).date()
    except (LookupError, TypeError, ValueError, OSError):
        return now and now.date()


def _subject(value: Any, path: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """The partner and programme that a path leads through, as messages name them, and the rest of the
    path."""
    names = []
    for kind in ("partner", "programme"):
        if len(path) < 2 or path[0] != f"{kind}s" or not isinstance(path[1], int):
            break
        value = value[path[0]][path[1]]
        said = value.get("id") or value.get("name") if isinstance(value, dict) else None
        names.append(f"{kind} {errors.quoted(said) if said else f'no. {path[1] + 1}'}")
        path = path[2:]
    return ": ".join(names), path
