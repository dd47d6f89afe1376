"""The university and its office in the reader's language: in the portal's pages, its mails, its PDF forms."""

import datetime
import re
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import requests

from mobility.paths import Instance
from tests.helpers.mails import mails
from tests.helpers.portal_server import running
from tests.helpers.sites import copy_of_the_checkout
from tests.helpers.student import Student

NAMES = {
    "ru": (
        "Казахстанско-Британский технический университет, Департамент международного сотрудничества",
        "КБТУ",
        "ICD",
    ),
    "kk": ("Қазақстан-Британ техникалық университеті, Халықаралық ынтымақтастық департаменті", "ҚБТУ", "ICD"),
}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_pages_mails_and_forms_name_them_in_the_readers_language(
    student: Student, kept: Instance, language: str
) -> None:
    both, university, office = NAMES[language]
    student.get(f"/apply/?language={language}")
    student.begin(email="aigerim@example.kz")
    page = student.get("/apply/").text
    assert f"{both} ({office})" in page and f"– {university} · " in page
    assert "Kazakh-British" not in page and "KBTU" not in page
    (mail,) = mails(kept)
    assert university in mail.split("\n")[0]
    assert mail.rstrip().endswith(both) and "KBTU" not in mail
    made = student.get(f"/apply/forms/questionnaire.pdf?lang={language}").content
    with pikepdf.open(BytesIO(made)) as document:
        assert str(document.docinfo["/Author"]) == both.split(", ")[0]


def test_a_host_without_translation_is_marked_as_english(tmp_path: Path, in_march: datetime.datetime) -> None:
    checkout = copy_of_the_checkout(tmp_path / "office")
    text = checkout.partners.read_text(encoding="utf-8")
    name = "      ru: Университет Оулу\n      kk: Оулу университеті\n"
    short = "    short_name: {en: ICD, ru: ICD, kk: ICD}"
    text = text.replace(name, "").replace(short, "    short_name: ICD")
    checkout.partners.write_text(text, encoding="utf-8")
    with running(tmp_path / "instance", in_march, checkout=checkout) as portal:
        page = requests.get(f"{portal.address}/apply/start?programme=oulu/exchange&language=kk", timeout=20)
    assert '<h2><span lang="en">University of Oulu</span></h2>' in page.text
    assert '(<span lang="en">ICD</span>)' in page.text
    (title,) = re.findall("<title>.*?</title>", page.text)
    assert "span" not in title
