"""One record against its row there: what moved, on which side, and what follows (sync invariants 7 and 9).

Pure. Our values are as JSON keeps them; cells are compared as the service tells them, so that a service
that rounds, trims, or says nothing for empty, zero and false makes neither a loop nor a dispute.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.fields import Kind, Owner
from sync.link_tables import Held
from sync.links import Link
from sync.remote import ID, ID_HEADER, NOTE, NOTE_HEADER, Cells, Column, Raw, Shape, Unreadable

PUT_BACKS = 3  # times a day that a value of the desk is put back in one cell
NEVER = object()  # the two sides never agreed on this field

ID_COLUMN = Column(ID, ID_HEADER, Kind.TEXT, Owner.DESK)
NOTE_COLUMN = Column(NOTE, NOTE_HEADER, Kind.LONG, Owner.DESK)

Decode = Callable[[Column, Raw], Any]  # to our value as JSON keeps it; raises Unreadable
Encode = Callable[[Column, Any], Raw]  # the cell that we would write for our value
Told = Callable[[Column], bool]


@dataclass
class Verdict:
    """What follows of one comparison, by field.

    ``learned``: both sides say the same, as (our value, its cell). ``taken``: changed there alone, our value
    for it. ``unreadable``: changed there into what is no value, and why. ``disputed``: changed on both sides.
    ``pushed``: ours goes there; ``put_back`` the ones among them that were not the director's to change;
    ``overruled`` those that replace what was rejected or unreadable. ``paused``: put back too often today.
    """

    learned: dict[str, tuple[Any, Raw]] = field(default_factory=dict)
    taken: dict[str, Any] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    disputed: dict[str, Any] = field(default_factory=dict)
    pushed: list[str] = field(default_factory=list)
    put_back: list[str] = field(default_factory=list)
    overruled: list[str] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)

    @property
    def brings(self) -> bool:
        """Whether something typed there is to be judged."""
        return bool(self.taken or self.unreadable or self.disputed)


def columns(shape: Shape) -> tuple[Column, ...]:
    """Every column that we write there, those of the engine too."""
    return (ID_COLUMN, *shape.columns, NOTE_COLUMN)


def compare(
    compared: Sequence[Column],
    link: Link,
    there: Cells,
    here: Mapping[str, Any],
    decode: Decode,
    encode: Encode,
    stale: Told,
    lost: Told,
    today: str,
) -> Verdict:
    """Judge each column by what is agreed, sent and held in the link.

    ``stale`` says whether a reference is told there by a name that is no longer its row's, ``lost`` whether
    its cell is empty because the row that it led to went away. ``today`` is the day in town, by which
    put-backs are counted.
    """
    verdict = Verdict()
    if not link.held:
        for column in compared:
            _judge(verdict, column, link, there.get(column.name), here, decode, encode, stale, lost, today)
        return verdict
    for again in (False, True):  # what was rejected is judged again once something else of its row moved
        for column in compared:
            if again is _waits_for_its_row(link, column, there):
                cell = there.get(column.name)
                _judge(verdict, column, link, cell, here, decode, encode, stale, lost, today)
        if not verdict.brings and not again:
            _overrule(verdict, compared, link, there, here)
            break
    return verdict


def learn(link: Link, verdict: Verdict) -> list[str]:
    """Both sides say the same: it is agreed. Returns the fields of which something was held until now."""
    for name, (value, raw) in verdict.learned.items():
        link.agreed[name], link.raw[name] = value, raw
        link.sent.pop(name, None)
    return [name for name in verdict.learned if name in link.held]


def _waits_for_its_row(link: Link, column: Column, there: Cells) -> bool:
    held = link.held.get(column.name)
    return held is not None and held[0] == Held.REJECTED and there.get(column.name) == held[1]


def _overrule(
    verdict: Verdict, compared: Sequence[Column], link: Link, there: Cells, here: Mapping[str, Any]
) -> None:
    """A desk edit of a field goes there whatever was rejected in its cell."""
    for column in compared:
        name = column.name
        if _waits_for_its_row(link, column, there) and here[name] != _ours_then(link, name):
            verdict.pushed.append(name)
            verdict.overruled.append(name)


def _ours_then(link: Link, name: str) -> Any:
    """Our value when its cell was rejected: told with the rejection, or what was agreed then."""
    told = link.held[name][2:]
    return told[0] if told else link.agreed.get(name, NEVER)


def _judge(
    verdict: Verdict,
    column: Column,
    link: Link,
    there: Raw,
    here: Mapping[str, Any],
    decode: Decode,
    encode: Encode,
    stale: Told,
    lost: Told,
    today: str,
) -> None:
    name, ours = column.name, here[column.name]
    agreed, raw = link.agreed.get(name, NEVER), link.raw.get(name)
    sent = link.sent.get(name, [])
    confirmed = next((value for value, cell in reversed(sent) if cell == there), NEVER)
    if confirmed is not NEVER and there != raw:
        agreed, raw = confirmed, there
        verdict.learned[name] = (confirmed, there)
    held = link.held.get(name)
    if held and held[0] == Held.DISPUTED and there == held[1]:
        if _value(decode, column, there) == ours:
            verdict.learned[name] = (ours, there)
        return
    if there == raw:
        if held and there != held[1] and agreed is not NEVER:
            verdict.learned[name] = (agreed, there)  # it was put back as it was: nothing is held any more
        nothing = agreed is NEVER and ours is None and raw is None
        if agreed is NEVER and not nothing and encode(column, ours) == there:
            verdict.learned[name] = (ours, there)  # an unticked box, say, that is shown by nothing at all
        elif (ours != agreed and not nothing) or stale(column):
            verdict.pushed.append(name)
        return
    if lost(column):
        verdict.pushed.append(name)  # the service emptied it, nobody typed that (invariant 6)
        return
    try:
        theirs = decode(column, there)
    except Unreadable as why:
        _unreadable(verdict, column, link, str(why), ours, agreed, sent, today)
        return
    if theirs == ours or encode(column, ours) == there:  # a service may keep less of a moment than we do
        verdict.learned[name] = (ours, there)
    elif column.owner is Owner.DESK:
        _put_back(verdict, link, name, today)
    elif column.owner is Owner.TABLE or not _moved_here(ours, agreed, sent):
        verdict.taken[name] = theirs
    elif agreed is NEVER and there is None:
        verdict.pushed.append(name)
    elif agreed is NEVER and ours is None:
        verdict.taken[name] = theirs
    else:
        verdict.disputed[name] = theirs


def _moved_here(ours: Any, agreed: Any, sent: Sequence[Sequence[Any]]) -> bool:
    """What we sent and were not answered about is no change of ours over what was typed since."""
    return ours != agreed and not any(ours == value for value, _ in sent)


def _unreadable(
    verdict: Verdict,
    column: Column,
    link: Link,
    why: str,
    ours: Any,
    agreed: Any,
    sent: Sequence[Sequence[Any]],
    today: str,
) -> None:
    if column.owner is Owner.DESK:
        _put_back(verdict, link, column.name, today)
    elif column.owner is Owner.BOTH and _moved_here(ours, agreed, sent) and agreed is not NEVER:
        verdict.pushed.append(column.name)
        verdict.overruled.append(column.name)
    else:
        verdict.unreadable[column.name] = why


def _put_back(verdict: Verdict, link: Link, name: str, today: str) -> None:
    day, times = link.put_back.get(name, [today, 0])
    if day == today and times >= PUT_BACKS:
        verdict.paused.append(name)
        return
    verdict.pushed.append(name)
    verdict.put_back.append(name)


def _value(decode: Decode, column: Column, raw: Raw) -> Any:
    try:
        return decode(column, raw)
    except Unreadable:
        return NEVER
