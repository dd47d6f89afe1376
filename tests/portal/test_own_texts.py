"""The university and its office in the reader's language: in the portal's pages, its mails, its PDF forms."""

from io import BytesIO

import pikepdf
import pytest

from mobility.paths import Instance
from tests.helpers.mails import mails
from tests.helpers.student import Student

NAMES = {
    "ru": (
        "Казахстанско-Британский технический университет, Департамент международного сотрудничества",
        "КБТУ",
        "ДМС",
    ),
    "kk": ("Қазақстан-Британ техникалық университеті, Халықаралық ынтымақтастық департаменті", "ҚБТУ", "ХЫД"),
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
