"""Which addresses are taken, and which are one mailbox's."""

import pytest

from mobility.yamlfiles import email_addresses


@pytest.mark.parametrize(
    "address",
    [
        "aigerim@kbtu.kz", "A.B+C@sub.example.kz", "o'connor@example.kz", "x@почта.рф", "имя@почта.рф",
        "әлия@example.kz",
    ],
)  # fmt: skip
def test_plain_addresses_in_any_script_are_taken(address: str) -> None:
    assert email_addresses.parsed(address)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A.Sampleova@KBTU.kz", " a.sampleova@kbtu.kz "),
        ("x@почта.рф", "x@xn--80a1acny.xn--p1ai"),
        ("x@Почта.РФ", "X@почта.рф"),
        ("Имя@почта.рф", "имя@почта.рф"),
    ],
)
def test_one_mailbox_is_known_however_it_is_written(one: str, other: str) -> None:
    assert email_addresses.canonical(one) == email_addresses.canonical(other)


def test_letters_that_only_look_alike_are_another_mailbox() -> None:
    assert email_addresses.canonical("a@kbtu.kz") != email_addresses.canonical("а@kbtu.kz")


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@KBTU.kz", "kbtu.kz"),
        ("a@почта.рф", "xn--80a1acny.xn--p1ai"),
        ("a@evil.com,x@kbtu.kz", ""),
        ("a", ""),
    ],
)
def test_the_domain_is_told_in_ascii(address: str, domain: str) -> None:
    assert email_addresses.domain(address) == domain
