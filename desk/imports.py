"""Bringing in a file of demands: what the director does, step by step; the clock does the long parts.

R-62: hundreds of citizens' names at once, and what the town's old words mean; the director's alone. The
command ``python -m desk import`` makes the same gestures as a system (``System.IMPORT``).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from desk import import_fields
from desk.contents import safe_name
from desk.import_fields import REQUIRED
from desk.visits import Counter, Person, Visit
from policy.classification import tidy
from policy.reasons import refused
from policy.roles import Deed, System, refuse_unless
from sync import staging, table_files
from sync.adopt_plan import folded
from sync.schema import SQL
from sync.states import ImportState
from sync.store import Row, Writing

WORKING = frozenset(  # the clock's turn
    {
        ImportState.RECEIVED,
        ImportState.CHECKING,
        ImportState.ASKED,
        ImportState.PUBLISHED,
        ImportState.UNDOING,
    }
)
OVER = frozenset({ImportState.DONE, ImportState.UNDONE, ImportState.FAILED, ImportState.DROPPED})
MOST_MB, MOST_ROWS = table_files.MOST_BYTES // table_files.MB, table_files.MOST_ROWS
NOBODY: Mapping[str, Any] = {"claimed_by": None, "claimed_until": None, "attempts": 0, "done": 0, "total": 0}


def receive(visit: Visit, name: str, content: bytes) -> str:
    """Take a file in; its import's id. The same file twice, before anything was made of it, is one import.

    Raises ``Refused``: neither .csv nor .xlsx, too large, one that opens to too much.
    """
    with visit.reading() as reader:
        refuse_stranger(reader.person)
    titles = table_files.sheets(name, content)  # outside any transaction: it may take a moment
    digest = hashlib.sha256(content).hexdigest()
    with visit.writing() as counter:
        refuse_stranger(counter.person)
        counter.tx.alone("recevoir un import")
        for before in counter.tx.find("imports", digest=digest):
            if before["state"] not in OVER:
                return str(before["id"])
        row = counter.tx.insert(
            "imports",
            {
                "name": safe_name(name),
                "digest": digest,
                "state": ImportState.RECEIVED,
                "sheets": list(titles),
                "sheet": titles[0] if titles else None,
                **dict.fromkeys(
                    ("header_line", "rows", "fits", "known", "wrong", "done", "total", "attempts"), 0
                ),
                **dict.fromkeys(("added", "left_aside", "withdrawn"), 0),
                "remembered": False,
                "cleared": False,
                "received_by": None if counter.person.system else counter.person.id,
                "received_name": counter.person.name,
                "received_at": counter.at,
            },
            counter.by("apporter un fichier"),
        )
        counter.tx.insert("import_contents", {"lot": row["id"], "content": content}, counter.by("apporter"))
        return str(row["id"])


def read_again(visit: Visit, lot: str, sheet: str | None = None, header_line: int | None = None) -> None:
    """Another sheet, or the headers on another line: the file is read anew, and matched anew."""
    with visit.writing() as counter:
        row = _held(counter, lot, ImportState.READ, ImportState.CHECKED, ImportState.FAILED)
        if row["cleared"]:
            raise refused("Ce fichier a été effacé : apportez-le de nouveau.")
        if sheet is not None and sheet not in (row["sheets"] or ()):
            raise refused("Cette feuille n'est pas dans ce classeur.", field="sheet")
        changes: dict[str, Any] = {"state": ImportState.RECEIVED, "matching": None, "trouble": None}
        changes["header_line"] = header_line if header_line is not None else 0
        if sheet is not None:
            changes["sheet"] = sheet
        counter.tx.update("imports", lot, {**changes, **NOBODY}, counter.by("relire le fichier"))


def assign(visit: Visit, lot: str, header: str, field: str) -> None:
    """That column is that field, which no other then is; an empty ``field``: it is not read."""
    known = {column.name for column in import_fields.columns()}
    if field and field not in known:
        raise refused("Ce champ n'est pas offert.", field="matching")

    def change(row: Row, matching: dict[str, Any]) -> None:
        if header not in (row["headers"] or ()):
            raise refused("Cette colonne n'est pas dans ce fichier.", field="matching")
        columns = {each: name for each, name in matching.get("columns", {}).items() if name != field}
        columns.pop(header, None)
        matching["columns"] = {**columns, header: field} if field else columns

    _choose(visit, lot, change)


def mean(visit: Visit, lot: str, header: str, word: str, ours: str | None) -> None:
    """That word of that column is our word; empty: it says nothing; None: nobody said yet."""

    def change(row: Row, matching: dict[str, Any]) -> None:
        meanings = {**matching.get("meanings", {})}
        words = {**meanings.get(header, {})}
        words.pop(word, None)
        meanings[header] = words if ours is None else {**words, word: ours}
        matching["meanings"] = meanings

    _choose(visit, lot, change)


def order(visit: Visit, lot: str, header: str, day_first: bool) -> None:
    """How that column writes its days: the day first, or the month."""
    _choose(visit, lot, lambda row, matching: matching.update(
        orders={**matching.get("orders", {}), header: day_first}))  # fmt: skip


def name_register(visit: Visit, lot: str, name: str) -> None:
    """What the register is called, so that its numbers are not taken for those of another."""
    if len(tidy(name)) > 40:
        raise refused("Le nom du registre compte 40 caractères au plus.", field="register")
    _choose(visit, lot, lambda row, matching: matching.update(register=tidy(name)))


def check(visit: Visit, lot: str) -> None:
    """Ask that every row be judged; what was chosen is remembered for the next file with the same headers."""
    with visit.writing() as counter:
        row = _held(counter, lot, ImportState.READ, ImportState.CHECKED)
        if REQUIRED not in (row["matching"] or {}).get("columns", {}).values():
            raise refused(
                "Dites quelle colonne est « Reçue le » : une demande a une date.", "R-1", "matching"
            )
        key = {"headers": headers_digest(row["headers"])}
        told = {"matching": row["matching"], "used_at": counter.at}
        counter.tx.put("import_matchings", key, told, counter.by("associer les colonnes"))
        changes = {"state": ImportState.CHECKING, "trouble": None, **NOBODY}
        counter.tx.update("imports", lot, changes, counter.by("vérifier le fichier"))


def change_columns(visit: Visit, lot: str) -> None:
    """Back to the columns, after a check."""
    with visit.writing() as counter:
        _held(counter, lot, ImportState.CHECKED)
        counter.tx.update("imports", lot, {"state": ImportState.READ}, counter.by("revenir aux colonnes"))


def carry_out(visit: Visit, lot: str, aside: int) -> None:
    """All that fits becomes files, at once or not at all; ``aside``: how many rows it is agreed to leave.

    Raises ``Refused`` when rows do not fit and nobody agreed to leave exactly those. Asked twice: done once.
    """
    with visit.writing() as counter:
        refuse_stranger(counter.person)
        row = there(counter.tx.lock("imports", lot))
        if row["state"] in (ImportState.ASKED, ImportState.PUBLISHED, ImportState.DONE):
            return
        _refuse_state(row, (ImportState.CHECKED,))
        if row["wrong"] != aside:
            raise refused(
                f"{_rows(row['wrong'])} : corrigez le fichier, changez l'association, ou dites que ces "
                "lignes restent de côté.",
                field="aside",
            )
        if not row["fits"]:
            raise refused("Aucune ligne nouvelle ne convient : il n'y a rien à importer.")
        changes = {
            "state": ImportState.ASKED,
            "asked_by": counter.person.id,
            "asked_name": counter.person.name,
            "asked_at": counter.at,
            "trouble": None,
            "numbers": None,
            **NOBODY,
        }
        counter.tx.update("imports", lot, changes, counter.by("importer le fichier"))


def drop(visit: Visit, lot: str) -> None:
    """Give an import up before anything is there of it; its content is erased at once. Twice is once."""
    with visit.writing() as counter:
        refuse_stranger(counter.person)
        row = there(counter.tx.lock("imports", lot))
        if row["state"] is ImportState.DROPPED:
            return
        if row["state"] in (ImportState.PUBLISHED, ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE):
            raise refused("Cet import est déjà là : il s'annule, il ne s'abandonne plus.")
        clear(counter.tx, lot, asides=True)
        changes = {"state": ImportState.DROPPED, "cleared": True, **NOBODY}
        counter.tx.update("imports", lot, changes, counter.by("abandonner l'import"))


def undo(visit: Visit, lot: str) -> None:
    """Ask that every file of the import that nobody has touched since be withdrawn; the others stay."""
    with visit.writing() as counter:
        refuse_stranger(counter.person)
        row = there(counter.tx.lock("imports", lot))
        if row["state"] in (ImportState.UNDOING, ImportState.UNDONE):
            return
        _refuse_state(row, (ImportState.DONE,))
        changes = {
            "state": ImportState.UNDOING,
            "undone_by": counter.person.id,
            "undone_name": counter.person.name,
            "undone_at": counter.at,
            **NOBODY,
        }
        counter.tx.update("imports", lot, changes, counter.by("annuler l'import"))


def headers_digest(headers: Sequence[str]) -> str:
    """What tells files of the same headers, in whatever order they stand."""
    return hashlib.sha256("\x1f".join(sorted(map(folded, headers))).encode()).hexdigest()


def clear(tx: Writing, lot: str, asides: bool) -> None:
    """Erase what a file held: its content, its rows, what was prepared; what did not fit too, if asked."""
    for table in ("import_contents", "import_parts", *(("import_asides",) if asides else ())):
        tx.connection.execute(SQL[table].delete().where(SQL[table].c.lot == lot))
    staging.forget(tx, lot)


def _choose(visit: Visit, lot: str, change: Callable[[Row, dict[str, Any]], None]) -> None:
    with visit.writing() as counter:
        row = _held(counter, lot, ImportState.READ)
        matching = dict(row["matching"] or {})
        change(row, matching)
        counter.tx.update("imports", lot, {"matching": matching}, counter.by("associer les colonnes"))


def _held(counter: Counter[Writing], lot: str, *states: ImportState) -> Row:
    refuse_stranger(counter.person)
    row = there(counter.tx.lock("imports", lot))
    _refuse_state(row, states)
    return row


def there(row: Row | None) -> Row:
    """The import just read. Raises ``Refused`` when it is not there."""
    if row is None:
        raise refused("Cet import n'est pas là.")
    return row


def _refuse_state(row: Row, states: Sequence[ImportState]) -> None:
    if row["state"] not in states:
        raise refused(f"Ce geste ne se fait plus : l'import est « {ImportState(row['state']).value} ».")


def refuse_stranger(person: Person) -> None:
    """R-62: raise ``Refused`` for whoever may not import."""
    if not (person.system and person.id == System.IMPORT):
        refuse_unless(person, Deed.IMPORT_FILES)


def _rows(count: int) -> str:
    return f"{count} lignes ne conviennent pas" if count > 1 else f"{count} ligne ne convient pas"
