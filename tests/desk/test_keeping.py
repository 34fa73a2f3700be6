"""R-81: found each night, agreed to by a person, made anonymous by the clock; held, it stays."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desk import (
    attachments,
    drafts,
    files,
    holds,
    keeping,
    keeping_work,
    mails,
    purge,
    search,
)  # fmt: skip
from policy.counter_words import ProofState
from policy.keeping import KeptKind
from policy.reasons import Refused
from policy.watch import Done, Network
from policy.words import Answer, Sight, State
from sync import audit, history, hold, words
from sync.file_tables import CITIZENS, FILES
from sync.listening_tables import SURVEY_ANSWERS, THANKS, WATCH
from sync.states import KeepingState, NightWork, TaskKind
from sync.store import Row
from tests.cast import Cast, moment
from tests.desk.documents import PDF
from tests.desk.filing import BY, NINE, TEN, filed, kept, stands
from tests.desk.test_purge import WORD, columns_that_hold, planted
from tests.disk import lying

NOW = moment("Mon 2032-01-12 03:00")  # five years later and more
LATER = NOW + timedelta(hours=6)
SECTOR = "Domaine"


@pytest.fixture
def calendar(cast: Cast) -> None:
    """The terms that the clerk has checked."""
    with cast.house.store.writing() as tx:
        for row in tx.find("keeping_terms"):
            tx.update("keeping_terms", row["id"], {"schedule": "05-110"}, BY)


@pytest.fixture
def old(cast: Cast, calendar: None) -> Row:
    """A request closed in 2026, with a sentinel in every text it and its person ever had."""
    with cast.house.store.writing() as tx:
        person = tx.insert("citizens", planted(CITIZENS.fields) | {"email": f"{WORD}@exemple.test"}, BY)
        words.index(tx, "citizens", person["id"], {Sight.IDENTITY: search.identity(person)})
    texts = planted(FILES.fields) | {"sector": SECTOR}
    file = filed(cast, "2026-00012", citizen=person["id"], state=State.TAKEN, **texts)
    with cast.visit("technician", NINE).writing() as counter:
        search.index(counter, file["id"])
        mails.acknowledge(counter, file)
        mails.notify_routing(counter, file)
        counter.tx.insert("pauses", {"file": file["id"], "starts_on": counter.today}, BY)
        task = {"kind": TaskKind.CALL_BACK, "key": "t", "file": file["id"], "words": f"{WORD}task"}
        counter.tx.insert("tasks", task, BY)
        told = {"file": file["id"], "state": State.PLANNED, "text": f"{WORD}telling", "once": "t"}
        telling = counter.tx.insert("tellings", {**told, "written_at": counter.at}, BY)
        proof = {"file": file["id"], "telling": telling["id"], "state": ProofState.TO_READ}
        counter.tx.insert("proofs", {**proof, "asked_at": counter.at}, BY)
        answer = {"file": file["id"], "month": "2026-10", "department": file["department"]}
        given = {"answer": Answer.ACTION, "words": f"{WORD}answer", "answered_at": counter.at}
        counter.tx.insert("answers", {**answer, **given}, BY)
        counter.tx.insert("thanks", {"file": file["id"], **planted(THANKS.fields)}, BY)
        post = {"file": file["id"], "seen_on": counter.today, "network": Network.X, "done": Done.DEMAND}
        counter.tx.insert("watch", {**planted(WATCH.fields), **post, "token": "t"}, BY)
        scored = {"file": file["id"], "received_on": counter.today, "satisfaction": 2}
        counter.tx.insert("survey_answers", {**scored, **planted(SURVEY_ANSWERS.fields)}, BY)
        counter.tx.update("files", file["id"], {"facts": f"{WORD}corrected"}, BY)
    attachments.add(cast.visit("technician", NINE), file["number"], [(f"{WORD}.pdf", PDF)])
    drafts.keep(cast.visit("secretary", NINE), file["id"], "note", f"{WORD}draft")
    close(cast, file)
    return stands(cast, file)


def close(cast: Cast, file: Row, **more: Any) -> None:
    closed = {"state": State.DONE, "open": False, "completed_at": TEN, "closed_at": TEN, **more}
    with cast.house.store.writing() as tx:
        tx.update("files", file["id"], closed, BY)


def due(cast: Cast, who: str = "clerk", kind: KeptKind = KeptKind.REQUEST) -> list[keeping.Line]:
    keeping_work.review(cast.house, NOW)
    return list(keeping.lines(cast.visit(who, LATER), kind, KeepingState.DUE))


def agreed(cast: Cast, kind: KeptKind = KeptKind.REQUEST, who: str = "clerk") -> int:
    keeping_work.review(cast.house, NOW)
    return keeping.agree_to_all(cast.visit(who, LATER), kind)


def awaited(cast: Cast) -> int:
    with cast.visit("clerk", LATER).reading() as counter:
        return keeping.waiting(counter)


def carry_out(cast: Cast) -> int:
    return keeping_work.carry_out(cast.house, lambda: LATER)


def measured(cast: Cast) -> Counter[Any]:
    """What R-64 counts: by category, department, state, month received and closed, delays, answers."""
    found: Counter[Any] = Counter()
    for row in kept(cast, "files"):
        delay = (row["completed_at"] - row["received_at"]) if row["completed_at"] else None
        met = row["target_on"] and row["completed_at"] and row["completed_at"].date() <= row["target_on"]
        acknowledged = row["acknowledged_at"] and row["acknowledged_at"] <= row["ack_due_at"]
        found[row["nature"], row["category"], row["department"], row["sector"], row["state"],
              row["received_at"], row["closed_at"], delay, met, acknowledged] += 1  # fmt: skip
    for row in kept(cast, "answers"):
        found[row["month"], row["department"], row["answer"]] += 1
    return found


def test_the_night_lists_and_touches_nothing(cast: Cast, old: Row) -> None:
    before = stands(cast, old)
    (line,) = due(cast)
    assert (line.number, f"{line.closed_on}") == ("2026-00012", "2026-11-16")
    assert line.rule == "5 ans après la fermeture (règle 05-110, choisi par la ville)"
    assert due(cast) == [line], "the second night finds nothing new"
    assert carry_out(cast) == 0 and stands(cast, old) == before


def test_what_was_closed_a_day_too_late_is_still_kept(cast: Cast, old: Row) -> None:
    close(cast, old, closed_at=moment("Tue 2027-01-12 23:59"))
    assert len(due(cast)) == 1, "five years to the day, in town"
    close(cast, old, closed_at=moment("Wed 2027-01-13 00:01"))
    assert due(cast) == []


def test_nothing_that_was_typed_is_left_in_any_column_and_what_is_counted_does_not_change(
    cast: Cast, old: Row
) -> None:
    before = measured(cast)
    assert agreed(cast) == 1 and carry_out(cast) == 1
    assert columns_that_hold(cast, WORD) == []
    assert measured(cast) == before
    row = stands(cast, old)
    assert (row["number"], row["sector"], row["citizen"], row["street"]) == ("2026-00012", SECTOR, None, None)
    with cast.house.store.reading() as tx:
        assert audit.verify(tx) == []
        told = [entry.act for entry in history.entries(tx, "files", old["id"])]
    assert keeping_work.ACT in told
    (line,) = keeping.lines(cast.visit("clerk", LATER), KeptKind.REQUEST, KeepingState.DONE)
    assert (line.agreed_by, line.agreed_at) == ("Paul Lavoie", LATER)


def test_the_bytes_leave_the_disk(cast: Cast, old: Row, store_url: str) -> None:
    where = data_files(cast, store_url)
    assert holding(where) != []
    agreed(cast)
    carry_out(cast)
    (swept,) = kept(cast, "nights", work=NightWork.SWEEP)
    assert swept is not None
    cast.house.store.settle()
    assert holding(data_files(cast, store_url)) == []


def data_files(cast: Cast, url: str) -> list[Path]:
    """Where the database lies: the file and its journal, or the folder of its tables on the server."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return sorted(path.parent.glob(f"{path.name}*"))
    with cast.house.store.writing() as tx:
        folder = tx.connection.exec_driver_sql(
            "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database "
            "WHERE datname = current_database()"
        ).scalar_one()
    with cast.house.store._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")  # as the server does by itself, whenever it likes
        connection.exec_driver_sql("CHECKPOINT")
    return sorted(Path(folder).iterdir())


