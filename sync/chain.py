"""The arithmetic of the history: how an entry is digested, and how a value of it is forgotten."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any

SALT_BYTES = 16
_SPELLED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))

Changes = dict[str, list[Any]]  # field → [before, after], as JSON keeps them


@dataclass(frozen=True)
class Header:
    """What an entry says besides the values: it is digested whole and never erased."""

    table: str
    record: str
    rank: int
    kind: str
    at: datetime
    who: str
    name: str
    whence: str
    act: str


@dataclass(frozen=True)
class Remains:
    """What is left of an entry once a value is erased: salts of the others, digests of the erased."""

    salts: Mapping[str, bytes]
    digests: Mapping[str, bytes]


def entry_digest(before: bytes, header: Header, fields: Mapping[str, bytes]) -> bytes:
    """The digest of an entry: the one before it in the record's chain, the header, the fields' digests."""
    said = [
        header.table,
        header.record,
        header.rank,
        header.kind,
        header.at.astimezone(UTC).isoformat(timespec="microseconds"),
        header.who,
        header.name,
        header.whence,
        header.act,
        sorted((name, digest.hex()) for name, digest in fields.items()),
    ]
    return hashlib.sha256(before + canonical(said).encode()).digest()


def field_digests(changes: Changes, salt: bytes | None, remains: Remains | None) -> dict[str, bytes]:
    """The digest of each field of an entry, from its value or, where it is erased, as it was kept.

    Raises ``ValueError`` when the salt of a value that is still there is missing.
    """
    found = dict(remains.digests) if remains else {}
    for name, pair in changes.items():
        found[name] = _field_digest(name, pair, _salt_of(name, salt, remains))
    return found


def forgotten(
    changes: Changes, salt: bytes | None, remains: Remains | None, names: Iterable[str]
) -> tuple[Changes, Remains] | None:
    """The entry without the values and the salts of these fields; ``None`` when it holds none of them."""
    gone = changes.keys() & set(names)
    if not gone:
        return None
    kept = {name: pair for name, pair in changes.items() if name not in gone}
    salts = {name: _salt_of(name, salt, remains) for name in kept}
    digests = dict(remains.digests) if remains else {}
    for name in gone:
        digests[name] = _field_digest(name, changes[name], _salt_of(name, salt, remains))
    return kept, Remains(salts, digests)


def seal_mac(key: bytes, before: bytes, number: int, at: datetime, up_to: int, entries: bytes) -> bytes:
    """The seal of a night: a keyed digest over the seal before and the digest of the entries since."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hmac.digest(key, before + canonical([number, moment, up_to, entries.hex()]).encode(), "sha256")


def key_id(key: bytes) -> str:
    """The public name of a key: tells which one made a seal and nothing of the key itself."""
    return hashlib.sha256(b"guichet seal key" + key).hexdigest()[:12]


def canonical(value: object) -> str:
    """One spelling for each JSON value."""
    return _SPELLED.encode(value)


def remains_text(remains: Remains) -> str:
    """The remains as the store keeps them."""
    return canonical(
        {
            "salts": {name: salt.hex() for name, salt in remains.salts.items()},
            "digests": {name: digest.hex() for name, digest in remains.digests.items()},
        }
    )


def remains_of(text: str | None) -> Remains | None:
    """The remains that were kept, if any."""
    if text is None:
        return None
    kept = json.loads(text)
    return Remains(
        {name: bytes.fromhex(salt) for name, salt in kept["salts"].items()},
        {name: bytes.fromhex(digest) for name, digest in kept["digests"].items()},
    )


def _salt_of(name: str, salt: bytes | None, remains: Remains | None) -> bytes:
    # one salt an entry; a field's own derives from it, so that one can be erased and the others stay
    if salt is not None:
        return hashlib.sha256(salt + name.encode()).digest()[:SALT_BYTES]
    if remains is None or name not in remains.salts:
        raise ValueError(f"no salt for {name}")
    return remains.salts[name]


def _field_digest(name: str, pair: list[Any], salt: bytes) -> bytes:
    before, after = pair
    # canonical([name, pair]), ten times sooner: a new row has thirty of them
    said = f"[{_spelled(name)},[{_spelled(before)},{_spelled(after)}]]"
    return hashlib.sha256(salt + said.encode()).digest()


def _spelled(value: object) -> str:
    """``canonical`` of one value; most are text or nothing, and need no encoder set up for them."""
    if value is None:
        return "null"
    return encode_basestring(value) if isinstance(value, str) else canonical(value)
