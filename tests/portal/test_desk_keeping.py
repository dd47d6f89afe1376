"""Keep and erase at the desk over real HTTP, and by the command."""

import datetime
from collections.abc import Callable

import pytest

from mobility.applications import submissions
from mobility.applications.bags import Bag
from mobility.office import keeping, nominations, staff
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.commands import mobility
from tests.helpers.follow_ups import written
from tests.helpers.officer import Officer, signed_in
from tests.helpers.portal_server import Portal
from tests.helpers.told import tell

HERE = "/office/keeping"


@pytest.fixture
def officer(portal: Portal) -> Officer:
    """Somebody at the desk after the call has closed."""
    portal.now += datetime.timedelta(days=90)
    return signed_in(portal)[0]


def test_a_call_is_erased_once_its_name_is_typed(
    officer: Officer, sent: Bag, kept: Instance, desk_of: Callable[[], Desk]
) -> None:
    tell(desk_of(), sent.reference, "nominated", "usm/exchange")
    nominations.keep_in_journal(desk_of(), nominations.sheet(desk_of(), "usm", sent.call, "csv")[1])
    page = officer.get(HERE).text
    assert "Sheets for hosts: of 1 application" in page and "not set" in page
    for typed in ("", "2027", sent.reference):
        said = officer.post(f"{HERE}/erase", {"call": sent.call, "typed": typed}, at=HERE)
        assert said.status_code == 422 and "Type the name of the call" in said.text
    assert list(submissions.every(kept))
    said = officer.post(f"{HERE}/erase", {"call": sent.call, "typed": sent.call}, at=HERE)
    assert "is being erased" in said.text
    officer.post(f"{HERE}/erase", {"call": sent.call, "typed": sent.call}, at=HERE)  # twice is once
    written(kept)
    (certificate,) = keeping.certificates(kept)
    told = officer.get(f"{HERE}/certificates/{certificate.name}")
    assert told.headers["Content-Type"].startswith("text/plain")
    assert "Applications erased:   1" in told.text and next(staff.every(kept)).id in told.text
    assert certificate.name in officer.get(HERE).text and not list(submissions.every(kept))
    assert officer.get(f"{HERE}/certificates/..%2fjournal.jsonl").status_code == 404


def test_an_open_call_is_not_erased_and_readers_erase_none(portal: Portal, sent: Bag) -> None:
    officer, reader = signed_in(portal)[0], signed_in(portal, role="reader")[0]
    assert "Erase everything" not in officer.get(HERE).text
    typed = {"call": sent.call, "typed": sent.call}
    assert officer.post(f"{HERE}/erase", typed, at=HERE).status_code == 422
    assert officer.post(f"{HERE}/erase", {"call": "2019-autumn"}, at=HERE).status_code == 404
    portal.now += datetime.timedelta(minutes=1)
    assert reader.get(HERE).status_code == 200
    assert reader.post(f"{HERE}/erase", typed, at=HERE).status_code == 403
    assert Officer(portal).get(HERE).url.endswith("/office/sign-in")


def test_the_command_tells_first_and_refuses_an_open_call(sent: Bag, kept: Instance) -> None:
    def purge(*words: str) -> tuple[int, str]:
        done = mobility("purge", "--data", str(kept.root), *words)
        return done.returncode, done.stdout + done.stderr

    code, says = purge(sent.call)
    assert code == 0 and f"1 applications of {sent.call}" in says and "add --yes" in says
    code, says = purge(sent.call, "--yes")
    assert code == 1 and "not closed yet" in says and list(submissions.every(kept))
    assert purge("soon")[0] == 1 and purge()[0] == 0
    for words in (("2020-autumn",), ("2020-autumn", "--yes")):
        assert purge(*words) == (1, "nothing is kept of 2020-autumn\n")
    for days in ("-400", "99999999999"):
        code, says = purge("--days", days, "--yes")
        assert code == 2 and "is not in the range" in says
