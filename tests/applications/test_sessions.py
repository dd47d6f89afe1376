"""Sessions end when they are left or too old, and what lies on the disk opens nothing."""

import datetime

from mobility.applications import drafts, sessions
from mobility.catalogue.calls import Call
from mobility.paths import Instance


def test_a_session_leads_to_its_link_until_it_is_left(
    instance: Instance, call: Call, in_march: datetime.datetime
) -> None:
    secret, _ = drafts.start(instance, call.id, in_march, {})
    session_id = sessions.begin(instance, secret, in_march)
    found = sessions.find(instance, session_id, in_march)
    assert found and found.secret == secret and found.link == drafts.secret_hash(secret)
    sessions.end(instance, session_id)
    assert sessions.find(instance, session_id, in_march) is None


def test_a_session_ends_after_its_longest_time_and_is_swept(
    instance: Instance, in_march: datetime.datetime
) -> None:
    session_id = sessions.begin(instance, "a secret", in_march)
    last = in_march + sessions.LONGEST
    assert sessions.find(instance, session_id, last)
    later = last + datetime.timedelta(seconds=1)
    assert sessions.find(instance, session_id, later) is None
    sessions.sweep(instance, last)
    assert len(list(instance.sessions.iterdir())) == 1
    sessions.sweep(instance, later)
    assert not list(instance.sessions.iterdir())


def test_what_lies_on_the_disk_opens_no_application(instance: Instance, in_march: datetime.datetime) -> None:
    session_id = sessions.begin(instance, "the-secret-of-a-link", in_march)
    (path,) = instance.sessions.iterdir()
    assert "the-secret-of-a-link" not in path.read_text()
    assert session_id not in path.name and session_id not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_id_that_was_never_given_finds_nothing(instance: Instance, in_march: datetime.datetime) -> None:
    for wrong in ("", "../../draft.json", "x" * 5000, "ключ"):
        assert sessions.find(instance, wrong, in_march) is None
