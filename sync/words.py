"""Search by words: one portable table of normalised words, the same on SQLite and PostgreSQL."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from policy.words import Sight
from sync.schema import SEARCH_DOCS, SEARCH_WORDS, SQL
from sync.store import Reading, Row, Writing

Texts = Mapping[Sight, Iterable[str | None]]

_LONGEST_WORD = 32  # a text of 20,000 signs without a space is still a word
_SIGHTS = {Sight.LISTED: 1, Sight.WORK: 2, Sight.INTERNAL: 3, Sight.IDENTITY: 4}
_COLUMNS = {
    Sight.LISTED: SEARCH_DOCS.c.listed,
    Sight.WORK: SEARCH_DOCS.c.work,
    Sight.INTERNAL: SEARCH_DOCS.c.internal,
    Sight.IDENTITY: SEARCH_DOCS.c.identity,
}
_PHONE = re.compile(r"(?<!\w)(?:\+?1[ .-]{0,3})?(?:\(?(\d{3})\)?[ .-]{0,3})?(\d{3})[ .-]{0,3}(\d{4})(?!\w)")
_NUMBER = re.compile(r"(?<!\w)[pa]?(\d{4})-(\d{1,5})(?!\w)")
_WORD = re.compile(r"[^\W_]+")


def normalise(text: str) -> list[str]:
    """The words of a text as they are indexed and sought: small letters, no accents, each once, in order.

    A telephone number, however punctuated, gives its ten digits, its last seven and its three parts;
    a file number its year and its rank with and without leading zeros. A lone letter is no word
    (« l'eau », « d'égout »).
    """
    plain = _plain(text)
    found: list[str] = []

    def number(match: re.Match[str]) -> str:
        found.extend((match[0][0] + match[1], match[2]) if match[0][0] in "pa" else (match[1], match[2]))
        found.append(match[2].lstrip("0") or "0")
        return " "

    def phone(match: re.Match[str]) -> str:
        area, exchange, line = match.groups()
        if area:
            found.extend((area + exchange + line, area))
        found.extend((exchange + line, exchange, line))
        return " "

    rest = _PHONE.sub(phone, _NUMBER.sub(number, plain))
    found.extend(word for word in _WORD.findall(rest) if len(word) > 1 or word.isdigit())
    return list(dict.fromkeys(word[:_LONGEST_WORD] for word in found))


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in spread if not unicodedata.combining(sign))
    return kept.replace("œ", "oe").replace("æ", "ae")


def index(tx: Writing, table: str, record: str, texts: Texts) -> None:
    """Make the words of a record what these texts say, each under how far it may be seen.

    Only what differs from before is written. No text at all takes the record out of the search.
    """
    index_many(tx, table, {record: texts})


def index_many(tx: Writing, table: str, records: Mapping[str, Texts]) -> None:
    """``index`` for many records at once."""
    for record, texts in records.items():
        _index_one(tx, table, record, texts)


def _index_one(tx: Writing, table: str, record: str, texts: Texts) -> None:
    docs = SEARCH_DOCS.c
    old = tx.row(sa.select(SEARCH_DOCS).where(docs.table_name == table, docs.record == record))
    doc = old["doc"] if old else None
    wanted = {sight: _words_of(texts.get(sight, ())) for sight in _SIGHTS}
    written = {_COLUMNS[sight].name: _line(words) for sight, words in wanted.items()}
    if doc is None:
        query = sa.insert(SEARCH_DOCS).values(table_name=table, record=record, **written)
        doc = tx.connection.execute(query.returning(docs.doc)).scalar_one()
    else:
        tx.connection.execute(sa.update(SEARCH_DOCS).where(docs.doc == doc).values(**written))
    tx.connection.execute(
        sa.delete(SEARCH_WORDS).where(SEARCH_WORDS.c.table_name == table, SEARCH_WORDS.c.doc == doc)
    )
    rows = [
        {"table_name": table, "word": word, "doc": doc, "sight": _SIGHTS[sight]}
        for sight, words in wanted.items()
        for word in words
    ]
    if rows:
        tx.connection.execute(sa.insert(SEARCH_WORDS), rows)


def _words_of(texts: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(word for text in texts if text for word in normalise(text)))


def _line(words: Iterable[str]) -> str:
    return "".join(f" {word}" for word in words)


def find(
    tx: Reading,
    table: str,
    query: str,
    sights: Iterable[Sight],
    narrow: sa.ColumnElement[bool] | None,
    limit: int,
) -> list[str]:
    """The ids of the records that hold every word of the query (or a word it begins), newest first.

    ``sights``: the texts that may be looked into. ``narrow``: a condition on the table's own columns.
    A query without a word finds nothing.
    """
    words = normalise(query)
    columns = [_COLUMNS[sight] for sight in sights if sight in _COLUMNS]
    if not words or not columns:
        return []
    docs = SEARCH_DOCS.c
    asked: sa.Select[Any] = sa.select(docs.record).where(docs.table_name == table)
    for word in words:
        asked = asked.where(sa.or_(*(column.contains(f" {word}", autoescape=True) for column in columns)))
    if narrow is not None:
        asked = asked.join(SQL[table], SQL[table].c.id == docs.record).where(narrow)
    found: list[Row] = tx.rows(asked.order_by(docs.doc.desc()).limit(limit))
    return [row["record"] for row in found]
