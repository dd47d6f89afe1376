"""What the portal asks of the university's provider, and when it asks again: a real one, over real HTTP."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import request

from tests.helpers.openid_provider import University, signs_in
from tests.helpers.portal_server import Portal, running
from tests.helpers.student import Student

pytestmark = pytest.mark.filterwarnings("ignore::idpyoidc.server.exception.OnlyForTestingWarning")


@pytest.fixture
def portal(tmp_path: Path, in_march: datetime.datetime, university: University) -> Iterator[Portal]:
    with running(tmp_path / "instance", in_march, sign_in=university.sign_in) as found:
        university.knows(found.address)
        yield found


@pytest.fixture
def asked(university: University) -> list[str]:
    """The addresses of the provider that were asked, in their order."""
    found: list[str] = []
    university.app.before_request(lambda: found.append(request.path))
    return found


def test_the_provider_describes_itself_once_for_all_sign_ins(
    student: Student, other: Student, asked: list[str]
) -> None:
    for each in (student, other):
        assert signs_in(each).url.endswith("/apply/")
    assert asked.count("/.well-known/openid-configuration") == 1
    assert asked.count("/jwks") == 1
    assert asked.count("/token") == 2


@pytest.mark.parametrize("answer", [{}, "words", {"issuer": "https://login.example.kz"}])
def test_after_a_description_that_made_no_sense_it_is_asked_for_anew(
    student: Student, university: University, answer: Any
) -> None:
    university.altered["provider_config"] = lambda _: answer
    assert "/failed/" in signs_in(student).url
    university.altered.clear()
    assert signs_in(student).url.endswith("/apply/")


def test_addresses_of_the_provider_may_change_while_the_portal_runs(
    student: Student, university: University
) -> None:
    moved = {"token_endpoint": f"{university.address}/moved"}
    university.altered["provider_config"] = lambda described: {**described, **moved}
    assert signs_in(student).url.endswith("/failed/down")
    university.altered.clear()
    assert signs_in(student).url.endswith("/apply/")
