"""A table that the town had made before us, adopted: proposed, confirmed, and its rows made our records.

No mail leaves and nothing is acknowledged. A number of our form stays the file's and is never given again;
any other stays told under « Identifiant d'origine », and the file is given one of its year's series (R-1).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from desk import rebuilding, town
from desk.brought_in import circumstances
from desk.exchanges import Post
from desk.inbound import Desk
from desk.visits import Counter, Person
from policy.numbering import Series, number, parse, series_of
from policy.reasons import refused
from policy.roles import System
from policy.towntime import town_day
from policy.words import Nature
from sync import adopt, gather, ids, ledger, outside
from sync.adopt import ADOPTABLE, Accept, Made, Report
from sync.adopt_plan import Decode, Meanings, Plan, folded, planned, proposed
from sync.crossing import Crossing
from sync.history import Whence
from sync.outside import SETTINGS, TITLES
from sync.remote import Cells, Column, Memory, TableThere, stranger
from sync.store import Row, Writing
from sync.tables import TABLES

ACT = "adopter la ligne de la table"


@dataclass(frozen=True)
class Draft:
    """A table there and one of ours, before a person confirmed what is what.

    ``columns``: what of ours may be found there; ``goes_out``: the names of those that have a column there
    today; ``words``: what a closed list or a reference takes. ``before``: the plan of an adoption begun.
    """

    table: str
    source: TableThere
    rows: Sequence[Cells]
    columns: Sequence[Column]
    goes_out: Sequence[str]
    words: Mapping[str, Sequence[str]]
    before: Mapping[str, Any]
    decode: Decode

    def proposal(self) -> Plan:
        """What seems right; what was confirmed, when the adoption was begun before."""
        if not self.before:
            return self.plan(proposed(self.source, self.columns), {})
        there = {column.header for column in self.source.columns}
        kept = {header: name for header, name in self.before["columns"].items() if header in there}
        return self.plan(kept, self.before["meanings"])

    def plan(self, chosen: Mapping[str, str], meanings: Meanings) -> Plan:
        """The plan of a person's choices: by header the name of our field, and what words mean."""
        return planned(
            self.table, self.source, self.columns, self.goes_out, self.rows, chosen, meanings, self.words,
            self.decode, self.before,
        )  # fmt: skip


def tables(post: Post) -> list[TableThere]:
    """The tables there, ours too. Raises ``RemoteError``."""
    _begin(post)
    with post.turn() as (given, memory):
        return post.remote.tables_there(given.line, memory)


def draft(post: Post, title: str, table: str) -> Draft:
    """That table there, about to become ``table``. Raises ``Refused`` when it cannot, ``RemoteError``."""
    if table not in ADOPTABLE:
        raise refused(f"« {TABLES[table].label} » ne s'adopte pas d'une table de la ville.")
    _begin(post)
    with post.turn() as (given, memory):
        there = post.remote.tables_there(given.line, memory)
        before = memory.get("adopted", {}).get(table, {})
        source = _free(there, title, table, before)
        rows = post.remote.rows_there(given.line, source)
    (shape,) = [each for each in outside.shapes(True) if each.table == table]
    goes_out = [column.name for each in given.shapes if each.table == table for column in each.columns]
    with post.house.store.reading() as tx:
        words = {name: list(known) for name, known in adopt.lists(tx, shape.columns).items()}
    columns = [column for column in shape.columns if column.ref is None or column.ref in SETTINGS]
    return Draft(table, source, rows, columns, goes_out, words, before, post.remote.decode)


def carry_out(post: Post, plan: Plan) -> tuple[list[str], Report]:
    """Take the table up and make records of its rows; what was done there, and what became of them.

    Interrupted, it is done again. What it points to is prepared first; ``setup`` prepares the rest.
    """
    with post.turn() as (given, memory):
        done: list[str] = []
        adopted = memory.get("adopted", {}).get(plan.table, {})
        there = post.remote.tables_there(given.line, memory)
        placed = {each.ours for each in there} | {plan.table}
        if not adopted.get("done"):
            placed |= _pointed(given, plan.table)
            done, memory = _taken_up(post, given, memory, plan, placed)
        given = replace(given, shapes=tuple(each for each in given.shapes if each.table in placed))
        _look(given, memory)
        report = adopt.carry(given, plan, _accept(post, given.clock, plan.table), adopted.get("left"))
        with given.store.writing() as tx:
            _remember(tx, given.name, plan, [aside.link for aside in report.asides])
    return done, report


def _begin(post: Post) -> None:
    with post.house.store.reading() as tx:
        there = ledger.state(tx, post.remote.name)
    if there is None:
        post.enter()


def _free(there: Sequence[TableThere], title: str, table: str, before: Mapping[str, Any]) -> TableThere:
    """The table of that title, when it may become ours or did; else ``Refused``."""
    found = next((each for each in there if folded(each.title) == folded(title)), None)
    if found is None:
        names = ", ".join(f"« {each.title} »" for each in there if not each.ours)
        raise refused(f"« {title} » n'y est pas. Il y a là : {names or 'aucune table de la ville'}.")
    ours = found if found.ours else next((each for each in there if each.ours == table), None)
    if ours is not None and not (found.ours == table and before):
        raise refused(
            f"« {ours.title} » est déjà la table « {TABLES[ours.ours].label} » de Guichet : une table de la "
            "ville s'adopte avant « python -m sync setup »."
        )
    return found


