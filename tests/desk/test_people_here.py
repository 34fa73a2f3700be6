"""Who is here and who stands in: availability beside the names, absences confided, annexe C brought back."""

from datetime import timedelta

import pytest

from desk import absences, files, intake, moves, presences, registry, signed_forms
from desk.absences import Absence
from desk.scope import NotFound
from policy.reasons import Refused
from policy.words import Duty, Presence
from sync.outside import shapes
from tests.cast import PLANNING, WORKS, Cast, day, moment
from tests.desk.demands import demand, opened
from tests.desk.filing import BY, TEN, kept

MONDAY, FRIDAY = day("Mon 2026-12-07"), day("Fri 2026-12-11")
ANNE = Absence(MONDAY, FRIDAY, "Anne Côté", "anne@prevost.test", "2311")
SCAN = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


def received_by(cast: Cast, at: str = "") -> tuple[str, ...]:
    moment_asked = moment(at) if at else TEN
    return intake.preview(cast.visit("technician", moment_asked), demand(cast)).responsables


def test_the_desk_reads_beside_the_name_that_somebody_is_in_a_meeting(cast: Cast) -> None:
    assert received_by(cast)[0] == "Julie Gagnon"
    presences.say(cast.visit("secretary", TEN), Presence.MEETING, TEN + timedelta(hours=2))
    assert received_by(cast)[0].startswith("Julie Gagnon (en réunion, de retour à ")
    presences.say(cast.visit("secretary", TEN), Presence.AVAILABLE)
    assert received_by(cast)[0] == "Julie Gagnon"


def test_the_registry_says_it_of_today_and_of_no_other_day(cast: Cast) -> None:
    presences.say(cast.visit("secretary", TEN), Presence.AWAY, TEN + timedelta(days=2))
    technician = cast.visit("technician", TEN)

    def where(on: str) -> str:
        post = next(each for each in registry.on(technician, day(on)) if each.name == WORKS)
        assert post.reception is not None
        return post.reception.where

    assert "absent du bureau" in where("Mon 2026-11-16") and where("Tue 2026-11-17") == ""


def test_whoever_routes_by_hand_reads_it_too_and_nobody_without_a_queue(cast: Cast) -> None:
    presences.say(cast.visit("secretary", TEN), Presence.MEETING)
    names = registry.receiving(cast.visit("technician", TEN), cast.departments[WORKS])
    assert names[0] == "Julie Gagnon (en réunion)"
    with pytest.raises(Refused):
        registry.receiving(cast.visit("outsider", TEN), cast.departments[WORKS])


@pytest.mark.parametrize("spelled", ["Gagnon, Julie", "GAGNON JULIE", "julie gagnon", "Julie  M. Gagnon"])
def test_a_name_is_the_same_however_annexe_c_spells_it(cast: Cast, spelled: str) -> None:
    respelled(cast, spelled)
    presences.say(cast.visit("secretary", TEN), Presence.MEETING)
    assert received_by(cast)[0] == f"{spelled} (en réunion)"
    assert absences.receives_for(cast.visit("secretary", TEN)) == [WORKS]


