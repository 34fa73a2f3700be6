"""Airtable as a remote: a base where the director works, spoken to with pyairtable."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sync.airtable import adopt, cells, probe, setup
from sync.airtable.calls import Calls, Declined
from sync.airtable.feed import Broken, News, choices_in_doubt, close_feed, open_feed, read_feed
from sync.airtable.rows import Brought, chosen, every, since, with_before
from sync.airtable.schema import Meta, Place, find, identified, kept, places
from sync.airtable.writes import batches, send
from sync.remote import (
    ID,
    NOTE,
    Batch,
    Cells,
    Column,
    Failure,
    Line,
    Look,
    Memory,
    Raw,
    RefersBy,
    RemoteError,
    Seen,
    Shape,
    TableLook,
    TableThere,
    Write,
    Written,
)
from sync.unexpected import answering

ENDPOINT = "https://api.airtable.com"
OVERLAP = timedelta(minutes=2)  # without a feed: how far each look reaches into the one before
WHOLE_EVERY = 24  # looks; without a feed, only a whole listing tells what was deleted


class Airtable:
    """One base. Its memory holds Airtable's ids of our tables, columns and choices, and the feed's cursor.

    With the right to make one, a webhook tells what moved in one request for all tables. Without it, each
    table is asked for what changed lately, and is listed whole now and then.
    """

    label = "Airtable"
    refers_by = RefersBy.KEY

    def __init__(
        self,
        token: str,
        base: str,
        endpoint: str = ENDPOINT,
        name: str = "airtable",
        timeout: tuple[float, float] = (5, 30),
    ) -> None:
        self.name = name
        self.place = base
        self._calls = Calls(token, base, endpoint, timeout)
        self._doubts = False  # a table or a column was refused: they are to be read again

    @answering
    def look(self, line: Line, shapes: Sequence[Shape], memory: Memory, *, whole: bool = False) -> Look:
        """See ``Remote``. One request when nothing moved; three more when a table or a column did."""
        try:
            return self._look(line, shapes, memory, whole)
        except Declined as refusal:
            if not refusal.about_schema:
                raise
        self._doubts = True
        return self._look(line, shapes, memory, whole)

    @answering
    def read(self, line: Line, shape: Shape, memory: Memory, keys: Sequence[str]) -> Mapping[str, Seen]:
        """See ``Remote``: one request for a hundred rows."""
        place = places(memory)[shape.table]
        try:
            return chosen(self._calls, line, place, keys)
        except Declined as refusal:
            raise self._explained(line, refusal, place) from None

    @answering
    def batches(self, line: Line, memory: Memory, writes: Sequence[Write]) -> list[Batch]:
        """See ``Remote``: ten rows of a table a request, creations and changes together."""
        return batches(writes)

    @answering
    def send(self, line: Line, shapes: Sequence[Shape], memory: Memory, batch: Batch) -> Written:
        """See ``Remote``. A row refused or missing costs a few requests more, for the others to pass."""
        shape = next(each for each in shapes if each.table == batch[0].table)
        place = places(memory)[shape.table]
        try:
            written = send(self._calls, line, shape, place, batch)
        except Declined as refusal:
            raise self._explained(line, refusal, place) from None
        # a value refused there may be a choice that is no longer in its list
        self._doubts |= any(isinstance(row, Failure) and not row.missing for row in written.rows)
        return written

    def encode(self, column: Column, value: Any) -> Raw:
        """See ``Remote``."""
        return cells.encode(column, value)

    def decode(self, column: Column, raw: Raw) -> Any:
        """See ``Remote``."""
        return cells.decode(column, raw)

    @answering
    def setup(
        self, line: Line, shapes: Sequence[Shape], memory: Memory, stamp: str, *, take_over: bool = False
    ) -> tuple[list[str], Memory]:
        """See ``Remote``. The stamp is in the description of a table « Guichet », made for it."""
        return setup.setup(self._calls, line, shapes, memory, stamp, take_over)

    @answering
    def check(self, line: Line, shapes: Sequence[Shape], memory: Memory) -> list[str]:
        """See ``Remote``."""
        return setup.check(self._calls, line, shapes, memory)

    @answering
    def tables_there(self, line: Line, memory: Memory) -> list[TableThere]:
        """See ``Remote``."""
        return adopt.tables_there(self._calls, line, memory)

    @answering
    def rows_there(self, line: Line, table: TableThere) -> list[Cells]:
        """See ``Remote``."""
        return adopt.rows_there(self._calls, line, table)

    @answering
    def adopt(
        self,
        line: Line,
        shapes: Sequence[Shape],
        memory: Memory,
        table: TableThere,
        columns: Mapping[str, str],
    ) -> tuple[list[str], Memory]:
        """See ``Remote``."""
        return adopt.adopt(self._calls, line, shapes, memory, table, columns)

    @answering
    def probe(self, line: Line, memory: Memory) -> Mapping[str, str]:
        """See ``Remote``. The scratch rows are in the table « Guichet »: no table of the town is touched."""
        return probe.probe(self._calls, line, memory)

    def _look(self, line: Line, shapes: Sequence[Shape], memory: Memory, whole: bool) -> Look:
        if line.quiet:
            return self._as_it_is(line, shapes, memory)
        known = places(memory)
        if (
            whole
            or "webhook" not in memory
            or memory.get("unlisted")
            or not all(_is_placed(known, shape) for shape in shapes)
        ):
            return self._listed(line, shapes, memory)
        if memory["webhook"] is None:
            return self._by_clock(line, shapes, memory, known)
        return self._by_feed(line, shapes, memory, known)

    def _by_feed(
        self, line: Line, shapes: Sequence[Shape], memory: Memory, known: Mapping[str, Place]
    ) -> Look:
        try:
            news = self._news(line, memory, known)
        except Broken as broken:
            return self._listed(line, shapes, self._mended(line, memory, broken))
        now, stamp = known, None
        heard = _written(self._calls.clock)
        looks = memory["looks"] + 1
        # what was missing may be back without a word of the feed
        ailing = looks % WHOLE_EVERY == 0 and any(place.trouble or _told(place) for place in known.values())
        if news.redefined or self._doubts or ailing or choices_in_doubt(news, known.values()):
            meta = self._meta(line)
            now, stamp = find(meta, shapes, known), setup.stamp_of(meta, memory)
        tables = {}
        for shape in shapes:
            before, place = known[shape.table], now[shape.table]
            if place.trouble:
                tables[shape.table] = TableLook(trouble=place.trouble)
            elif before.trouble or before.paused.keys() - place.paused.keys():
                # what is back was not followed while it was away
                tables[shape.table] = self._whole_table(line, place, news)
            else:
                tables[shape.table] = self._moved(line, place, news)
        kept_memory = {**memory, "tables": kept(now), "cursor": news.cursor, "heard": heard}
        kept_memory["looks"] = looks
        return Look({name: look for name, look in tables.items() if _says(look)}, kept_memory, stamp)

    def _by_clock(
        self, line: Line, shapes: Sequence[Shape], memory: Memory, known: Mapping[str, Place]
    ) -> Look:
        looks = memory["looks"] + 1
        if looks % WHOLE_EVERY == 0 or self._doubts or not memory.get("heard"):
            return self._listed(line, shapes, memory)
        tables, heard = {}, ""
        after = _written(datetime.fromisoformat(memory["heard"]) - OVERLAP)
        for shape in shapes:
            place = known[shape.table]
            if place.trouble:
                tables[shape.table] = TableLook(trouble=place.trouble)
                continue
            rows = since(self._calls, line, place, after)
            if _unties(line, shape, rows):  # by a person, or by the deletion of what it led to
                return self._listed(line, shapes, memory)
            heard = heard or _written(self._calls.clock)
            tables[shape.table] = TableLook(rows, paused=_told(place))
        if any(look.rows for look in tables.values()):  # nothing else tells that a choice has another name
            now = find(self._meta(line), shapes, known)
            if any(
                (now[name].paused, now[name].extras) != (known[name].paused, known[name].extras)
                for name in now
            ):
                return self._listed(line, shapes, memory)
        kept_memory = {**memory, "looks": looks, "heard": heard or memory["heard"]}
        return Look({name: look for name, look in tables.items() if _says(look)}, kept_memory)

    def _listed(self, line: Line, shapes: Sequence[Shape], memory: Memory) -> Look:
        """Everything. The feed comes first: what happens while listing is told by the next look."""
        meta = self._meta(line)
        heard, stamp = _written(self._calls.clock), setup.stamp_of(meta, memory)
        if line.is_anothers(stamp):
            return Look({}, memory, stamp)
        now = find(meta, shapes, places(memory))
        webhook, news = memory.get("webhook"), News(memory.get("cursor", 1))
        if webhook is not None:
            try:
                news = self._news(line, memory, now)
            except Broken as broken:
                mended = self._mended(line, memory, broken)
                webhook, news = mended["webhook"], News(mended["cursor"])
        if webhook is None:
            webhook, news = open_feed(self._calls, line), News(1)
        tables = {
            shape.table: TableLook(trouble=now[shape.table].trouble)
            if now[shape.table].trouble
            else self._whole_table(
                line, now[shape.table], news, _bringing(line, shape, now[shape.table], news, stamp)
            )
            for shape in shapes
        }
        kept_memory = {
            **memory,
            "tables": kept(now),
            "webhook": webhook,
            "cursor": news.cursor,
            "heard": heard,
            "looks": memory.get("looks", 0) + 1,
            "unlisted": False,
        }
        return Look(tables, kept_memory, stamp)

    def _as_it_is(self, line: Line, shapes: Sequence[Shape], memory: Memory) -> Look:
        """Everything, without a feed: none is opened."""
        meta = self._meta(line)
        tables = {
            table: TableLook(trouble=place.trouble)
            if place.trouble
            else self._whole_table(line, place, News(1))
            for table, place in find(meta, shapes, places(memory)).items()
        }
        return Look(tables, memory, setup.stamp_of(meta, memory))

    def _whole_table(self, line: Line, place: Place, news: News, brought: Brought | None = None) -> TableLook:
        rows = every(self._calls, line, place, brought)
        return TableLook(_with_before(place, rows, news), whole=True, paused=_told(place))

    def _moved(self, line: Line, place: Place, news: News) -> TableLook:
        keys = list(news.moved.get(place.id, ()))
        rows = chosen(self._calls, line, place, keys)
        gone = news.gone.get(place.id, set()) | (set(keys) - rows.keys())
        return TableLook(_with_before(place, rows, news), gone=frozenset(gone), paused=_told(place))

    def _news(self, line: Line, memory: Memory, known: Mapping[str, Place]) -> News:
        heard = datetime.fromisoformat(memory["heard"]) if memory.get("heard") else None
        return read_feed(self._calls, line, memory["webhook"], memory["cursor"], heard, known)

    def _mended(self, line: Line, memory: Memory, broken: Broken) -> Memory:
        if broken.remains:
            close_feed(self._calls, line, memory["webhook"])
        return {**memory, "webhook": None if broken.dead else memory["webhook"], "cursor": broken.cursor}

    def _meta(self, line: Line) -> Meta:
        meta: Meta = self._calls.ask(line, "GET", self._calls.tables)["tables"]
        self._doubts = False
        return meta

    def _explained(self, line: Line, refusal: Declined, place: Place) -> RemoteError:
        """Whether the table or a column is no more, which the next look will tell, or a right is missing."""
        if not refusal.about_schema:
            return refusal
        table = identified(self._meta(line), place.id)
        if table is not None and {*place.read()} <= {each["id"] for each in table["fields"]}:
            return refusal
        self._doubts = True
        return RemoteError(
            "Une table ou une colonne a changé dans Airtable : elles vont être relues.",
            applied=refusal.applied,
        )


def _is_placed(known: Mapping[str, Place], shape: Shape) -> bool:
    """Whether the memory is of the columns that go out now: they are others once citizens' identity may."""
    place = known.get(shape.table)
    if place is None or place.trouble:
        return place is not None
    asked = {ID, NOTE, *(column.name for column in shape.columns)}
    return {*place.usable().values()} <= asked <= {*place.fields, *place.paused}


