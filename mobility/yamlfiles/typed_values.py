"""How to write a value that is of another kind only by the way it was typed."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from mobility.yamlfiles import strange_characters
from mobility.yamlfiles.parser_stop import in_quotes

Accepts = Callable[[Any], str | None]
"""None where a value may stand in a place, else what is wrong with it."""
_YES_NO = {
    **dict.fromkeys(("true", "yes", "on", "да", "иә"), "true"),
    **dict.fromkeys(("false", "no", "off", "нет", "жоқ"), "false"),
}


def hint(kind: str, given: Any, in_list: bool, accepts: Accepts) -> str:
    """What to type instead of a value of a wrong type, by Pydantic's name of the error. `in_list`: the value
    is one of a list; `accepts`: of the place where it stands."""
    if kind == "string_type" and isinstance(given, int | float):
        return ": put quotes around it"
    text = strange_characters.plain_signs(given) if isinstance(given, str) else ""
    if kind == "int_type" and (years := _range(text)):
        return f": write {', '.join(years)}" if in_list else ": write one number"
    if kind in ("int_type", "float_type"):
        return _number(text, whole=kind == "int_type")
    if kind == "bool_type" and text.casefold() in _YES_NO:
        return f": write {_YES_NO[text.casefold()]}"
    if kind == "tuple_type":
        return _list(text, accepts)
    if in_list and len(parts := re.split(r"[;,/ ]+", text)) > 1 and not any(map(accepts, parts)):
        return f": write {', '.join(parts)}"
    return ""


def _range(text: str) -> list[str]:
    found = re.fullmatch("([0-9]) ?- ?([0-9])", text)
    return [str(each) for each in range(int(found[1]), int(found[2]) + 1)] if found else []


def _number(text: str, whole: bool) -> str:
    plain = re.sub(r"^[<>=~\u2264\u2265]+ *", "", text)
    if re.search("[0-9]", plain):
        plain = plain.translate(strange_characters.DIGITS)
    if re.fullmatch("[0-9.,]+ ?- ?[0-9.,]+", plain):
        return ": write one number"
    if not re.fullmatch("[0-9]+" if whole else "[0-9]+([.,][0-9]+)?", plain):
        return ""
    number = plain.replace(",", ".")
    if plain != text:
        return f": write {number}"
    return f": write {number}, {'with a point' if ',' in plain else 'without quotes'}"


def _list(text: str, accepts: Accepts) -> str:
    """The list in brackets that was meant, if its place accepts it."""
    if re.match(r"-\w", text):
        return ": put a space after each dash"
    inner = text.strip("[]()")
    if not re.fullmatch(r"\w[\w ,.-]*", inner):
        return ""
    items: list[Any] = [int(each) for each in _range(inner)] or re.split(" *, *", inner)
    if said := accepts(tuple(items)):
        if words := re.findall(r"'([\w-]+)'", said):
            return f": write those that apply in brackets, [{', '.join(words)}]"
        meant = re.search(r"did you mean \"?([\w-]+)\"?\?", said)
        items = [meant[1]] if meant and len(items) == 1 else []
    return f": write [{', '.join(map(str, items))}]" if items else ": write its entries in brackets, [ ]"


def text_with_comma(lines: Sequence[str], line: int, key: str) -> str:
    """What to do where a key of a block in braces is in truth the rest of a text with a comma, which ended
    there; empty where it is not. `line`: of the key, from 1."""
    here = lines[line - 1] if line <= len(lines) else ""
    found = re.search(rf",\s*{re.escape(key)}(?=\s*[,}}])", here)
    if not found or re.fullmatch("[a-z_]+", key):
        return ""
    begin = max(here.rfind(sign, 0, found.start()) for sign in (": ", "{"))
    name = re.search(r"(\w+)$", here[:begin])
    whole = re.match(r"[^}]*?(?=, *[\w-]+: |\}|$)", here[begin + 1 :])
    text = whole[0].strip() if whole else ""
    if re.fullmatch("[0-9.,-]+", text):
        return f"{name[1] if name else key} is {text}: write one number, with a point"
    text = in_quotes(text.strip("\"'"))
    return f"a text in braces ends at its comma: put quotes around it, {text}"
