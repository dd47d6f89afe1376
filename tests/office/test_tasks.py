"""Work that follows an answer is done once, survives a restart, and waits for no other that fails."""

import datetime
import threading
from dataclasses import replace

import pytest

from mobility.applications import drafts, private_links
from mobility.applications.drafts import Draft
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import notices, outbox, tasks
from mobility.office.desk import Desk
from mobility.paths import Instance

ADDRESS = "aigerim.sampleova@example.kz"


@pytest.fixture
def desk(instance: Instance, book: Rulebook, in_march: datetime.datetime) -> Desk:
    return Desk(instance, book, "https://mobility.example.kz/apply/", False, in_march)


@pytest.fixture
def draft(instance: Instance, call: Call, in_march: datetime.datetime) -> Draft:
    return drafts.start(instance, call.id, in_march, {"email": ADDRESS}, ADDRESS)[1]


def test_a_task_is_done_once_and_by_whoever_comes_next(desk: Desk, draft: Draft) -> None:
    tasks.add(desk.instance, "mail links", desk.now, email=ADDRESS)
    assert not list(outbox.waiting(desk.instance)), "nothing is done while the page is made"
    assert tasks.do_due(desk) == 1
    assert tasks.do_due(desk) == 0
    (mail,) = outbox.waiting(desk.instance)
    assert mail.to == ADDRESS and mail.about == draft.short_hash


def test_several_who_work_at_once_do_it_once(desk: Desk, draft: Draft) -> None:  # noqa: ARG001
    tasks.add(desk.instance, "mail links", desk.now, email=ADDRESS)
    threads = [threading.Thread(target=tasks.do_due, args=(desk,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(outbox.waiting(desk.instance))) == 1


def test_an_unknown_address_leaves_no_mail_and_no_task(desk: Desk, draft: Draft) -> None:  # noqa: ARG001
    tasks.add(desk.instance, "mail links", desk.now, email="nobody@example.kz")
    assert tasks.do_due(desk) == 1
    assert not list(outbox.waiting(desk.instance)) and not list(tasks.waiting(desk.instance))


def test_an_application_erased_while_links_are_mailed_takes_no_others_link(
    desk: Desk, draft: Draft, call: Call
) -> None:
    kept = drafts.start(desk.instance, call.id, desk.now, {"email": ADDRESS}, ADDRESS)[1]
    private_links.forget(desk.instance, draft)
    notices.links(desk, [draft, kept])
    (mail,) = outbox.waiting(desk.instance)
    assert mail.about == kept.short_hash
    notices.links(desk, [draft])
    assert list(outbox.waiting(desk.instance)) == [mail]


def test_who_moves_an_application_to_another_address_gets_no_links_of_the_first(
    desk: Desk, draft: Draft, call: Call
) -> None:
    strangers = drafts.start(desk.instance, call.id, desk.now, {"email": ADDRESS}, ADDRESS)[1]
    found = private_links.live(desk.instance, desk.book.catalogue.calls, ADDRESS, desk.now)
    # The draft is changed, and the journal, which the index follows, tells it only after.
    moved = drafts.note(strangers, lambda current: replace(current, email="evil@example.kz"))
    notices.links(desk, found)
    (mail,) = outbox.waiting(desk.instance)
    assert (mail.to, mail.about) == (ADDRESS, draft.short_hash)
    assert not drafts.read(moved.folder).links[1:], "no link was made that the old address could open it by"
    assert list(private_links.of_address(desk.instance, ADDRESS)) == [drafts.read(draft.folder)]


def test_a_mail_to_the_address_of_before_has_no_link(desk: Desk, draft: Draft) -> None:
    drafts.note(draft, lambda current: replace(current, email="corrected@example.kz"))
    notices.late(desk, draft)
    (mail,) = outbox.waiting(desk.instance)
    assert "/apply/back/" not in outbox.message(desk.instance, mail).as_string()
    with pytest.raises(private_links.Revoked):
        private_links.issue(desk.instance, draft, desk.now)


def test_what_was_erased_meanwhile_is_nobodys_task(desk: Desk, draft: Draft) -> None:
    for kind in ("mail link", "tell old address"):
        more = {"email": ADDRESS} if kind == "tell old address" else {}
        tasks.add(desk.instance, kind, desk.now, draft=draft.hash, **more)
    private_links.forget(desk.instance, draft)
    assert tasks.do_due(desk) == 2
    assert not list(outbox.waiting(desk.instance))


def test_a_task_that_fails_is_tried_again_later_and_the_next_is_done(
    desk: Desk, draft: Draft, caplog: pytest.LogCaptureFixture
) -> None:
    tasks.add(desk.instance, "mail receipt", desk.now, draft="../../etc/passwd", version=ADDRESS)
    tasks.add(desk.instance, "mail link", desk.now, draft=draft.hash)
    assert tasks.do_due(desk) == 1
    (failed,) = tasks.waiting(desk.instance)
    assert failed.tries == 1 and failed.next
    assert datetime.datetime.fromisoformat(failed.next) == desk.now + tasks.AGAIN_AFTER[0]
    assert "mail receipt" in caplog.text and "sampleova" not in caplog.text


def test_the_old_address_is_told_of_a_new_one_but_not_which(desk: Desk, draft: Draft) -> None:
    tasks.add(desk.instance, "tell old address", desk.now, draft=draft.hash, email="old@example.kz")
    tasks.do_due(desk)
    (mail,) = outbox.waiting(desk.instance)
    written = outbox.message(desk.instance, mail)
    assert mail.to == "old@example.kz"
    assert ADDRESS not in written.as_string() and "/back/" not in written.as_string()