def holding(paths: list[Path]) -> list[str]:
    return [path.name for path in paths if path.exists() and WORD.encode() in lying(path).lower()]


def test_the_file_is_found_by_its_number_and_says_what_it_became(cast: Cast, old: Row) -> None:
    agreed(cast)
    carry_out(cast)
    view = files.open(cast.visit("technician", LATER), "2026-00012")
    assert view.citizen == () and view.note == ""
    assert any("rendu le dossier anonyme" in moment.sentence for moment in view.timeline)
    assert [hit.number for hit in search.search(cast.visit("technician", LATER), "2026-00012")]
    assert search.search(cast.visit("technician", LATER), f"{WORD}corrected") == []


def test_a_person_with_another_file_is_still_known_through_it(cast: Cast, old: Row) -> None:
    filed(cast, "2026-00030", citizen=old["citizen"], received_at=moment("Mon 2031-12-01 09:00"))
    agreed(cast)
    carry_out(cast)
    assert stands(cast, old)["citizen"] is None and kept(cast, "citizens", id=old["citizen"])


def test_a_term_that_is_only_proposed_is_not_agreed_by(cast: Cast, old: Row) -> None:
    with cast.house.store.writing() as tx:
        for row in tx.find("keeping_terms"):
            tx.update("keeping_terms", row["id"], {"schedule": keeping.TO_CHECK}, BY)
    (line,) = due(cast)
    assert awaited(cast) == 0
    with pytest.raises(Refused, match="qu'une proposition"):
        keeping.agree(cast.visit("clerk", LATER), KeptKind.REQUEST, [line.id])
    keeping.set_term(cast.visit("clerk", LATER), KeptKind.REQUEST, 48, "05-110", LATER.date())
    assert awaited(cast) == 1
    assert keeping.agree(cast.visit("clerk", LATER), KeptKind.REQUEST, [line.id]) == 1
    assert keeping.agree(cast.visit("clerk", LATER), KeptKind.REQUEST, [line.id]) == 0, "a second click"


