"""Tableaux: one table of settings at a time, as a grid and as a form; what would change, then adopted."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import streamlit as st

from desk import french, recounting, settings_sheet
from desk.settings_sheet import Sheet
from desk.visits import Visit
from pages import (
    speech,
    tableau_ecrit,
    tableau_effet,
    tableau_feries,
    tableau_grille,
    tableau_ligne,
    tableau_regles,
)
from pages import tableau as tabs
from pages.tableau import Tableau

Here = Callable[[], Visit]

RULES, CLOSINGS = "rules", "closings"
CHOSEN, PAST = "ta_table", "ta_past"
A_DAY = timedelta(days=1)  # that dates were counted anew is told so long
EVERY = 2.0  # seconds between two looks at a recount under way


def screen(here: Here) -> None:
    """The table of the address, what is begun in it, and what came of the last save."""
    tab = tabs.current()
    names = settings_sheet.tables(here())
    with tab.lock:
        table = _table(tab, names)
        tableau_grille.hear(tab)
        tableau_ligne.hear(tab)
        tableau_regles.hear(tab)
        tabs.keep(here, tab)
        tab.settle()
        sheet = settings_sheet.sheet(here(), table, bool(st.session_state.get(PAST)))
        tab.sheet = sheet
    st.title("Tableaux")
    _chooser(names, table)
    _recount(here)
    tableau_ecrit.toolbar(here, tab, sheet)
    tableau_ecrit.results(here, tab, sheet)
    tableau_effet.panel(here, tab, sheet)
    if table == CLOSINGS:
        tableau_feries.panel(here, tab)
    if table == RULES:
        tableau_regles.panel(here, tab, sheet)
    else:
        _rows(here, tab, sheet)
    tableau_ecrit.listed(here, tab, sheet)


def _table(tab: Tableau, names: Mapping[str, str]) -> str:
    """The table the address names, after the one just chosen is written in it."""
    chosen = str(st.session_state.get(CHOSEN) or "")
    asked = st.query_params.get("table", "")
    if chosen in names and tab.table and chosen != tab.table:
        asked = chosen
        st.query_params.from_dict({"table": chosen})
    table = asked if asked in names else next(iter(names))
    if table != tab.table:
        tab.turn(table)
    return table


def _chooser(names: Mapping[str, str], table: str) -> None:
    if st.session_state.get(CHOSEN) != table:
        st.session_state[CHOSEN] = table
    st.segmented_control(
        "Voir la table",
        list(names),
        key=CHOSEN,
        required=True,
        format_func=lambda name: names.get(name, name),
    )


def _rows(here: Here, tab: Tableau, sheet: Sheet) -> None:
    if not sheet.lines:
        st.info("Rien n’y est encore inscrit : ajoutez une première ligne.", icon=":material/table_rows:")
    else:
        tableau_grille.draw(tab, sheet)
    if sheet.hidden or st.session_state.get(PAST):
        st.checkbox(f"Voir aussi les années passées ({sheet.hidden or 'montrées'})", key=PAST)
    tableau_ligne.panel(here, tab, sheet)


def _recount(here: Here) -> None:
    """R-71: how far the open files are counted anew, while they are."""
    over = recounting.progress(here()).is_over
    st.fragment(_progress, run_every=None if over else EVERY)(here, over)


def _progress(here: Here, was_over: bool) -> None:
    visit = here()
    found = recounting.progress(visit)
    if found.waiting:
        st.info(
            "Un réglage a changé : l’horloge va recalculer les dates des dossiers ouverts.",
            icon=":material/hourglass_top:",
        )
    elif not found.is_over:
        told = f"{_files(found.done)} sur {speech.number(found.total)} recalculés"
        st.progress(
            min(found.done / found.total, 1.0) if found.total else 0.0,
            text=f"Les dates des dossiers ouverts sont recalculées : {told}. Vous pouvez quitter l’écran.",
        )
    elif not was_over:
        st.rerun()  # the looks end
    elif found.moved and found.ended_at is not None and visit.at - found.ended_at < A_DAY:
        moved = f"{_files(found.moved)} {'ont' if found.moved > 1 else 'a'} une autre cible"
        st.markdown(
            f":material/event_repeat: Dates recalculées {french.since(found.ended_at, visit.at)} : {moved}."
        )


def _files(count: int) -> str:
    return f"{speech.number(count)} dossier{'s' if count > 1 else ''}"
