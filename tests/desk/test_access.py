"""Requests for access: entered once, seen by their own people, decided and answered as the Law wants."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from desk import access, access_intake, access_letters, access_moves, access_register
from desk.access_intake import Asked, Received
from desk.access_letters import Paper
from desk.scope import NotFound
from policy.private_words import AccessMove, AccessState, Decision, Light
from policy.reasons import Refused
from policy.words import Channel
from sync.schema import HISTORY, SQL
from tests.cast import CAST, Cast, day, moment
from tests.desk.filing import BY, kept
from tests.desk.paper import paper

RECEIVED = moment("Sat 2026-12-05 10:00")
MONDAY = moment("Mon 2026-12-07 09:00")
WEDNESDAY = moment("Wed 2026-12-09 09:00")
NUMBER = "A2026-0001"
KEEPERS = ("general", "clerk")
DESK = ("technician", "director")
NOBODY = tuple(who for who in CAST if who not in (*KEEPERS, *DESK))
ASKED = Asked(
    token="une-saisie", channel=Channel.EMAIL, received_at=RECEIVED, name="Rose Lemieux",
    email="rose@exemple.test", words="Les plans de l'aréna et le contrat de l'entrepreneur.",
)  # fmt: skip
SEALED = ("Rose Lemieux", "rose@exemple.test", "plans de l'aréna")


@pytest.fixture
def received(cast: Cast) -> Received:
    return access_intake.receive(cast.visit("technician", MONDAY), ASKED)


def grounds(act: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as no:
        act()
    return [(ground.article, ground.field) for ground in no.value.grounds]


def opened(cast: Cast, who: str = "general", at: datetime = WEDNESDAY) -> access.View:
    return access.open(cast.visit(who, at), NUMBER)


def test_a_request_gets_its_number_and_its_dates_and_the_desk_sees_no_more_of_it(
    cast: Cast, received: Received
) -> None:
    assert (received.number, received.opens, received.again) == (NUMBER, False, False)
    assert received.due is not None
    assert (received.due.due, received.due.legal) == (day("Wed 2026-12-23"), day("Fri 2026-12-25"))
    for who in (*DESK, *NOBODY):
        with pytest.raises(NotFound) as hidden:
            opened(cast, who)
        with pytest.raises(NotFound) as unknown:
            access.open(cast.visit(who, MONDAY), "A2026-0099")
        assert hidden.value.grounds == unknown.value.grounds


@pytest.mark.parametrize("who", NOBODY)
def test_who_has_no_part_in_it_enters_none_and_sees_neither_list_nor_register(cast: Cast, who: str) -> None:
    visit = cast.visit(who, MONDAY)
    for act in (
        lambda: access_intake.receive(visit, ASKED),
        lambda: access_intake.check(visit, ASKED),
        lambda: access_register.page(visit),
        lambda: access_register.exported(visit),
    ):
        assert grounds(act) == [("P §4.6", "")]
    assert not kept(cast, "access_requests")


@pytest.mark.parametrize("who", DESK)
def test_the_desk_enters_and_nothing_else(cast: Cast, received: Received, who: str) -> None:
    visit = cast.visit(who, MONDAY)
    assert access_intake.may_receive(visit) and not access.may_keep(visit)
    assert grounds(lambda: access_register.page(visit)) == [("P §4.6", "")]
    assert grounds(lambda: access_register.exported(visit)) == [("P §4.6", "")]
    acts = (
        lambda: access.edit(visit, NUMBER, {"note": "x"}, {}),
        lambda: access_moves.written(visit, NUMBER, MONDAY.date()),
        lambda: access_moves.noticed(visit, NUMBER, MONDAY.date()),
        lambda: access_moves.prepare_extension(visit, NUMBER, 10, "x", MONDAY.date()),
        lambda: access_moves.extend(visit, NUMBER, 10, "x", MONDAY.date()),
        lambda: access_moves.third_party(visit, NUMBER, "x", MONDAY.date()),
        lambda: access_moves.heard(visit, NUMBER, MONDAY.date(), "x"),
        lambda: access_moves.decide(visit, NUMBER, Decision.GRANTED, {}, MONDAY.date()),
        lambda: access_moves.answered(visit, NUMBER, MONDAY.date()),
        lambda: access_letters.preview(visit, NUMBER, Paper.NOTICE),
    )
    for act in acts:
        with pytest.raises(NotFound):
            act()


def test_the_second_click_is_harmless_and_another_text_under_the_same_token_is_refused(
    cast: Cast, received: Received
) -> None:
    visit = cast.visit("technician", MONDAY)
    again = access_intake.receive(visit, ASKED)
    assert again.again and again.number == received.number
    assert grounds(lambda: access_intake.receive(visit, replace(ASKED, words="Autre chose"))) == [
        ("", "token")
    ]
    other = access_intake.receive(visit, replace(ASKED, token="une-autre", received_at=MONDAY))
    assert other.number == "A2026-0002"
    assert len(kept(cast, "access_requests")) == 2


def test_many_clicks_at_once_make_one_request_and_many_requests_as_many_numbers(cast: Cast) -> None:
    visit = cast.visit("technician", MONDAY)
    tokens = ["une-saisie"] * 4 + [f"autre-{n}" for n in range(4)]
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda token: access_intake.receive(visit, replace(ASKED, token=token)), tokens)
        )
    assert len({each.number for each in found[:4]}) == 1
    assert {each.number for each in found} == {f"A2026-000{n}" for n in range(1, 6)}
    assert len(kept(cast, "access_requests")) == 5


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"channel": None}, ("P §4.6", "channel")),
        ({"words": " \n"}, ("P §4.6", "words")),
        ({"words": "a" * 20_001}, ("", "words")),
        ({"name": ""}, ("P §4.6", "name")),
        ({"email": ""}, ("P §4.6", "email")),
        ({"email": "", "phone": "450 555-0188"}, ("P §4.6", "email")),
        ({"email": "rose"}, ("P §4.3", "email")),
        ({"phone": "12"}, ("P §4.3", "phone")),
        ({"received_at": MONDAY + timedelta(minutes=1)}, ("LAI 47", "received_at")),
        ({"received_at": moment("Sat 1995-12-02 10:00")}, ("LAI 47", "received_at")),
        ({"written": False, "email": ""}, ("P §4.6", "phone")),
    ],
)
def test_what_keeps_a_request_from_being_entered(
    cast: Cast, changes: dict[str, Any], ground: tuple[str, str]
) -> None:
    asked = replace(ASKED, **changes)
    visit = cast.visit("technician", MONDAY)
    assert [(one.article, one.field) for one in access_intake.check(visit, asked)] == [ground]
    assert grounds(lambda: access_intake.receive(visit, asked)) == [ground]
    assert not kept(cast, "access_requests")


def test_an_organisation_by_mail_needs_no_name_of_a_person_nor_an_email(cast: Cast) -> None:
    asked = replace(
        ASKED, channel=Channel.MAIL, name="", email="", organisation="Pavage Nord inc.", civic="12",
        street="rue Principale", city="Prévost",
    )  # fmt: skip
    assert not access_intake.check(cast.visit("clerk", MONDAY), asked)


def test_an_oral_request_waits_for_its_writing_which_starts_the_clock(cast: Cast) -> None:
    oral = replace(ASKED, channel=Channel.PHONE, written=False, email="", phone="450 555-0188")
    received = access_intake.receive(cast.visit("technician", MONDAY), oral)
    assert received.due is None
    view = opened(cast)
    assert (view.standing.state, view.light, view.due) == (AccessState.ORAL, Light.NONE, None)
    clerk = cast.visit("clerk", WEDNESDAY)
    assert grounds(lambda: access_moves.noticed(clerk, NUMBER, WEDNESDAY.date())) == [("LAI 45", "")]
    assert access_moves.written(clerk, NUMBER, day("Tue 2026-12-08")).done
    view = opened(cast)
    assert view.standing.state is AccessState.RECEIVED
    assert view.due is not None and view.due.legal == day("Mon 2026-12-28")


def test_reading_is_recorded_with_who_and_when(cast: Cast, received: Received) -> None:
    opened(cast, "general")
    opened(cast, "clerk", WEDNESDAY + timedelta(seconds=5))
    view = opened(cast, "clerk", WEDNESDAY + timedelta(minutes=5))
    assert [(read.who, read.what) for read in view.readings] == [
        (CAST["clerk"].name, "Demande d'accès"),
        (CAST["clerk"].name, "Demande d'accès"),
        (CAST["general"].name, "Demande d'accès"),
    ]
    for _ in range(3):
        access_register.page(cast.visit("general", WEDNESDAY))
    listed = [row for row in kept(cast, "readings") if "Liste" in row["what"]]
    assert len(listed) == 1
    access_register.exported(cast.visit("clerk", WEDNESDAY))
    assert any("export" in row["what"] for row in kept(cast, "readings"))


def test_nothing_of_it_lies_in_the_open_nor_goes_to_words_drafts_or_mails(
    cast: Cast, received: Received
) -> None:
    general = cast.visit("general", WEDNESDAY)
    access.edit(general, NUMBER, {"note": "Rose Lemieux a rappelé."}, {})
    access_moves.noticed(general, NUMBER, WEDNESDAY.date())
    with cast.house.store.reading() as tx:
        for table in (*SQL.values(), HISTORY):
            lying = str(tx.rows(table.select()))
            assert not [word for word in SEALED if word in lying], table.name


def test_an_edit_of_two_people_merges_and_the_day_of_the_writing_moves_the_dates(
    cast: Cast, received: Received
) -> None:
    general, clerk = cast.visit("general", WEDNESDAY), cast.visit("clerk", WEDNESDAY)
    seen = dict(opened(cast).seen)
    assert access.edit(general, NUMBER, {"phone": "450 555-0188"}, seen).done
    assert access.edit(clerk, NUMBER, {"written_on": day("Mon 2026-12-07")}, seen).done
    view = opened(cast)
    assert view.seen["phone"] == "450 555-0188"
    assert view.due is not None and view.due.legal == day("Sun 2026-12-27")
    row = kept(cast, "access_requests")[0]
    assert (row["target_on"], row["legal_on"]) == (day("Wed 2026-12-23"), day("Sun 2026-12-27"))
    same = access.edit(general, NUMBER, {"phone": "450 555-0199"}, seen)
    assert not same.done and same.differences[0].theirs == "450 555-0188"
    assert grounds(lambda: access.edit(general, NUMBER, {"written_on": None}, view.seen)) == [
        ("LAI 47", "written_on")
    ]
    assert grounds(lambda: access.edit(general, NUMBER, {"state": "Reçue"}, view.seen)) == [("", "state")]
    assert grounds(lambda: access.edit(general, NUMBER, {"words": ""}, view.seen)) == [("", "words")]


def test_the_clerk_extends_once_by_a_notice_that_is_kept(cast: Cast, received: Received) -> None:
    clerk, general = cast.visit("clerk", WEDNESDAY), cast.visit("general", WEDNESDAY)
    today, ground = WEDNESDAY.date(), "Deux ans de registres à relire"
    assert grounds(lambda: access_moves.extend(general, NUMBER, 10, ground, today)) == [("P §4.6", "")]
    assert ("P §4.6", "extension_ground") in grounds(
        lambda: access_moves.prepare_extension(clerk, NUMBER, 10, "", today)
    )
    assert grounds(lambda: access_letters.preview(clerk, NUMBER, Paper.EXTENSION)) == [("LAI 47", "")]
    assert access_moves.prepare_extension(clerk, NUMBER, 10, ground, today).done
    assert access_letters.preview(clerk, NUMBER, Paper.EXTENSION).startswith(b"%PDF")
    view = opened(cast)
    assert view.due is not None and view.due.legal == day("Fri 2026-12-25"), "prepared is not extended"
    assert access_moves.extend(clerk, NUMBER, 10, ground, today).done
    assert access_moves.extend(clerk, NUMBER, 10, ground, today).done, "a second click does it once"
    assert len(kept(cast, "private_documents")) == 1
    view = opened(cast)
    assert view.standing.state is AccessState.EXTENDED
    assert view.due is not None and view.due.legal == day("Mon 2027-01-04")
    assert grounds(lambda: access_moves.extend(clerk, NUMBER, 5, ground, today)) == [("LAI 47", "")]


def test_a_third_party_is_told_and_heard_before_access_is_decided(cast: Cast, received: Received) -> None:
    general = cast.visit("general", WEDNESDAY)
    assert access_moves.third_party(general, NUMBER, "Pavage Nord inc.", WEDNESDAY.date()).done
    view = opened(cast)
    assert view.due is not None and view.due.legal == day("Wed 2027-01-13")
    decide = partial(access_moves.decide, general, NUMBER, Decision.GRANTED, {}, WEDNESDAY.date())
    assert grounds(decide) == [("LAI 49", "decision")]
    assert access_moves.heard(general, NUMBER, WEDNESDAY.date(), "Secret commercial.").done
    assert decide().done
    view = opened(cast)
    assert view.due is not None and view.due.legal == day("Fri 2026-12-25")


@pytest.mark.parametrize("decision", [Decision.REFUSED, Decision.PARTIAL])
def test_a_refusal_without_its_provision_neither_stands_nor_leaves(
    cast: Cast, received: Received, decision: Decision
) -> None:
    general, today = cast.visit("general", WEDNESDAY), WEDNESDAY.date()
    typed = {"reason": "Ces plans concernent la sécurité.", "provisions": ""}
    bare = partial(access_moves.decide, general, NUMBER, decision, typed, today)
    assert grounds(bare) == [("LAI 50", "provisions")]
    assert grounds(lambda: access_moves.answered(general, NUMBER, today)) == [("LAI 47", "")]
    full = {**typed, "provisions": "article 29"}
    assert access_moves.decide(general, NUMBER, decision, full, today).done
    with cast.house.store.writing() as tx:  # as an import or a hand in the database might leave it
        tx.update("access_requests", tx.find("access_requests")[0]["id"], {"provisions": None}, BY)
    assert grounds(lambda: access_moves.answered(general, NUMBER, today)) == [("LAI 50", "provisions")]
    assert not kept(cast, "private_documents")
    assert access_moves.decide(general, NUMBER, decision, full, today).done
    assert access_moves.answered(general, NUMBER, today).done
    assert opened(cast).standing.state is AccessState.ANSWERED


def test_the_whole_life_of_a_request_and_what_it_leaves(cast: Cast, received: Received) -> None:
    general, today = cast.visit("general", WEDNESDAY), WEDNESDAY.date()
    assert access_letters.preview(general, NUMBER, Paper.NOTICE).startswith(b"%PDF")
    assert access_moves.noticed(general, NUMBER, today).done
    assert access_moves.decide(general, NUMBER, Decision.NO_DOCUMENT, {"reason": "Aucun."}, today).done
    assert access_letters.preview(general, NUMBER, Paper.ANSWER).startswith(b"%PDF")
    assert access_moves.answered(general, NUMBER, today).done
    assert access_moves.answered(general, NUMBER, today).done
    view = opened(cast)
    assert view.light is Light.ANSWERED
    assert view.recourse_until == day("Fri 2027-01-08")
    assert {each.move for each in view.possible if each.allowed} == {AccessMove.EDIT}
    documents = kept(cast, "private_documents")
    assert [row["sent_on"] for row in documents] == [today, today]
    assert {row["name"].partition(" A2026")[0] for row in documents} == {"Avis de réception", "Réponse"}
    assert all(row["content"].startswith(b"%PDF") for row in kept(cast, "private_contents"))
    assert access.edit(general, NUMBER, {"note": "Classée."}, view.seen).done
    assert grounds(lambda: access.edit(general, NUMBER, {"words": "Autre"}, view.seen)) == [("P §4.6", "")]


def test_the_list_has_the_most_pressing_first_and_says_who_is_taken_to_be_refused(cast: Cast) -> None:
    desk = cast.visit("technician", MONDAY)
    for token, at in (("b", MONDAY), ("a", RECEIVED), ("c", moment("Mon 2026-11-09 09:00"))):
        access_intake.receive(desk, replace(ASKED, token=token, received_at=at))
    oral = replace(ASKED, token="d", written=False, received_at=MONDAY)
    access_intake.receive(desk, oral)
    page = access_register.page(cast.visit("clerk", WEDNESDAY))
    assert [(line.number, line.light) for line in page.lines] == [
        ("A2026-0003", Light.SILENT),
        ("A2026-0002", Light.RUNNING),
        ("A2026-0001", Light.RUNNING),
        ("A2026-0004", Light.NONE),
    ]
    assert (page.total, page.silent, page.pages) == (4, 1, 1)
    assert access_register.page(cast.visit("clerk", WEDNESDAY), done=True).lines == ()
    reason = {"reason": "Courriel du 9 décembre"}
    general = cast.visit("general", WEDNESDAY)
    assert access_moves.decide(general, "A2026-0003", Decision.WITHDRAWN, reason, WEDNESDAY.date()).done
    (ended,) = access_register.page(cast.visit("clerk", WEDNESDAY), done=True).lines
    assert (ended.number, ended.light) == ("A2026-0003", Light.WITHDRAWN)


def test_the_letters_say_what_was_typed_and_the_recourse(cast: Cast, received: Received) -> None:
    clerk, general, today = cast.visit("clerk", WEDNESDAY), cast.visit("general", WEDNESDAY), WEDNESDAY.date()
    access_moves.prepare_extension(clerk, NUMBER, 10, "Deux ans de registres *à relire*", today)
    words = paper(access_letters.preview(general, NUMBER, Paper.EXTENSION)).words
    for said in ("Deux ans de registres *à relire*", "de 10 jours", "4 janvier 2027", "trente (30) jours"):
        assert said in words
    access_moves.third_party(general, NUMBER, "Pavage Nord inc.", today)
    access_moves.heard(general, NUMBER, today, "Secret commercial.")
    typed = {"reason": "Sauf les prix.", "provisions": "article 23", "other_body": "de trop"}
    access_moves.decide(general, NUMBER, Decision.PARTIAL, typed, today)
    words = paper(access_letters.preview(general, NUMBER, Paper.ANSWER)).words
    for said in (
        "Sauf les prix.",
        "article 23",
        "15 jours",
        "article 49",
        "trente (30) jours",
        "Rose Lemieux",
    ):
        assert said in words
    for unsaid in ("Pavage Nord", "Secret commercial", "de trop"):
        assert unsaid not in words


def test_the_register_keeps_as_text_what_begins_like_a_formula(cast: Cast) -> None:
    desk = cast.visit("technician", MONDAY)
    for n, sign in enumerate("=+-@"):
        asked = replace(ASKED, token=f"t{n}", name=f"{sign}1+1", words=f'{sign}HYPERLINK("x")')
        access_intake.receive(desk, asked)
    book = load_workbook(BytesIO(access_register.exported(cast.visit("clerk", WEDNESDAY))))
    (sheet,) = book.worksheets
    rows = list(sheet.iter_rows())
    headers = [str(cell.value) for cell in rows[0]]
    assert {"Numéro", "Documents demandés", "Dernier jour", "Décision", "Délai"} <= set(headers)
    assert [row[0].value for row in rows[1:]] == [f"A2026-000{n}" for n in range(1, 5)]
    typed = [cell for row in rows[1:] for cell in row if str(cell.value)[:1] in "=+-@"]
    assert len(typed) == 8 and all(cell.data_type == "s" for cell in typed)


def test_the_letter_is_signed_by_who_is_in_charge_that_day(cast: Cast, received: Received) -> None:
    def signs(at: datetime) -> str:
        with cast.visit("general", at).writing() as counter:
            row = access.in_sight(counter, NUMBER)
            signatory: dict[str, str] = access_letters.values(counter, row, Paper.NOTICE)["signatory"]
            return signatory["name"]

    assert signs(WEDNESDAY) == CAST["general"].name
    rule = {
        "name": "access_officer", "value": "Ève Simard, archiviste", "valid_from": day("Thu 2026-12-10"),
        "article": "choisi par la ville",
    }  # fmt: skip
    with cast.house.store.writing() as tx:
        tx.insert("rules", rule, BY)
    assert signs(WEDNESDAY) == CAST["general"].name
    assert signs(moment("Thu 2026-12-10 09:00")) == "Ève Simard, archiviste"


def test_a_closing_learnt_later_moves_the_target_and_never_the_day_of_the_law(
    cast: Cast, received: Received
) -> None:
    with cast.house.store.writing() as tx:
        tx.insert("closings", {"day": date(2026, 12, 23), "label": "Tempête", "open": False}, BY)
    view = opened(cast)
    assert view.due is not None
    assert (view.due.due, view.due.legal) == (day("Tue 2026-12-22"), day("Fri 2026-12-25"))
