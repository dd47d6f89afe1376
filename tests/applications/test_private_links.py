"""Links that open an application: none comes back that was revoked, none of a stranger outlives a proof."""

import datetime
import threading
from collections.abc import Callable

import pytest

from mobility.applications import drafts, journal, private_links
from mobility.applications.drafts import Draft
from mobility.applications.private_links import Revoked
from mobility.catalogue.calls import Call
from mobility.paths import Instance

ADDRESS = "aigerim.sampleova@example.kz"
Begin = Callable[[], tuple[str, Draft]]


@pytest.fixture
def begin(instance: Instance, call: Call, in_march: datetime.datetime) -> Begin:
    return lambda: drafts.start(instance, call.id, in_march, {"email": ADDRESS}, ADDRESS)


def test_a_revoked_link_stays_revoked_while_others_are_issued(
    instance: Instance, begin: Begin, in_march: datetime.datetime
) -> None:
    for _ in range(20):
        secret, draft = begin()
        stranger = private_links.issue(instance, draft, in_march)
        ready = threading.Barrier(4)

        def issue(draft: Draft = draft, ready: threading.Barrier = ready) -> None:
            ready.wait()
            private_links.issue(instance, draft, in_march)

        threads = [threading.Thread(target=issue) for _ in range(3)]
        for thread in threads:
            thread.start()
        ready.wait()
        private_links.only(instance, draft, drafts.secret_hash(secret), in_march)
        for thread in threads:
            thread.join()
        assert private_links.find(instance, stranger) is None
        assert private_links.find(instance, secret)


def test_who_typed_the_address_is_out_once_its_owner_opens_the_mail(
    instance: Instance, begin: Begin, in_march: datetime.datetime
) -> None:
    strangers, draft = begin()
    owners = private_links.issue(instance, draft, in_march)
    again = private_links.issue(instance, draft, in_march)
    changed = private_links.opened(instance, draft, owners, in_march)
    assert changed.confirmed
    assert private_links.find(instance, strangers) is None
    assert private_links.find(instance, owners) and private_links.find(instance, again)


def test_a_sign_in_for_the_old_address_does_not_outlive_the_new_ones_proof(
    instance: Instance, begin: Begin, in_march: datetime.datetime
) -> None:
    secret, draft = begin()
    signed_in = private_links.vouched(instance, draft, ADDRESS, in_march)
    digest = drafts.secret_hash(signed_in)
    moved = private_links.moved(instance, draft, digest, "victim@example.kz", in_march)
    assert not moved.confirmed
    mailed = private_links.issue(instance, moved, in_march)
    private_links.opened(instance, moved, mailed, in_march)
    assert private_links.find(instance, signed_in) is None
    assert private_links.find(instance, secret) is None


def test_a_link_that_is_revoked_itself_revokes_and_opens_nothing(
    instance: Instance, begin: Begin, in_march: datetime.datetime
) -> None:
    secret, draft = begin()
    other = private_links.issue(instance, draft, in_march)
    private_links.only(instance, draft, drafts.secret_hash(secret), in_march)
    for act in (
        lambda: private_links.only(instance, draft, drafts.secret_hash(other), in_march),
        lambda: private_links.opened(instance, draft, other, in_march),
        lambda: private_links.moved(instance, draft, drafts.secret_hash(other), "x@example.kz", in_march),
    ):
        with pytest.raises(Revoked):
            act()
    assert private_links.find(instance, secret)
    assert drafts.read(draft.folder).email == ADDRESS


def test_the_journal_tells_of_links_without_address_or_secret(
    instance: Instance, begin: Begin, in_march: datetime.datetime
) -> None:
    _, draft = begin()
    secret = private_links.issue(instance, draft, in_march)
    private_links.opened(instance, draft, secret, in_march)
    digest = drafts.secret_hash(secret)
    private_links.only(instance, draft, digest, in_march)
    private_links.moved(instance, draft, digest, "new@example.kz", in_march)
    events = [entry["event"] for entry in journal.entries(instance)]
    assert events == ["begun", "link opened", "links revoked", "address changed"]
    told = instance.journal.read_text()
    assert secret not in told and digest not in told and "@" not in told


def test_a_token_opens_its_own_draft_and_is_not_kept(
    instance: Instance, call: Call, in_march: datetime.datetime
) -> None:
    token, draft = drafts.start(instance, call.id, in_march, {})
    other, _ = drafts.start(instance, call.id, in_march, {})
    assert private_links.find(instance, token) == draft
    assert private_links.find(instance, token[:-1]) is None
    assert private_links.find(instance, "../" + draft.hash) is None
    assert token != other
    for path in instance.root.rglob("*"):
        assert token not in path.name and (path.is_dir() or token.encode() not in path.read_bytes())
