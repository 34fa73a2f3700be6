"""The moves of a file (R-13): each an act of its own, judged by ``policy.moves``."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from desk.acts import Outcome
from desk.visits import Visit
from policy.words import WaitReason

Seen = Mapping[str, Any] | None  # the values shown when typing began; None: whatever stands now


def take(visit: Visit, file_id: str, seen: Seen = None) -> Outcome:
    """Acheminée → Prise en charge."""
    raise NotImplementedError


def plan(visit: Visit, file_id: str, planned_on: date | None, seen: Seen = None) -> Outcome:
    """→ Planifiée, with its date."""
    raise NotImplementedError


def pause(
    visit: Visit, file_id: str, reason: WaitReason | None, words: str = "", seen: Seen = None
) -> Outcome:
    """R-14: → En attente, with a coded reason; the target moves from today (included)."""
    raise NotImplementedError


def resume(visit: Visit, file_id: str, seen: Seen = None) -> Outcome:
    """R-14: the pause ends today (excluded) and the target is counted anew."""
    raise NotImplementedError


def hand_over(visit: Visit, file_id: str, items: Mapping[str, Any], seen: Seen = None) -> Outcome:
    """P §4.1: → À fermer: the department hands its information to the Technicien, who closes."""
    raise NotImplementedError


def return_(visit: Visit, file_id: str, reason: str, seen: Seen = None) -> Outcome:
    """Acheminée → Nouvelle, « mal acheminée », with the reason."""
    raise NotImplementedError


def cancel(visit: Visit, file_id: str, reason: str, seen: Seen = None) -> Outcome:
    """From any open state → Annulée, with the reason."""
    raise NotImplementedError


def reopen(visit: Visit, file_id: str, reason: str, seen: Seen = None) -> Outcome:
    """Complétée or Annulée → Prise en charge: the first closing is kept, the target counted from today."""
    raise NotImplementedError


def escalate(visit: Visit, file_id: str, reason: str, seen: Seen = None) -> Outcome:
    """P §4.1 « gestion des cas complexes »: brought to the director, stays where it is."""
    raise NotImplementedError


def amend(visit: Visit, file_id: str, typed: Mapping[str, Any], seen: Seen = None) -> Outcome:
    """Change fields that are no move: next action, words of a wait, planned date, priority, place, facts."""
    raise NotImplementedError
