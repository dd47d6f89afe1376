"""Turns Pydantic's validation errors into sentences with line numbers for the person who edits the file."""

import difflib
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mobility.yamlfiles.reader import Marks, Problem

_MUST = {
    "string_type": "must be text",
    "float_type": "must be a number, without quotes",
    "int_type": "must be a whole number, without quotes",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list (lines that begin with a dash)",
    "dict_type": "must be a block of keys and values",
    "model_type": "must be a block of keys and values",
    "finite_number": "must be a number",
}


def problems(
    error: ValidationError,
    model: type[BaseModel],
    marks: Marks,
    file: str,
    subject: Callable[[tuple[Any, ...]], tuple[str, tuple[Any, ...]]],
) -> list[Problem]:
    """A Problem for each error of a Pydantic ValidationError, with the line where it stands.

    `subject` names the thing that a path leads through ('partner "x"') and returns the rest of the path.
    """
    found = []
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # items that are wrong themselves were not counted
        path = tuple(step for step in detail["loc"] if not str(step).startswith("function-"))
        who, rest = subject(path)
        where = ".".join(str(step + 1) if isinstance(step, int) else step for step in rest)
        said = _sentence(detail, where, keys_at(model, path[:-1]))
        found.append(Problem(file, marks.line_of(path), f"{who}: {said}" if who else said))
    return found


def did_you_mean(word: Any, allowed: Iterable[str]) -> str:
    """The hint ', did you mean "…"?' where one of `allowed` is spelt like `word`; else an empty string."""
    close = difflib.get_close_matches(str(word), list(allowed), n=1, cutoff=0.6)
    return f', did you mean "{close[0]}"?' if close else ""


def quoted(value: Any) -> str:
    """A value as error messages quote it: text in quotes, cut to one line."""
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}…"'
    if isinstance(value, dict):
        return "a block of keys and values"
    if isinstance(value, tuple):
        return "a list"
    words: dict[Any, str] = {None: "empty", True: "true", False: "false"}
    return words.get(value, str(value)) if value is None or isinstance(value, bool) else str(value)


def _sentence(detail: ErrorDetails, where: str, allowed_keys: list[str]) -> str:
    kind, given, ctx = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        key = detail["loc"][-1]
        hint = did_you_mean(key, allowed_keys) or f", allowed here: {', '.join(allowed_keys)}"
        return f'{where}: unknown key "{key}"{hint}'
    if kind == "missing":
        return f"{where} is missing"
    if kind == "literal_error":
        words = [word.strip(" '") for word in str(ctx["expected"]).replace(" or ", ", ").split(",")]
        return f"{where} is {quoted(given)}, must be {_either(words)}{did_you_mean(given, words)}"
    if kind == "string_too_long":
        return f"{where} is {len(given)} characters long, must be at most {ctx['max_length']}"
    if kind in ("string_too_short", "too_short"):
        return f"{where} is empty, must not be"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = f"at least {ctx['ge']}" if "ge" in ctx else f"at most {ctx['le']}"
        return f"{where} is {quoted(given)}, must be {bound}"
    must = _MUST.get(kind) or detail["msg"].removeprefix("Value error, ")
    return f"{where} is {quoted(given)}, {must}" if where else f"the file is {quoted(given)}, {must}"


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def keys_at(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    """The keys that a Pydantic model allows at `path`; empty where no model stands there."""
    here: Any = model
    for step in path:
        here = _inside(here, step)
    here = _plain(here)
    return list(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else []


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
    if isinstance(here, type) and issubclass(here, BaseModel):
        found = here.model_fields.get(str(step))
        return found.annotation if found else None
    inner = typing.get_args(here)
    if not inner:
        return None
    return inner[-1] if typing.get_origin(here) is dict else inner[0]
