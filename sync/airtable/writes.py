"""Writing rows to Airtable: ten a request, and the others pass when one of them cannot.

Source: Airtable's « Update multiple records » and « Delete multiple records ». A request is carried whole or
not at all.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sync.airtable.calls import Calls, Declined
from sync.airtable.rows import bearing, chosen, seen
from sync.airtable.schema import Place
from sync.fields import Kind
from sync.remote import (
    ID,
    ID_HEADER,
    Batch,
    Deed,
    Failure,
    Line,
    RemoteError,
    Seen,
    Shape,
    Write,
    Written,
    misplaced,
)

MOST = 10  # rows in one request
_KEY = re.compile(r"\brec\w{14}\b")

GONE = Failure(missing=True, words="Cette ligne n'est plus dans Airtable.")
TWICE = Failure(missing=False, words="Plusieurs lignes d'Airtable portent le même ID : n'en garder qu'une.")
LOST_LINK = Failure(missing=False, words="Cette ligne renvoie à une autre qui n'est plus dans Airtable.")

Answer = Seen | Failure | None


def batches(writes: Sequence[Write]) -> list[Batch]:
    """The writes by table, ten at most; two writes of one row keep their order, each in its request."""
    groups: list[list[Write]] = []
    for write in writes:
        after = 1 + max((n for n, group in enumerate(groups) if _meets(write, group)), default=-1)
        for group in groups[after:]:
            if len(group) < MOST and _goes_with(write, group[0]):
                group.append(write)
                break
        else:
            groups.append([write])
    return [tuple(group) for group in groups]


def send(calls: Calls, line: Line, shape: Shape, place: Place, batch: Batch) -> Written:
    """Carry a batch: all of it in one request, unless a row cannot be written.

    Raises ``Declined`` when the table or a column is at fault and not a row.
    """
    request = _Request(calls, line, shape, place)
    request.carry(list(enumerate(batch)))
    return Written([request.answers[n] for n in range(len(batch))])


class _Request:
    """What came of each write of a batch, by its place in it, while it is carried."""

    def __init__(self, calls: Calls, line: Line, shape: Shape, place: Place) -> None:
        self.calls, self.line, self.shape, self.place = calls, line, shape, place
        self.answers: dict[int, Answer] = {}
        self._written = False

    def carry(self, rows: Sequence[tuple[int, Write]]) -> None:
        if not rows:
            return
        try:
            self._once(rows)
        except Declined as refusal:
            if not self._is_of_a_row(refusal, rows):
                raise self._honest(refusal) from None
            self._apart(rows, refusal)
        except RemoteError as error:
            raise self._honest(error) from None

    def _once(self, rows: Sequence[tuple[int, Write]]) -> None:
        url = self.calls.records(self.place.id)
        if rows[0][1].deed is Deed.DELETE:
            self.calls.ask(self.line, "DELETE", url, params={"records[]": [w.key for _, w in rows]})
            self.answers |= dict.fromkeys((n for n, _ in rows), None)
            self._written = True
            return
        asked: dict[str, Any] = {
            "records": [self._record(write) for _, write in rows],
            "returnFieldsByFieldId": True,
        }
        if any(write.deed is Deed.CREATE for _, write in rows):
            asked["performUpsert"] = {"fieldsToMergeOn": [self.place.fields[ID]]}
        answer = self.calls.ask(self.line, "PATCH", url, json=asked)
        self._written = True
        by_key = {record["id"]: record for record in answer["records"]}
        by_id = {record["fields"].get(self.place.fields[ID]): record for record in answer["records"]}
        for n, write in rows:
            made = by_id.get(write.record) if write.deed is Deed.CREATE else by_key.get(write.key)
            if made is None:
                raise misplaced("Airtable")
            self.answers[n] = seen(self.place, made)

    def _record(self, write: Write) -> Mapping[str, Any]:
        usable = {name: key for key, name in self.place.usable().items()}
        cells = {usable[name]: raw for name, raw in write.cells.items() if name in usable}
        if write.deed is Deed.CREATE:
            return {"fields": {**cells, self.place.fields[ID]: write.record}}
        return {"id": write.key, "fields": cells}

    def _is_of_a_row(self, refusal: Declined, rows: Sequence[tuple[int, Write]]) -> bool:
        """A table that is gone and a row that is gone may be told by the same words (?): reading tells."""
        if refusal.status == 422:
            return not refusal.about_schema
        return refusal.about_schema and any(write.key for _, write in rows)

    def _apart(self, rows: Sequence[tuple[int, Write]], refusal: Declined) -> None:
        """Without the rows that are gone; then by halves, until the one that is refused stands alone."""
        lost = self._missing(rows, refusal)
        for n, write in rows:
            if write.key in lost:
                self.answers[n] = None if write.deed is Deed.DELETE else GONE
        left = [(n, write) for n, write in rows if n not in self.answers]
        if len(left) < len(rows):
            self.carry(left)
        elif refusal.status != 422:
            raise self._honest(refusal)
        elif len(left) > 1:
            self.carry(left[: len(left) // 2])
            self.carry(left[len(left) // 2 :])
        else:
            self.answers[left[0][0]] = self._why(left[0][1], refusal)

    def _missing(self, rows: Sequence[tuple[int, Write]], refusal: Declined) -> set[str]:
        """The keys of the batch that are no longer there: the one that is named, else those not found."""
        keys = [write.key for _, write in rows if write.key]
        named = {*_KEY.findall(refusal.said)}
        if named & {*keys}:
            return named & {*keys}
        if named or not keys or (refusal.status == 422 and refusal.kind.startswith("INVALID_")):
            return set()
        try:
            return {*keys} - chosen(self.calls, self.line, self.place, keys).keys()
        except RemoteError as error:
            raise self._honest(error) from None

    def _why(self, write: Write, refusal: Declined) -> Failure:
        if _KEY.search(refusal.said) and self._links(write):
            return LOST_LINK
        if write.deed is Deed.CREATE and self._is_twice(write):
            return TWICE
        told = f" ({refusal.kind})" if refusal.kind else ""
        return Failure(missing=False, words=f"Airtable refuse une valeur de cette ligne{told}.")

    def _links(self, write: Write) -> bool:
        return any(write.cells.get(each.name) for each in self.shape.columns if each.kind is Kind.REF)

    def _is_twice(self, write: Write) -> bool:
        try:
            return bearing(self.calls, self.line, self.place, ID_HEADER, write.record) > 1
        except Declined:
            return False  # the column was given another title: the other words will do
        except RemoteError as error:
            raise self._honest(error) from None

    def _honest(self, error: RemoteError) -> RemoteError:
        """A part of the batch may already be written when the rest cannot be."""
        error.applied = error.applied or self._written
        return error


def _meets(write: Write, group: Sequence[Write]) -> bool:
    return any(
        write.table == other.table
        and ((write.key and write.key == other.key) or (write.record and write.record == other.record))
        for other in group
    )


def _goes_with(write: Write, other: Write) -> bool:
    return write.table == other.table and (write.deed is Deed.DELETE) == (other.deed is Deed.DELETE)