def test_an_agreement_is_taken_back_before_it_is_carried_out(cast: Cast, old: Row) -> None:
    agreed(cast)
    assert keeping.take_back(cast.visit("clerk", LATER), KeptKind.REQUEST) == 1
    assert carry_out(cast) == 0 and stands(cast, old)["note"]


def test_what_is_reopened_or_kept_longer_is_not_due_any_more(cast: Cast, old: Row) -> None:
    agreed(cast)
    close(cast, old, state=State.TAKEN, open=True)
    assert carry_out(cast) == 0 and stands(cast, old)["note"]
    assert keeping.lines(cast.visit("clerk", LATER), KeptKind.REQUEST, KeepingState.GONE)
    close(cast, old)
    assert len(due(cast)) == 1, "closed again, it is listed again"
    keeping.set_term(cast.visit("clerk", NOW), KeptKind.REQUEST, None, "05-110", NOW.date())
    assert due(cast) == []


def test_a_hold_blocks_the_agreement_the_act_and_the_purge(cast: Cast, old: Row) -> None:
    (line,) = due(cast)
    held = holds.place(cast.visit("general", LATER), "2026-00012", f"Litige {WORD}litige")
    with pytest.raises(Refused, match="déjà suspendue"):
        holds.place(cast.visit("clerk", LATER), "2026-00012", "x")
    assert keeping.agree(cast.visit("clerk", LATER), KeptKind.REQUEST, [line.id]) == 0
    (line,) = keeping.lines(cast.visit("clerk", LATER), KeptKind.REQUEST, KeepingState.DUE)
    assert "suspendue depuis" in line.why_not
    with pytest.raises(Refused, match="conservation de ce dossier est suspendue"):
        purge.become_complaint(cast.visit("technician", LATER), old["id"], "C'est une plainte")
    assert columns_that_hold(cast, f"{WORD}litige") == [], "why is sealed"
    with pytest.raises(Refused, match="pourquoi"):
        holds.lift(cast.visit("clerk", LATER), held.id, " ")
    assert holds.lift(cast.visit("clerk", LATER), held.id, "Réglé").lifted_by == "Paul Lavoie"
    assert keeping.agree(cast.visit("clerk", LATER), KeptKind.REQUEST, [line.id]) == 1


