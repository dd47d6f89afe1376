"""Texts of the edited files that are given once, in English, or in up to three languages: {en, ru, kk}."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import (
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import InitErrorDetails

from mobility.i18n.languages import LANGUAGES, Language
from mobility.i18n.words import Words
from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.field_types import Line, Prose, Strict, invalid


class LineInLanguages(Strict):
    """One line in up to three languages."""

    en: Line
    ru: Line | None = None
    kk: Line | None = None

    def words(self) -> Words:
        """The line with its translations."""
        told: dict[Language, str | None] = {"ru": self.ru, "kk": self.kk}
        return Words(self.en, {language: text for language, text in told.items() if text})


class ProseInLanguages(Strict):
    """A text of several lines in up to three languages."""

    en: Prose
    ru: Prose | None = None
    kk: Prose | None = None


def _words(value: Any, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Words:
    """A context {"words": {English: Words}} translates what the file gives once."""
    if isinstance(value, Words):
        return value
    if isinstance(value, dict) and not value.keys().isdisjoint(LANGUAGES):
        if wrong := [str(key) for key in value if key not in LANGUAGES]:
            allowed = f"must be {{en: …, ru: …, kk: …}}{did_you_mean(wrong[0], LANGUAGES)}"
            raise invalid(f'has the key "{wrong[0]}": {allowed}', at=wrong[0])
        if "en" not in value:
            raise invalid("must be a text, or {en: …, ru: …, kk: …}, in which en must not be missing")
        texts = {language: _checked(check, language, text) for language, text in value.items()}
        return Words(texts.pop("en"), texts)
    text = check(value)
    known: Mapping[str, Words] = (info.context or {}).get("words", {})
    return known.get(text) or Words(text)


def _checked(check: ValidatorFunctionWrapHandler, language: str, text: Any) -> str:
    """One text, of whose faults its language is told."""
    try:
        return str(check(text))
    except ValidationError as error:
        faults = [
            InitErrorDetails(
                type=invalid(each["msg"]) if each["type"] == "invalid" else each["type"],
                loc=(language, *each["loc"]),
                input=each["input"],
                ctx=each.get("ctx", {}),
            )
            for each in error.errors(include_url=False)
        ]
        raise ValidationError.from_exception_data(error.title, faults) from error


M = TypeVar("M", bound=Strict)


def in_language(model: M, to: Language, as_english: Callable[[str], str] = str) -> M:
    """A model with each of its texts in a language. What is not translated goes through `as_english`: pages
    mark it as English."""

    def told(value: Any) -> Any:
        if isinstance(value, Words):
            return value.to(to) if value.speaks(to) else as_english(value)
        if isinstance(value, tuple):
            return tuple(told(each) for each in value)
        return in_language(value, to, as_english) if isinstance(value, Strict) else value

    return model.model_copy(update={name: told(value) for name, value in model})


TRANSLATED = "translated"
"""Marks such a text in the schema of what is written of it."""
_written = WithJsonSchema({"type": "string", "minLength": 1, TRANSLATED: True}, mode="serialization")
LineOfWords = Annotated[Line, WrapValidator(_words, json_schema_input_type=Line | LineInLanguages), _written]
ProseOfWords = Annotated[
    Prose, WrapValidator(_words, json_schema_input_type=Prose | ProseInLanguages), _written
]