def _unties(line: Line, shape: Shape, rows: Mapping[str, Seen]) -> bool:
    """Whether a cell of these rows leads nowhere any more."""
    refs = [column.name for column in shape.columns if column.ref]
    empty = {key: [name for name in refs if row.cells.get(name) is None] for key, row in rows.items()}
    keys = [key for key, names in empty.items() if names]
    known = line.known(shape.table, keys) if keys else {}
    return any(cells.get(name) is not None for key, cells in known.items() for name in empty[key])


def _bringing(line: Line, shape: Shape, place: Place, news: News, stamp: str | None) -> Brought:
    """Tell of each page, without the rows of which the feed knows more."""
    moved, paused = news.moved.get(place.id, {}), _told(place)

    def brought(rows: Mapping[str, Seen]) -> None:
        part = {key: row for key, row in rows.items() if key not in moved}
        line.brought(shape.table, TableLook(part, paused=paused), stamp)

    return brought


def _with_before(place: Place, rows: Mapping[str, Seen], news: News) -> dict[str, Seen]:
    moved = news.moved.get(place.id, {})
    return {
        key: with_before(place, row, moved[key].before) if key in moved else row for key, row in rows.items()
    }


def _told(place: Place) -> dict[str, str]:
    return {name: why for name, why in place.paused.items() if why}


def _says(look: TableLook) -> bool:
    return bool(look.whole or look.rows or look.gone or look.trouble or look.paused)


def _written(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