@pytest.mark.parametrize("whole", [False, True])
def test_a_hold_placed_after_the_agreement_keeps_the_file_until_a_person_agrees_again(
    cast: Cast, old: Row, whole: bool
) -> None:
    agreed(cast)
    held = holds.place(cast.visit("clerk", LATER), "2026-00012", "Poursuite", whole=whole)
    assert carry_out(cast) == 0 and stands(cast, old)["note"]
    assert keeping.lines(cast.visit("clerk", LATER), KeptKind.REQUEST, KeepingState.DUE)
    view = files.open(cast.visit("technician", LATER), "2026-00012")
    assert any("suspendu la conservation" in each.sentence for each in view.timeline)
    holds.lift(cast.visit("general", LATER), held.id, "Jugement rendu")
    assert carry_out(cast) == 0, "nothing happens before a person agrees anew"
    assert agreed(cast) == 1 and carry_out(cast) == 1


@pytest.mark.parametrize(
    "who", ["technician", "secretary", "experience", "council", "admin", "outsider", "planner", "director"]
)
def test_only_the_clerk_and_the_general_direction_hold(cast: Cast, old: Row, who: str) -> None:
    visit = cast.visit(who, LATER)
    for attempt in (
        lambda: holds.place(visit, "2026-00012", "x"),
        lambda: holds.lift(visit, "x", "x"),
        lambda: holds.holds(visit),
        lambda: keeping.set_term(visit, KeptKind.REQUEST, 12, "1", LATER.date()),
    ):
        with pytest.raises(Refused, match="Vous ne pouvez pas"):
            attempt()
    if who != "director":
        assert keeping.counts(visit) == ()
    for kind in (KeptKind.REQUEST, KeptKind.CLAIM, KeptKind.ACCESS, KeptKind.MAILS):
        with pytest.raises(Refused, match="pas à vous"):
            keeping.agree_to_all(visit, kind)


def test_the_clerk_reads_what_the_file_says_and_nobodys_name(cast: Cast, old: Row) -> None:
    (line,) = due(cast)
    told = dict(keeping.look(cast.visit("clerk", LATER), line.id))
    assert told["Exposé des faits"] == f"{WORD}corrected"
    assert not any(f"{WORD}name" in value or f"{WORD}note" in value for value in told.values())
    with pytest.raises(Refused, match="pas à vous"):
        keeping.look(cast.visit("technician", LATER), line.id)


def test_killed_between_two_files_the_next_look_goes_on(
    cast: Cast, old: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(13, 40):
        close(cast, filed(cast, f"2026-000{n}", facts=f"{WORD}{n}"))
    assert agreed(cast) == 28
    real = keeping_work._make_anonymous
    left = 17

    class Dead(BaseException):
        """Killed here."""

    def mortal(*what: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Dead
        real(*what)

    monkeypatch.setattr(keeping_work, "_make_anonymous", mortal)
    with pytest.raises(Dead):
        carry_out(cast)
    monkeypatch.undo()
    assert len(kept(cast, "keepings", state=KeepingState.DONE)) == 10, "batch by batch"
    assert carry_out(cast) == 18 and columns_that_hold(cast, WORD) == []


def test_nothing_is_carried_out_while_a_restore_is_to_be_confirmed(cast: Cast, old: Row) -> None:
    agreed(cast)
    with cast.house.store.writing() as tx:
        hold.begin(tx, "x", BY)
    assert carry_out(cast) == 0
    with cast.house.store.writing() as tx:
        hold.end(tx, BY)
    assert carry_out(cast) == 1
