"""R-81: what was begun and never saved has its own term, is held where it can be, is told (LAI 83)."""

from datetime import timedelta

import pytest

from desk import accounts, drafts, field_reports, holds, keeping, person
from desk.keeping import Line
from policy.field_reports import Noted
from policy.keeping import KeptKind
from policy.reasons import Refused
from sync.states import KeepingState
from tests.cast import Cast
from tests.desk.demands import opened
from tests.desk.documents import JPEG
from tests.desk.filing import NINE, TEN, filed, kept
from tests.desk.test_keeping import LATER, NOW, agreed, calendar, carry_out, due  # noqa: F401
from tests.desk.test_purge import WORD, columns_that_hold

pytestmark = pytest.mark.usefixtures("calendar")
CALL = drafts.of_call("cut")


def cut(cast: Cast, record: str = CALL, who: str = "technician", **typed: str) -> None:
    """A call that was cut, or set aside and never taken up."""
    typed = {"name": WORD, "phone": "450 555-0188", "facts": f"{WORD} a appelé.", **typed}
    drafts.keep_all(cast.visit(who, NINE), record, typed)


def listed(cast: Cast) -> list[Line]:
    return due(cast, kind=KeptKind.FORM)


def test_a_call_never_saved_is_kept_for_its_term_and_then_is_nowhere(cast: Cast) -> None:
    cut(cast)
    file = filed(cast, "2026-00012")
    drafts.keep(cast.visit("technician", NINE), file["id"], "note", "over a file: it goes with it")
    (line,) = listed(cast)
    assert (line.number, f"{line.closed_on}") == ("Appel commencé le 2026-11-16", "2026-11-16")
    assert line.rule == "3 mois après la dernière saisie (règle 05-110, choisi par la ville)"
    assert drafts.calls(cast.visit("technician", LATER)), "nothing is touched before somebody agrees"
    assert agreed(cast, KeptKind.FORM) == 1 and carry_out(cast) == 1
    assert columns_that_hold(cast, WORD) == []
    assert [row["record"] for row in kept(cast, "drafts")] == [file["id"]]
    assert listed(cast) == []


def test_what_is_typed_anew_is_due_no_more_and_nothing_agreed_to_is_lost(cast: Cast) -> None:
    cut(cast)
    assert len(listed(cast)) == 1
    assert agreed(cast, KeptKind.FORM) == 1
    drafts.keep(cast.visit("technician", NOW - timedelta(days=1)), CALL, "facts", "elle rappelle")
    assert carry_out(cast) == 0 and listed(cast) == []
    assert len(kept(cast, "drafts")) == 3


def test_a_report_never_sent_goes_with_its_photographs_and_one_that_was_sent_stays(cast: Cast) -> None:
    outside = cast.visit("outsider", NINE)
    for token in ("typed", "photographed", "sent"):
        field_reports.add_photos(outside, token, [("trou.jpg", JPEG)])
    for token in ("typed", "sent"):
        drafts.keep(outside, drafts.of_report(token), "facts", WORD)
    field_reports.send(outside, "sent", Noted(facts="Un trou."))
    assert [line.number for line in listed(cast)] == ["Signalement commencé le 2026-11-16"] * 2
    assert agreed(cast, KeptKind.FORM) == 2 and carry_out(cast) == 2
    assert [row["token"] for row in kept(cast, "report_photos")] == ["sent"]
    assert columns_that_hold(cast, WORD) == []


def test_the_drafts_of_a_closed_account_are_reached_too(cast: Cast) -> None:
    cut(cast)
    account = cast.accounts["technician"]
    accounts.close(cast.visit("admin", TEN), account)
    assert len(listed(cast)) == 1
    assert agreed(cast, KeptKind.FORM) == 1 and carry_out(cast) == 1
    assert kept(cast, "drafts", account=account) == []


def test_a_watch_and_a_survey_never_entered_are_of_that_kind(cast: Cast) -> None:
    for record in ("veille", "sondage"):
        cut(cast, record)
    assert sorted(line.number[:6] for line in listed(cast)) == ["Sondag", "Veille"]


def test_a_hold_on_the_person_or_on_the_file_it_repeats_holds_it(cast: Cast) -> None:
    file = opened(cast)
    cut(cast, citizen=file.citizen)
    cut(cast, drafts.of_call("again"), again=file.number)
    cut(cast, drafts.of_call("other"))
    clerk = cast.visit("clerk", LATER)
    hold = holds.place(clerk, file.number, "Litige", whole=True)
    assert sorted("suspendue" in line.why_not for line in listed(cast)) == [False, False, True]
    holds.place(clerk, file.number, "Litige")
    assert sorted("suspendue" in line.why_not for line in listed(cast)) == [False, True, True]
    assert agreed(cast, KeptKind.FORM) == 1 and carry_out(cast) == 1
    assert {row["record"] for row in kept(cast, "drafts")} == {CALL, drafts.of_call("again")}
    holds.lift(clerk, hold.id, "Réglé")
    assert agreed(cast, KeptKind.FORM) == 1


@pytest.mark.parametrize("who", ["technician", "secretary", "director", "admin", "general"])
def test_only_the_clerk_agrees(cast: Cast, who: str) -> None:
    cut(cast)
    listed(cast)
    with pytest.raises(Refused, match="ce n'est pas à vous"):
        keeping.lines(cast.visit(who, LATER), KeptKind.FORM, KeepingState.DUE)


def test_a_person_is_told_of_what_was_begun_about_her_and_never_saved(cast: Cast) -> None:
    citizen = opened(cast).citizen
    cut(cast, name="lefrancois marie-eve", facts="Elle parlait d'un égout.")
    cut(cast, drafts.of_call("chosen"), name="", phone="", citizen=citizen, facts="Un arbre.")
    cut(cast, drafts.of_call("other"), name="Jean Roy", phone="450 555-0101", facts="Une affaire de Jean.")
    found = person.gather(cast.visit("clerk", TEN), [f"citizens.{citizen}"])
    (part,) = [part for part in found.parts if part.title == "Saisies jamais enregistrées"]
    assert sorted(row[0] for row in part.rows) == ["la fiche choisie", "nom"]
    assert "égout" in str(part.rows) and "Un arbre" in str(part.rows) and "Jean" not in str(part.rows)
