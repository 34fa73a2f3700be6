"""Responsables: who receives what on a day, annexe C, ends, successions, orphans."""

from datetime import date, timedelta
from typing import Any

from streamlit.testing.v1 import AppTest

from desk import registry, signed_forms
from policy.words import Duty
from tests.cast import TAXES, WORKS, Cast
from tests.desk.documents import PDF
from tests.desk.filing import filed, kept
from tests.pages.conftest import NINE, Sit, press, run, said


def fill(screen: AppTest, **values: Any) -> AppTest:
    """Fill annexe C's fields, the screen answering each time."""
    for name, value in values.items():
        for kind in (screen.selectbox, screen.text_input, screen.date_input, screen.checkbox):
            for each in kind:
                if each.key == f"re_{name}":
                    each.set_value(value)
        run(screen)
    return screen


def test_who_receives_on_a_day_and_who_has_nobody(sit: Sit, cast: Cast) -> None:
    filed(cast)
    screen = sit("responsables")
    told = said(screen).replace("\\", "")
    assert "Julie Gagnon" in told and "Réal Savard" in told and "1 dossier ouvert" in told
    assert TAXES in screen.warning[0].value
    screen.date_input(key="re_day").set_value(date(2025, 12, 31))
    run(screen)
    assert "Julie Gagnon" not in said(screen)


def test_a_designation_that_lacks_something_is_refused_beside_the_form_and_loses_nothing(
    sit: Sit, cast: Cast
) -> None:
    before = len(kept(cast, "designations"))
    screen = fill(sit("responsables"), department=cast.departments[TAXES], person="Rita Caron")
    press(screen, "re_save")
    assert "annexe C" in screen.error[0].value
    assert screen.text_input(key="re_person").value == "Rita Caron"
    assert len(kept(cast, "designations")) == before
    again = sit("responsables", at=NINE + timedelta(days=1))  # begun, found again in another session
    assert again.text_input(key="re_person").value == "Rita Caron"


def test_the_account_of_the_name_typed_is_proposed_and_opens_the_files(sit: Sit, cast: Cast) -> None:
    screen = fill(sit("responsables"), department=cast.departments[WORKS], person="roy  NADIA",
                  email="travaux@prevost.test")  # fmt: skip
    assert screen.selectbox(key="re_account").value == cast.accounts["planner"]
    press(screen, "re_save")
    (row,) = [each for each in kept(cast, "designations") if each["person"] == "roy  NADIA"]
    assert row["account"] == cast.accounts["planner"]
    assert "n’ouvre pas les dossiers" not in screen.success[0].value
    fill(screen, department=cast.departments[TAXES], person="Rita Caron", email="rita@prevost.test")
    assert screen.selectbox(key="re_account").value is None
    press(screen, "re_save")
    assert "n’ouvre pas les dossiers" in screen.success[0].value
    told = said(screen).replace("\\", "")
    assert told.count("n’ouvre pas les dossiers") >= 2  # said now, and beside the name


def test_a_successor_is_told_what_follows_and_takes_over_on_the_day(sit: Sit, cast: Cast) -> None:
    filed(cast)
    screen = fill(
        sit("responsables"), department=cast.departments[WORKS], person="Rita Caron",
        email="rita@prevost.test", director="Denis Bélanger", extension="2320", starts=date(2026, 11, 23),
    )  # fmt: skip
    assert "1 dossier ouvert de Julie Gagnon passe" in said(screen).replace("\\", "")
    press(screen, "re_save")
    assert "Rita Caron est désigné(e)" in screen.success[0].value
    assert screen.text_input(key="re_person").value == ""
    assert "Rita" not in said(sit("responsables", at=NINE))
    screen = sit("responsables")
    screen.date_input(key="re_day").set_value(date(2026, 11, 23))
    assert "Rita Caron" in said(run(screen))


def test_a_substitute_has_dates_and_can_end_earlier(sit: Sit, cast: Cast) -> None:
    screen = fill(
        sit("responsables"), department=cast.departments[WORKS], duty=Duty.SUBSTITUTE.value,
        person="Rita Caron", email="rita@prevost.test", director="Denis Bélanger", extension="2320",
        starts=date(2026, 11, 16), ends=date(2026, 11, 27),
    )  # fmt: skip
    press(screen, "re_save")
    fill(screen, history=cast.departments[WORKS])
    (row,) = [row for row in kept(cast, "designations") if row["person"] == "Rita Caron"]
    screen.date_input(key=f"re_last_{row['id']}").set_value(date(2026, 11, 20))
    run(screen)
    press(screen, f"re-end-{row['id']}")
    (row,) = [row for row in kept(cast, "designations") if row["person"] == "Rita Caron"]
    assert row["ends_on"] == date(2026, 11, 20)
    press(screen, f"re-sign-{row['id']}")
    assert "marquée signée" in screen.success[0].value


def test_who_only_reads_the_registry_has_no_form(sit: Sit, cast: Cast) -> None:
    screen = fill(sit("responsables", "secretary"), history=cast.departments[WORKS])
    assert "Julie Gagnon" in said(screen)
    assert not list(screen.button) and not forms(screen)


def test_annexe_c_prints_beside_each_designation_for_who_keeps_the_registry(sit: Sit, cast: Cast) -> None:
    screen = fill(sit("responsables", "technician"), history=cast.departments[WORKS])
    designations = kept(cast, "designations", department=cast.departments[WORKS])
    assert sorted(forms(screen)) == sorted(f"/telecharger/annexe-c?id={each['id']}" for each in designations)


def forms(screen: AppTest) -> list[str]:
    """Where annexe C can be printed."""
    return [each.proto.url for each in screen.get("link_button") if "annexe-c" in each.proto.url]


def test_a_scan_is_taken_off_with_a_reason_and_the_designation_is_not_signed_any_more(
    sit: Sit, cast: Cast
) -> None:
    desk = cast.visit("technician", NINE)
    (holder, *_) = registry.history(desk, cast.departments[WORKS])
    registry.sign(desk, holder.id, employee=False, director=False)
    form = signed_forms.keep(desk, holder.id, "c.pdf", PDF)
    screen = sit("responsables")
    screen.selectbox(key="re_history").set_value(cast.departments[WORKS])
    run(screen)
    press(screen, f"re-remove-{form.id}")
    assert "Dites pourquoi" in screen.error[0].value
    screen.text_input(key=f"re_why_{form.id}").set_value("Mauvais service")
    run(screen)
    press(screen, f"re-remove-{form.id}")
    assert "n’est plus signée" in screen.success[0].value
    assert "retiré par" in said(screen) and "Mauvais service" in said(screen)
    press(screen, f"re-sign-{holder.id}")
    press(screen, f"re-unsign-{holder.id}")
    assert "non signée" in screen.success[0].value
