"""Who asks, in the tests of the policy: one person a role, and the systems."""

from dataclasses import dataclass

from policy.roles import System
from policy.words import Role

WORKS, LEISURE = "travaux", "loisirs"


@dataclass(frozen=True)
class Someone:
    id: str
    roles: frozenset[Role] = frozenset()
    departments: frozenset[str] = frozenset()
    system: bool = False


def of(*roles: Role, departments: tuple[str, ...] = ()) -> Someone:
    """A person with these roles."""
    return Someone("-".join(roles) or "personne", frozenset(roles), frozenset(departments))


def system(name: System | str) -> Someone:
    """A visit that nobody makes."""
    return Someone(str(name), system=True)


TECHNICIAN = of(Role.TECHNICIAN)
DIRECTOR = of(Role.DIRECTOR)
SECRETARY = of(Role.RESPONSABLE, departments=(WORKS,))
OTHER_SECRETARY = of(Role.RESPONSABLE, departments=(LEISURE,))
EXPERIENCE = of(Role.EXPERIENCE)
CLERK = of(Role.CLERK)
GENERAL = of(Role.GENERAL)
COUNCILLOR = of(Role.COUNCIL)
ADMINISTRATOR = of(Role.ADMIN)
EMPLOYEE = of(Role.EMPLOYEE)
OUTSIDER = of()
