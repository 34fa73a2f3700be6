"""Our ids: 26 characters that sort by moment of birth and never meet those of another machine."""

import secrets
from datetime import UTC, datetime, timedelta

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U to misread
LENGTH = 26
_RANDOM_BITS = 80
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(at: datetime) -> str:
    """A new id: 48 bits of milliseconds since 1970, then 80 random bits (the layout of a ULID)."""
    return _spelled((_milliseconds(at) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS))


def new_ids(at: datetime, count: int) -> list[str]:
    """``count`` new ids in increasing order, for rows that are born together."""
    room = 1 << _RANDOM_BITS
    start = secrets.randbelow(room - count * (1 << 32))
    born = _milliseconds(at) << _RANDOM_BITS
    found = []
    for _ in range(count):
        start += 1 + secrets.randbits(31)
        found.append(_spelled(born | start))
    return found


def is_id(text: str) -> bool:
    """Whether the text could be one of our ids (any text may come in an address)."""
    return len(text) == LENGTH and all(sign in ALPHABET for sign in text)


def _milliseconds(at: datetime) -> int:
    if at.tzinfo is None:
        raise TypeError("an id needs an aware moment")
    passed = (at - _EPOCH) // timedelta(milliseconds=1)
    if passed < 0:
        raise ValueError("an id cannot be born before 1970")
    return passed


def _spelled(number: int) -> str:
    signs = []
    for _ in range(LENGTH):
        number, rest = divmod(number, 32)
        signs.append(ALPHABET[rest])
    return "".join(reversed(signs))
