"""Search by words: one portable table of normalised words, the same on SQLite and PostgreSQL."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from policy.spelling import bare
from policy.words import Sight
from sync.schema import SEARCH_DOCS, SEARCH_WORDS, SQL
from sync.store import Reading, Writing
from sync.vault import SEALED

Texts = Mapping[Sight, Iterable[str | None]]
Words = Mapping[Sight, dict[str, None]]  # each word once, in the order of the text
_Posting = tuple[str, str, int, int]  # table, word, doc, sight

_AT_ONCE = 5_000
_RARE = 200  # a word of so few records leads to them faster than anything else
_COMMON = 3_000  # a word of so many records helps little to find one
_NEWEST = 5_000

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
_POSTAL = re.compile(r"(?<!\w)([a-z]\d[a-z])[ -]?(\d[a-z]\d)(?!\w)")
_WORD = re.compile(r"[^\W_]+")


def normalise(text: str) -> list[str]:
    """The words of a text as they are indexed and sought: small letters, no accents, each once, in order.

    A telephone number, however punctuated, gives its ten digits, its last seven and its three parts;
    a file number its year and its rank with and without leading zeros; a postal code, with its space or
    without, itself and its halves. A lone letter is no word (« l'eau », « d'égout »).
    """
    plain = bare(text)
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

    def postal(match: re.Match[str]) -> str:
        found.extend((match[1] + match[2], match[1], match[2]))
        return " "

    rest = _POSTAL.sub(postal, _PHONE.sub(phone, _NUMBER.sub(number, plain)))
    found.extend(word for word in _WORD.findall(rest) if len(word) > 1 or word.isdigit())
    return list(dict.fromkeys(word[:_LONGEST_WORD] for word in found))


def index(tx: Writing, table: str, record: str, texts: Texts) -> None:
    """Make the words of a record what these texts say, each under how far it may be seen.

    Only what differs from before is written. No text at all takes the record out of the search.
    """
    index_many(tx, table, {record: texts})


def index_many(tx: Writing, table: str, records: Mapping[str, Texts]) -> None:
    """``index`` for many records at once; give the oldest first."""
    if table in SEALED:
        raise TypeError(f"{table} is sealed: its words are not laid open beside it")
    wanted = {
        record: {sight: _words_of(texts.get(sight, ())) for sight in _SIGHTS}
        for record, texts in records.items()
    }
    for batch in _batches(list(wanted)):
        _index_batch(tx, table, {record: wanted[record] for record in batch})


def _index_batch(tx: Writing, table: str, wanted: Mapping[str, Words]) -> None:
    known = _known(tx, table, wanted)
    _put_docs(tx, table, {record: words for record, words in wanted.items() if record not in known})
    docs = _known(tx, table, wanted)
    gone: list[_Posting] = []
    new: list[_Posting] = []
    for record, words in wanted.items():
        doc, _ = docs[record]
        before = known[record][1] if record in known else {}
        for sight, code in _SIGHTS.items():
            old, now = before.get(sight, frozenset()), words[sight]
            gone.extend((table, word, doc, code) for word in old - now.keys())
            new.extend((table, word, doc, code) for word in now.keys() - old)
        if record in known and any(before[sight] != words[sight].keys() for sight in _SIGHTS):
            texts = {_COLUMNS[sight].name: _line(words[sight]) for sight in _SIGHTS}
            tx.connection.execute(sa.update(SEARCH_DOCS).where(SEARCH_DOCS.c.doc == doc).values(**texts))
    _take_postings(tx, gone)
    _put_postings(tx, sorted(new))


def _known(
    tx: Writing, table: str, records: Iterable[str]
) -> dict[str, tuple[int, dict[Sight, frozenset[str]]]]:
    rows = tx.rows(
        sa.select(SEARCH_DOCS).where(
            SEARCH_DOCS.c.table_name == table, SEARCH_DOCS.c.record.in_(list(records))
        )
    )
    return {
        row["record"]: (
            row["doc"],
            {sight: frozenset(row[column.name].split()) for sight, column in _COLUMNS.items()},
        )
        for row in rows
    }


def _put_docs(tx: Writing, table: str, wanted: Mapping[str, Words]) -> None:
    if not wanted:
        return
    rows = [
        {
            "table_name": table,
            "record": record,
            **{_COLUMNS[sight].name: _line(words[sight]) for sight in _SIGHTS},
        }
        for record, words in wanted.items()
    ]
    tx.connection.execute(sa.insert(SEARCH_DOCS), rows)


def _put_postings(tx: Writing, postings: Sequence[_Posting]) -> None:
    if not postings:
        return
    if tx.connection.dialect.name == "postgresql":  # one statement for a million rows
        _, words, docs, sights = map(list, zip(*postings, strict=True))
        tx.connection.exec_driver_sql(
            "INSERT INTO search_words (table_name, word, doc, sight) "
            "SELECT %s, unnest(%s::text[]), unnest(%s::bigint[]), unnest(%s::bigint[])",
            (postings[0][0], words, docs, sights),
        )
    else:
        tx.connection.exec_driver_sql(
            "INSERT INTO search_words (table_name, word, doc, sight) VALUES (?, ?, ?, ?)", list(postings)
        )


def _take_postings(tx: Writing, postings: Sequence[_Posting]) -> None:
    columns = SEARCH_WORDS.c
    names = ("table_name", "word", "doc", "sight")
    query = sa.delete(SEARCH_WORDS).where(*(columns[name] == sa.bindparam(f"gone_{name}") for name in names))
    gone = [{f"gone_{name}": value for name, value in zip(names, each, strict=True)} for each in postings]
    if gone:
        tx.connection.execute(query, gone)


def _batches(records: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(records), _AT_ONCE):
        yield records[start : start + _AT_ONCE]


def _words_of(texts: Iterable[str | None]) -> dict[str, None]:
    return dict.fromkeys(word for text in texts if text for word in normalise(text))


def _line(words: Iterable[str]) -> str:
    return "".join(f" {word}" for word in words)


def find(
    tx: Reading,
    table: str,
    query: str,
    sights: Iterable[Sight],
    narrow: sa.ColumnElement[bool] | None,
    limit: int,
    among: sa.Select[tuple[str]] | None = None,
) -> list[str]:
    """The ids of the records that hold every word of the query (or a word it begins), newest first.

    ``sights``: the texts that may be looked into. ``narrow``: a condition on the table's own columns.
    ``among``: the ids that ``narrow`` leaves, when they are few enough to be looked at one by one; words
    that many other records hold then cost nothing. A query without a word finds nothing.
    """
    words = normalise(query)
    seen = [sight for sight in _SIGHTS if sight in set(sights)]
    if not words or not seen:
        return []
    counts = {word: _count(tx, table, word, seen) for word in words}
    rarest = min(words, key=lambda word: counts[word])
    if counts[rarest] == 0:
        return []
    if among is not None and counts[rarest] > _RARE:
        return _among(tx, table, among, words, seen)[:limit]
    if counts[rarest] >= _COMMON:  # then a few of the newest records most likely hold them all
        edge = sa.select(SEARCH_DOCS.c.doc).where(SEARCH_DOCS.c.table_name == table)
        after = tx.scalar(edge.order_by(SEARCH_DOCS.c.doc.desc()).offset(_NEWEST).limit(1))
        newest = sa.select(SEARCH_DOCS).where(SEARCH_DOCS.c.table_name == table)
        newest = newest.where(SEARCH_DOCS.c.doc > (after or 0))  # no LIMIT: read only as far as is needed
        found = _holding(tx, table, newest.subquery(), words, seen, narrow, limit)
        if len(found) == limit:
            return found
    holders = sa.select(SEARCH_DOCS).where(SEARCH_DOCS.c.doc.in_(_postings(table, rarest, seen)))
    others = [word for word in words if word != rarest]
    return _holding(tx, table, holders.subquery(), others, seen, narrow, limit)


def _holding(
    tx: Reading,
    table: str,
    docs: sa.Subquery,
    words: Iterable[str],
    sights: Iterable[Sight],
    narrow: sa.ColumnElement[bool] | None,
    limit: int,
) -> list[str]:
    query = sa.select(docs.c.record).order_by(docs.c.doc.desc()).limit(limit)
    query = query.where(*_said(docs.c, words, sights))
    if narrow is not None:  # as EXISTS: SQLite would otherwise begin with the table
        rows = SQL[table]
        query = query.where(sa.exists().where(rows.c.id == docs.c.record, narrow))
    return [row["record"] for row in tx.rows(query)]


def _among(
    tx: Reading, table: str, ids: sa.Select[tuple[str]], words: Iterable[str], sights: Iterable[Sight]
) -> list[str]:
    """Each of these records looked at; put in order here: SQLite would walk through every record for it.

    They are gathered first: PostgreSQL would otherwise look for the words in every record there is.
    """
    docs = SEARCH_DOCS.c
    asked = sa.select(SEARCH_DOCS).where(docs.table_name == table, docs.record.in_(ids)).cte("asked")
    asked = asked.prefix_with("MATERIALIZED", dialect="postgresql")
    found = tx.rows(sa.select(asked.c.doc, asked.c.record).where(*_said(asked.c, words, sights)))
    return [row["record"] for row in sorted(found, key=lambda row: -row["doc"])]


def _said(docs: Any, words: Iterable[str], sights: Iterable[Sight]) -> list[sa.ColumnElement[bool]]:
    """Every word begins one of a text. It is letters and digits: nothing in it that LIKE reads otherwise."""
    texts = [docs[_COLUMNS[sight].name] for sight in sights]
    return [sa.or_(*(text.like(f"% {word}%") for text in texts)) for word in words]


def _postings(table: str, word: str, sights: Iterable[Sight]) -> sa.Select[tuple[int]]:
    columns = SEARCH_WORDS.c
    return sa.select(columns.doc).where(
        columns.table_name == table,
        columns.word >= word,
        columns.word < word + "\U0010ffff",
        columns.sight.in_([_SIGHTS[sight] for sight in sights]),
    )


def _count(tx: Reading, table: str, word: str, sights: Iterable[Sight]) -> int:
    some = _postings(table, word, sights).limit(_COMMON).subquery()
    count: int = tx.scalar(sa.select(sa.func.count()).select_from(some))
    return count
