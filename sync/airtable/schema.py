"""Where our tables and columns are in a base: found by their title once, by Airtable's ids ever after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sync.fields import Kind, Owner
from sync.remote import ID, ID_HEADER, NOTE, NOTE_HEADER, Column, Shape

Meta = Sequence[Mapping[str, Any]]  # the tables of a base, as Airtable describes them

ID_COLUMN = Column(ID, ID_HEADER, Kind.TEXT, Owner.DESK)
NOTE_COLUMN = Column(NOTE, NOTE_HEADER, Kind.LONG, Owner.DESK)

# The types of Airtable that hold the values of a kind: the first is the one that setup makes.
TYPES = {
    Kind.TEXT: ("singleLineText", "multilineText", "email", "phoneNumber", "url"),
    Kind.LONG: ("multilineText", "singleLineText"),
    Kind.INTEGER: ("number",),
    Kind.BOOL: ("checkbox",),
    Kind.DATE: ("date",),
    Kind.MOMENT: ("dateTime",),
    Kind.CHOICE: ("singleSelect",),
    Kind.REF: ("multipleRecordLinks",),
}
# What changes by itself at each of our writes, or says nothing of the row.
_UNREAD = ("button", "lastModifiedTime", "lastModifiedBy")


@dataclass(frozen=True)
class Place:
    """Where one of our tables is there.

    ``fields``: the ids of our columns that are there, by their name; ``choices``: for each list, the word of
    each choice's id when it was last right. ``extras``: the headers of the columns that are not ours, by id.
    ``paused`` and ``trouble``: as ``TableLook`` tells them; a column that no longer goes out is paused,
    without a word.
    """

    id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    extras: Mapping[str, str] = field(default_factory=dict)
    paused: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""

    def usable(self) -> dict[str, str]:
        """Our columns that may be read and written: their names, by id."""
        return {key: name for name, key in self.fields.items() if name not in self.paused}

    def read(self) -> list[str]:
        """The ids of the columns to read; one that is no longer there makes Airtable refuse the reading."""
        return [*self.usable(), *self.extras]


def kept(places: Mapping[str, Place]) -> dict[str, Any]:
    """The places as the memory keeps them."""
    return {name: asdict(place) for name, place in places.items()}


def places(memory: Mapping[str, Any]) -> dict[str, Place]:
    """The places as the memory kept them."""
    return {name: Place(**place) for name, place in memory.get("tables", {}).items()}


def find(
    meta: Meta, shapes: Iterable[Shape], known: Mapping[str, Place], *, by_title: bool = False
) -> dict[str, Place]:
    """Where each table is now. What was known is followed by its id, and is missing when that id is.

    ``by_title``: what is missing may be another one of the same title (setup): a column made anew is empty,
    and nobody may take that for a wish to empty all its cells.
    """
    found: dict[str, Place] = {}
    for shape in shapes:
        found[shape.table] = _place(meta, shape, known.get(shape.table), found, by_title)
    ours = {key for place in found.values() for key in place.fields.values()}
    ours |= _inverses(meta, ours)
    return {name: replace(place, extras=_extras(meta, place, ours)) for name, place in found.items()}


def named(items: Iterable[Mapping[str, Any]], title: str) -> Mapping[str, Any] | None:
    """The table or field of that title; Airtable does not tell « Nom » from « nom »."""
    return next((each for each in items if each["name"].casefold() == title.casefold()), None)


def identified(items: Iterable[Mapping[str, Any]], key: str | None) -> Mapping[str, Any] | None:
    """The table, field or choice of that id."""
    return next((each for each in items if each["id"] == key), None)


def _place(
    meta: Meta, shape: Shape, known: Place | None, others: Mapping[str, Place], by_title: bool
) -> Place:
    table = identified(meta, known.id) if known else None
    if table is None and (by_title or not known):
        table, known = named(meta, shape.label), None
    if table is None:
        trouble = f"La table « {shape.label} » n'est pas dans la base Airtable."
        return Place(**{**asdict(known or Place("")), "trouble": trouble})
    fields: dict[str, str] = dict(known.fields) if known else {}
    choices: dict[str, Mapping[str, str]] = {}
    paused: dict[str, str] = {}
    for column in (ID_COLUMN, *shape.columns, NOTE_COLUMN):
        there = identified(table["fields"], fields.get(column.name))
        if there is None and (by_title or column.name not in fields):
            there = named(table["fields"], column.label)
        if there is None:
            paused[column.name] = f"La colonne « {column.label} » n'est pas dans Airtable."
            continue
        fields[column.name] = there["id"]
        before = known.choices.get(column.name, {}) if known else {}
        wrong = _renamed(column, there, before) or difference(column, there, others)
        if wrong:
            paused[column.name] = wrong
        if column.kind is Kind.CHOICE:
            now = {each["id"]: each["name"] for each in _choices(there)}
            choices[column.name] = before if wrong and before else now
    asked = {ID, NOTE, *(column.name for column in shape.columns)}
    paused |= dict.fromkeys(fields.keys() - asked, "")  # it went out once: neither ours now, nor unknown
    trouble = paused.pop(ID, "")
    return Place(table["id"], fields, choices, {}, paused, trouble)


def difference(column: Column, there: Mapping[str, Any], others: Mapping[str, Place]) -> str:
    """Why a field there cannot hold the values of a column, in French; empty when it can."""
    if there["type"] not in TYPES[column.kind]:
        return f"La colonne « {column.label} » n'est plus du type voulu dans Airtable."
    if column.ref is not None and column.ref in others:
        linked = there.get("options", {}).get("linkedTableId")
        if linked != others[column.ref].id:
            return f"La colonne « {column.label} » mène à une autre table dans Airtable."
    words = {each["name"] for each in _choices(there)}
    gone = [word for word in column.choices if word not in words]
    if column.kind is Kind.CHOICE and gone:
        return f"La liste « {column.label} » n'a plus dans Airtable : {', '.join(gone)}."
    return ""


def _renamed(column: Column, there: Mapping[str, Any], before: Mapping[str, str]) -> str:
    """The choices that bear another word since, told so that a person can put them right.

    Also when somebody has given their word to a new choice: the cells still show the other word, and no feed
    tells them.
    """
    now = {each["id"]: each["name"] for each in _choices(there)}
    changed = {
        word: now[key]
        for key, word in before.items()
        if word in column.choices and now.get(key, word) != word
    }
    if not changed:
        return ""
    told = [f"« {word} » est devenu « {other} »" for word, other in changed.items()]
    doubled = [
        f" Il y a aussi un nouveau « {word} » : donnez-le aux lignes de « {other} », puis supprimez ce choix."
        for word, other in changed.items()
        if word in now.values()
    ]
    return f"Dans la liste « {column.label} » d'Airtable, {', '.join(told)}.{''.join(doubled)}"


def _choices(there: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    choices: Sequence[Mapping[str, Any]] = there.get("options", {}).get("choices", [])
    return choices


def _extras(meta: Meta, place: Place, ours: set[str]) -> dict[str, str]:
    table = identified(meta, place.id)
    return {
        each["id"]: each["name"]
        for each in (table["fields"] if table else ())
        if each["id"] not in ours and each["type"] not in _UNREAD
    }


def _inverses(meta: Meta, ours: set[str]) -> set[str]:
    """The other ends of our links: Airtable makes one for each, in the table it leads to."""
    return {
        each["options"]["inverseLinkFieldId"]
        for table in meta
        for each in table["fields"]
        if each["id"] in ours and each.get("options", {}).get("inverseLinkFieldId")
    }
