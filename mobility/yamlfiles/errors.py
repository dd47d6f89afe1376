"""Turns Pydantic's validation errors into sentences with line numbers for the person who edits the file."""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mobility.i18n.labels import label
from mobility.i18n.languages import LANGUAGES
from mobility.yamlfiles import model_keys, strange_characters, typed_values
from mobility.yamlfiles.parser_stop import in_quotes
from mobility.yamlfiles.reader import Marks, Problem

_MUST = {
    "string_type": "must be text",
    "float_type": "must be a number, such as 3.2",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list (lines that begin with a dash)",
    "dict_type": "must be a block of keys and values",
    "model_type": "must be a block of keys and values",
    "finite_number": "must be a number",
}
_SLIPS = {
    "kz": "kk", "kaz": "kk", "eng": "en", "rus": "ru",
    "phd": "doctorate", "fall": "autumn", "undergraduate": "bachelor", "graduate": "master",
    "подтверждён": "confirmed", "подтвержден": "confirmed", "не подтверждён": "unconfirmed",
    "назван": "named",
    "город": "city", "страна": "country", "название": "name", "сайт": "website", "места": "seats",
    "қала": "city", "ел": "country", "атауы": "name", "орын": "seats",
}  # fmt: skip
"""Words that are spelt unlike what is meant: the country's letters, or three, for a language's two; what a
university calls a level or term; keys and values in other languages (more of them in the labels)."""
_ALMOST = 0.8
"""From here on (difflib's ratio) a key is taken for a misspelt one, even if it is one of another place."""


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
    found: list[tuple[tuple[Any, ...], Problem]] = []
    meant: set[tuple[Any, ...]] = set()
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # items that are wrong themselves were not counted
        path = tuple(step for step in detail["loc"] if not str(step).startswith("function-"))
        is_key = detail["type"] == "extra_forbidden" or path[-1:] == ("[key]",)
        path = path[:-1] if path[-1:] == ("[key]",) else path
        who, rest = subject(path)
        where = ".".join(str(step + 1) if isinstance(step, int) else step for step in rest)
        if detail["type"] == "extra_forbidden":
            near = _nearest(path[-1], model_keys.keys_at(model, path[:-1]))
            meant.add((*path[:-1], near))  # and is not missing, too
            said = f'{where}: unknown key "{path[-1]}"{_key_hint(path, near, model)}'
        else:
            said = _sentence(detail, where or ("the entry" if who else ""), model, path)
        at = detail.get("ctx", {}).get("at")
        line = marks.line_of((*path, at) if at else path)
        if detail["type"] == "extra_forbidden" and detail["input"] is None:
            said = typed_values.text_with_comma(marks.lines, line, str(path[-1])) or said
        if detail["type"] == "string_type" and detail["input"] is None:
            said += _behind_hash(marks.lines, line)
        if isinstance(typed := path[-1] if is_key else detail["input"], str):
            strange = _strange(typed, marks.column_of(typed, line, is_key))
            said += (" " if said.endswith("?") else "; ") + strange if strange else ""
        found.append((path, Problem(file, line, f"{who}: {said}" if who else said)))
    return [problem for path, problem in found if path not in meant]


def did_you_mean(word: Any, allowed: Iterable[str]) -> str:
    """The hint ', did you mean "…"?' where one of `allowed` is spelt like `word`; else an empty string."""
    near = _nearest(word, list(allowed))
    return f', did you mean "{near}"?' if near else ""


def _nearest(word: Any, allowed: list[str]) -> str:
    """Of the allowed words the one spelt most like a word, if one is; else an empty string."""
    typed = str(word).strip().casefold()
    plain = strange_characters.plain(str(word)).casefold()
    meant = _SLIPS.get(typed) or _SLIPS.get(plain, plain)
    same = [each for each in allowed if each.casefold() == meant]
    told = {label(each).to(to).casefold(): each for each in allowed for to in LANGUAGES}
    near = same or difflib.get_close_matches(plain, allowed, n=1, cutoff=0.6)
    return next(iter(near or [told[each] for each in difflib.get_close_matches(typed, told, 1, _ALMOST)]), "")


def _key_hint(path: tuple[Any, ...], near: str, model: type[BaseModel]) -> str:
    """What to do about an unknown key; `near`: the allowed one that is spelt like it."""
    key = str(path[-1])
    if joined := re.fullmatch(r"(\w+) ?[:=] ?(\S.*)", key):
        return f": write {joined[1]}: {joined[2]}, with a space after the colon"
    allowed = model_keys.keys_at(model, path[:-1])
    if (first := re.match(r"(\w+) +\S", key)) and first[1] in allowed:
        return f': a colon belongs after "{first[1]}"'
    home = model_keys.belongs(model, path)
    if near and (not home or difflib.SequenceMatcher(None, key, near).ratio() > _ALMOST):
        return f', did you mean "{near}"?' + (f" Or it {home}" if home else "")
    if home:
        return f" here, {home}"
    is_text = isinstance(path[-2:][0], int) and not re.fullmatch("[a-z_]+", key)
    quotes = '; a text with ": " in it needs quotes' if is_text else ""
    return f", allowed here: {', '.join(allowed)}{quotes}"


def _strange(value: str, column: int) -> str:
    """What looks like plain letters and signs and is not, where that is all that is strange in a value."""
    if re.search("[\u0400-\u04ff]", strange_characters.plain(value)):
        return ""
    return "; ".join(strange_characters.named(value, column))


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


def _behind_hash(lines: Sequence[str], line: int) -> str:
    """What to do about a text that YAML takes for a remark, as it begins with #."""
    found = re.search(r":\s+(#[^\s#].*)", lines[line - 1]) if line <= len(lines) else None
    return f": # begins a remark, put quotes around the text, {in_quotes(found[1].strip())}" if found else ""


def _sentence(detail: ErrorDetails, where: str, model: type[BaseModel], path: tuple[Any, ...]) -> str:
    """What is wrong with a value. A block that should stand in its place is shown by its keys."""
    keys = model_keys.keys_at(model, path)
    kind, given, ctx = detail["type"], detail["input"], detail.get("ctx", {})
    in_list = isinstance(path[-1:][0], int) if path else False

    def accepts(value: Any) -> str | None:
        return model_keys.refuses(model, path, value)

    if kind == "missing":
        return f"{where} is missing"
    if kind == "literal_error":
        words = [word.strip(" '") for word in str(ctx["expected"]).replace(" or ", ", ").split(",")]
        hint = did_you_mean(given, words) or typed_values.hint(kind, given, in_list, accepts)
        return f"{where} is {quoted(given)}, must be {_either(words)}{hint}"
    if kind == "string_too_long":
        return f"{where} is {len(given)} characters long, must be at most {ctx['max_length']}"
    if kind in ("string_too_short", "too_short"):
        return f"{where} is empty, must not be"
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = f"at least {ctx['ge']}" if "ge" in ctx else f"at most {ctx['le']}"
        return f"{where} is {quoted(given)}, must be {bound}"
    must = _MUST.get(kind) or detail["msg"].removeprefix("Value error, ")
    must += "" if must.endswith("?") else typed_values.hint(kind, given, in_list, accepts)
    if keys and kind in ("dict_type", "model_type"):
        must += f", such as {{{', '.join(f'{key}: …' for key in keys[:3])}}}"
    if kind == "invalid" and isinstance(given, dict):  # of keys that contradict each other
        return f"{where} {must}"
    return f"{where} is {quoted(given)}, {must}" if where else f"the file is {quoted(given)}, {must}"


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
