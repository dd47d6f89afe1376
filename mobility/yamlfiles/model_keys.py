"""Finds which keys a Pydantic model allows at a path, and where a misplaced key belongs."""

import types
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

Path = tuple[Any, ...]


def keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that a model allows at a path; empty where no model stands there."""
    here: Any = model
    for step in path:
        here = _inside(here, step)
    here = _plain(here)
    return _keys(here) if _is_model(here) else []


def refuses(model: type[BaseModel], path: Path, value: Any) -> str | None:
    """What a model says of a value at a path; None where it may stand there, or the place is unknown."""
    here: Any = model
    for step in path:
        here = _inside(here, step)
    try:
        TypeAdapter(here).validate_python(value, strict=True)
    except ValidationError as error:
        return error.errors(include_url=False)[0]["msg"]
    return None


def belongs(model: type[BaseModel], path: Path) -> str:
    """Where the key at the end of a path belongs, if to another place nearby; else an empty string."""
    here = tuple("*" if isinstance(step, int) else step for step in path[:-1])
    homes = {home: found for home, found in _homes(model, path[-1]) if home != here}
    if around := [home for home in homes if home == here[: len(home)]]:
        fields = homes[max(around, key=len)].model_fields.items()
        beside = [name for name, field in fields if field.is_required()][:2]
        return f"belongs further left, beside {' and '.join(beside)}"
    for size in range(len(here), -1, -1):
        if below := [home[size:] for home in homes if home[:size] == here[:size]]:
            fewest = min(home[:-1].count("*") for home in below)
            names = [_name(home) for home in below if home[:-1].count("*") == fewest]
            return f"belongs {' or '.join(names[:4])}"
        if size and here[size - 1] == "*":
            break  # what belongs to another entry of the list is no help
    return ""


def _homes(model: type[BaseModel], key: Any, path: Path = ()) -> Iterator[tuple[Path, type[BaseModel]]]:
    """Every place of a model that allows a key, with the model that stands there; lists are a step "*"."""
    if key in _keys(model):
        yield path, model
    for name, field in model.model_fields.items():
        inner, at = _plain(field.annotation), (*path, name)
        if typing.get_origin(inner) is dict and _fits(typing.get_args(inner)[0], key):
            yield at, model
        if typing.get_origin(inner) is tuple:
            inner, at = _plain(typing.get_args(inner)[0]), (*at, "*")
        if _is_model(inner):
            yield from _homes(inner, key, at)


def _fits(kind: Any, key: Any) -> bool:
    try:
        TypeAdapter(kind).validate_python(key)
    except ValidationError:
        return False
    return True


def _name(home: Path) -> str:
    keys = ".".join(step for step in home if step != "*")
    return f"in an entry of {keys}" if home[-1] == "*" else f"under {keys}"


def _keys(model: type[BaseModel]) -> list[str]:
    """As they are written in files, where `is` may be a key."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _plain(annotation: Any) -> Any:
    while True:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            annotation = typing.get_args(annotation)[0]
        elif origin in (typing.Union, types.UnionType):
            annotation = next(a for a in typing.get_args(annotation) if a is not type(None))
        else:
            return annotation


def _inside(annotation: Any, step: Any) -> Any:
    here = _plain(annotation)
    if _is_model(here):
        found = here.model_fields.get(str(step))
        return found.annotation if found else None
    inner = typing.get_args(here)
    if not inner:
        return None
    return inner[-1] if typing.get_origin(here) is dict else inner[0]
