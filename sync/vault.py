"""The vault: sealed fields are encrypted with a key of their row, itself wrapped by the town's key (R-33).

Architecture 12. AES-256-GCM throughout. What is authenticated beside each value (table, record, field) ties
it to its place: a sealed value moved to another row or another field does not open.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from policy.reasons import Ground, Refused
from sync.fields import Field, Kind
from sync.tables import TABLES
from sync.values import read_back, written

KEY_BYTES = 32
KEY_COLUMN = "sealed_key"  # of every table with sealed fields: its row's own key, wrapped
SEALED: Mapping[str, Mapping[str, Field]] = {
    name: {each.name: each for each in table.fields if each.sealed}
    for name, table in TABLES.items()
    if any(each.sealed for each in table.fields)
}

_NONCE = 12
_WRAPPED, _VALUE = "k1:", "s1:"  # what stands before what is sealed: how it was
_STEP = 64  # bytes: « true » and « false », or two words of a closed list, lie as long as one another


class Locked(Refused):
    """What is sealed cannot be opened here: no key, another key, or no longer what was sealed."""


def locked(message: str) -> Locked:
    """That refusal, in these words."""
    return Locked((Ground(message),))


@dataclass(frozen=True)
class Keyring:
    """The town's master keys, the newest first; it alone wraps, all of them unwrap."""

    masters: tuple[bytes, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.masters:
            raise locked("Le trousseau des clés privées est vide : il faut une clé par ligne.")
        for rank, master in enumerate(self.masters, start=1):
            if len(master) != KEY_BYTES:
                raise locked(f"La clé privée no {rank} n'a pas {KEY_BYTES} octets : elle a été mal recopiée.")
        if len(set(self.ids)) < len(self.masters):
            raise locked("Une même clé privée figure deux fois dans le trousseau : n'en gardez qu'une.")

    @classmethod
    def parsed(cls, text: str) -> "Keyring":
        """The keyring of a text: one base64 key a line, the newest first; ``#`` opens a remark."""
        masters = []
        lines = [line.partition("#")[0].strip() for line in text.splitlines()]
        for rank, line in enumerate((line for line in lines if line), start=1):
            try:
                masters.append(base64.b64decode(line, validate=True))
            except (binascii.Error, ValueError):
                raise locked(f"La clé privée no {rank} ne se lit pas : elle a été mal recopiée.") from None
        return cls(tuple(masters))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The public names of the keys, in order: each tells which key it is and nothing of it."""
        return tuple(
            hashlib.sha256(b"guichet private key" + master).hexdigest()[:8] for master in self.masters
        )

    @property
    def newest(self) -> str:
        """The name of the key that wraps."""
        return self.ids[0]

    def wrap(self, row_key: bytes, table: str, record: str) -> str:
        """The key of a row, as the row keeps it."""
        kept = _encrypt(self._ciphers[self.newest], row_key, _place(table, record, KEY_COLUMN))
        return wrapping(self.newest) + base64.b64encode(kept).decode()

    def unwrap(self, wrapped: str, table: str, record: str) -> bytes:
        """The key of a row. Raises ``Locked``."""
        name = wrapped_by(wrapped)
        if name not in self._ciphers:
            raise unknown((name,))
        return _decrypt(
            self._ciphers[name],
            _decoded(wrapped.removeprefix(wrapping(name))),
            _place(table, record, KEY_COLUMN),
        )

    def apart(self, use: str) -> tuple[bytes, ...]:
        """A key for another use, of each master key in order: it tells nothing of the master."""
        return tuple(hmac.digest(master, f"guichet {use}".encode(), "sha256") for master in self.masters)

    @cached_property
    def _ciphers(self) -> dict[str, AESGCM]:
        return {name: AESGCM(master) for name, master in zip(self.ids, self.masters, strict=True)}


def wrapped_by(wrapped: str) -> str:
    """The name of the master key that wrapped the key of a row."""
    return wrapped.removeprefix(_WRAPPED).partition(":")[0]


def wrapping(name: str) -> str:
    """What the wrapped keys of a master key begin with."""
    return f"{_WRAPPED}{name}:"


def unknown(names: Iterable[str]) -> Locked:
    """The refusal of rows sealed by keys that are not in the keyring."""
    return locked(
        f"Des dossiers privés sont scellés avec la clé {', '.join(sorted(names))}, qui n'est pas parmi "
        "celles fournies : remettez-la à sa place (GUICHET_PRIVATE_KEYS), au besoin d'après la copie gardée "
        "sur papier. Sans elle, ces dossiers ne s'ouvrent pas, même dans une copie de sauvegarde."
    )


@dataclass(frozen=True)
class RowKey:
    """The key of one row, with which its sealed fields are sealed and opened."""

    table: str
    record: str
    key: bytes = field(repr=False)

    def sealed(self, of: Field, value: Any) -> str | bytes | None:
        """A value as its column keeps it; nothing stays nothing."""
        if value is None:
            return None
        place = _place(self.table, self.record, of.name)
        if of.kind is Kind.BYTES:
            return _VALUE.encode() + _encrypt(self._cipher, value, place)
        said = json.dumps(written(value), ensure_ascii=False, separators=(",", ":")).encode()
        padded = said + b" " * (-len(said) % _STEP)
        return _VALUE + base64.b64encode(_encrypt(self._cipher, padded, place)).decode()

    def opened(self, of: Field, kept: str | bytes | None) -> Any:
        """The typed value of a sealed column. Raises ``Locked``."""
        if kept is None:
            return None
        place = _place(self.table, self.record, of.name)
        if isinstance(kept, str):
            sealed = _decoded(kept.removeprefix(_VALUE))
            return read_back(of, json.loads(_decrypt(self._cipher, sealed, place)))
        return _decrypt(self._cipher, bytes(kept).removeprefix(_VALUE.encode()), place)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.key)


def born(keys: Keyring | None, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A new row of a table with sealed fields as it lies: its own key is made, its sealed fields sealed."""
    ring = _needed(keys)
    key = RowKey(table, row["id"], secrets.token_bytes(KEY_BYTES))
    return {**_with(key, row), KEY_COLUMN: ring.wrap(key.key, table, row["id"])}


def sealed(
    keys: Keyring | None, table: str, kept: Mapping[str, Any], values: Mapping[str, Any]
) -> Mapping[str, Any]:
    """New values of a row that is there, as they lie. ``kept``: the row as it lies."""
    if not SEALED[table].keys() & values.keys():
        return values
    return _with(key_of(keys, table, kept), values)


def emptied(
    keys: Keyring | None, table: str, kept: Mapping[str, Any], values: Mapping[str, Any], anew: bool
) -> dict[str, Any]:
    """Stand-ins of a row that is there, as they lie; ``anew``: under another key, the first being no more."""
    if not anew:
        return dict(sealed(keys, table, kept, values))
    key = RowKey(table, kept["id"], secrets.token_bytes(KEY_BYTES))
    return {**_with(key, values), KEY_COLUMN: _needed(keys).wrap(key.key, table, kept["id"])}


def opened(keys: Keyring | None, table: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The plain typed values of a row as it lies, or of some of its columns beside its id and its key.

    Raises ``Locked`` when there is something to open and no key for it.
    """
    plain = {name: value for name, value in kept.items() if name != KEY_COLUMN}
    held = [each for name, each in SEALED[table].items() if kept.get(name) is not None]
    if held:
        key = key_of(keys, table, kept)
        plain |= {each.name: key.opened(each, kept[each.name]) for each in held}
    return plain


def key_of(keys: Keyring | None, table: str, kept: Mapping[str, Any]) -> RowKey:
    """The key of a row as it lies. Raises ``Locked``."""
    return RowKey(table, kept["id"], _needed(keys).unwrap(kept[KEY_COLUMN], table, kept["id"]))


def _with(key: RowKey, values: Mapping[str, Any]) -> dict[str, Any]:
    fields = SEALED[key.table]
    return {name: key.sealed(fields[name], v) if name in fields else v for name, v in values.items()}


def _needed(keys: Keyring | None) -> Keyring:
    if keys is None:
        raise locked(
            "La clé des dossiers privés n'est pas là : rien de privé ne peut s'ouvrir ni s'écrire. "
            "« python -m desk key » en fabrique une pour une ville qui n'en a jamais eu."
        )
    return keys


def _place(table: str, record: str, name: str) -> bytes:
    return f"{table}|{record}|{name}".encode()


def _encrypt(cipher: AESGCM, plain: bytes, place: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + cipher.encrypt(nonce, plain, place)


def _decrypt(cipher: AESGCM, kept: bytes, place: bytes) -> bytes:
    try:
        return cipher.decrypt(kept[:_NONCE], kept[_NONCE:], place)
    except (InvalidTag, ValueError):
        raise _altered() from None


def _decoded(kept: str) -> bytes:
    try:
        return base64.b64decode(kept, validate=True)
    except (binascii.Error, ValueError):
        raise _altered() from None


def _altered() -> Locked:
    return locked("Un passage scellé ne s'ouvre pas : il a été altéré, ou il n'est pas à sa place.")
