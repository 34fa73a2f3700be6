"""Where a file goes: to a department, to another one, under another nature; duplicates linked together."""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.store import Row, Writing

from desk.acts import Outcome
from desk.visits import Counter, Visit
from policy.words import Nature


def route_in(counter: Counter[Writing], file: Row, department: str) -> Row:
    """P §2.3 « sans délai », R-12b: send the file to a department inside the caller's transaction.

    The Responsable in force is told by ``desk.mails``. Returns the file afterwards; raises ``Refused``.
    """
    raise NotImplementedError


def route(
    visit: Visit,
    file_id: str,
    department: str,
    reason: str = "",
    seen: Mapping[str, Any] | None = None,
) -> Outcome:
    """P §4.1, R-13: the desk sends a file to a department, or to another one (then with a reason)."""
    raise NotImplementedError


def reroute(visit: Visit, file_ids: Sequence[str], department: str, reason: str) -> tuple[Outcome, ...]:
    """Several files to another department, each in its own transaction; what is refused is told file by file."""
    raise NotImplementedError


def reclassify(
    visit: Visit,
    file_id: str,
    nature: Nature,
    category: str | None = None,
    reason: str = "",
    seen: Mapping[str, Any] | None = None,
) -> Outcome:
    """P §4.1, R-3: change the nature or the category; the history stays and the dates are counted anew."""
    raise NotImplementedError


def link_duplicate(visit: Visit, file_id: str, number: str) -> Outcome:
    """R-18: the file repeats another open one: linked to it, counted apart, out of the RNC."""
    raise NotImplementedError


def unlink_duplicate(visit: Visit, file_id: str) -> Outcome:
    """R-18: the file was no duplicate after all."""
    raise NotImplementedError
