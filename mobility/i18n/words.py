"""Texts of the edited files with their translations, which sort and are kept as the English."""

from collections.abc import Mapping

from mobility.i18n.languages import Language


class Words(str):
    """A text with its translations. As a string it is the English, by which everything sorts and is kept."""

    translations: Mapping[Language, str]

    def __new__(cls, english: str, translations: Mapping[Language, str] | None = None) -> "Words":
        made = super().__new__(cls, english)
        made.translations = translations or {}
        return made

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, str) and str(self) == str(other)
        return same and (not isinstance(other, Words) or self.translations == other.translations)

    __hash__ = str.__hash__  # a class that compares anew has none of its own

    def speaks(self, language: Language) -> bool:
        """Whether there is a text in that language."""
        return language == "en" or language in self.translations

    def to(self, language: Language) -> str:
        """The text in a language; in English where it is not translated."""
        return self.translations.get(language, str(self))
