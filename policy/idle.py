"""How long one may be away from the counter before the session ends, by role."""

from dataclasses import dataclass
from datetime import timedelta

from policy.words import Role

# Whoever holds one of these sees private files: complaints, access requests, claims, incidents.
PRIVATE = frozenset({Role.TECHNICIAN, Role.DIRECTOR, Role.GENERAL, Role.CLERK})


@dataclass(frozen=True)
class Idle:
    """How long without a gesture: for who sees private files, for the others."""

    private: timedelta = timedelta(minutes=30)
    others: timedelta = timedelta(hours=4)

    def after(self, roles: frozenset[Role]) -> timedelta:
        """How long a person with these roles may be away; the shorter one when in doubt."""
        return self.others if roles.isdisjoint(PRIVATE) else self.private


USUAL = Idle()
