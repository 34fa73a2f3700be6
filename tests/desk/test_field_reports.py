"""Field reports: noted by any employee, seen by their author and the desk, made a file or not (P §4.3)."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from desk import attachments, drafts, field_inbox, field_reports, files, purge
from desk.acts import Outcome
from desk.citizens import Caller
from desk.demand import Demand
from desk.field_reports import Report
from desk.scope import NotFound
from desk.today import today
from desk.visits import Visit
from policy.counter_words import ReportState
from policy.field_reports import MOST_PHOTOS, Noted
from policy.keeping import KeptKind
from policy.reasons import Refused
from policy.words import Channel, Nature
from tests.cast import WORKS, Cast, day
from tests.desk.documents import PDF, PNG
from tests.desk.filing import NINE, TEN, kept
from tests.desk.test_keeping import agreed, calendar, carry_out, due  # noqa: F401
from tests.desk.test_purge import columns_that_hold
from tests.desk.test_together import at_once

LATER = TEN + timedelta(hours=1)
EMPLOYEES = [
    "outsider", "secretary", "planner", "technician", "experience", "director", "general", "clerk", "admin",
]  # fmt: skip
WORD = "sentinelle"


def noted(cast: Cast, **more: object) -> Noted:
    """A pothole told on the pavement by Rose Lemieux on the Friday before."""
    said = Noted(
        nature=Nature.REQUEST, name="Rose Lemieux", phone="450 555-0188", home_civic="12",
        home_street="rue du Lac", home_city="Prévost", received_on=day("Fri 2026-11-13"),
        department=cast.departments[WORKS], civic="40", street="rue de la Station", facts="Un trou profond.",
    )  # fmt: skip
    return replace(said, **more)  # type: ignore[arg-type]  # any field of any kind


def sent(cast: Cast, form: str = "jeton", who: str = "outsider", **more: object) -> Report:
    return field_reports.send(cast.visit(who, NINE), form, noted(cast, **more))


def filled(cast: Cast, report: str) -> Demand:
    found = field_inbox.prefill(cast.visit("technician", TEN), report)
    return replace(found, category=cast.categories["Nid-de-poule"])


@pytest.mark.parametrize("who", EMPLOYEES)
def test_every_employee_may_note_and_sees_his_own_reports_only(cast: Cast, who: str) -> None:
    other = sent(cast, "autre", "outsider" if who != "outsider" else "secretary")
    mine = sent(cast, "mien", who)
    assert [each.id for each in field_reports.mine(cast.visit(who, TEN))] == [mine.id]
    assert mine.state is ReportState.WAITING and mine.missing == () and other.id != mine.id


def test_a_member_of_council_is_no_employee(cast: Cast) -> None:
    with pytest.raises(Refused, match="noter une demande sur le terrain"):
        sent(cast, who="council")
    assert field_reports.mine(cast.visit("council", TEN)) == ()


def test_a_second_click_sends_one_report_and_nobody_takes_it_over_by_its_token(cast: Cast) -> None:
    assert sent(cast).id == sent(cast).id
    at_once([lambda: Outcome(sent(cast, "encore").id)] * 2)
    assert len(kept(cast, "field_reports")) == 2
    with pytest.raises(NotFound):
        sent(cast, who="secretary")


def test_what_is_missing_refuses_nothing(cast: Cast) -> None:
    report = field_reports.send(cast.visit("outsider", NINE), "j", Noted(facts="Un trou", phone="n'importe"))
    assert [ground.field for ground in report.missing][:3] == ["name", "home_street", "phone"]
    assert field_inbox.count(cast.visit("technician", TEN)) == 1


def test_a_report_of_nothing_and_one_too_long_are_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="Rien n'est encore noté"):
        field_reports.send(cast.visit("outsider", NINE), "j", Noted())
    with pytest.raises(Refused, match="le maximum est 20000"):
        sent(cast, facts="a" * 100_000)
    assert kept(cast, "field_reports") == []


def test_it_becomes_a_file_whose_clock_started_when_it_reached_the_inbox(cast: Cast) -> None:
    report = sent(cast)
    field = cast.visit("outsider", NINE)
    assert field_reports.mine(field)[0].number == ""
    demand = filled(cast, report.id)
    assert (demand.channel, demand.received_at) == (Channel.FIELD, NINE)
    assert demand.caller == Caller(name="Rose Lemieux", phone="450 555-0188", civic="12", street="rue du Lac",
                                   city="Prévost")  # fmt: skip
    opened = field_inbox.accept(cast.visit("technician", LATER), report.id, demand)
    again = field_inbox.accept(cast.visit("technician", LATER), report.id, demand)
    assert again.number == opened.number and again.again
    (file,) = kept(cast, "files")
    assert (file["received_at"], file["channel"], file["street"]) == (
        NINE,
        Channel.FIELD,
        "rue de la Station",
    )
    assert file["ack_due_at"] is not None and file["department"] == cast.departments[WORKS]
    (became,) = field_reports.mine(cast.visit("outsider", LATER))
    assert (became.state, became.number) == (ReportState.OPENED, opened.number)
    told = [each.sentence for each in files.open(cast.visit("secretary", LATER), opened.number).timeline]
    assert any(
        "Omar Haddad a signalé la demande sur le terrain, dite par la personne le 13" in t for t in told
    )


def test_photographs_go_with_the_report_to_its_file_and_are_seen_by_their_people_only(cast: Cast) -> None:
    outside = cast.visit("outsider", NINE)
    (photo,) = field_reports.add_photos(outside, "jeton", [("trou été.png", PNG)])
    assert field_reports.add_photos(outside, "jeton", [("encore.png", PNG)]) == (photo,)  # the same bytes
    for who in ("technician", "director", "secretary", "council"):
        with pytest.raises(NotFound):
            field_reports.read_photo(cast.visit(who, NINE), photo.id)
    assert field_reports.photos(cast.visit("secretary", NINE), "jeton") == ()
    report = sent(cast)
    assert field_reports.read_photo(cast.visit("technician", TEN), photo.id)[1] == PNG
    for who in ("secretary", "general", "admin"):
        with pytest.raises(NotFound):
            field_reports.read_photo(cast.visit(who, TEN), photo.id)
    with pytest.raises(NotFound):  # it is sent
        field_reports.remove_photo(cast.visit("outsider", TEN), photo.id)
    opened = field_inbox.accept(cast.visit("technician", LATER), report.id, filled(cast, report.id))
    (document,) = attachments.listed(cast.visit("secretary", LATER), opened.number)
    assert (document.name, document.added_by, document.added_at) == ("trou été.png", "Omar Haddad", NINE)
    assert attachments.read(cast.visit("secretary", LATER), document.id).content == PNG
    assert kept(cast, "report_photos") == []


def test_what_is_not_a_photograph_and_one_too_many_are_refused_whole(cast: Cast) -> None:
    outside = cast.visit("outsider", NINE)
    with pytest.raises(Refused, match="n'est pas une photo"):
        field_reports.add_photos(outside, "j", [("avis.pdf", PDF), ("trou.png", PNG)])
    with pytest.raises(Refused, match="son contenu n'est pas celui d'un fichier JPEG"):
        field_reports.add_photos(outside, "j", [("photo.jpg", PDF)])
    several = [(f"{n}.png", PNG + bytes([n])) for n in range(MOST_PHOTOS + 1)]
    with pytest.raises(Refused, match=f"{MOST_PHOTOS} photos au plus"):
        field_reports.add_photos(outside, "j", several)
    assert kept(cast, "report_photos") == []
    with pytest.raises(Refused, match="noter une demande sur le terrain"):
        field_reports.add_photos(cast.visit("council", NINE), "j", [("trou.png", PNG)])
    sent(cast)
    with pytest.raises(Refused, match="déjà envoyé"):
        field_reports.add_photos(outside, "jeton", [("trou.png", PNG)])


@pytest.mark.parametrize("who", ["secretary", "experience", "general", "outsider", "admin", "council"])
def test_nobody_but_the_desk_sees_or_takes_what_waits(cast: Cast, who: str) -> None:
    report = sent(cast, who="planner")
    demand = filled(cast, report.id)
    visit = cast.visit(who, TEN)
    assert (field_inbox.waiting(visit), field_inbox.one(visit, report.id)) == ([], None)
    assert field_inbox.count(visit) == 0
    for act in (
        lambda: field_inbox.prefill(visit, report.id),
        lambda: field_inbox.accept(visit, report.id, demand),
        lambda: field_inbox.decline(visit, report.id, "non"),
        lambda: field_inbox.send_elsewhere(visit, report.id),
    ):
        with pytest.raises(Refused, match="inscrire une demande"):
            act()
    assert kept(cast, "files") == []


def test_it_waits_on_the_desks_day_and_on_nobody_elses(cast: Cast) -> None:
    sent(cast)
    counted = {
        who: [each.words for each in today(cast.visit(who, TEN)).waiting if "terrain" in each.words]
        for who in ("technician", "director", "secretary", "outsider")
    }
    one = ["1 signalement terrain à accueillir"]
    assert counted == {"technician": one, "director": one, "secretary": [], "outsider": []}


def test_a_report_declined_tells_its_author_why_and_becomes_nothing_else(cast: Cast) -> None:
    field_reports.add_photos(cast.visit("outsider", NINE), "jeton", [("trou.png", PNG)])
    report = sent(cast)
    demand = filled(cast, report.id)
    with pytest.raises(Refused, match="Écrivez le motif"):
        field_inbox.decline(cast.visit("technician", TEN), report.id, "  ")
    for _ in range(2):
        field_inbox.decline(cast.visit("technician", TEN), report.id, "Terrain privé.")
    (became,) = field_reports.mine(cast.visit("outsider", TEN))
    assert (became.state, became.reason) == (ReportState.DECLINED, "Terrain privé.")
    with pytest.raises(Refused, match="déjà été accueilli ou refusé"):
        field_inbox.accept(cast.visit("director", TEN), report.id, demand)
    assert kept(cast, "files") == [] and kept(cast, "report_photos") == []


@pytest.mark.usefixtures("calendar")
def test_a_report_declined_is_kept_for_its_term_and_then_is_nowhere(cast: Cast) -> None:
    report, other = sent(cast, facts=WORD, name=WORD), sent(cast, "autre")
    field_inbox.decline(cast.visit("technician", TEN), report.id, f"Terrain de {WORD}.")
    (line,) = due(cast, kind=KeptKind.REPORT)
    assert WORD not in line.number
    assert agreed(cast, KeptKind.REPORT) == 1 and carry_out(cast) == 1
    assert columns_that_hold(cast, WORD) == []
    assert [row["id"] for row in kept(cast, "field_reports")] == [other.id], (
        "one that waits is not judged yet"
    )


def test_two_people_at_the_desk_open_one_file(cast: Cast) -> None:
    report = sent(cast)
    demand = filled(cast, report.id)

    def click(visit: Visit) -> Outcome:
        return Outcome(field_inbox.accept(visit, report.id, demand).number)

    clicks = [partial(click, cast.visit(who, TEN)) for who in ("technician", "director")]
    assert at_once(clicks) == [Outcome("2026-00001")] * 2
    assert len(kept(cast, "files")) == 1


def test_nothing_of_a_complaint_is_kept_neither_draft_nor_photograph(cast: Cast) -> None:
    outside = cast.visit("outsider", NINE)
    drafts.keep_all(outside, drafts.of_report("j"), {"facts": f"{WORD} du contremaître"})
    field_reports.add_photos(outside, "j", [(f"{WORD}.png", PNG)])
    assert columns_that_hold(cast, WORD) == ["drafts.value", "report_photos.name"]
    field_reports.discard(outside, "j")
    assert columns_that_hold(cast, WORD) == []
    with pytest.raises(Refused, match="Plainte \\? Dirigez la personne"):
        sent(cast, nature=Nature.COMPLAINT, facts=WORD)
    assert columns_that_hold(cast, WORD) == [] and kept(cast, "field_reports") == []


def test_nobody_throws_away_what_another_began(cast: Cast) -> None:
    outside = cast.visit("outsider", NINE)
    drafts.keep_all(outside, drafts.of_report("j"), {"facts": "Un trou"})
    field_reports.add_photos(outside, "j", [("trou.png", PNG)])
    field_reports.discard(cast.visit("secretary", NINE), "j")
    assert [each.token for each in field_reports.begun(outside)] == ["j"]
    assert len(field_reports.photos(outside, "j")) == 1


def test_a_complaint_sent_as_a_request_is_emptied_by_the_desk(cast: Cast) -> None:
    field_reports.add_photos(cast.visit("outsider", NINE), "jeton", [(f"{WORD}.png", PNG)])
    report = sent(cast, facts=WORD, name=f"{WORD} Roy", place_note=WORD)
    desk = cast.visit("technician", TEN)
    drafts.keep_all(desk, drafts.of_call(field_inbox.token_of(report.id)), {"facts": WORD})
    for _ in range(2):
        field_inbox.send_elsewhere(desk, report.id)
    assert columns_that_hold(cast, WORD) == []
    (became,) = field_reports.mine(cast.visit("outsider", TEN))
    assert became.state is ReportState.ELSEWHERE and became.noted == Noted()


def test_a_file_that_becomes_a_complaint_takes_its_report_with_it(cast: Cast) -> None:
    report = sent(cast, facts=WORD)
    field_inbox.accept(cast.visit("technician", TEN), report.id, filled(cast, report.id))
    (file,) = kept(cast, "files")
    purge.become_complaint(cast.visit("technician", LATER), file["id"], "C'est une plainte.")
    assert [each for each in columns_that_hold(cast, WORD) if not each.startswith("complaint")] == []
    assert field_reports.mine(cast.visit("outsider", LATER)) == ()
