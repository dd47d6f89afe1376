"""Records as files of JSON or YAML, or lines of JSON: each begins with the version of its format.

A record without one is of before format 2. One of a newer format is refused by its name, never guessed at.
"""

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter

from mobility import storage
from mobility.applications.data_format import FORMAT, TooNew

_KEY = "format"
T = TypeVar("T")
UNREADABLE = (OSError, KeyError, TypeError, ValueError, yaml.YAMLError)
"""What reading a file raises that is gone, or not as it was written."""


def readable(paths: Iterable[Path], read: Callable[[Path], T]) -> Iterator[T]:
    """What can be read of files; one that cannot holds up no other, and `mobility doctor` names it."""
    for path in paths:
        try:
            found = read(path)
        except UNREADABLE:
            continue
        yield found


def as_json(record: Mapping[str, Any], indent: int | None = None) -> str:
    """A record as JSON, on one line without `indent`."""
    return json.dumps({_KEY: FORMAT, **record}, ensure_ascii=False, indent=indent)


def of_json(written: str | bytes, path: Path) -> dict[str, Any]:
    """The record that a file, or a line of it, holds. Raises TooNew, and ValueError where it is none."""
    return _known(json.loads(written), path)


def write_json(path: Path, record: Mapping[str, Any], indent: int | None = None) -> None:
    """Writes a record as a file of JSON."""
    storage.write(path, as_json(record, indent))


def read_json(path: Path) -> dict[str, Any]:
    """The record in a file of JSON. Raises TooNew, FileNotFoundError, and ValueError where it is none."""
    return of_json(path.read_bytes(), path)


def read_value(path: Path, name: str) -> str:
    """The one value of a record in a file of JSON, which held it alone before format 2. Raises TooNew,
    FileNotFoundError, and ValueError where it is none."""
    written = path.read_text(encoding="utf-8")
    return str(of_json(written, path)[name]) if written.startswith("{") else written.strip()


def as_yaml(record: Mapping[str, Any]) -> str:
    """A record as YAML, for people to read."""
    written: str = yaml.dump(
        {_KEY: FORMAT, **record}, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=110
    )
    return written


def write_yaml(path: Path, record: Mapping[str, Any]) -> None:
    """Writes a record as a file of YAML."""
    storage.write(path, as_yaml(record))


def read_yaml(path: Path) -> dict[str, Any]:
    """The record in a file of YAML. Raises TooNew, FileNotFoundError, and ValueError or yaml.YAMLError where
    it is none."""
    return of_yaml(path.read_bytes(), path)


def of_yaml(written: str | bytes, path: Path) -> dict[str, Any]:
    """The record that a file holds. Raises TooNew, and ValueError or yaml.YAMLError where it is none."""
    return _known(yaml.load(written, yaml.CSafeLoader), path)


def as_dataclass(kind: Callable[..., T], record: Mapping[str, Any]) -> T:
    """A record as a dataclass, if it has just the names of that, each with a value of its type. Raises
    TypeError and ValueError."""
    kind(**record)
    checked: T = _adapter(kind).validate_python(record)
    return checked


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _known(found: Any, path: Path) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ValueError(f"{path} holds no record")
    version = found.pop(_KEY, 0)
    if not isinstance(version, int) or version > FORMAT:
        raise TooNew(path, str(version))
    return found
