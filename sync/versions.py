"""Two people at one record: edits of different fields merge, of the same field are both shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any


@dataclass(frozen=True)
class Difference:
    """One field that two people changed differently: what was seen, and the two values it has now."""

    field: str
    seen: Any
    yours: Any
    theirs: Any


@dataclass(frozen=True)
class Merge:
    """What can be written now, and what a person must choose."""

    changes: Mapping[str, Any]
    differences: tuple[Difference, ...]


def merge(current: Mapping[str, Any], seen: Mapping[str, Any], yours: Mapping[str, Any]) -> Merge:
    """Lay what was typed over the record as it is now (architecture 10).

    ``seen`` holds the values shown when typing began (a field not in it was shown empty), ``yours`` the
    typed values. A field left as it was seen is not an edit. The caller judges the merged record again
    before writing: two edits that were each right may not be together.
    """
    changes: dict[str, Any] = {}
    differences: list[Difference] = []
    for field, typed in yours.items():
        before, now = seen.get(field), current.get(field)
        if _same(typed, before) or _same(typed, now):
            continue
        if _same(now, before):
            changes[field] = typed
        else:
            differences.append(Difference(field, before, typed, now))
    return Merge(changes, tuple(differences))


def _same(one: Any, other: Any) -> bool:
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    # what a browser or a draft's JSON makes of a value is still that value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value).replace("\r\n", "\n") or None
    return value
