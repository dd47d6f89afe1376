"""Links that open a mail to the office with the question already written (mailto, RFC 6068)."""

from collections.abc import Iterable
from urllib.parse import quote

from mobility.catalogue.institution import Office
from mobility.i18n.languages import Language, said


def question(office: Office, about: str, unknown: Iterable[str], to: Language) -> str:
    """A mail that asks the office what no source says of a host or programme. Without the office's address in
    `partners.yaml` the student fills it in."""
    subject = said("Question on an exchange: %(about)s", about=about).to(to)
    asked = said("Hello! I am interested in %(about)s. Could you tell me:", about=about).to(to)
    body = "\r\n".join([asked, "", *(f"- {what}" for what in unknown), ""])
    return f"mailto:{quote(office.email or '', safe='@')}?subject={quote(subject)}&body={quote(body)}"
