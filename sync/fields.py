"""What a field and a table are: the vocabulary of ``sync.tables``."""

from dataclasses import dataclass
from enum import StrEnum

from policy.words import Sight


class Kind(StrEnum):
    """The type of a field; decides its SQL column, its widget, its cell in a workbook."""

    TEXT = "texte"  # one line
    LONG = "texte long"
    INTEGER = "nombre"
    BOOL = "oui ou non"
    DATE = "date"
    MOMENT = "moment"  # an instant, kept in UTC
    CHOICE = "choix"
    REF = "renvoi"  # the id of a row of ``ref``
    JSON = "données"
    BYTES = "octets"


class Owner(StrEnum):
    """Whose value wins when a remote also holds the field (sync invariant 9)."""

    DESK = "desk"
    TABLE = "table"
    BOTH = "both"


class Leaves(StrEnum):
    """Whether the field may leave the house (sync invariant 8, R-83)."""

    YES = "oui"
    IDENTITY = "identité"  # only once the privacy assessment is dated
    NEVER = "jamais"


@dataclass(frozen=True)
class Field:
    """One field of a table; ``label`` is what people read, ``name`` what the code writes."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    choices: type[StrEnum] | None = None
    ref: str | None = None
    required: bool = False
    longest: int = 200
    unique: bool = False
    indexed: bool = False
    sight: Sight = Sight.WORK
    owner: Owner = Owner.BOTH
    leaves: Leaves = Leaves.YES
    edited: bool = True  # False: bookkeeping, does not bump the version people edit against
    sealed: bool = False  # encrypted at rest with the key of its row (sync.vault)


@dataclass(frozen=True)
class Table:
    """One table. ``private`` never leaves; ``logged`` keeps every change in the history.

    ``setting``: the town decides what it holds; its director edits it (screen « Tableaux », table outside).
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    private: bool = False
    logged: bool = True
    setting: bool = False
    indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()

    def field(self, name: str) -> Field:
        """The field of that name; ``KeyError`` when there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name}.{name}")
