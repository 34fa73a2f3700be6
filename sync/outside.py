"""What of our tables may leave the house, as a remote shows it (sync invariant 8, R-83)."""

from functools import cache

from policy.words import Sight
from sync.fields import Field, Kind, Leaves, Owner, Table
from sync.remote import Column, Shape
from sync.tables import TABLES

# In this order: a row points only to tables before its own, or to its own. Pauses are told by the state
# of their file; everything else stays in the house.
CARRIED = (
    "departments", "categories", "delays", "codes", "council", "closings", "rules", "guides",
    "answer_templates", "designations", "citizens", "files", "answers",
)  # fmt: skip
SETTINGS = tuple(name for name in CARRIED if TABLES[name].setting)

# The column by which people call a row; with a piece of its id where two rows may bear the same name.
TITLES = {
    "departments": "name",
    "categories": "name",
    "delays": "category",
    "codes": "code",
    "council": "name",
    "closings": "day",
    "rules": "name",
    "guides": "name",
    "answer_templates": "name",
    "designations": "person",
    "citizens": "name",
    "files": "number",
    "answers": "file",
}


@cache
def shapes(identity: bool) -> tuple[Shape, ...]:
    """The tables that go out; ``identity``: the privacy assessment is dated (R-83)."""
    found = (_shape(TABLES[name], identity) for name in CARRIED)
    return tuple(shape for shape in found if shape.columns)


def _shape(table: Table, identity: bool) -> Shape:
    columns = tuple(_column(field) for field in table.fields if _leaves(field, identity))
    return Shape(table.name, table.label, columns, TITLES[table.name])


def _leaves(field: Field, identity: bool) -> bool:
    if field.sealed or field.sight is Sight.SECRET or field.kind in (Kind.JSON, Kind.BYTES):
        return False
    return field.leaves is Leaves.YES or (field.leaves is Leaves.IDENTITY and identity)


def _column(field: Field) -> Column:
    told = (
        field.ref is not None and field.ref not in CARRIED
    )  # an account: its name, which nobody types there
    return Column(
        field.name,
        field.label,
        Kind.TEXT if told else field.kind,
        Owner.DESK if told else field.owner,
        tuple(member.value for member in field.choices) if field.choices else (),
        None if told else field.ref,
        field.required,
    )
