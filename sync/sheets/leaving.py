"""Rows taken out of a spreadsheet: emptied through their anchor, then deleted where they are seen to be.

The service deletes by place only, and a place may change at any instant; so what is deleted is first proved
to hold nothing more, and what went instead of it is put back (docs/decisions/23-sheets-rows.md).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sync.remote import ID, Deed, RemoteError, Write
from sync.sheets.anchors import ROUNDS, Speech, settle, span
from sync.sheets.client import Misread
from sync.sheets.rows import RESTLESS, Place, change, create
from sync.sheets.tabs import OTHER, Book, Line

TYPED = "Quelqu'un tape dans une ligne qui quitte le classeur : elle sera relue avant."


def delete(speech: Speech, before: Book, places: Sequence[Place]) -> Book:
    """Take these rows out; two writes when nobody moves anything meanwhile. The book as it is then.

    A row that is not there any more is out. Raises ``RemoteError``: also when somebody types in one of them.
    """
    book, meant = before, _lines(before, places)
    for _ in range(ROUNDS):
        full = {place: line for place, line in _lines(book, places).items() if not _is_bare(line)}
        if full:
            known = {table: tab.tokens() for table, tab in book.tabs.items()}
            _, book = change(speech, book, {place: dict.fromkeys(_ours(book, place)) for place in full})
            book = _at_rest(speech, speech.read(), known, places)
        found = _lines(book, places)
        bare = {place: line for place, line in found.items() if line.id in ("", meant[place].id)}
        if not bare:
            return book
        if not all(map(_is_bare, bare.values())):  # somebody typed there meanwhile: it is judged first
            raise RemoteError(TYPED)
        book = _deleted(speech, book, bare)
    raise RemoteError(RESTLESS)


def _deleted(speech: Speech, book: Book, bare: dict[Place, Line]) -> Book:
    """One batch, from the bottom up; then a read, and what went instead of ours comes back."""
    found = sorted(((book.tabs[table].sheet, line.index) for (table, _), line in bare.items()), reverse=True)
    try:
        speech.talk.batch(
            [{"deleteDimension": {"range": span(sheet, index, index + 1)}} for sheet, index in found]
        )
    except Misread:  # lines left since they were read
        return speech.read()
    after = speech.read()
    if _lines(after, bare):
        lost = _lost(book, after, bare)
        if lost:
            create(speech, after, lost)
            after = speech.read()
    return after


def _lost(before: Book, after: Book, bare: dict[Place, Line]) -> list[Write]:
    """The rows that are not there any more and were not to leave, as they are to be written again."""
    lost = []
    for table, tab in before.tabs.items():
        now = Counter(line.token for line in after.tabs[table].lines if line.values)
        for key, line in tab.by_key.items():
            if (table, key) in bare:
                continue
            if not now[line.token] and key not in after.marks:
                lost.append(Write(Deed.CREATE, table, line.id, str(key), line.values))
            now[line.token] -= 1
    return lost


def _at_rest(speech: Speech, book: Book, known: dict[str, dict[str, str]], places: Sequence[Place]) -> Book:
    """The book with its anchors in place; rows just emptied, which bear no ID, keep theirs."""
    emptied = {key for _, key in places}
    kept = {}
    for table, tab in book.tabs.items():
        lines = tuple(line for line in tab.lines if line.values or not emptied & set(line.keys))
        kept[table] = replace(tab, lines=lines)
    settled = settle(speech, known, replace(book, tabs=kept))
    return settled if settled.tabs is not kept else book


def _lines(book: Book, places: Iterable[Place]) -> dict[Place, Line]:
    """The rows of these anchors that are there, emptied or not."""
    wanted = set(places)
    return {
        (table, key): line
        for table in {table for table, _ in wanted}
        for line in book.tabs[table].lines
        for key in line.keys
        if (table, key) in wanted
    }


def _is_bare(line: Line) -> bool:
    return not any(name != ID and name[:1] != OTHER for name in line.values)


def _ours(book: Book, place: Place) -> list[str]:
    return [name for name in book.tabs[place[0]].names if name != ID and name[:1] != OTHER]
