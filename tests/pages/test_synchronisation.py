"""Synchronisation on screen: how the table goes, what the director settles, what others do not see."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from policy.words import State
from sync.link_tables import HELD, REMOTE_NOTICES, REMOTE_TABLES, REMOTES, Held, Tie
from tests.cast import Cast
from tests.desk.filing import TEN, filed, kept
from tests.desk.outside import Table, hold, insert, ledger, link, remote, row_there
from tests.pages.conftest import NINE, Sit, press, run, said


def change(cast: Cast, **values: Any) -> None:
    with cast.house.store.writing() as tx:
        tx.connection.execute(sa.update(REMOTES).values(values))


@pytest.fixture
def row(cast: Cast) -> str:
    remote(cast)
    file = filed(cast, state=State.PLANNED, planned_on=date(2026, 11, 25))
    return row_there(cast, "rec1", Tie.LINKED, record=file["id"], open=False, agreed_at=NINE)


@pytest.fixture
def dispute(cast: Cast, row: str) -> str:
    return hold(cast, row, "planned_on", raw="2026-11-30", theirs="2026-11-30")


def test_a_town_without_a_table_is_told_how_to_begin(sit: Sit) -> None:
    screen = sit("synchronisation", "director")
    assert "docs/synchronisation.md" in screen.info[0].value and not screen.button


def test_when_both_sides_agree_it_says_so(sit: Sit, cast: Cast) -> None:
    filed(cast)
    table = Table(cast)
    table.run()
    table.run()
    screen = sit("synchronisation", "director", at=table.now)
    assert screen.success[0].value.startswith("Tout concorde\\. Dernier échange avec Airtable à 10 h 02")
    assert "**Dossiers** — 1 ligne · dernier échange à 10 h 02" in said(screen)


def test_a_failure_is_told_with_its_hour_and_whether_somebody_must_act(sit: Sit, cast: Cast) -> None:
    remote(cast)
    change(cast, error="La base ne répond pas.", failing_since=NINE)
    screen = sit("synchronisation", "admin", at=TEN)
    assert "échouent depuis 9 h \\: La base ne répond pas" in screen.warning[0].value
    assert "réessaie" in screen.warning[0].value
    change(cast, needs_person=True)
    assert "réessaie" not in run(screen).warning[0].value


def test_a_dispute_shows_both_sides_and_ours_is_kept_by_one_gesture(
    sit: Sit, cast: Cast, dispute: str
) -> None:
    screen = sit("synchronisation", "director")
    told = said(screen)
    for words in ("Litiges (1)", "mercredi 25 novembre 2026", "lundi 30 novembre 2026", "Date prévue",
                  "(/dossier?numero=2026-00001)"):  # fmt: skip
        assert words in told
    press(screen, f"sy-ours-{dispute}")
    assert "la valeur du guichet est gardée" in screen.success[0].value
    assert "Litiges" not in said(screen)
    assert ledger(cast, HELD)[0]["settled_by"] == "Denis Bélanger"


def test_theirs_is_taken_by_one_gesture_and_a_late_click_is_told_so(
    sit: Sit, cast: Cast, dispute: str
) -> None:
    first, second = (sit("synchronisation", "director") for _ in range(2))
    press(first, f"sy-theirs-{dispute}")
    (file,) = kept(cast, "files")
    assert file["planned_on"] == date(2026, 11, 30)
    press(second, f"sy-ours-{dispute}")
    assert "déjà réglé par Denis Bélanger" in second.success[0].value


def test_a_value_the_policy_refuses_says_why_and_stays_to_be_settled(sit: Sit, cast: Cast, row: str) -> None:
    held = hold(cast, row, "state", raw="Nouvelle", theirs="Nouvelle")
    screen = press(sit("synchronisation", "director"), f"sy-theirs-{held}")
    assert "ne se choisit pas dans la table" in screen.error[0].value
    assert "Litiges (1)" in said(screen)


def test_a_refused_value_offers_only_ours(sit: Sit, cast: Cast, row: str) -> None:
    held = hold(cast, row, "planned_on", Held.REJECTED, raw="bientôt", words="Ce n'est pas une date.")
    screen = sit("synchronisation", "director")
    assert "Valeurs refusées (1)" in said(screen) and "bientôt" in said(screen)
    assert f"sy-theirs-{held}" not in {each.key for each in screen.button}
    press(screen, f"sy-ours-{held}")
    assert "Valeurs refusées" not in said(screen)


def test_the_administrator_sees_counts_and_no_value(sit: Sit, cast: Cast, dispute: str) -> None:
    screen = sit("synchronisation", "admin")
    told = said(screen)
    assert "1 litige" in told and "Le directeur règle" in told
    assert "2026-00001" not in told and "30 novembre" not in told


def test_a_pause_without_a_reason_is_refused_then_told_with_its_reason(sit: Sit, cast: Cast) -> None:
    remote(cast)
    screen = press(sit("synchronisation", "admin"), "sy-pause")
    assert "motif" in screen.error[0].value
    screen.text_input(key="sy_reason").set_value("On déplace la base")
    run(screen)
    press(screen, "sy-pause")
    assert "est en pause depuis 9 h, par Ida Nguyen \\: On déplace la base" in screen.warning[0].value
    press(screen, "sy-resume")
    assert not screen.warning and ledger(cast, REMOTES)[0]["paused_at"] is None


def test_an_exchange_is_asked_for_and_begins_elsewhere(sit: Sit, cast: Cast) -> None:
    remote(cast)
    press(sit("synchronisation", "director"), "sy-wake")
    assert ledger(cast, REMOTES)[0]["woken_at"] == NINE


def test_a_frozen_table_says_how_many_rows_before_it_is_thawed(sit: Sit, cast: Cast) -> None:
    remote(cast)
    for n in range(7):
        file = filed(cast, f"2026-0000{n}")
        row_there(cast, f"rec{n}", Tie.LINKED, record=file["id"], absences=1)
    insert(cast, REMOTE_TABLES, remote="airtable", table_name="files", frozen_at=NINE, frozen_why="7 lignes.")
    keeper = sit("synchronisation", "admin")
    assert "Le directeur la dégèle" in said(keeper)
    assert not [each for each in keeper.button if (each.key or "").startswith("sy-thaw")]
    screen = sit("synchronisation", "director")
    assert "7 lignes de « Dossiers » seront recréées dans la table" in said(screen).replace("\\", "")
    press(screen, "sy-thaw-files-LET_GO")
    assert "est dégelée" in screen.success[0].value
    assert "Lignes laissées hors de la table (7)" in [each.label for each in screen.expander]


def test_a_table_frozen_without_a_missing_row_only_starts_again(sit: Sit, cast: Cast) -> None:
    remote(cast)
    insert(cast, REMOTE_TABLES, remote="airtable", table_name="files", frozen_at=NINE, frozen_why="x")
    screen = sit("synchronisation", "director")
    thaws = [each.key for each in screen.button if (each.key or "").startswith("sy-thaw")]
    assert thaws == ["sy-thaw-files-LET_GO"]
    assert not [
        each
        for each in press(screen, "sy-thaw-files-LET_GO").button
        if (each.key or "").startswith("sy-thaw")
    ]


def test_a_restored_store_waits_for_the_directors_word(sit: Sit, cast: Cast) -> None:
    remote(cast)
    change(cast, restored_at=NINE)
    assert "sy-confirm" not in {each.key for each in sit("synchronisation", "admin").button}
    screen = press(sit("synchronisation", "director"), "sy-confirm")
    assert "écrit de nouveau dans Airtable" in screen.success[0].value
    assert ledger(cast, REMOTES)[0]["restored_at"] is None


def test_a_removed_row_is_put_back(sit: Sit, cast: Cast) -> None:
    remote(cast)
    gone = row_there(cast, "rec1", Tie.WITHDRAWN, record=filed(cast)["id"], open=False)
    screen = press(sit("synchronisation", "director"), f"sy-again-{gone}")
    assert "sera remise" in screen.success[0].value and link(cast, gone).tie is Tie.LINKED


def test_a_removed_row_is_left_out_of_the_table_and_asked_about_no_more(sit: Sit, cast: Cast) -> None:
    remote(cast)
    gone = row_there(cast, "rec1", Tie.WITHDRAWN, record=filed(cast)["id"], open=False)
    screen = press(sit("synchronisation", "director"), f"sy-out-{gone}")
    assert "reste hors de la table" in screen.success[0].value and link(cast, gone).tie is Tie.WITHDRAWN
    again = sit("synchronisation", "director")
    assert "Lignes retirées" not in said(again) and f"sy-out-{gone}" not in {
        each.key for each in again.button
    }
    assert "laissées hors de la table (1)" in again.expander[0].label
    assert "sera remise" in press(again, f"sy-again-{gone}").success[0].value


def test_a_notice_read_is_not_told_again(sit: Sit, cast: Cast) -> None:
    remote(cast)
    insert(cast, REMOTE_NOTICES, remote="airtable", key="pause:1", words="« Dossiers » : colonne", at=NINE)
    screen = sit("synchronisation", "director")
    assert "À savoir (1)" in said(screen)
    assert "À savoir" not in said(press(screen, "sy-heard-pause:1"))
