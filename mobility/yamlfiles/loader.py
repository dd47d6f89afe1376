"""Loads an edited YAML file into a Pydantic model; every error is a Problem with its line."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mobility.yamlfiles import errors, reader
from mobility.yamlfiles.reader import InvalidFile, Marks, Problem

M = TypeVar("M", bound=BaseModel)


def load(
    path: Path, model: type[M], name: str, check: Callable[[M, Marks], Iterator[Problem]] | None = None
) -> tuple[M, Marks]:
    """The file's content as a `model`, and its line numbers. `name` is what messages call the file; `check`
    yields what fields alone do not show. Raises InvalidFile with all problems found."""
    value, marks = reader.read(path, name)
    try:
        content = model.model_validate(value)
    except ValidationError as error:
        raise InvalidFile(errors.problems(error, model, marks, name, lambda loc: ("", loc))) from error
    if check and (found := list(check(content, marks))):
        raise InvalidFile(found)
    return content, marks


def repeated_ids(entries: tuple[Any, ...], key: str, marks: Marks, name: str) -> Iterator[Problem]:
    """A Problem for each id that an entry of the list under `key` shares with an earlier one."""
    ids = [entry.id for entry in entries]
    for number, again in enumerate(ids):
        if again in ids[:number]:
            line = marks.line_of((key, number, "id"))
            yield Problem(name, line, f'id "{again}" stands twice, must be unique')
