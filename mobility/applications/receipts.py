"""Receipts signed by the server (Ed25519, RFC 8032), so that anyone can see whether one was changed.

What is signed are the receipt's lines above the signature, without spaces at their ends, each ended by a line
feed: a receipt that went through mail or a text editor is still the same.
"""

import base64
import binascii
import datetime
import re
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from mobility import storage
from mobility.applications import journal
from mobility.paths import Instance

Verdict = Literal["matches", "differs", "unknown"]
"""`matches`: signed here, and not changed; `differs`: says that it was signed with our key, and the signature
is not of these words; `unknown`: not a receipt, or signed with another key."""
LONGEST = 200_000
"""Characters of a text that is looked at."""
_BEGIN = "Signature (Ed25519) by key "
_KEY = re.compile(r"([0-9a-f]{16}):\n")


def sign(instance: Instance, text: str) -> str:
    """The receipt with its signature below, which names its key."""
    key = _key(instance)
    body = _plain(text)
    signature = base64.b64encode(key.sign(body.encode())).decode()
    return f"{body}\n{_BEGIN}{_name(key.public_key())}:\n{signature}\n"


def verify(instance: Instance, text: str) -> Verdict:
    """Checks the signature of a receipt, by the key that it names: the present one or an earlier one."""
    body, begin, rest = _plain(text[:LONGEST]).rpartition(f"\n{_BEGIN}")
    named = _KEY.match(rest)
    pem = public_keys(instance).get(named[1]) if begin and named else None
    if named is None or pem is None:
        return "unknown"
    public = load_pem_public_key(pem.encode())
    assert isinstance(public, Ed25519PublicKey)
    try:
        signature = base64.b64decode("".join(rest[named.end() :].split()), validate=True)
        public.verify(signature, _plain(body).encode())
    except (InvalidSignature, binascii.Error):
        return "differs"
    return "matches"


def public_key(instance: Instance) -> str | None:
    """The present key by which others verify receipts, as PEM; none before the first is signed."""
    if not instance.receipt_key.exists():
        return None
    return _pem(_key(instance).public_key())


def public_keys(instance: Instance) -> dict[str, str]:
    """All keys by which receipts verify, as PEM, by the names that receipts call them."""
    found = {path.stem: path.read_text() for path in sorted(instance.receipt_keys.glob("*.pem"))}
    if instance.receipt_key.exists():
        present = _key(instance).public_key()
        found[_name(present)] = _pem(present)
    return found


def rotate(instance: Instance, now: datetime.datetime) -> str:
    """Makes a new signing key, and gives its name. Receipts signed before verify on by the public key of the
    old one; the private key itself is gone."""
    _key(instance)  # there is one, from now on
    with storage.locked(instance.root):
        old = _key(instance).public_key()
        storage.folder(instance.receipt_keys)
        storage.write(instance.receipt_keys / f"{_name(old)}.pem", _pem(old))
        new = _make_key(instance)
    journal.record(instance, now, "signing key changed", _name(new.public_key()), before_it=_name(old))
    return _name(new.public_key())


def _key(instance: Instance) -> Ed25519PrivateKey:
    storage.folder(instance.root)
    if not instance.receipt_key.exists():
        with storage.locked(instance.root):
            if not instance.receipt_key.exists():
                return _make_key(instance)
    key = load_pem_private_key(instance.receipt_key.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _make_key(instance: Instance) -> Ed25519PrivateKey:
    fresh = Ed25519PrivateKey.generate()
    storage.write(
        instance.receipt_key, fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return fresh


def _pem(public: Ed25519PublicKey) -> str:
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _name(public: Ed25519PublicKey) -> str:
    """The key's own short name: the first bytes of the key itself."""
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()[:16]


def _plain(text: str) -> str:
    lines = text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"