def _taken_up(
    post: Post, given: Crossing, memory: Memory, plan: Plan, placed: set[str]
) -> tuple[list[str], Memory]:
    """The tables it points to, then the columns it lacks; the plan stays in the memory."""
    remote, store = post.remote, given.store
    stamp = str(_state(given)["stamp"])
    beside = [each for each in given.shapes if each.table in placed - {plan.table}]
    done, memory = remote.setup(given.line, beside, memory, stamp)
    memory = _with(memory, plan)
    with store.writing() as tx:  # what a person confirmed is known, whatever becomes of what follows
        ledger.remember(tx, given.name, memory)
    shapes = [each for each in given.shapes if each.table in placed]
    source = replace(plan.source, ours=plan.table)
    more, memory = remote.adopt(given.line, shapes, memory, source, plan.columns)
    memory = _with(memory, plan, done=True)
    with store.writing() as tx:
        ledger.remember(tx, given.name, memory)
    return [*done, *more], memory


def _with(memory: Memory, plan: Plan, **more: Any) -> Memory:
    return {**memory, "adopted": {**memory.get("adopted", {}), plan.table: {**plan.chosen, **more}}}


def _state(given: Crossing) -> Row:
    with given.store.reading() as tx:
        row = ledger.state(tx, given.name)
    if row is None:
        raise LookupError(given.name)
    return row


def _look(given: Crossing, memory: Memory) -> None:
    row = _state(given)
    look = given.remote.look(given.line, given.shapes, memory, whole=True)
    if look.stamp is not None and look.stamp != row["stamp"]:
        raise stranger()
    given.number = row["looks"] + 1
    gather.note(given, look, whole=True)


def _remember(tx: Writing, remote: str, plan: Plan, left: Sequence[str]) -> None:
    row = ledger.state(tx, remote)
    memory = ledger.memory(row) if row is not None else {}
    ledger.remember(tx, remote, _with(memory, plan, done=True, left=list(dict.fromkeys(left))))


def _pointed(given: Crossing, table: str) -> set[str]:
    """The tables that a table points to, and those that these point to."""
    found: set[str] = set()
    waiting = [table]
    while waiting:
        shape = given.shape(waiting.pop())
        refs = {column.ref for column in shape.columns if column.ref} - found - {table}
        found |= refs
        waiting += refs
    return found


def _accept(post: Post, clock: Callable[[], datetime], table: str) -> Accept:
    """What the counter makes of a row."""
    desk = Desk(post.house, clock, post.remote.label)

    def accept(tx: Writing, values: Mapping[str, Any]) -> Made:
        if table == "files":
            person = Person(id=System.SYNC, name=post.remote.label, system=True)
            return _file(Counter(post.house, tx, person, clock(), Whence.TABLE), values)
        given = {name: value for name, value in values.items() if value is not None}
        known = _of_same_name(tx, table, given) if table in SETTINGS else None
        if known is not None:
            return Made(known, known=True)
        record = desk.born(tx, table, given)
        return Made(str(record))

    return accept


def _of_same_name(tx: Writing, table: str, given: Mapping[str, Any]) -> str | None:
    name = given.get(TITLES[table])
    rows = tx.find(table) if name is not None else []
    return next((row["id"] for row in rows if folded(str(row[TITLES[table]])) == folded(str(name))), None)


def _file(counter: Counter[Writing], values: Mapping[str, Any]) -> Made:
    given = {name: value for name, value in values.items() if value is not None}
    received = given.get("received_at")
    if received is None:
        raise refused("la date de réception manque.", "R-1", "received_at")
    category = town.category(counter.tx, given.get("category"))
    given |= circumstances(given, category, counter.at)
    given |= _numbered(counter, given, received)
    record = ids.new_id(counter.at)
    rebuilding.rebuild(counter, "files", record, given, ACT)
    return Made(record)


def _numbered(counter: Counter[Writing], given: Mapping[str, Any], received: datetime) -> dict[str, Any]:
    """R-1: its own number when it has the form of ours, and the series goes on after it; else a new one."""
    theirs = str(given.get("number") or "").strip()
    ours = parse(theirs)
    if ours is None or ours.series is not Series.REQUEST:
        _refuse_borne(counter, "source_id", theirs)
        nature = given.get("nature", Nature.REQUEST)
        series, year = series_of(nature), town_day(received).year
        n = next(iter(counter.tx.next_numbers(series.value, year, 1)))
        return {"number": number(series, year, n), "source_id": theirs or given.get("source_id")}
    _refuse_borne(counter, "number", str(ours))
    return {"number": str(ours), "source_id": theirs if theirs != str(ours) else given.get("source_id")}


def _refuse_borne(counter: Counter[Writing], field: str, value: str) -> None:
    if value and counter.tx.first("files", **{field: value}) is not None:
        raise refused(f"« {value} » est déjà le numéro d'un autre dossier.", "R-1", "number")
