"""What may happen to a town and its remote, in any order: the machine that looks for a broken invariant.

One machine for every remote: ``opened`` gives a town and the people at its tables (``tests.sync.openings``).
"""

from contextlib import suppress
from datetime import date, timedelta

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from policy.reasons import Refused
from policy.words import State
from sync import hold, orders, welcome
from sync.exchange import exchange
from sync.link_tables import Tie
from sync.remote import RemoteError
from tests.remotes.there import FAULTS
from tests.sync import replaced
from tests.sync.invariants import HERE, THERE, check, check_store
from tests.sync.mortal import Mortal, same_ids
from tests.sync.players import Players, erase
from tests.sync.rows import at

ANY = st.integers(0, 20)  # one of those that there are
STREETS = st.sampled_from(("new", "new", "rue Neuve", ""))  # « new »: like no other
SECTORS = st.sampled_from(("Nord", "Sud", "Lac"))
PLANNED = (None, date(2026, 12, 1), date(2026, 12, 20))
DAYS = st.sampled_from(("2026-12-01", "2026-12-15", "bientôt", ""))
WRONG = st.lists(st.sampled_from(FAULTS), max_size=6)
ACTS = ("edit", "sort", "delete", "copy", "add", "rename")  # what somebody does while we write


class Histories(Players):
    """Any history of both sides."""

    @initialize(agreed=st.booleans())
    def first(self, agreed: bool) -> None:
        """Half of the histories begin with two sides that agree."""
        if agreed:
            self._run([])

    # — the desk —

    @rule(which=ANY, street=STREETS, sector=SECTORS)
    def desk_edits(self, which: int, street: str, sector: str) -> None:
        record = self._file(which)
        if record is not None:
            self._change(record, sector=sector, street=self._street(HERE, street))

    @rule(which=ANY, day=st.sampled_from(PLANNED), complex=st.booleans())
    def desk_plans(self, which: int, day: date | None, complex: bool) -> None:
        record = self._file(which)
        if record is not None:
            self.town.change("files", record, planned_on=day, complex=complex)

    @rule(street=STREETS)
    def desk_enters(self, street: str) -> None:
        with self.town.store.writing() as tx:
            self._enter(tx, self._street(HERE, street))

    @rule(which=ANY, closed=st.booleans())
    def desk_closes_long_ago(self, which: int, closed: bool) -> None:
        record = self._file(which)
        if record is not None:
            long_ago = self.town.now - timedelta(days=900)
            state = State.DONE if closed else State.TAKEN
            self.town.change(
                "files", record, open=not closed, closed_at=long_ago if closed else None, state=state
            )

    @rule(which=ANY)
    def desk_purges(self, which: int) -> None:
        record = self._file(which)
        if record is not None and len(self.files) > 1:
            with self.town.store.writing() as tx:
                orders.purge(tx, "files", record, self.town.now)
            erase(self.town.store, "files", record)
            self.known.purge(record)
            self.files.remove(record)

    @precondition(lambda self: "held" in self.waiting)
    @rule(ours=st.booleans())
    def desk_settles(self, ours: bool) -> None:
        for held in self.town.held():
            with self.town.store.writing() as tx:
                if ours or orders.is_rejection(held):
                    orders.keep_ours(tx, held["id"], "dir", self.town.now)
                else:
                    self._take_theirs(tx, held)
            event("a dispute or a rejection is settled")
            return

    @precondition(lambda self: Tie.PROPOSED in self.waiting)
    @rule(taken=st.booleans())
    def desk_welcomes(self, taken: bool) -> None:
        """The first row of the inbox becomes a file, or is declined."""
        with self.town.store.writing() as tx:
            for link in welcome.waiting(tx, "files")[:1]:
                event("a row typed there is welcomed" if taken else "a row typed there is declined")
                if not taken:
                    orders.decline(tx, link.id, "refusée : hors de la ville", self.town.now)
                    continue
                row = self._enter(tx, link.agreed.get("street"))
                welcome.welcome(tx, link.id, row, (), "tech", self.town.now)

    @precondition(lambda self: "frozen" in self.waiting)
    @rule(how=st.sampled_from(orders.Thaw))
    def desk_thaws(self, how: orders.Thaw) -> None:
        for table in ("files", "departments"):
            with suppress(Refused), self.town.store.writing() as tx:
                orders.thaw(tx, self.town.remote.name, table, how, self.town.now)
                event("a frozen table is thawed")

    @precondition(lambda self: Tie.WITHDRAWN in self.waiting)
    @rule()
    def desk_puts_withdrawn_ones_back(self) -> None:
        for link in self.town.links():
            if link.tie is Tie.WITHDRAWN:
                with self.town.store.writing() as tx:
                    orders.put_there_again(tx, link.id, self.town.now)
                event("a withdrawn row is put back")
                return

    # — the director —

    @rule(which=ANY, street=STREETS, day=DAYS, both=st.booleans())
    def director_edits(self, which: int, street: str, day: str, both: bool) -> None:
        key = self._key(which)
        if key is not None:
            self._edit(
                key, {"street": self._street(THERE, street)} | ({"planned_on": day or None} if both else {})
            )

    @rule(which=ANY, state=st.sampled_from((State.DONE.value, State.TAKEN.value, "N'importe quoi")))
    def director_moves(self, which: int, state: str) -> None:
        key = self._key(which)
        if key is not None:
            self.there.edit("files", key, {"state": state})

    @rule(which=ANY, number=st.sampled_from(("42", "2026-00001", None)))
    def director_changes_what_is_not_his(self, which: int, number: str | None) -> None:
        key = self._key(which)
        if key is not None:
            self.there.edit("files", key, {"number": number})

    @rule(street=STREETS, day=DAYS, form=st.booleans())
    def director_types_a_row(self, street: str, day: str, form: bool) -> None:
        """By hand, or a citizen by a form."""
        self._add(self._street(THERE, street), day, form)

    @rule()
    def director_types_a_department(self) -> None:
        name = self.known.new("Service ")
        self.there.add("departments", {"name": name, "circuit": "B", "closer": "Le service"})

    @rule(which=ANY)
    def director_copies(self, which: int) -> None:
        key = self._key(which)
        if key is not None:
            self._copy(key)

    @rule(which=ANY)
    def director_deletes(self, which: int) -> None:
        key = self._key(which)
        if key is not None:
            self._delete(key)

    @precondition(lambda self: self.gone)
    @rule()
    def director_restores(self) -> None:
        self._restore()

    @rule(column=st.sampled_from(("street", "number")))
    def director_sorts(self, column: str) -> None:
        self.there.sort("files", column)

    @rule(column=st.sampled_from(("street", "planned_on", "number")))
    def director_renames_a_column(self, column: str) -> None:
        self.there.rename_column("files", column)

    @rule(cells=st.booleans())
    def director_renames_a_choice(self, cells: bool) -> None:
        """Or gives it its name again."""
        self._rename_choice(cells)

    # — the worker —

    @rule(faults=WRONG, again=st.booleans())
    def worker_runs(self, faults: list[str], again: bool) -> None:
        self._run(faults, again=again)

    @rule(left=st.integers(0, 15), after=st.booleans(), faults=st.lists(st.sampled_from(FAULTS), max_size=3))
    def worker_is_killed(self, left: int, after: bool, faults: list[str]) -> None:
        """Just before or just after a transaction: what is left of it is the store."""
        self.mortal.left, self.mortal.after = left, after
        try:
            if self._run(faults):
                event(f"killed, {'after' if after else 'before'} a transaction")
                self.town.remote = self.speak()
        finally:
            self.mortal.left = None

    @rule(what=st.sampled_from(ACTS), which=ANY, street=STREETS, ours=st.booleans(), write=st.integers(1, 3))
    def somebody_acts_while_we_write(
        self, what: str, which: int, street: str, ours: bool, write: int
    ) -> None:
        """Between our last reading and the moment when our write lands: the window that invariant 1 names.

        ``write``: which one of the exchange.

        What was typed within it, in the very cell that we write, may be gone when our write was answered,
        if no answer told it to us meanwhile; where a feed tells what we replaced, the next look finds it all
        the same.
        """
        key = self._key(which)
        if key is None:
            return
        typed = self._street(THERE, street)
        if ours and self._id(key) in self.files:  # the very row that we are about to write
            self._change(self._id(key), sector="Sud", street=self._street(HERE, "new"))

        def meanwhile() -> None:
            if key in self.there.rows("files"):
                self.seen.append(f"{what} while we write")
                {
                    "edit": lambda: self._edit(key, {"street": typed}),
                    "sort": lambda: self.there.sort("files", "street"),
                    "delete": lambda: self._delete(key),
                    "copy": lambda: self._copy(key),
                    "add": lambda: self._add(typed, "", form=False),
                    "rename": lambda: self._rename_choice(cells=True),
                }[what]()

        self.there.heard.watch(str(typed))
        self._before_write(write, meanwhile)
        self._run([])
        if what == "edit" and typed in self.known.missing(self.town, self.there):
            event("our write replaced what was just typed")
            assert not self.there.heard.told(str(typed)), f"{typed} was told to us, and lost all the same"
            told = self.feed_tells and key in self.there.rows("files")
            (self.known.awaited if told else self.known.clash).add(str(typed))

    @rule(takes_over=st.booleans())
    def another_worker_speaks(self, takes_over: bool) -> None:
        """One that waits its turn, or one that takes the turn of a worker that was slow."""

        def meanwhile() -> None:
            self.seen.append("a second worker speaks")
            if takes_over:
                self.town.now += timedelta(minutes=5)
            with suppress(RemoteError):
                exchange(self.town.crossing("ailleurs"), again=True)

        self.there.meanwhile(meanwhile)
        self._run([])

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.town.now += timedelta(hours=hours)

    # — backups —

    @rule()
    def a_backup_is_taken(self) -> None:
        self.backup = replaced.taken(self.town, self.files)

    @precondition(lambda self: self.backup is not None)
    @rule()
    def the_backup_is_restored(self) -> None:
        """What was typed since is where ``replaced.restored`` says: here or there, or in what it replaced."""
        assert self.backup is not None
        event("a backup is restored")
        self.files = replaced.restored(self.town, self.there, self.known, self.backup, erase)
        self.unconfirmed, self.backup = True, None

    @precondition(lambda self: self.backup is not None)
    @rule()
    def the_backup_is_restored_into_an_empty_store(self) -> None:
        """Another machine, with that backup and the settings alone: its clock looks before anybody works."""
        assert self.backup is not None
        event("a backup is restored into an empty store")
        self.files = replaced.restored_elsewhere(self.town, self.there, self.known, self.backup, erase)
        self.mortal, self.town.remote = Mortal(self.town.store), self.speak()
        self.unconfirmed, self.backup = True, None
        self._run_without_writing()

    @precondition(lambda self: self.unconfirmed)
    @rule()
    def a_person_confirms(self) -> None:
        self._run_without_writing()
        with self.town.store.writing() as tx:
            orders.confirm(tx, self.town.remote.name)
            hold.end(tx, at(self.town.now))
        self.unconfirmed = False

    def _run_without_writing(self) -> None:
        before = self.there.writes
        self._run([])
        assert self.there.writes == before, "something was written before a person confirmed"

    # — what must hold —

    @rule()
    def both_sides_settle(self) -> None:
        """Invariants 2 to 9: two undisturbed runs agree, the second writes nothing."""
        if self.unconfirmed:
            self.a_person_confirms()
        self._undisturbed()
        before = self.there.writes
        self._run([])
        assert self.there.writes == before, "the second undisturbed run wrote"
        self.known.awaited.clear()
        check(self.town, self.there, self.known)

    @invariant()
    def nothing_typed_is_lost(self) -> None:
        """Invariant 1."""
        missing = self.known.missing(self.town, self.there)
        assert not missing, f"lost: {missing}"

    @invariant()
    def no_record_has_the_value_of_another(self) -> None:
        """Invariant 5."""
        check_store(self.town, self.known)

    def teardown(self) -> None:
        self.there.undisturbed()
        try:
            self.both_sides_settle()
        finally:
            same_ids(0)


class Unfed(Histories):
    """Without a feed, only a whole listing tells what was deleted: one is made before the two sides agree."""

    def _undisturbed(self) -> None:
        self.town.now += timedelta(minutes=3)
        exchange(self.town.crossing(), again=True, whole=True)
        self._run([])
