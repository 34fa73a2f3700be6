"""R-21, R-23: whatever was typed about a citizen, none of it is in a list, its mails or its workbooks."""

import zipfile
from io import BytesIO
from typing import Any

from desk import answers, letters, lists, mails, taken_back
from policy.months import Month
from policy.words import Answer, ListKind, Priority, Sight, State, WaitReason
from sync.fields import Kind
from sync.file_tables import CITIZENS, FILES
from tests.cast import Cast, moment
from tests.desk.answered import brought
from tests.desk.filing import BY, filed
from tests.jobs.post import COUNCIL_DAY, RNC_DAY, Tray, look

CIVIC = "98761"
LISTED = {"number", "street", "sector"}  # the only texts of a file that may be listed


def planted(fields: tuple[Any, ...], skip: set[str]) -> dict[str, str]:
    """A sentinel in every text a person can type."""
    return {
        field.name: f"SENTINELLE-{field.name}"[: field.longest]
        for field in fields
        if field.kind in (Kind.TEXT, Kind.LONG) and field.name not in skip
    }


def town_of_sentinels(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        citizen = tx.insert(
            "citizens", planted(CITIZENS.fields, {"phone_digits"}) | {"phone": "4505550199"}, BY
        )
    texts = planted(FILES.fields, LISTED | {"intake_token", "source_id", "done_extension"})
    states: tuple[dict[str, Any], ...] = (
        {"state": State.ROUTED},
        {"state": State.TAKEN},
        {"state": State.PLANNED},
        {"state": State.WAITING, "wait_reason": WaitReason.OTHER},
        {"state": State.DONE, "completed_at": moment("Thu 2026-11-19 10:00")},
        {"state": State.CANCELLED, "closed_at": moment("Thu 2026-11-19 10:00")},
        {"state": State.TO_CLOSE, "completed_at": moment("Thu 2026-11-19 10:00")},
    )
    for n, state in enumerate(states):
        file = filed(
            cast,
            f"2026-{n:05}",
            **{
                **texts,
                "citizen": citizen["id"],
                "civic": CIVIC,
                "street": f"{CIVIC}, rue Visible app. 3",
                "sector": "450 555-0199",
                "done_extension": "77123",
                **state,
            },
        )
        if n == 0:
            with cast.visit("secretary", RNC_DAY).writing() as counter:
                answers.give(counter, file, Answer.ACTION, "SENTINELLE-answer", Month(2026, 11))


def everything(message: bytes) -> str:
    """All that a mail says: headers, both bodies, every part of its workbooks.

    What separates its parts is drawn by lot and says nothing: it may be any number.
    """
    headers, letter = letters.read(message)
    said = {name: value.partition("; boundary=")[0] for name, value in headers.items()}
    parts = [str(said), letter.subject, letter.text, letter.html]
    for attachment in letter.attachments:
        parts.append(attachment.name)
        with zipfile.ZipFile(BytesIO(attachment.content)) as book:
            parts += [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
    return "\n".join(parts)


def test_no_sentinel_is_in_any_list_mail_or_attachment(cast: Cast) -> None:
    town_of_sentinels(cast)
    tray = Tray()
    for at in (RNC_DAY, moment("Fri 2026-11-27 08:05"), moment("Mon 2026-11-30 16:35"), COUNCIL_DAY):
        look(cast, at, tray)
    kinds = {parcel.name.split("_")[2] for parcel in tray.parcels}
    assert kinds == {"liste-rnc", "rappel-rnc", "reponses-manquantes", "listes-du-conseil"}
    for parcel in tray.parcels:
        said = everything(parcel.message)
        for secret in ("SENTINELLE", CIVIC, "555-0199", "5550199", "77123", "app. 3"):
            assert secret not in said, f"{secret} in {parcel.name}"
    assert any("rue Visible" in everything(parcel.message) for parcel in tray.parcels)


def test_no_sentinel_is_in_any_preview_whatever_the_month(cast: Cast) -> None:
    town_of_sentinels(cast)
    visit = cast.visit("technician", RNC_DAY)
    shown = [
        draft
        for kind in ListKind
        for month in (Month(2026, 10), Month(2026, 11), Month(2026, 12), Month(2027, 10))
        for draft in lists.preview(visit, kind, month)
    ]
    assert len(shown) > 30
    for draft in shown:
        said = everything(letters.encoded(draft.letter))
        for secret in ("SENTINELLE", CIVIC, "555-0199", "5550199", "77123", "app. 3"):
            assert secret not in said, f"{secret} in {draft.letter.subject}"


def test_what_a_workbook_brought_back_is_in_no_list_either(cast: Cast) -> None:
    filed(cast)
    filed(cast, "2026-00002")
    look(cast, RNC_DAY)
    at = moment("Tue 2026-11-24 10:00")
    words = {"note": "SENTINELLE-note", "citizen_text": "SENTINELLE-texte", "done_extension": "77123"}
    given = brought(
        cast, at,
        {"number": "2026-00001", "answer": "Complétée", "done_on": "2026-11-20", **words},
        {"number": "2026-00002", "answer": "En attente", "wait_reason": "Autre", "words": "SENTINELLE"},
    )  # fmt: skip
    assert taken_back.record(cast.visit("technician", at), given).recorded == 2
    look(cast, COUNCIL_DAY, tray := Tray())
    said = "".join(everything(parcel.message) for parcel in tray.parcels)
    assert "2026-00001" in said and "2026-00002" in said
    assert "SENTINELLE" not in said and "77123" not in said


def test_every_text_that_may_be_listed_is_one_the_lists_know_how_to_clean() -> None:
    listed = {
        field.name
        for field in FILES.fields
        if field.sight is Sight.LISTED and field.kind in (Kind.TEXT, Kind.LONG)
    }
    assert listed == LISTED


def test_a_routing_notice_holds_no_sentinel_either(cast: Cast) -> None:
    town_of_sentinels(cast)
    with cast.house.store.writing() as tx:
        file = tx.first("files", number="2026-00000")
        assert file is not None
        tx.update("files", file["id"], {"priority": Priority.URGENT}, BY)
    visit = cast.visit("technician", moment("Mon 2026-11-16 10:00"))
    with visit.writing() as counter:
        urgent = counter.tx.get("files", file["id"])
        assert urgent is not None
        mails.notify_routing(counter, urgent)
    look(cast, moment("Mon 2026-11-16 10:01"), tray := Tray())
    notices = [parcel for parcel in tray.parcels if "avis" in parcel.name]
    assert sorted(parcel.recipient for parcel in notices) == [
        "surintendant@prevost.test",
        "travaux@prevost.test",
    ]
    for parcel in notices:
        said = everything(parcel.message)
        assert "2026-00000" in said and "Urgent" in said and "rue Visible" in said
        assert "SENTINELLE" not in said and CIVIC not in said and "0199" not in said