def test_of_a_name_two_accounts_bear_nothing_is_said(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        tx.update("accounts", cast.accounts["planner"], {"name": "Gagnon Julie"}, BY)
    presences.say(cast.visit("planner", TEN), Presence.MEETING)
    assert received_by(cast)[0] == "Julie Gagnon"
    assert absences.receives_for(cast.visit("planner", TEN)) == []
    assert absences.receives_for(cast.visit("secretary", TEN)) == []
    respelled(cast, "Julie Gagnon", account=cast.accounts["planner"])  # the account says which
    assert absences.receives_for(cast.visit("planner", TEN)) == [WORKS]
    assert absences.receives_for(cast.visit("secretary", TEN)) == []
    respelled(cast, "Julie Gagnon", account=None, email="julie@prevost.test")  # the e-mail says which
    assert absences.receives_for(cast.visit("secretary", TEN)) == [WORKS]
    assert absences.receives_for(cast.visit("planner", TEN)) == []


def respelled(cast: Cast, person: str, **more: str | None) -> None:
    """Travaux publics is received by that name."""
    (row,) = kept(cast, "designations", department=cast.departments[WORKS], duty=Duty.RECEPTION)
    with cast.house.store.writing() as tx:
        tx.update("designations", row["id"], {"person": person, **more}, BY)


def test_the_desk_sees_where_everybody_is_also_who_is_designated_for_nothing(cast: Cast) -> None:
    presences.say(cast.visit("director", TEN), Presence.MEETING)
    presences.say(cast.visit("outsider", TEN), Presence.AVAILABLE)
    technician = cast.visit("technician", TEN)
    where = {each.name: each.where for each in presences.everyone(technician)}
    assert where["Denis Bélanger"] == "en réunion"
    assert where["Omar Haddad"] == "disponible, dit à 10 h" and where["Paul Lavoie"] == ""
    assert "Hélène Fortin" not in where
    later = presences.everyone(cast.visit("technician", TEN + timedelta(days=1)), "haddad")
    assert [(each.name, each.extension, each.where) for each in later] == [("Omar Haddad", "2500", "")]
    assert [each.name for each in presences.everyone(technician, "URBANISME")] == ["Nadia Roy"]
    assert presences.may_see_all(technician) and not presences.may_see_all(cast.visit("planner", TEN))
    with pytest.raises(Refused, match="réservé"):
        presences.everyone(cast.visit("secretary", TEN))


def test_saying_it_wrong_changes_nothing(cast: Cast) -> None:
    secretary = cast.visit("secretary", TEN)
    presences.say(secretary, Presence.MEETING)
    with pytest.raises(Refused, match="de retour"):
        presences.say(secretary, Presence.AWAY)
    assert presences.mine(secretary).presence is Presence.MEETING


def test_an_absence_is_confided_for_all_that_one_receives_and_twice_is_once(cast: Cast) -> None:
    secretary = cast.visit("secretary", TEN)
    assert absences.receives_for(secretary) == [WORKS]
    names = [each.name for each in absences.colleagues(secretary).values()]
    assert "Anne Côté" in names and "Julie Gagnon" not in names
    for _ in range(2):
        (done,) = absences.confide(secretary, ANNE)
        assert (done.department, done.person) == (WORKS, "Anne Côté")
    history = registry.history(secretary, cast.departments[WORKS])
    assert [each.person for each in history].count("Anne Côté") == 1
    assert received_by(cast, "Tue 2026-12-08 10:00")[0] == "Anne Côté"
    assert received_by(cast, "Mon 2026-12-14 10:00")[0] == "Julie Gagnon"


def test_whoever_stands_in_opens_the_files_of_the_department_on_those_days_and_no_others(cast: Cast) -> None:
    """R-60: what is confided to somebody of another department can be worked on, not only read in a mail."""
    file = opened(cast)
    nadia = cast.accounts["planner"]
    in_her_place = Absence(MONDAY, FRIDAY, "Nadia Roy", "nadia@prevost.test", "2410", nadia)
    (confided,) = absences.confide(cast.visit("secretary", TEN), in_her_place)
    assert confided.person == "Nadia Roy"
    for at, opens in (
        ("Fri 2026-12-04 10:00", False), ("Mon 2026-12-07 08:30", True), ("Fri 2026-12-11 16:00", True),
        ("Sat 2026-12-12 08:30", False),
    ):  # fmt: skip
        visit = cast.visit("planner", moment(at))
        with visit.reading() as counter:
            assert (cast.departments[WORKS] in counter.person.departments) is opens, at
        if opens:
            assert files.open(visit, file.number).number == file.number
        else:
            with pytest.raises(NotFound):
                files.open(visit, file.number)
    moves.take(cast.visit("planner", moment("Mon 2026-12-07 08:31")), file.id)
    assert kept(cast, "accounts", id=nadia)[0]["departments"] == [cast.departments[PLANNING]]


def test_a_designation_entrusts_to_an_account_until_another_replaces_it(cast: Cast) -> None:
    technician, planner = cast.visit("technician", TEN), cast.accounts["planner"]

    def designate(person: str, account: str, on: str) -> registry.Holder:
        works = cast.departments[WORKS]
        asked = registry.Designation(
            works, Duty.RECEPTION, person, "a@prevost.test", day(on), account=account
        )
        return registry.designate(technician, asked)

    def entrusted(at: str) -> bool:
        with cast.visit("planner", moment(at)).reading() as counter:
            return cast.departments[WORKS] in counter.person.departments

    assert designate("Nadia Roy", planner, "Mon 2026-11-16").opens
    assert not designate("Léa Dupuis", "", "Mon 2026-11-23").opens
    assert entrusted("Fri 2026-11-20 10:00") and not entrusted("Mon 2026-11-23 10:00")
    for account in (cast.accounts["outsider"], "jamais-vu"):
        with pytest.raises(Refused, match="n'ouvre pas de file"):
            designate("Omar Haddad", account, "Mon 2026-11-30")


def test_the_account_of_a_name_that_two_people_bear_is_proposed_to_nobody(cast: Cast) -> None:
    technician, planner = cast.visit("technician", TEN), cast.accounts["planner"]
    assert registry.account_of(technician, "roy, NADIA") == planner
    assert registry.account_of(technician, "Omar Haddad") == ""  # his account opens no file
    with cast.house.store.writing() as tx:
        tx.update("accounts", cast.accounts["outsider"], {"name": "Nadia Roy"}, BY)
    assert registry.account_of(technician, "Nadia Roy") == ""


def test_the_registry_says_who_would_not_open_the_files(cast: Cast) -> None:
    post = next(e for e in registry.on(cast.visit("technician", TEN), TEN.date()) if e.name == WORKS)
    assert (
        post.reception is not None and post.reception.opens
    )  # Julie Gagnon's own account has the department
    assert post.execution is not None and not post.execution.opens  # Réal Savard has no account


def test_a_designation_typed_over_in_a_table_outside_entrusts_nobody(cast: Cast) -> None:
    in_her_place = Absence(MONDAY, FRIDAY, "Nadia Roy", "nadia@prevost.test", "", cast.accounts["planner"])
    absences.confide(cast.visit("secretary", TEN), in_her_place)
    (row,) = kept(cast, "designations", duty=Duty.SUBSTITUTE)
    with cast.visit("technician", TEN).writing() as counter:
        registry.correct_in(counter, row["id"], {"person": "Marc Dubé"})
    assert kept(cast, "designations", id=row["id"])[0]["account"] is None
    shape = next(each for each in shapes(True) if each.table == "designations")
    assert "account" not in [column.name for column in shape.columns]


@pytest.mark.parametrize(
    ("absence", "said"),
    [
        (Absence(None, FRIDAY, "Anne Côté", "anne@prevost.test"), "premier et le dernier jour"),
        (Absence(day("Sun 2026-11-15"), FRIDAY, "Anne Côté", "anne@prevost.test"), "un jour à venir"),
        (Absence(MONDAY, day("Sun 2026-12-06"), "Anne Côté", "anne@prevost.test"), "avant d'avoir commencé"),
        (Absence(MONDAY, FRIDAY, "Julie Gagnon", "julie@prevost.test"), "d'autre que vous"),
        (Absence(MONDAY, FRIDAY, "Anne Côté", "anne"), "adresse courriel"),
    ],
)
def test_an_absence_said_wrong_is_refused_with_what_is_missing(
    cast: Cast, absence: Absence, said: str
) -> None:
    secretary = cast.visit("secretary", TEN)
    before = registry.history(secretary, cast.departments[WORKS])
    with pytest.raises(Refused, match=said):
        absences.confide(secretary, absence)
    assert registry.history(secretary, cast.departments[WORKS]) == before


def test_who_receives_nothing_has_nothing_to_confide(cast: Cast) -> None:
    assert absences.receives_for(cast.visit("outsider", TEN)) == ()
    with pytest.raises(Refused, match="rien n'est à confier"):
        absences.confide(cast.visit("other_secretary", TEN), ANNE)
    with pytest.raises(Refused, match="réservé"):
        absences.confide(cast.visit("outsider", TEN), ANNE)


def test_the_signed_form_comes_back_on_its_designation(cast: Cast) -> None:
    technician = cast.visit("technician", TEN)
    holder = registry.designate(
        technician,
        registry.Designation(cast.departments[WORKS], Duty.RECEPTION, "Anne Côté", "a@prevost.test", MONDAY),
    )
    form = signed_forms.keep(technician, holder.id, "annexe C signée.pdf", SCAN)
    assert signed_forms.of(technician)[holder.id] == (form,)
    assert signed_forms.read(technician, form.id)[1] == SCAN
    shown = next(e for e in registry.history(technician, cast.departments[WORKS]) if e.id == holder.id)
    assert shown.signed


def is_signed(cast: Cast, designation: str) -> bool:
    found = registry.history(cast.visit("technician", TEN), cast.departments[WORKS])
    return next(each.signed for each in found if each.id == designation)


def test_a_scan_put_on_the_wrong_designation_is_taken_off_and_the_signatures_follow(cast: Cast) -> None:
    technician = cast.visit("technician", TEN)
    (holder, *_) = registry.history(technician, cast.departments[WORKS])
    registry.sign(technician, holder.id, employee=True, director=False)
    first = signed_forms.keep(technician, holder.id, "c.pdf", SCAN)
    later = cast.visit("technician", TEN + timedelta(hours=1))
    second = signed_forms.keep(later, holder.id, "encore.pdf", SCAN)
    assert [form.id for form in signed_forms.of(technician)[holder.id]] == [second.id, first.id]
    assert signed_forms.read(technician, first.id)[1] == SCAN, "each is read, not the latest alone"
    with pytest.raises(Refused, match="Dites pourquoi"):
        signed_forms.remove(technician, first.id, " ")
    with pytest.raises(Refused, match="réservé"):
        signed_forms.remove(cast.visit("secretary", TEN), first.id, "x")
    assert signed_forms.remove(technician, first.id, "Celui d'un autre service."), "another scan is there"
    assert not signed_forms.remove(technician, second.id, "Aussi.")
    assert not signed_forms.remove(technician, second.id, "Aussi."), "a second click"
    assert not is_signed(cast, holder.id)
    (row,) = kept(cast, "designations", id=holder.id)
    assert (row["employee_signed"], row["director_signed"], row["signed_on"]) == (True, False, TEN.date())
    assert kept(cast, "signed_form_contents") == []
    *_, told = signed_forms.of(technician)[holder.id]
    assert (told.removed_by, told.removed_why) == ("Luc Tremblay", "Celui d'un autre service.")
    with pytest.raises(Refused, match="n'existe pas"):
        signed_forms.read(technician, first.id)


def test_a_signature_marked_by_hand_outlives_a_scan_and_is_taken_back_by_hand(cast: Cast) -> None:
    technician = cast.visit("technician", TEN)
    (holder, *_) = registry.history(technician, cast.departments[WORKS])
    registry.sign(technician, holder.id, employee=True, director=True)
    form = signed_forms.keep(technician, holder.id, "c.pdf", SCAN)
    assert signed_forms.remove(technician, form.id, "Illisible.")
    registry.sign(technician, holder.id, employee=False, director=False)
    (row,) = kept(cast, "designations", id=holder.id)
    assert not is_signed(cast, holder.id) and row["signed_on"] is None


def test_only_a_scan_by_who_keeps_the_registry_is_taken(cast: Cast) -> None:
    technician = cast.visit("technician", TEN)
    (holder, *_) = registry.history(technician, cast.departments[WORKS])
    with pytest.raises(Refused, match="PDF ou une image"):
        signed_forms.keep(technician, holder.id, "note.txt", b"bonjour")
    with pytest.raises(Refused, match="réservé"):
        signed_forms.keep(cast.visit("secretary", TEN), holder.id, "c.pdf", SCAN)
    with pytest.raises(Refused, match="n'existe pas"):
        signed_forms.keep(technician, "nulle", "c.pdf", SCAN)
    assert signed_forms.of(technician) == {}
