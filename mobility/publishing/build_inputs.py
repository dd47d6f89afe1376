"""The inputs of one build of the site: checkout, rulebook, instant, downloads."""

import datetime
import functools
from dataclasses import dataclass
from pathlib import Path

from mobility.catalogue import calls
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Language
from mobility.paths import Checkout
from mobility.publishing.templates import Templates


@dataclass(frozen=True)
class BuildInputs:
    """The checkout, its rulebook, the instant as of which to build, and the folder of the downloads."""

    checkout: Checkout
    book: Rulebook
    now: datetime.datetime
    downloads: Path

    @property
    def has_social_images(self) -> bool:
        """Whether the site has Open Graph images: only absolute addresses can name them."""
        return (self.book.catalogue.settings.address or "").startswith("http")

    @functools.cached_property
    def coming_calls(self) -> list[Call]:
        """The open and the coming calls."""
        return calls.coming(self.book.catalogue.calls, self.now)

    def templates(self, language: Language) -> Templates:
        """The templates in a language."""
        return Templates(self.checkout, self.book, self.now, language, self.downloads)
