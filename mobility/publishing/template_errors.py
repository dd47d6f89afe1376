"""Tells of an error in a template: the file and line it comes from, in words for the person who edits it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2

from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.reader import Problem

_MOST_NAMES = 12
_EXPECTED = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "name": "a name",
    "in": "the word in",
}


class Undefined(jinja2.StrictUndefined):
    """A name or part that is not there; raises where it is shown, and says what may be meant."""

    def __init__(self, hint: str | None = None, *args: Any, **about: Any) -> None:
        if hint is None and "name" in about:
            hint = f'"{about["name"]}" is not there'
            if "obj" in about:
                hint = no_such_part(type(about["obj"]).__name__.lower(), about["obj"], about["name"])
        super().__init__(hint, *args, **about)


def no_such_part(whole: str, value: Any, name: Any) -> str:
    """That a thing, which messages call `whole`, has no part of that name, and which one may be meant."""
    if isinstance(value, list | tuple) and isinstance(name, int):
        return f"{whole} has {len(value)} entries, the first is [0]: there is no [{name}]"
    parts = list(map(str, value)) if isinstance(value, dict) else list(parts_of(value))
    near = did_you_mean(name, parts)
    few = ", ".join(parts) if not near and 0 < len(parts) <= _MOST_NAMES else ""
    return f'{whole} has no "{name}"{near}' + (f"; it has: {few}" if few else "")


def parts_of(value: Any) -> Iterator[str]:
    """The names that a template can ask of a value, without those of a library's own."""
    model = type(value)
    fields = getattr(model, "model_fields", None)
    for name in dir(model if fields is not None else value):
        ours = fields is None or any(name in vars(each) for each in model.__mro__ if _is_ours(each))
        if ours and not name.startswith(("_", "model_")):
            yield name
    yield from fields or ()


def _is_ours(kind: type) -> bool:
    return kind.__module__.startswith("mobility.")


def problem(error: BaseException, root: Path, name: str, pages: Path) -> Problem:
    """The text and line that an error comes from, and what is wrong. A page of the office (in the folder
    `pages`) that calls a template wrongly is named, not the template."""
    frames = [frame for frame in _frames(error) if re.search(r"\.(md|html|yml)$", frame[0])]
    if isinstance(error, jinja2.TemplateSyntaxError):
        frames.append((error.filename or name, error.lineno))
    inner = frames[-1] if frames else (name, 1)
    file, line = next((each for each in reversed(frames) if Path(each[0]).is_relative_to(pages)), inner)
    said = in_words(error)
    if (file, line) != inner:
        said += f" (in {_short(inner[0], root)}, line {inner[1]})"
    return Problem(_short(file, root), line, said)


def in_words(error: BaseException) -> str:
    """What is wrong, in words for who has not seen the code."""
    message = str(error)
    if found := re.match(r"No (filter|test) named '(\w+)'", message):
        return f'there is no {found[1]} "{found[2]}"'
    if isinstance(error, jinja2.TemplateNotFound):
        return f'there is no file "{error.name}" to include'
    if isinstance(error, jinja2.TemplateSyntaxError):
        return syntax(message)
    if found := re.match(r"parameter '(\w+)' was not provided", message):
        return f'a text is missing between the brackets ("{found[1]}"): copy what another page writes'
    if isinstance(error, jinja2.TemplateRuntimeError):
        return message
    if found := re.match(r"macro '(\w+)' takes not more than (\d+) argument", message):
        return f"{found[1]}(…) takes at most {found[2]} texts between its brackets"
    return f"what stands here cannot be worked out (Python says: {type(error).__name__}: {message})"


def syntax(message: str) -> str:
    """What is wrong with the spelling of a tag, by Jinja2's message."""
    if found := re.match(r"expected token '(.+?)', got '(.+?)'", message):
        wanted, got = (_EXPECTED.get(each, each) for each in found.groups())
        if wanted in ("}}", "%}"):
            return f"{got} cannot follow what stands before it: a point, a comma, | or quotes are missing"
        return f"{got} stands where {wanted} belongs"
    if found := re.match(r"unexpected '(.)', expected '(.)'", message):
        return f"a bracket is not closed: write {found[2]} before {'}}' if found[1] == '}' else found[1]}"
    if found := re.match(r"unexpected '(.)'", message):
        return (
            f"{found[1]} stands here and closes or begins nothing: delete it, or write what is missing before"
        )
    if found := re.match(r"unexpected char '(.+?)'", message):
        return f"{found[1]} cannot stand here"
    if found := re.match(r"Expected an expression, got '(.+?)'", message):
        return f"something is missing before {_EXPECTED.get(found[1], found[1])}"
    return f"cannot be read ({message})"


def _short(file: str, root: Path) -> str:
    path = Path(file)
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    trace = error.__traceback__
    while trace:
        yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
