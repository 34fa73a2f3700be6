"""R-60: what is confided is seen by who confided it, taken back by one act, never confided twice over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from desk import absences, confided, files, registry, signed_forms
from desk.absences import Absence
from desk.scope import NotFound
from policy.reasons import Refused
from policy.words import Duty
from sync.history import Did, entries
from sync.states import MailKind
from tests.cast import PLANNING, WORKS, Cast, day, moment
from tests.desk.filing import BY, TEN, filed, kept
from tests.desk.test_people_here import ANNE, FRIDAY, MONDAY, SCAN, received_by

WEDNESDAY = moment("Wed 2026-12-09 08:30")


def mails(cast: Cast) -> list[tuple[str, str]]:
    rows = kept(cast, "mails", kind=MailKind.SUBSTITUTE)
    return [(row["to_address"], row["subject"]) for row in sorted(rows, key=lambda row: row["created_at"])]


def test_what_is_confided_is_seen_and_the_substitute_told_once(cast: Cast) -> None:
    secretary = cast.visit("secretary", TEN)
    assert confided.mine(secretary) == ()
    for _ in range(2):
        absences.confide(secretary, ANNE)
    (seen,) = confided.mine(secretary)
    assert (seen.departments, seen.person, seen.starts_on, seen.ends_on) == (
        (WORKS,), "Anne Côté", MONDAY, FRIDAY,
    )  # fmt: skip
    assert seen.own and not seen.begun
    assert mails(cast) == [("anne@prevost.test", "Vous remplacez Julie Gagnon")]
    (mail,) = kept(cast, "mails", kind=MailKind.SUBSTITUTE)
    assert "7 décembre 2026" in mail["message"].decode("utf-8", "replace").replace("=C3=A9", "é")
    for who in ("other_secretary", "planner", "outsider", "technician"):
        assert confided.mine(cast.visit(who, TEN)) == (), who
    assert confided.mine(cast.visit("secretary", moment("Mon 2026-12-14 10:00"))) == ()


def test_before_its_first_day_it_is_undone_whole_and_a_second_click_is_harmless(cast: Cast) -> None:
    secretary = cast.visit("secretary", TEN)
    absences.confide(secretary, ANNE)
    (seen,) = confided.mine(secretary)
    said = {confided.take_back(cast.visit("secretary", TEN + timedelta(hours=n)), seen.designations)
            for n in (1, 2)}  # fmt: skip
    assert said == {"Vous recevez de nouveau vos requêtes : rien de cela n’est plus confié."}
    assert confided.mine(secretary) == () and kept(cast, "designations", duty=Duty.SUBSTITUTE) == []
    assert received_by(cast, "Tue 2026-12-08 10:00")[0] == "Julie Gagnon"
    assert [subject for _, subject in mails(cast)] == [
        "Vous remplacez Julie Gagnon", "Vous ne remplacez plus Julie Gagnon",
    ]  # fmt: skip
    with cast.house.store.reading() as tx:
        told = entries(tx, "designations", seen.designations[0])
    assert [entry.did for entry in told] == [Did.CREATED, Did.DELETED]
    absences.confide(secretary, ANNE)  # these days are free again
    assert len(mails(cast)) == 3


def test_back_before_the_last_day_the_rest_comes_back_and_the_past_stays(cast: Cast) -> None:
    absences.confide(cast.visit("secretary", TEN), ANNE)
    back = cast.visit("secretary", WEDNESDAY)
    (seen,) = confided.mine(back)
    assert seen.begun
    confided.take_back(back, seen.designations)
    (row,) = kept(cast, "designations", duty=Duty.SUBSTITUTE)
    assert row["ends_on"] == day("Tue 2026-12-08")
    assert received_by(cast, "Tue 2026-12-08 10:00")[0] == "Anne Côté"
    assert received_by(cast, "Wed 2026-12-09 10:00")[0] == "Julie Gagnon"
    version = row["version"]
    confided.take_back(back, seen.designations)
    (row,) = kept(cast, "designations", duty=Duty.SUBSTITUTE)
    assert row["version"] == version and len(mails(cast)) == 2


def test_who_stood_in_opens_the_files_no_more(cast: Cast) -> None:
    filed(cast)
    nadia = Absence(
        day("Mon 2026-11-16"), FRIDAY, "Nadia Roy", "nadia@prevost.test", "", cast.accounts["planner"]
    )
    secretary = cast.visit("secretary", TEN)
    absences.confide(secretary, nadia)
    assert files.open(cast.visit("planner", TEN), "2026-00001").number == "2026-00001"
    (seen,) = confided.mine(secretary)
    assert seen.begun
    confided.take_back(secretary, seen.designations)  # the very day: it was a mistake
    with pytest.raises(NotFound):
        files.open(cast.visit("planner", TEN), "2026-00001")
    absences.confide(secretary, replace(nadia, person="Anne Côté", account=cast.accounts["other_secretary"]))


def test_one_that_was_signed_stays_in_the_registry_and_holds_no_day(cast: Cast) -> None:
    secretary = cast.visit("secretary", TEN)
    absences.confide(secretary, ANNE)
    (seen,) = confided.mine(secretary)
    signed_forms.keep(cast.visit("technician", TEN), seen.designations[0], "annexe C.pdf", SCAN)
    confided.take_back(secretary, seen.designations)
    assert confided.mine(secretary) == ()
    assert received_by(cast, "Mon 2026-12-07 10:00")[0] == "Julie Gagnon"
    absences.confide(secretary, ANNE)


def test_only_who_confided_it_takes_it_back(cast: Cast) -> None:
    registry.designate(
        cast.visit("technician", TEN),
        registry.Designation(
            cast.departments[WORKS], Duty.SUBSTITUTE, "Anne Côté", "anne@prevost.test", MONDAY, ends_on=FRIDAY
        ),
    )
    secretary = cast.visit("secretary", TEN)
    (seen,) = confided.mine(secretary)
    assert not seen.own
    for who in ("secretary", "other_secretary", "planner"):
        with pytest.raises(Refused, match="quelqu'un d'autre"):
            confided.take_back(cast.visit(who, TEN), seen.designations)
    with pytest.raises(Refused, match="réservé"):
        confided.take_back(cast.visit("outsider", TEN), seen.designations)
    (reception,) = kept(cast, "designations", department=cast.departments[PLANNING])
    assert "de nouveau" in confided.take_back(secretary, (reception["id"],))  # no substitute: untouched
    assert kept(cast, "designations", id=reception["id"]) == [reception]


@pytest.mark.parametrize(
    ("first", "last"),
    [("Fri 2026-12-11", "Mon 2026-12-14"), ("Tue 2026-12-01", "Mon 2026-12-07"),
     ("Tue 2026-12-08", "Wed 2026-12-09"), ("Tue 2026-12-01", "Thu 2026-12-31")],
)  # fmt: skip
def test_days_confided_already_are_refused_saying_to_whom(cast: Cast, first: str, last: str) -> None:
    secretary = cast.visit("secretary", TEN)
    absences.confide(secretary, ANNE)
    nadia = Absence(day(first), day(last), "Nadia Roy", "nadia@prevost.test")
    with pytest.raises(Refused, match="déjà confié à Anne Côté du 7 décembre 2026 au 11 décembre 2026"):
        absences.confide(secretary, nadia)
    assert len(kept(cast, "designations", duty=Duty.SUBSTITUTE)) == len(mails(cast)) == 1


def test_what_two_departments_confide_is_one_line_and_one_mail(cast: Cast) -> None:
    (row,) = kept(cast, "designations", department=cast.departments[PLANNING])
    with cast.house.store.writing() as tx:
        tx.update("designations", row["id"], {"person": "Gagnon, Julie"}, BY)
    secretary = cast.visit("secretary", TEN)
    absences.confide(secretary, ANNE)
    (seen,) = confided.mine(secretary)
    assert set(seen.departments) == {WORKS, PLANNING} and len(mails(cast)) == 1
    confided.take_back(secretary, seen.designations)
    assert confided.mine(secretary) == () and len(mails(cast)) == 2
