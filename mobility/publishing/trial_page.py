"""The page of a partner as readers would see it if other rules held, in the look of the built site."""

import datetime
import re
from pathlib import Path
from urllib.parse import urljoin

from mobility.catalogue.partners import Partner
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.labels import label
from mobility.i18n.languages import Language, url_folder
from mobility.paths import Checkout
from mobility.publishing.templates import Templates, title

_CONTENT = re.compile(r"(<article[^>]*>).*(</article>)", re.DOTALL)
_TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
_RELATIVE = re.compile(r'\b(href|src)="(?![a-z]+:|[/#])([^"]*)"')


def render(
    checkout: Checkout, book: Rulebook, now: datetime.datetime, to: Language, partner: Partner
) -> str | None:
    """The whole page, to be sent from any address of the site's host; None where there is no built site yet.
    Raises BuildFailed."""
    shell = _built(checkout.site / url_folder(to) / "partners", partner.id)
    if shell is None:
        return None
    templates = Templates(checkout, book, now, to, checkout.site / "downloads")
    body = templates.render("partner.html", partner=partner)
    page = _CONTENT.sub(lambda found: found[1] + body + found[2], shell.read_text(encoding="utf-8"))
    page = _TITLE.sub(lambda _: f"<title>{title(label(partner.name).to(to))}</title>", page)
    here = f"/{url_folder(to)}partners/{partner.id}/"
    return _RELATIVE.sub(lambda found: f'{found[1]}="{urljoin(here, found[2])}"', page)


def _built(folder: Path, partner_id: str) -> Path | None:
    """The built page of the partner; of a new partner, that of any other."""
    own = folder / partner_id / "index.html"
    return own if own.is_file() else next(folder.glob("*/index.html"), None)
