"""One act on one file: found, locked, merged with what others did meanwhile, judged, written, dated anew."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desk import dates, drafts, mails, search
from desk.scope import in_sight
from desk.visits import Counter
from policy import moves
from policy.closing import Closing
from policy.moves import Given, Standing
from policy.reasons import Ground
from policy.towntime import town_day
from policy.words import Move, State
from sync import versions
from sync.store import Row, Writing
from sync.versions import Difference


@dataclass(frozen=True)
class Outcome:
    """What became of an act on one file.

    ``message`` is the French confirmation when it was done; ``differences`` the fields someone else changed
    meanwhile (nothing was written); ``grounds`` the reasons of a refusal, only where many rows are saved at
    once (a single act raises ``Refused`` instead). ``version`` is the file's version afterwards.
    """

    id: str
    message: str = ""
    version: int = 0
    grounds: tuple[Ground, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the act was carried out."""
        return not self.grounds and not self.differences


def held(counter: Counter[Writing], file_id: str) -> Row:
    """The file, locked for the rest of the transaction. Raises ``NotFound`` (unknown, or not theirs)."""
    return in_sight(counter, counter.tx.lock("files", file_id))


def standing(counter: Counter[Any], file: Row) -> Standing:
    """Where the file stands, for ``policy.moves`` to judge."""
    department = counter.tx.get("departments", file["department"])
    return Standing(
        state=file["state"],
        nature=file["nature"],
        department=file["department"],
        circuit=department["circuit"] if department else None,
        closer=department["closer"] if department else None,
        complex=file["complex"],
        duplicate=file["duplicate_of"] is not None,
        received_on=town_day(file["received_at"]),
    )


def merged(
    counter: Counter[Writing],
    file: Row,
    seen: Mapping[str, Any] | None,
    typed: Mapping[str, Any],
    move: Move | None = None,
) -> versions.Merge:
    """What was typed (and the state the move leads to) over the file as it is now.

    A field that is not in ``seen`` is taken as it stands now.
    """
    shown = {**file, **(seen or {})}
    if move is not None:
        typed = {
            **typed,
            "state": _leads_to(move, replace(standing(counter, file), state=State(shown["state"]))),
        }
    return versions.merge(file, shown, typed)


def judge(counter: Counter[Any], file: Row, move: Move, changes: Mapping[str, Any], reason: str = "") -> None:
    """Ask ``policy.moves`` whether the move may be made on the file with the changes laid over it."""
    after = {**file, **changes}
    given = Given(
        department=changes.get("department"),
        reason=reason,
        planned_on=after["planned_on"],
        wait_reason=after["wait_reason"],
        wait_words=after["wait_words"] or "",
        nature=changes.get("nature"),
        closing=closing_items(counter, after),
    )
    moves.judge(move, standing(counter, file), counter.person, given, counter.today)


def closing_items(counter: Counter[Any], file: Row) -> Closing:
    """Annexe A's items as the file bears them."""
    code = counter.tx.get("codes", file["code"])
    return Closing(
        code=code["code"] if code else "",
        met=code["met"] if code else True,
        done_on=file["done_on"],
        extension=file["done_extension"] or "",
        note=file["note"] or "",
        planned_on=file["planned_on"],
        citizen_text=file["citizen_text"] or "",
    )


def make(
    counter: Counter[Writing],
    file: Row,
    move: Move,
    changes: Mapping[str, Any],
    act: str,
    reason: str = "",
) -> Row:
    """Judge the move and carry it out: its stamps, its pause, its reason. Returns the file afterwards."""
    judge(counter, file, move, changes, reason)
    stamped = moves.stamps(move, standing(counter, file), file, counter.at)
    reasoned = {"last_reason": reason.strip()} if reason.strip() else {}
    _keep_pauses(counter, file, stamped["state"])
    return write(counter, file, {**stamped, **reasoned, **changes, "state": stamped["state"]}, act)


def write(counter: Counter[Writing], file: Row, changes: Mapping[str, Any], act: str) -> Row:
    """Write the changes under the French verb ``act``, with the dates they move; the file afterwards."""
    moved = {**changes, "moved_at": counter.at}
    moved |= dates.refresh(counter, {**file, **moved})
    after = counter.tx.update("files", file["id"], moved, counter.by(act))
    if not dates.TOLD.isdisjoint(moved):
        mails.correct_call(counter, after)
    if not search.INDEXED.isdisjoint(changes):
        search.index(counter, file["id"])
    if not counter.person.system:
        drafts.drop_in(counter, file["id"], changes)
    return after


def _keep_pauses(counter: Counter[Writing], file: Row, state: State) -> None:
    """R-14: a pause runs from its first day (included) to the resumption (excluded)."""
    waits, waited = state is State.WAITING, file["state"] is State.WAITING
    if waits and not waited:
        counter.tx.insert(
            "pauses", {"file": file["id"], "starts_on": counter.today}, counter.by("mettre en attente")
        )
    if waited and not waits:
        for pause in counter.tx.find("pauses", file=file["id"], ends_on=None):
            # a machine whose clock went back must not make a pause that ends before it began
            ends_on = max(counter.today, pause["starts_on"])
            counter.tx.update("pauses", pause["id"], {"ends_on": ends_on}, counter.by("reprendre"))


def _leads_to(move: Move, standing: Standing) -> State:
    try:
        return moves.after(move, standing)
    except ValueError:  # it leaves from nowhere here: the judge says why
        return standing.state
