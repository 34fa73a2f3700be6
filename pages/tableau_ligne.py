"""One row of a table of settings as a form: what the grid does is done here with the keyboard alone."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from desk import settings_saving, settings_sheet
from desk.settings_sheet import Column, Line, Sheet
from desk.visits import Visit
from pages import speech
from pages.tableau import Tableau
from pages.tableau_grille import plain
from sync.fields import Kind

Here = Callable[[], Visit]

CHOSEN = "ta_line"
NEAR = 3_000  # the farthest year a day is chosen in


def hear(tab: Tableau) -> None:
    """What was typed in the form since it was drawn; and the row just chosen."""
    chosen = st.session_state.get(CHOSEN)
    if tab.open and tab.form and isinstance(tab.sheet, Sheet):
        for column in tab.sheet.columns:
            key = _key(tab.open, column)
            if key in st.session_state and column.name in tab.form:
                value = _heard(column, st.session_state[key])
                if value != tab.form[column.name]:
                    tab.typed.setdefault(tab.open, {})[column.name] = value
    if chosen:
        st.session_state[CHOSEN] = None
        tab.open, tab.form = chosen, {}


def panel(here: Here, tab: Tableau, sheet: Sheet) -> None:
    """Choose a row, then its form, what can be done with it, and its history."""
    lines = {line.id: line for line in sheet.lines}
    if lines:
        st.selectbox(
            "Ouvrir une ligne", list(lines), index=None, key=CHOSEN, placeholder="Choisissez une ligne",
            format_func=lambda record: lines[record].title if record in lines else record,
        )  # fmt: skip
    line = lines.get(tab.open)
    if line is None:
        tab.open, tab.form = "", {}
        return
    with st.container(border=True, key="ta-fiche"):
        st.subheader(speech.escape(line.title), anchor=False)
        for column in sheet.columns:
            _field(tab, line, column)
        tab.form = dict(line.shown)
        _gestures(here, tab, sheet, line)
        if not line.new:
            _history(here, sheet, line)


def _field(tab: Tableau, line: Line, column: Column) -> None:
    key, value = _key(line.id, column), line.shown[column.name]
    label = f"{column.label} (obligatoire)" if column.required else column.label
    if not tab.form or tab.form.get(column.name) != value or key not in st.session_state:
        st.session_state[key] = _laid(column, value)
    match column.kind:
        case Kind.BOOL:
            st.checkbox(column.label, key=key)
        case Kind.INTEGER:
            st.number_input(label, value=None, step=1, key=key)
        case Kind.DATE:
            st.date_input(
                label, value=None, key=key, format="YYYY-MM-DD", min_value=date(1900, 1, 1),
                max_value=date(NEAR, 1, 1),
            )  # fmt: skip
        case Kind.CHOICE | Kind.REF:
            st.selectbox(
                label, list(column.choices), index=None, key=key, placeholder="À choisir",
                format_func=lambda each: column.choices.get(each, each),
            )  # fmt: skip
        case Kind.LONG:
            st.text_area(label, key=key)
        case _:
            st.text_input(label, key=key, autocomplete="off")


def _gestures(here: Here, tab: Tableau, sheet: Sheet, line: Line) -> None:
    with st.container(horizontal=True):
        if line.removed:
            st.markdown(":orange-badge[:material/delete: À retirer] Elle le sera à l’enregistrement.")
        if line.is_begun:
            st.button(
                "Annuler ce qui est commencé", key="ta-undo", icon=":material/undo:", on_click=tab.ask,
                args=(partial(_forget, here, tab, line.id),),
            )  # fmt: skip
        if "valid_from" in line.values and not line.new:
            st.button(
                "Nouvelle valeur datée", key="ta-copy", icon=":material/event:", on_click=tab.ask,
                args=(partial(_copy, here, tab, sheet, line),),
                help="Une valeur en vigueur ne s’efface pas : une nouvelle, datée, la remplace (R-71).",
            )  # fmt: skip
        if not line.new and not line.removed:
            st.button(
                "Retirer la ligne", key="ta-remove", icon=":material/delete:", on_click=tab.ask,
                args=(partial(_remove, here, tab, sheet.table, line.id),),
            )  # fmt: skip
        st.button("Fermer la fiche", key="ta-close", on_click=tab.ask, args=(partial(_close, tab),))


def _history(here: Here, sheet: Sheet, line: Line) -> None:
    with st.expander("Qui l’a changée", icon=":material/history:", key=f"ta-histoire-{line.id}"):
        for told in settings_sheet.history(here(), sheet.table, line.id):
            what = "".join(f"  \n{speech.escape(each)}" for each in told.what)
            st.markdown(f"**{told.when}** — {speech.escape(told.who)}{what}")


def _forget(here: Here, tab: Tableau, record: str) -> None:
    settings_sheet.forget(here(), record)
    tab.form = {}
    tab.forget()


def _copy(here: Here, tab: Tableau, sheet: Sheet, line: Line) -> None:
    """The same row from today on, to be changed."""
    visit = here()
    today = settings_sheet.today(visit).isoformat()
    values = {name: value for name, value in line.values.items() if value is not None}
    tab.open, tab.form = settings_sheet.begin(visit, sheet.table, {**values, "valid_from": today}), {}
    tab.forget()


def _remove(here: Here, tab: Tableau, table: str, record: str) -> None:
    settings_saving.mark_removed(here(), table, record)
    tab.forget()


def _close(tab: Tableau) -> None:
    tab.open, tab.form = "", {}


def _key(record: str, column: Column) -> str:
    return f"ta_{record}_{column.name}"


def _laid(column: Column, value: Any) -> Any:
    match column.kind:
        case Kind.BOOL:
            return bool(value)
        case Kind.DATE:
            return _day(value)
        case Kind.INTEGER:
            return value if isinstance(value, int) else None
        case Kind.CHOICE | Kind.REF:
            return value if value in column.choices else None
        case _:
            return "" if value is None else str(value)


def _heard(column: Column, value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else plain(column, value)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
