"""Mail waits on the disk, goes through a real server, and is tried again where that fails."""

import datetime
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from mobility.applications import journal
from mobility.office import outbox
from mobility.office.outbox import BadServer, Server
from mobility.paths import Instance
from tests.helpers.mail_server import Mailbox, receiving

NOW = datetime.datetime(2027, 3, 15, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Server]:
    with receiving(mailbox) as found:
        yield found


SUBJECTS = [
    *(f"{'я' * length} Просьбы стереть данные" for length in range(1, 40)),
    "[R] R2027A-0012: Просьбы стереть данные",
    "2027A-0042: you are nominated, answer by 1 May 2027, 23:59 Almaty time (UTC+5)",
]


def test_no_subject_loses_a_space_on_its_way(instance: Instance, server: Server, mailbox: Mailbox) -> None:
    for subject in SUBJECTS:
        message = mail()
        message.replace_header("Subject", subject)
        outbox.spool(instance, message, STUDENT, "2027A-0001", NOW)
    outbox.deliver(instance, server, NOW)
    lines = [got["Subject"].replace("\r\n", "") for got in mailbox.mails]
    assert sorted(str(make_header(decode_header(line))) for line in lines) == sorted(SUBJECTS)


STUDENT = "aigerim.sampleova@example.kz"
LOST = "20270101T000000-00000000"


def mail(text: str = "Құттықтаймыз") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Сәлем"
    message.set_content(text)
    return message


def test_mail_goes_through_a_real_server_and_nothing_of_it_is_kept(
    instance: Instance, server: Server, mailbox: Mailbox
) -> None:
    outbox.spool(instance, mail(), STUDENT, "2027A-0001", NOW)
    assert outbox.deliver(instance, server, NOW) == 1
    (got,) = mailbox.mails
    assert got["From"] == "icd@university.example"
    assert got.get_payload(decode=True).decode().strip() == "Құттықтаймыз"
    assert list(instance.outbox.glob("2*")) == []
    assert [entry["event"] for entry in journal.entries(instance)] == ["mail sent"]
    assert "sampleova" not in instance.journal.read_text()


def test_a_server_that_is_away_loses_nothing_and_is_asked_again_later(
    instance: Instance, server: Server, mailbox: Mailbox
) -> None:
    outbox.spool(instance, mail(), STUDENT, "2027A-0001", NOW)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        away = Server("127.0.0.1", door.getsockname()[1], server.sender)
        assert outbox.deliver(instance, away, NOW) == 0
    (waits,) = outbox.waiting(instance)
    assert waits.tries == 1 and "refused" in waits.error
    assert outbox.deliver(instance, server, NOW) == 0, "not before its time"
    assert outbox.deliver(instance, server, NOW + outbox.TRIES[0]) == 1
    assert len(mailbox.mails) == 1


def test_after_the_last_try_a_message_waits_for_the_officer(instance: Instance, server: Server) -> None:
    outbox.spool(instance, mail(), STUDENT, "2027A-0001", NOW)
    nobody = Server("127.0.0.1", 1, server.sender)
    now = NOW
    for later in outbox.TRIES:
        outbox.deliver(instance, nobody, now)
        now += later
    outbox.deliver(instance, nobody, now)
    (waits,) = outbox.waiting(instance)
    assert waits.next is None and waits.tries == len(outbox.TRIES) + 1
    assert outbox.deliver(instance, server, now + datetime.timedelta(days=9)) == 0
    assert outbox.deliver(instance, server, now, all_now=True) == 1


def test_what_is_held_stays_when_all_that_waits_is_tried(
    instance: Instance, server: Server, mailbox: Mailbox
) -> None:
    held = outbox.spool(instance, mail(), STUDENT, "held", NOW, datetime.timedelta(minutes=10))
    outbox.spool(instance, mail(), STUDENT, "tried", NOW)
    outbox.deliver(instance, Server("127.0.0.1", 1, server.sender), NOW)
    outbox.spool(instance, mail(), STUDENT, "due", NOW)
    assert outbox.deliver(instance, server, NOW, all_now=True) == 2
    assert [waits.id for waits in outbox.waiting(instance)] == [held]
    assert len(mailbox.mails) == 2 and outbox.recall(instance, held)


