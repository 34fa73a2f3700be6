"""A complaint entered by mistake as a request: private from then on, and gone from everywhere else."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from desk import (
    attachments,
    citizens,
    claims,
    complaint_file,
    courtesy,
    drafts,
    files,
    lists,
    mails,
    moves,
    notices,
    outbox,
    postbook,
    private_documents,
    routing,
    search,
)  # fmt: skip
from desk.acts import Outcome
from desk.purge import Purged, become_complaint
from desk.scope import NotFound
from desk.visits import Visit
from jobs.folder import Folder
from policy.counter_words import ProofState
from policy.private_words import ComplaintState, PrivateKind
from policy.reasons import Refused
from policy.roles import System
from policy.watch import Done, Network
from policy.words import Answer, Nature, Sight, State, WaitReason
from sync import audit, history, words
from sync.fields import Kind
from sync.file_tables import CITIZENS, FILES
from sync.listening_tables import SURVEY_ANSWERS, THANKS, WATCH
from sync.schema import METADATA
from sync.states import MailKind, MailState, TaskKind
from sync.store import Row
from sync.vault import SEALED
from tests.cast import Cast, day
from tests.desk.documents import PDF
from tests.desk.filing import BY, NINE, TEN, filed, kept, stands
from tests.desk.test_together import at_once
from tests.disk import lying
from tests.jobs.post import RNC_DAY, Tray, look

LATER = TEN + timedelta(hours=1)
WORD = "sentinelle"
WHY = "C'est une plainte contre un employé, motif sentinellemotif"
NEVER_TYPED = {"number", "source_id", "intake_token", "phone_digits"}


def planted(fields: tuple[Any, ...]) -> dict[str, str]:
    """A word of its own in every text a person can type."""
    return {
        field.name: f"{WORD}{field.name.replace('_', '')}"[: field.longest]
        for field in fields
        if field.kind in (Kind.TEXT, Kind.LONG) and field.name not in NEVER_TYPED
    }


@dataclass(frozen=True)
class Mistake:
    """A file that is a complaint, with something in every place a file leaves traces in."""

    file: Row
    citizen: str
    mail: str


@pytest.fixture
def mistake(cast: Cast) -> Mistake:
    store = cast.house.store
    with store.writing() as tx:
        person = tx.insert("citizens", planted(CITIZENS.fields) | {"email": f"{WORD}@exemple.test"}, BY)
        words.index(tx, "citizens", person["id"], {Sight.IDENTITY: search.identity(person)})
    file = filed(
        cast,
        "2026-00012",
        citizen=person["id"],
        source_id="ancien-77",
        state=State.WAITING,
        wait_reason=WaitReason.OTHER,
        **planted(FILES.fields),
    )
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
    attachments.add(cast.visit("technician", NINE), file["number"], [(f"{WORD}piece.pdf", PDF)])
    for who in ("technician", "secretary"):
        drafts.keep(cast.visit(who, NINE), file["id"], "note", f"{WORD}draft")
    filed(cast, "2026-00013", duplicate_of=file["id"])
    (mail,) = kept(cast, "mails", kind=MailKind.ACKNOWLEDGEMENT)
    return Mistake(stands(cast, file), person["id"], mail["id"])


def purge(cast: Cast, mistake: Mistake, who: str = "technician") -> Purged:
    return become_complaint(cast.visit(who, TEN), mistake.file["id"], WHY)


def columns_that_hold(cast: Cast, word: str) -> list[str]:
    """« table.column » of every column of the database in which the word lies, as text or bytes."""
    found = []
    with cast.house.store.reading() as tx:
        for table in METADATA.sorted_tables:
            for row in tx.connection.execute(sa.select(table)).mappings():
                found += [
                    f"{table.name}.{name}" for name, value in row.items() if word in plain(value).casefold()
                ]
    return sorted(set(found))


def plain(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def test_the_sentinels_lie_in_every_place_before(cast: Cast, mistake: Mistake) -> None:
    tables = {each.partition(".")[0] for each in columns_that_hold(cast, WORD)}
    assert tables >= {
        "files", "citizens", "answers", "tasks", "drafts", "mails", "attachments", "history",
        "search_docs", "search_words",
    }  # fmt: skip


def test_nothing_of_the_file_is_left_in_any_column_of_the_database(cast: Cast, mistake: Mistake) -> None:
    purge(cast, mistake)
    assert columns_that_hold(cast, WORD) == []


def test_nothing_of_it_is_left_in_the_bytes_of_the_file(cast: Cast, mistake: Mistake, store_url: str) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("PostgreSQL is looked into column by column")
    path = Path(store_url.removeprefix("sqlite:///"))
    purge(cast, mistake)
    for each in sorted(path.parent.glob(f"{path.name}*")):
        assert WORD.encode() not in lying(each).lower(), each.name


def test_every_history_still_holds(cast: Cast, mistake: Mistake) -> None:
    purge(cast, mistake)
    with cast.house.store.reading() as tx:
        assert audit.verify(tx) == []
        told = history.entries(tx, "files", mistake.file["id"])
    assert told and not any(value for entry in told for pair in entry.changes.values() for value in pair)


@pytest.mark.parametrize("who", ["technician", "secretary", "director", "general", "clerk", "admin"])
def test_the_old_number_is_unknown_to_everyone(cast: Cast, mistake: Mistake, who: str) -> None:
    purge(cast, mistake)
    for asked in (mistake.file["number"], mistake.file["id"], "2026-99999"):
        with pytest.raises(NotFound, match=r"^Dossier introuvable\.$"):
            files.open(cast.visit(who, LATER), asked)
    assert search.search(cast.visit(who, LATER), WORD) == []
    assert search.search(cast.visit(who, LATER), mistake.file["number"]) == []
    assert citizens.suggest(cast.visit(who, LATER), WORD) == []


def test_who_investigates_reads_all_of_it(cast: Cast, mistake: Mistake) -> None:
    told = purge(cast, mistake)
    found = complaint_file.opened(cast.visit("director", LATER), told.number)
    assert (told.number, found.state) == ("P2026-0001", ComplaintState.RECEIVED)
    assert found.complaint.facts == f"{WORD}corrected" and found.complaint.name == f"{WORD}name"
    notes = "\n".join(step.words for step in found.steps)
    for held in ("note", "citizentext", "placenote", "waitwords", "task", "answer", "motif", "city"):
        assert f"{WORD}{held}" in notes, held
    assert mistake.file["number"] in notes
    (document,) = private_documents.listed(cast.visit("director", LATER), PrivateKind.COMPLAINT, found.id)
    assert document.name == f"{WORD}piece.pdf"
    assert private_documents.read(cast.visit("director", LATER), document.id)[1] == PDF


def test_who_reclassified_does_not_see_it_any_more(cast: Cast, mistake: Mistake) -> None:
    told = purge(cast, mistake)
    with pytest.raises(NotFound):
        complaint_file.opened(cast.visit("technician", LATER), told.number)


def test_a_complaint_that_names_the_director_goes_to_nobody_yet(cast: Cast, mistake: Mistake) -> None:
    with cast.house.store.writing() as tx:
        tx.update("files", mistake.file["id"], {"note": "Denis Bélanger a crié."}, BY)
    purge(cast, mistake)
    (row,) = kept(cast, "complaints")
    assert row["investigator"] is None


def test_its_mails_are_emptied_and_never_leave(cast: Cast, mistake: Mistake) -> None:
    purge(cast, mistake)
    look(cast, LATER, tray := Tray())
    assert not [parcel for parcel in tray.parcels if "liste" not in parcel.name]
    row = next(each for each in kept(cast, "mails") if each["id"] == mistake.mail)
    assert (row["key"], row["state"]) == (f"accuse:{mistake.file['id']}", MailState.REFUSED)
    assert (row["message"], row["to_name"]) == (b"", None)
    with pytest.raises(Refused, match="effacé"):
        postbook.resend(cast.visit("technician", LATER), row["id"], "quelquun@exemple.test")


def test_what_left_for_a_folder_is_taken_out_of_it(cast: Cast, mistake: Mistake, tmp_path: Path) -> None:
    folder = tmp_path / "courriels"
    filed(cast, "2026-00040")
    outbox.deliver(cast.house, Folder(folder), lambda: TEN, "essai", lambda _: False)
    left = [each.read_bytes() for each in folder.iterdir()]
    assert any(b"2026-00012" in each for each in left)
    housed = replace(cast, house=replace(cast.house, mail_folder=folder))
    purge(housed, mistake)
    assert not [each.name for each in folder.iterdir() if b"2026-00012" in each.read_bytes()]


def test_a_mail_on_its_way_that_comes_back_writes_nothing_again(cast: Cast, mistake: Mistake) -> None:
    class Slow:
        def carry(self, parcel: outbox.Parcel) -> None:
            if not kept(cast, "complaints"):
                purge(cast, mistake)

        def close(self) -> None: ...

    outbox.deliver(cast.house, Slow(), lambda: TEN, "essai", lambda _: False)
    assert columns_that_hold(cast, WORD) == []


def test_a_notice_of_several_files_is_written_again_without_it(cast: Cast, mistake: Mistake) -> None:
    other = filed(cast, "2026-00020")
    with cast.visit("technician", NINE).writing() as counter:
        mails.notify_routing(counter, other)
    gathered = NINE + timedelta(minutes=16)
    notices.gather(cast.visit("technician", gathered))
    purge(cast, mistake)
    look(cast, LATER, tray := Tray())
    said = [parcel.message.decode() for parcel in tray.parcels]
    assert said and all("2026-00020" in each and "2026-00012" not in each for each in said)


def test_a_notice_and_a_list_that_left_are_said_and_an_incident_is_proposed(
    cast: Cast, mistake: Mistake
) -> None:
    look(cast, NINE + timedelta(minutes=16), Tray())
    look(cast, RNC_DAY, Tray())
    told = become_complaint(cast.visit("technician", RNC_DAY + timedelta(hours=1)), mistake.file["id"], WHY)
    assert told.gone.notices and told.gone.letters and "RNC 2026-11" in told.gone.lists
    assert "listes déjà envoyées" in told.message and "R-82" in told.message
    (incident,) = kept(cast, "incidents")
    assert "RNC 2026-11" in incident["what"] and "Travaux publics" in incident["what"]
    assert told.number not in incident["what"] and WORD not in str(incident)


def test_a_list_drawn_and_not_sent_leaves_without_it(cast: Cast, mistake: Mistake) -> None:
    filed(cast, "2026-00021")
    lists.draw_due(Visit(cast.house, RNC_DAY, system=System.CLOCK))
    become_complaint(cast.visit("technician", RNC_DAY), mistake.file["id"], WHY)
    look(cast, RNC_DAY + timedelta(minutes=1), tray := Tray())
    said = [parcel.message.decode() for parcel in tray.parcels if "liste-rnc" in parcel.name]
    assert any("2026-00021" in each for each in said) and not any("2026-00012" in each for each in said)


def test_its_duplicates_stand_on_their_own(cast: Cast, mistake: Mistake) -> None:
    assert purge(cast, mistake).unlinked == ("2026-00013",)
    assert files.open(cast.visit("technician", LATER), "2026-00013").twins == ()


def test_a_person_whom_another_file_knows_stays_known(cast: Cast, mistake: Mistake) -> None:
    filed(cast, "2026-00030", citizen=mistake.citizen)
    purge(cast, mistake)
    assert kept(cast, "citizens", id=mistake.citizen)
    assert columns_that_hold(cast, f"{WORD}facts") == columns_that_hold(cast, f"{WORD}draft") == []


def test_no_import_brings_it_back_and_no_number_is_given_again(cast: Cast, mistake: Mistake) -> None:
    purge(cast, mistake)
    assert stands(cast, mistake.file)["source_id"] == "ancien-77"
    with pytest.raises(Refused, match="même valeur"):
        filed(cast, mistake.file["number"])


@pytest.mark.parametrize(
    ("who", "words"), [("secretary", "déposer une plainte"), ("experience", "introuvable")]
)
def test_only_the_desk_reclassifies_as_a_complaint(
    cast: Cast, mistake: Mistake, who: str, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        purge(cast, mistake, who)
    assert not kept(cast, "complaints") and stands(cast, mistake.file) == mistake.file


def test_it_takes_a_reason_and_a_second_click_finds_nothing(cast: Cast, mistake: Mistake) -> None:
    technician: Callable[[], Any] = lambda: cast.visit("technician", TEN)  # noqa: E731
    with pytest.raises(Refused, match="motif"):
        routing.reclassify(technician(), mistake.file["id"], Nature.COMPLAINT, reason=" ")
    done = routing.reclassify(technician(), mistake.file["id"], Nature.COMPLAINT, reason=WHY)
    assert "P2026-0001" in done.message
    with pytest.raises(NotFound):
        routing.reclassify(technician(), mistake.file["id"], Nature.COMPLAINT, reason=WHY)
    assert len(kept(cast, "complaints")) == 1


def test_a_tab_still_open_on_it_leaves_no_draft_of_it(cast: Cast, mistake: Mistake) -> None:
    purge(cast, mistake)
    drafts.keep(cast.visit("secretary", LATER), mistake.file["id"], "note", f"{WORD}late")
    assert kept(cast, "drafts") == []


def test_the_damage_of_a_claim_and_its_documents_go_with_it(cast: Cast, mistake: Mistake) -> None:
    file = filed(cast, "2026-00060", nature=Nature.CLAIM)
    clerk = cast.visit("clerk", TEN)
    claims.save(clerk, file["number"], {"damage_words": f"{WORD}dommage", "insurer": f"{WORD}assureur"})
    (claim,) = kept(cast, "claims")
    private_documents.add(clerk, PrivateKind.CLAIM, claim["id"], [(f"{WORD}facture.pdf", PDF)])
    told = become_complaint(cast.visit("technician", LATER), file["id"], WHY)
    found = complaint_file.opened(cast.visit("director", LATER), told.number)
    notes = "\n".join(step.words for step in found.steps)
    assert f"{WORD}dommage" in notes and f"{WORD}assureur" in notes
    (document,) = private_documents.listed(cast.visit("director", LATER), PrivateKind.COMPLAINT, found.id)
    assert document.name == f"{WORD}facture.pdf"
    assert not kept(cast, "claims") and len(kept(cast, "private_contents")) == 1
    with cast.house.store.reading() as tx:
        assert audit.verify(tx) == []


def test_a_person_to_whom_service_is_refused_stays_known(cast: Cast, mistake: Mistake) -> None:
    courtesy.refuse(cast.visit("director", TEN), mistake.citizen, "Menaces", day("Wed 2026-12-16"))
    purge(cast, mistake)
    assert kept(cast, "citizens", id=mistake.citizen)
    (refusal,) = courtesy.refusals(cast.visit("director", LATER))
    assert refusal.name == f"{WORD}name"


def test_whatever_else_is_done_at_that_moment_leaves_nothing(cast: Cast, mistake: Mistake) -> None:
    desk, other = cast.visit("technician", TEN), cast.visit("director", TEN)
    secretary, file = cast.visit("secretary", TEN), mistake.file
    outcomes = at_once(
        [
            lambda: routing.reclassify(desk, file["id"], Nature.COMPLAINT, reason=WHY),
            lambda: routing.reclassify(other, file["id"], Nature.COMPLAINT, reason=WHY),
            lambda: moves.amend(secretary, file["id"], {"next_action": f"{WORD}amended"}),
            lambda: brought(secretary, file["number"]),
        ]
    )
    assert sum("P2026" in outcome.message for outcome in outcomes) == len(kept(cast, "complaints")) == 1
    assert columns_that_hold(cast, WORD) == []


def brought(visit: Visit, number: str) -> Outcome:
    attachments.add(visit, number, [(f"{WORD}late.pdf", PDF + b"\n")])
    return Outcome("")


def test_what_is_private_is_sealed(cast: Cast, mistake: Mistake) -> None:
    purge(cast, mistake)
    assert {"complaints", "complaint_steps", "private_documents", "private_contents"} <= set(SEALED)
    with cast.house.store.reading() as tx:
        assert tx.find("complaints") and columns_that_hold(cast, WORD) == []
