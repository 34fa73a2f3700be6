"""Who sees which file and which field: the tables that screens, searches, mails and exports all ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from policy.private_words import PrivateKind
from policy.roles import System, Viewer
from policy.words import Nature, Role, Sight


class Reach(StrEnum):
    """How far a role sees among the files of one nature."""

    ALL = "tous"
    OWN = "ceux de ses services"


class Sighted(Protocol):
    """A field of a table: what ``sync.fields.Field`` is to this module."""

    @property
    def name(self) -> str: ...
    @property
    def sight(self) -> Sight: ...


SightedField = TypeVar("SightedField", bound=Sighted)

_DESK = {Role.TECHNICIAN: Reach.ALL, Role.DIRECTOR: Reach.ALL}

# R-62, P §4.1: which files each role sees. Who is not named sees none: member of council, administrator,
# employee, general direction. P §4.5: complaints, and access requests, have their own people (none here yet).
FILES: Mapping[Nature, Mapping[Role, Reach]] = {
    Nature.REQUEST: _DESK | {Role.RESPONSABLE: Reach.OWN},
    Nature.INFORMATION: _DESK | {Role.RESPONSABLE: Reach.OWN, Role.EXPERIENCE: Reach.ALL},
    Nature.COMMENT: _DESK | {Role.RESPONSABLE: Reach.OWN, Role.EXPERIENCE: Reach.ALL},
    Nature.CLAIM: _DESK | {Role.RESPONSABLE: Reach.OWN, Role.CLERK: Reach.ALL},
    Nature.COMPLAINT: {},
    Nature.ACCESS: {},
}

_ALL_BUT_SECRET = frozenset({Sight.LISTED, Sight.WORK, Sight.INTERNAL, Sight.IDENTITY})

# P §2.3, P annexe A, point 4: how far each role sees into a file it is entitled to.
SIGHTS: Mapping[Role, frozenset[Sight]] = {
    Role.TECHNICIAN: _ALL_BUT_SECRET,
    Role.DIRECTOR: _ALL_BUT_SECRET,
    Role.RESPONSABLE: _ALL_BUT_SECRET,
    Role.EXPERIENCE: _ALL_BUT_SECRET,
    Role.CLERK: _ALL_BUT_SECRET,
}

_OPEN_NATURES = frozenset(nature for nature, readers in FILES.items() if readers)

# The visits nobody makes: the natures each passes over, and how far it sees into them.
# The clock draws up lists, so it sees what may be listed and nothing else.
SYSTEMS: Mapping[System, tuple[frozenset[Nature], frozenset[Sight]]] = {
    System.CLOCK: (_OPEN_NATURES, frozenset({Sight.LISTED})),
    System.IMPORT: (_OPEN_NATURES, _ALL_BUT_SECRET),
    System.SYNC: (_OPEN_NATURES, frozenset({Sight.LISTED, Sight.WORK})),
    System.EXPORT: (_OPEN_NATURES, frozenset({Sight.LISTED, Sight.WORK})),
    System.SETUP: (frozenset(), frozenset()),
}

_ANYONE = frozenset(Role)
_KEEPERS = frozenset({Role.TECHNICIAN, Role.DIRECTOR, Role.GENERAL, Role.ADMIN})
_PLAIN = frozenset({Sight.LISTED, Sight.WORK})

# Tables that hang from a file are seen as the file is; these are seen by role alone.
TABLES: Mapping[str, tuple[frozenset[Role], frozenset[Sight]]] = {
    "departments": (_ANYONE, _PLAIN),
    "categories": (_ANYONE, _PLAIN),
    "delays": (_ANYONE, _PLAIN),
    "codes": (_ANYONE, _PLAIN),
    "designations": (_ANYONE, _PLAIN),
    "council": (_ANYONE, _PLAIN),
    "closings": (_ANYONE, _PLAIN),
    "rules": (_ANYONE, _PLAIN),
    "guides": (_ANYONE, _PLAIN),
    "answer_templates": (_ANYONE, _PLAIN),
    "accounts": (_KEEPERS, _PLAIN),
    "list_runs": (frozenset({Role.TECHNICIAN, Role.DIRECTOR}), _PLAIN),
    "mails": (frozenset({Role.TECHNICIAN, Role.DIRECTOR}), _PLAIN | {Sight.IDENTITY}),
}


class PrivateAct(StrEnum):
    """What can be done with a private file."""

    ENTER = "déposer"
    READ = "consulter"
    HANDLE = "traiter"
    DESIGNATE = "désigner qui enquête"


class Bond(StrEnum):
    """What ties one person to one private file, whatever the roles."""

    INVESTIGATOR = "chargé de l'enquête"
    READER = "admis par qui enquête"
    AUTHOR = "l'a consigné"


_ROOM = frozenset({Role.GENERAL, Role.CLERK})
_COUNTER = frozenset({Role.TECHNICIAN, Role.DIRECTOR})

# P §4.5, P §4.6, R-33, R-62: role × kind × act. A complaint is read by no role at all: only by its bonds.
PRIVATE: Mapping[PrivateKind, Mapping[PrivateAct, frozenset[Role]]] = {
    PrivateKind.COMPLAINT: {
        PrivateAct.ENTER: _COUNTER,
        PrivateAct.READ: frozenset(),
        PrivateAct.HANDLE: frozenset(),
        PrivateAct.DESIGNATE: frozenset({Role.GENERAL}),
    },
    PrivateKind.ACCESS: {
        PrivateAct.ENTER: _COUNTER | _ROOM,
        PrivateAct.READ: _ROOM,
        PrivateAct.HANDLE: _ROOM,
    },
    PrivateKind.CLAIM: {
        PrivateAct.ENTER: _COUNTER | {Role.CLERK},
        PrivateAct.READ: _COUNTER | {Role.CLERK},
        PrivateAct.HANDLE: _COUNTER | {Role.CLERK},
    },
    PrivateKind.SERVICE_REFUSAL: {
        PrivateAct.ENTER: frozenset({Role.DIRECTOR}),
        PrivateAct.READ: frozenset({Role.DIRECTOR}),
        PrivateAct.HANDLE: frozenset({Role.DIRECTOR}),
    },
    PrivateKind.INCIDENT: {
        PrivateAct.ENTER: _ROOM,
        PrivateAct.READ: _ROOM,
        PrivateAct.HANDLE: _ROOM,
    },
    PrivateKind.PERSONNEL: {
        PrivateAct.READ: frozenset({Role.GENERAL}),
    },
    PrivateKind.PERSON: {
        PrivateAct.READ: _ROOM | {Role.DIRECTOR},
    },
}

# P §4.5, R-31, R-33: what a person may do with one file of which he or she holds the bond.
BONDS: Mapping[PrivateKind, Mapping[PrivateAct, frozenset[Bond]]] = {
    PrivateKind.COMPLAINT: {
        PrivateAct.READ: frozenset({Bond.INVESTIGATOR, Bond.READER}),
        PrivateAct.HANDLE: frozenset({Bond.INVESTIGATOR}),
    },
    PrivateKind.PERSONNEL: {
        PrivateAct.READ: frozenset({Bond.AUTHOR}),
    },
}


OF_A_FILE = frozenset({"files", "citizens", "pauses", "answers", "tasks", "notices"})


@dataclass(frozen=True)
class Scope:
    """The files a visit may see, in the shape a WHERE clause needs.

    ``nature IN natures OR (department IN departments AND nature IN own_natures)``; ``nothing`` when no
    file can match.
    """

    natures: frozenset[Nature] = field(default=frozenset())
    departments: frozenset[str] = field(default=frozenset())
    own_natures: frozenset[Nature] = field(default=frozenset())

    @property
    def nothing(self) -> bool:
        """No file at all."""
        return not self.natures and not (self.departments and self.own_natures)

    def admits(self, file: Mapping[str, Any]) -> bool:
        """Whether this file (its ``nature`` and ``department``) is inside."""
        nature = Nature(file["nature"])
        return nature in self.natures or (
            nature in self.own_natures and file["department"] in self.departments
        )


def scope(viewer: Viewer) -> Scope:
    """P §4.1, P §4.5, R-62: the files this visit may see; an unknown system or no role, none."""
    if viewer.system:
        return Scope(natures=_system(viewer)[0])
    everywhere = frozenset(n for n in Nature for role in viewer.roles if FILES[n].get(role) is Reach.ALL)
    own = frozenset(n for n in Nature for role in viewer.roles if FILES[n].get(role) is Reach.OWN)
    return Scope(everywhere, viewer.departments if own else frozenset(), own)


def may_see_file(viewer: Viewer, file: Mapping[str, Any]) -> bool:
    """Whether this visit may know that the file exists; no is « introuvable », as an unknown number."""
    return scope(viewer).admits(file)


def sights(viewer: Viewer, file: Mapping[str, Any]) -> frozenset[Sight]:
    """P §2.3, P annexe A, point 4: how far this visit sees into this file (its nature, its department)."""
    if viewer.system:
        natures, seen = _system(viewer)
        return seen if Nature(file["nature"]) in natures else frozenset()
    entitled = (role for role in viewer.roles if _reaches(viewer, role, file))
    return frozenset(sight for role in entitled for sight in SIGHTS[role])


def may_see(viewer: Viewer, sight: Sight, file: Mapping[str, Any]) -> bool:
    """Whether this visit may see the fields of that sight in this file."""
    return sight in sights(viewer, file)


def may_private(viewer: Viewer, act: PrivateAct, kind: PrivateKind, bonds: Iterable[Bond] = ()) -> bool:
    """P §4.5, P §4.6, R-33: whether this visit may do this with a private file it has these bonds with.

    A system never may: no clock, import or export passes over a private file.
    """
    if viewer.system:
        return False
    by_role = PRIVATE[kind].get(act, frozenset())
    by_bond = BONDS.get(kind, {}).get(act, frozenset())
    return not by_role.isdisjoint(viewer.roles) or not by_bond.isdisjoint(bonds)


def may_read_by_role(viewer: Viewer, kind: PrivateKind) -> bool:
    """P §4.5, P §4.6, R-33: whether this visit may read every private file of that kind."""
    return may_private(viewer, PrivateAct.READ, kind)


def searchable(viewer: Viewer) -> frozenset[Sight]:
    """The words this visit may search by: those it may read in every file of its scope.

    Anything more would tell, by a hit, what a file it sees only in part holds.
    """
    if viewer.system:
        return _system(viewer)[1]
    readers = [SIGHTS[role] for role in viewer.roles if any(role in readers for readers in FILES.values())]
    return frozenset.intersection(*readers) if readers else frozenset()


def visible_fields(
    viewer: Viewer,
    table: str,
    fields: Iterable[SightedField],
    file: Mapping[str, Any] | None = None,
) -> tuple[SightedField, ...]:
    """The fields of a table this visit may see, in their order.

    ``file`` is the file the row hangs from (for ``files``, the row itself); without it a table of files
    shows what the visit may see in every file of its scope. A table not named here is shown to nobody.
    """
    if table in OF_A_FILE:
        seen = searchable(viewer) if file is None else sights(viewer, file)
    else:
        seen = _seen_by_role(viewer, table)
    return tuple(each for each in fields if each.sight in seen)


def _seen_by_role(viewer: Viewer, table: str) -> frozenset[Sight]:
    roles, seen = TABLES.get(table, (frozenset(), frozenset()))
    if viewer.system:
        return seen if viewer.id in SYSTEMS and roles == _ANYONE else frozenset()
    return seen if not viewer.roles.isdisjoint(roles) else frozenset()


def _reaches(viewer: Viewer, role: Role, file: Mapping[str, Any]) -> bool:
    reach = FILES[Nature(file["nature"])].get(role)
    return reach is Reach.ALL or (reach is Reach.OWN and file["department"] in viewer.departments)


def _system(viewer: Viewer) -> tuple[frozenset[Nature], frozenset[Sight]]:
    if viewer.id not in SYSTEMS:
        return frozenset(), frozenset()
    return SYSTEMS[System(viewer.id)]