def test_an_unknown_address_is_not_tried_again_and_its_neighbours_go(
    instance: Instance, server: Server, mailbox: Mailbox
) -> None:
    mailbox.refused["nobody@example.kz"] = "550 no such user"
    mailbox.refused["later@example.kz"] = "451 come back"
    outbox.spool(instance, mail(), "nobody@example.kz", "a", NOW)
    outbox.spool(instance, mail(), "later@example.kz", "b", NOW)
    outbox.spool(instance, mail(), STUDENT, "c", NOW)
    assert outbox.deliver(instance, server, NOW) == 1
    found = {waits.about: waits for waits in outbox.waiting(instance)}
    assert found["a"].next is None and found["b"].next is not None
    assert "550" in found["a"].error and "nobody@" not in found["a"].error


def test_a_server_that_never_answers_holds_up_nobody_who_spools(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_TIMEOUT", 3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outbox.spool(instance, mail(), STUDENT, "a", NOW)
        address = silent.getsockname()
        deaf = Server("127.0.0.1", address[1], "icd@university.example")
        sending = threading.Thread(target=outbox.deliver, args=(instance, deaf, NOW))
        sending.start()
        connection, _ = silent.accept()
        outbox.spool(instance, mail(), STUDENT, "b", NOW)
        assert sending.is_alive(), "the message was on the disk while the server kept silent"
        sending.join()
        connection.close()
    assert {waits.about for waits in outbox.waiting(instance)} == {"a", "b"}


def test_a_server_that_keeps_silent_holds_up_nobody_who_removes_another_mail(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_TIMEOUT", 3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        first, second, _ = (outbox.spool(instance, mail(), STUDENT, about, NOW) for about in "abc")
        deaf = Server("127.0.0.1", silent.getsockname()[1], "icd@university.example")
        sending = threading.Thread(target=outbox.deliver, args=(instance, deaf, NOW))
        sending.start()
        connection, _ = silent.accept()
        assert outbox.recall(instance, second) and not outbox.recall(instance, second)
        outbox.forget(instance, "c")
        assert sending.is_alive(), "both were gone while the server kept silent"
        outbox.forget(instance, "a")  # waits: it may be gone, or be tried again
        sending.join()
        connection.close()
    assert not outbox.recall(instance, first)
    assert {path.name for path in instance.outbox.iterdir()} == {".lock"}, "no note of any is left"


def test_two_who_deliver_send_each_message_once(instance: Instance, server: Server, mailbox: Mailbox) -> None:
    for number in range(6):
        outbox.spool(instance, mail(), STUDENT, str(number), NOW)
    both = [threading.Thread(target=outbox.deliver, args=(instance, server, NOW)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(mailbox.mails) == 6


def test_several_who_forget_the_same_mail_at_once_leave_none_and_fail_at_none(instance: Instance) -> None:
    for _ in range(40):
        outbox.spool(instance, mail(), STUDENT, "a", NOW)
    with ThreadPoolExecutor(6) as pool:
        forgetting = [pool.submit(outbox.forget, instance, "a") for _ in range(6)]
    assert [each.result() for each in forgetting] == [None] * 6
    assert list(outbox.waiting(instance)) == []


@pytest.mark.parametrize("note", ["{", "", '{"format": 99}', None])
def test_mail_whose_note_cannot_be_read_is_forgotten_with_its_application(
    instance: Instance, note: str | None
) -> None:
    def spoil(name: str) -> None:
        path = instance.outbox / f"{name}.json"
        path.unlink() if note is None else path.write_text(note)

    spoil(outbox.spool(instance, mail(), "old@example.kz", "2027A-0001", NOW))
    spoil(outbox.spool(instance, mail(), "old@example.kz", "", NOW, name="decision-2027A-0001-1"))
    spoil(outbox.spool(instance, mail(), STUDENT, "", NOW, name=LOST))  # ids of before said nothing
    others = [
        outbox.spool(instance, mail(), "other@example.kz", about, NOW)
        for about in ("2027A-00012", "2027A-0002")
    ]
    for name in others:
        spoil(name)
    outbox.forget(instance, "2027A-0001", {STUDENT.upper()})
    assert sorted(path.stem for path in instance.outbox.glob("*.eml")) == sorted(others)


def test_a_password_goes_only_over_tls(
    instance: Instance, tmp_path: Path, mailbox: Mailbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_TIMEOUT", 2)  # this server says no good-bye after a wrong password
    outbox.spool(instance, mail(), STUDENT, "a", NOW)
    plain = Server(server.host, server.port, server.sender, "icd", "invented")
    assert outbox.deliver(instance, plain, NOW) == 0
    assert "no TLS" in next(iter(outbox.waiting(instance))).error

    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    names = [
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    subprocess.run([*make, *names], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def allowed(*told: Any) -> AuthResult:
        data = told[-1]
        return AuthResult(success=(data.login, data.password) == (b"icd", b"invented"))

    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    controller = Controller(
        mailbox,
        hostname="localhost",
        port=port,
        tls_context=context,
        auth_required=True,
        authenticator=allowed,
    )
    controller.start()
    monkeypatch.setitem(os.environ, "SSL_CERT_FILE", str(certificate))
    try:
        safe = Server("localhost", port, server.sender, "icd", "invented")
        assert outbox.deliver(instance, safe, NOW, all_now=True) == 1
        wrong = Server("localhost", port, server.sender, "icd", "another")
        outbox.spool(instance, mail(), STUDENT, "b", NOW)
        assert outbox.deliver(instance, wrong, NOW) == 0
    finally:
        controller.stop()
    assert len(mailbox.mails) == 1
    assert "invented" not in next(iter(outbox.waiting(instance))).error


@pytest.mark.parametrize(
    "address", ["mail.example.kz", "http://mail.example.kz", "smtp://", "smtp://a:b@c:x"]
)
def test_a_server_that_is_named_wrongly_is_told(address: str) -> None:
    with pytest.raises(BadServer):
        outbox.server(address, "icd@university.example")


def test_a_server_is_named_by_an_address() -> None:
    found = outbox.server("smtp://icd:s%40cret@mail.example.kz:587", "ICD <icd@university.example>")
    assert found == Server("mail.example.kz", 587, "ICD <icd@university.example>", "icd", "s@cret")
    assert outbox.server(None, None) is None
    with pytest.raises(BadServer):
        outbox.server("smtp://mail.example.kz", None)


def test_what_a_crash_cut_short_is_no_message(instance: Instance, server: Server) -> None:
    outbox.spool(instance, mail(), STUDENT, "a", NOW)
    half = next(instance.outbox.glob("*.json"))
    (instance.outbox / f"{LOST}.json").write_text(half.read_text())
    assert outbox.deliver(instance, server, NOW) == 1


def test_what_a_crash_left_of_messages_goes_after_an_hour(instance: Instance) -> None:
    whole = outbox.spool(instance, mail(), STUDENT, "a", NOW)
    left = [f"{LOST}.json", f".{LOST}.eml.0123abcd", f".{LOST}.json.0123abcd", f".{LOST}.lock"]
    for name in left:
        (instance.outbox / name).write_text(STUDENT)
    outbox.sweep(instance)
    assert {path.name for path in instance.outbox.iterdir()} >= set(left), "somebody may be writing them"
    for path in instance.outbox.iterdir():
        os.utime(path, (0, 0))
    outbox.sweep(instance)
    assert {path.stem for path in instance.outbox.iterdir()} == {whole}


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?attacker=40evil.com=2C?=x@kbtu.kz", "a,b@x.kz", "a;b@x.kz", "a@x.kz, b@x.kz", "a b@x.kz",
        "a@x.kz\nBcc: b@x.kz", "Name <a@x.kz>", "a%evil.com@kbtu.kz", "evil.com!a@kbtu.kz",
        "a@kbtu.kz@evil.com",
    ],
)  # fmt: skip
def test_what_is_not_one_address_is_never_mailed_to(instance: Instance, address: str) -> None:
    with pytest.raises(ValueError, match="not one"):
        outbox.spool(instance, mail(), address, "a", NOW)
    assert list(outbox.waiting(instance)) == []


def test_the_envelope_is_the_kept_address_whatever_the_header_says(
    instance: Instance, server: Server, mailbox: Mailbox
) -> None:
    name = outbox.spool(instance, mail(), STUDENT, "a", NOW)
    path = instance.outbox / f"{name}.eml"
    path.write_bytes(path.read_bytes().replace(STUDENT.encode(), b"one@evil.example, two@evil.example"))
    assert outbox.deliver(instance, server, NOW) == 1
    assert mailbox.mails[0]["X-RcptTo"] == STUDENT


def test_a_domain_in_cyrillic_letters_is_written_to_by_every_server(
    instance: Instance, server: Server, mailbox: Mailbox
) -> None:
    outbox.spool(instance, mail(), "aigerim@почта.рф", "a", NOW)
    assert outbox.deliver(instance, server, NOW) == 1
    assert mailbox.mails[0]["X-RcptTo"] == "aigerim@xn--80a1acny.xn--p1ai"


def test_an_address_in_cyrillic_letters_is_written_to_where_the_server_can(
    instance: Instance, mailbox: Mailbox
) -> None:
    for able in (True, False):
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            port = door.getsockname()[1]
        controller = Controller(mailbox, hostname="127.0.0.1", port=port, enable_SMTPUTF8=able)
        controller.start()
        here = Server("127.0.0.1", port, "icd@university.example")
        try:
            assert outbox.takes_smtputf8(here) is able
            outbox.spool(instance, mail(), "имя@почта.рф", "a", NOW)
            assert outbox.deliver(instance, here, NOW) == able
        finally:
            controller.stop()
    assert mailbox.mails[0]["X-RcptTo"] == "имя@почта.рф"
    (stuck,) = outbox.waiting(instance)
    assert stuck.next is None and "SMTPUTF8" in stuck.error
    assert not outbox.takes_smtputf8(None)


def test_a_server_that_hangs_is_asked_once_and_not_for_every_mail(
    instance: Instance, in_march: datetime.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_TIMEOUT", 0.2)
    for name in ("one", "two", "three"):
        outbox.spool(instance, mail(), f"{name}@example.kz", name, in_march)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = Server("127.0.0.1", silent.getsockname()[1], "icd@university.example")
        assert outbox.deliver(instance, server, in_march) == 0
        assert sorted(waits.tries for waits in outbox.waiting(instance)) == [0, 0, 1]
        assert outbox.deliver(instance, server, in_march) == 0
        assert sorted(waits.tries for waits in outbox.waiting(instance)) == [0, 1, 1], "another comes next"


def test_a_mail_that_a_crash_makes_go_twice_has_one_message_id(
    instance: Instance, server: Server, mailbox: Mailbox
) -> None:
    name = outbox.spool(instance, mail(), STUDENT, "2027A-0001", NOW)
    files = {path: path.read_bytes() for path in instance.outbox.glob(f"{name}.*")}
    outbox.deliver(instance, server, NOW)
    for path, content in files.items():  # as if it was killed between the sending and the removal
        path.write_bytes(content)
    outbox.deliver(instance, server, NOW)
    first, second = (str(each["Message-ID"]) for each in mailbox.mails)
    assert first == second == f"<{name}@university.example>"
