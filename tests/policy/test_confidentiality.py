"""Who sees which file and which field, as a matrix: role × file kind × sight (R-33, R-62)."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.confidentiality import (
    BONDS,
    OF_A_FILE,
    PRIVATE,
    TABLES,
    Bond,
    PrivateAct,
    may_private,
    may_read_by_role,
    may_see,
    may_see_file,
    scope,
    searchable,
    sights,
    visible_fields,
)
from policy.private_words import PrivateKind
from policy.roles import System
from policy.words import Nature, Role, Sight
from sync import tables
from tests.policy.people import (
    ADMINISTRATOR,
    CLERK,
    COUNCILLOR,
    DIRECTOR,
    EMPLOYEE,
    EXPERIENCE,
    GENERAL,
    LEISURE,
    OTHER_SECRETARY,
    OUTSIDER,
    SECRETARY,
    TECHNICIAN,
    WORKS,
    Someone,
    of,
    system,
)

# One line a visit, one column a kind of file (of Travaux publics): what of it is seen.
#   L listed, W work, I internal, C the citizen's identity; - the file is « introuvable »
#                             Requête Info.  Comm.  Récl.  Plainte Accès
MATRIX: dict[str, tuple[Someone, str]] = {
    "technician":    (TECHNICIAN,               "LWIC LWIC LWIC LWIC - -"),
    "director":      (DIRECTOR,                 "LWIC LWIC LWIC LWIC - -"),
    "own":           (SECRETARY,                "LWIC LWIC LWIC LWIC - -"),
    "other":         (OTHER_SECRETARY,          "- - - - - -"),
    "experience":    (EXPERIENCE,               "- LWIC LWIC - - -"),
    "clerk":         (CLERK,                    "- - - LWIC - -"),
    "general":       (GENERAL,                  "- - - - - -"),
    "councillor":    (COUNCILLOR,               "- - - - - -"),
    "administrator": (ADMINISTRATOR,            "- - - - - -"),
    "employee":      (EMPLOYEE,                 "- - - - - -"),
    "outsider":      (OUTSIDER,                 "- - - - - -"),
    "clock":         (system(System.CLOCK),     "L L L L - -"),
    "import":        (system(System.IMPORT),    "LWIC LWIC LWIC LWIC - -"),
    "sync":          (system(System.SYNC),      "LW LW LW LW - -"),
    "export":        (system(System.EXPORT),    "LW LW LW LW - -"),
    "setup":         (system(System.SETUP),     "- - - - - -"),
    "unknown":       (system("inconnu"),        "- - - - - -"),
}  # fmt: skip

LETTERS = {Sight.LISTED: "L", Sight.WORK: "W", Sight.INTERNAL: "I", Sight.IDENTITY: "C"}
CELLS = [
    (who, nature, sight, LETTERS.get(sight, "never") in cell)
    for who, (_, line) in MATRIX.items()
    for nature, cell in zip(Nature, line.split(), strict=True)
    for sight in Sight
]


def a_file(nature: Nature, department: str | None = WORKS) -> dict[str, Any]:
    return {"nature": nature, "department": department}


@pytest.mark.parametrize(("who", "nature", "sight", "seen"), CELLS)
def test_each_visit_sees_this_far_into_each_kind_of_file(
    who: str, nature: Nature, sight: Sight, seen: bool
) -> None:
    viewer = MATRIX[who][0]
    assert may_see(viewer, sight, a_file(nature)) is seen
    assert may_see_file(viewer, a_file(nature)) is any(
        cell for name, kind, _, cell in CELLS if (name, kind) == (who, nature)
    )


def test_every_role_and_every_system_has_its_line() -> None:
    viewers = [viewer for viewer, _ in MATRIX.values()]
    assert {role for viewer in viewers for role in viewer.roles} == set(Role)
    assert {viewer.id for viewer in viewers if viewer.system} == {*System, "inconnu"}


def test_a_file_at_the_desk_is_no_departments() -> None:
    assert may_see_file(TECHNICIAN, a_file(Nature.REQUEST, None))
    assert not may_see_file(SECRETARY, a_file(Nature.REQUEST, None))
    assert not may_see_file(of(Role.RESPONSABLE), a_file(Nature.REQUEST, None))


def test_departments_without_the_role_open_nothing() -> None:
    assert scope(of(Role.EMPLOYEE, departments=(WORKS,))).nothing


VIEWERS = st.builds(
    Someone,
    st.just("quelqu'un"),
    st.frozensets(st.sampled_from(Role)),
    st.frozensets(st.sampled_from([WORKS, LEISURE])),
) | st.sampled_from([system(name) for name in (*System, "inconnu")])
ANY_FILE = st.builds(a_file, st.sampled_from(Nature), st.sampled_from([WORKS, LEISURE, None]))


@given(VIEWERS, ANY_FILE)
def test_a_file_is_in_the_scope_exactly_when_something_of_it_may_be_seen(
    viewer: Someone, file: dict[str, Any]
) -> None:
    assert scope(viewer).admits(file) is may_see_file(viewer, file) is bool(sights(viewer, file))
    assert not (scope(viewer).nothing and sights(viewer, file))


@given(VIEWERS, ANY_FILE)
def test_no_search_says_more_than_reading_would(viewer: Someone, file: dict[str, Any]) -> None:
    if may_see_file(viewer, file):
        assert searchable(viewer) <= sights(viewer, file)


@given(VIEWERS, ANY_FILE)
def test_nobody_sees_a_complaint_an_access_request_or_a_secret(viewer: Someone, file: dict[str, Any]) -> None:
    assert Sight.SECRET not in sights(viewer, file) | searchable(viewer)
    if file["nature"] in (Nature.COMPLAINT, Nature.ACCESS):
        assert not may_see_file(viewer, file)


@given(VIEWERS, ANY_FILE, st.sampled_from(Role))
def test_one_more_role_never_hides_anything(viewer: Someone, file: dict[str, Any], role: Role) -> None:
    if not viewer.system:
        more = Someone(viewer.id, viewer.roles | {role}, viewer.departments)
        assert sights(viewer, file) <= sights(more, file)


@dataclass(frozen=True)
class Plain:
    name: str
    sight: Sight


def names(viewer: Someone, table: str, file: dict[str, Any] | None = None) -> set[str]:
    return {field.name for field in visible_fields(viewer, table, tables.TABLES[table].fields, file)}


def test_the_fields_of_a_file_are_shown_by_their_sight() -> None:
    file = a_file(Nature.REQUEST)
    assert {"number", "facts", "note", "citizen"} <= names(SECRETARY, "files", file)
    assert names(OTHER_SECRETARY, "files", file) == set()
    assert {"number", "street"} <= names(system(System.CLOCK), "files", file)
    assert names(system(System.CLOCK), "files", file).isdisjoint(
        {"civic", "facts", "place_note", "note", "citizen"}
    )
    assert "intake_token" not in names(TECHNICIAN, "files", file)


def test_an_export_or_a_synchronisation_never_takes_the_note_or_the_citizen() -> None:
    for name in (System.EXPORT, System.SYNC):
        assert names(system(name), "files").isdisjoint({"note", "citizen"})
        assert names(system(name), "citizens") == set()
        assert names(system(name), "accounts") == set()
        assert "name" in names(system(name), "departments")


def test_the_citizen_of_a_file_is_seen_as_the_file_is() -> None:
    assert "phone" in names(SECRETARY, "citizens", a_file(Nature.REQUEST))
    assert names(OTHER_SECRETARY, "citizens", a_file(Nature.REQUEST)) == set()
    assert names(ADMINISTRATOR, "citizens") == set()


def test_settings_are_open_to_all_who_work_here_and_to_nobody_else() -> None:
    assert "name" in names(EMPLOYEE, "departments")
    assert names(OUTSIDER, "departments") == set()


def test_a_password_and_a_session_are_shown_to_nobody() -> None:
    assert "password" not in names(ADMINISTRATOR, "accounts")
    for table in ("sessions", "sign_ins", "drafts"):
        assert all(names(viewer, table) == set() for viewer, _ in MATRIX.values())


def test_the_mails_are_the_desks() -> None:
    assert "to_address" in names(TECHNICIAN, "mails")
    assert names(SECRETARY, "mails") == names(COUNCILLOR, "mails") == set()


def test_a_table_nobody_thought_of_is_shown_to_nobody() -> None:
    assert visible_fields(DIRECTOR, "plaintes", [Plain("faits", Sight.LISTED)]) == ()


def test_every_table_named_is_one_of_ours() -> None:
    assert OF_A_FILE | set(TABLES) <= set(tables.TABLES)


# One line a kind of private file: who deposits it (D), reads it (R), handles it (H), designates (N) by role.
#                               Techn. Direct. D.g. Greffier; nobody else, ever
PRIVATE_MATRIX = {
    PrivateKind.COMPLAINT:       "D   D   N   -",
    PrivateKind.ACCESS:          "D   D   DRH DRH",
    PrivateKind.CLAIM:           "DRH DRH -   DRH",
    PrivateKind.SERVICE_REFUSAL: "-   DRH -   -",
    PrivateKind.INCIDENT:        "-   -   DRH DRH",
    PrivateKind.PERSONNEL:       "-   -   R   -",
    PrivateKind.PERSON:          "-   R   R   R",
}  # fmt: skip
ACT_LETTERS = {
    PrivateAct.ENTER: "D",
    PrivateAct.READ: "R",
    PrivateAct.HANDLE: "H",
    PrivateAct.DESIGNATE: "N",
}
IN_THE_MATRIX = (Role.TECHNICIAN, Role.DIRECTOR, Role.GENERAL, Role.CLERK)


@pytest.mark.parametrize("kind", PrivateKind)
@pytest.mark.parametrize("role", Role)
def test_who_does_what_with_a_private_file_is_this_table(kind: PrivateKind, role: Role) -> None:
    expected = "-"
    if role in IN_THE_MATRIX:
        expected = PRIVATE_MATRIX[kind].split()[IN_THE_MATRIX.index(role)]
    done = "".join(letter for act, letter in ACT_LETTERS.items() if may_private(of(role), act, kind)) or "-"
    assert done == expected
    assert may_read_by_role(of(role), kind) is ("R" in expected)


@given(st.sets(st.sampled_from(Role)))
def test_no_set_of_roles_reads_a_complaint_or_handles_it(roles: set[Role]) -> None:
    for act in (PrivateAct.READ, PrivateAct.HANDLE):
        assert not may_private(of(*roles), act, PrivateKind.COMPLAINT)


@pytest.mark.parametrize(
    ("kind", "bond", "done"),
    [
        (PrivateKind.COMPLAINT, Bond.INVESTIGATOR, "RH"),
        (PrivateKind.COMPLAINT, Bond.READER, "R"),
        (PrivateKind.COMPLAINT, Bond.AUTHOR, ""),
        (PrivateKind.PERSONNEL, Bond.AUTHOR, "R"),
        (PrivateKind.PERSONNEL, Bond.INVESTIGATOR, ""),
        (PrivateKind.ACCESS, Bond.AUTHOR, ""),
        (PrivateKind.INCIDENT, Bond.READER, ""),
    ],
)
def test_what_a_bond_opens_is_that_and_no_more(kind: PrivateKind, bond: Bond, done: str) -> None:
    acts = (letter for act, letter in ACT_LETTERS.items() if may_private(OUTSIDER, act, kind, [bond]))
    assert "".join(acts) == done
    assert set(BONDS) == {PrivateKind.COMPLAINT, PrivateKind.PERSONNEL}


@pytest.mark.parametrize("name", [*System, "inconnu"])
def test_no_system_touches_a_private_file(name: str) -> None:
    assert not any(may_private(system(name), act, kind, Bond) for kind in PRIVATE for act in PrivateAct)
