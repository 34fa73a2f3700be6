"""The columns of the queue: which are shown in which view, in what order, and how each is drawn."""

from typing import Any

import pandas as pd
import streamlit as st

from desk.grid import Column
from desk.queue import Line, Page
from desk.views import View
from pages import beside, cells, speech
from pages.cells import Sheet
from policy.towntime import town_day
from policy.words import State

WORKING = ("Numéro", "Fiche", "Priorité", "Catégorie", "Lieu", "Cible", "Retard", "state", "planned_on",
           "Service", "wait_reason", "wait_words", "next_action", "answer", "words", "code", "done_on",
           "done_extension", "note", "citizen_text", "Reçue")  # fmt: skip
# what is answered comes first, where it is read without opening each file.
ANSWERING = ("Numéro", "Fiche", "Catégorie", "Lieu", "Retard", "answer", "wait_reason", "wait_words",
             "next_action", "planned_on", "code", "done_on", "done_extension", "note", "citizen_text",
             "words", "state", "Priorité", "Cible", "Service", "Reçue")  # fmt: skip
CLOSED = ("Numéro", "Fiche", "Priorité", "Catégorie", "Lieu", "Reçue", "Fermée", "state", "Service")
ORDERS = {View.TO_ANSWER: ANSWERING, View.CLOSED: CLOSED}
FIXED = ("Numéro", "Fiche", "Priorité", "Catégorie", "Lieu", "Cible", "Retard", "Service", "Reçue", "Fermée")
DAYS = frozenset({"Reçue", "Fermée", "Cible", "planned_on", "done_on"})
WIDTHS = {"state": 126, "planned_on": 118, "wait_reason": 128, "wait_words": 172, "next_action": 200,
          "answer": 122, "words": 170, "code": 190, "done_on": 116, "done_extension": 100,
          "note": 220, "citizen_text": 220}  # fmt: skip


def frame(sheet: Sheet, view: View) -> pd.DataFrame:
    """The rows of the sheet with the columns of the view."""
    columns = [name for name in ORDERS.get(view, WORKING) if name in sheet.columns or name in FIXED]
    if len(sheet.page.departments) == 1:
        columns.remove("Service")
    rows = [{**_fixed(line), **sheet.laid[line.id]} for line in sheet.page.rows]
    return pd.DataFrame({name: _column(name, [row[name] for row in rows]) for name in columns})


def _column(name: str, values: list[Any]) -> Any:
    """A column whose type does not hang on what stands in it: another type is another grid to the browser."""
    if name in DAYS:
        return pd.to_datetime(pd.Series(values, dtype=object), errors="coerce").astype("datetime64[s]")
    return pd.array(values, dtype="string")  # half the time of a Series


def config(page: Page) -> dict[str, Any]:
    """How each column is drawn and typed in."""
    return {**_fixed_config(), **{column.name: _config(column, page) for column in page.columns}}


def locked(page: Page, view: View) -> list[str]:
    """The columns that are only read: what is closed is not typed in."""
    return [*FIXED, *(column.name for column in page.columns if view is View.CLOSED)]


def _fixed(line: Line) -> dict[str, Any]:
    marks = [mark for mark, is_so in (("complexe", line.complex), ("doublon", line.duplicate)) if is_so]
    if line.calls:
        marks.append(f"{line.calls} nouvel appel" if line.calls == 1 else f"{line.calls} nouveaux appels")
    return {
        "Numéro": f"/dossier?numero={line.number}",
        "Fiche": "Voir",
        "Priorité": speech.priority_words(line.priority),
        "Catégorie": " · ".join([*marks, line.category or line.nature.value]),
        "Lieu": line.place,
        "Reçue": town_day(line.received_at),
        "Fermée": line.closed_at and town_day(line.closed_at),
        "Cible": line.target_on,
        "Retard": _late(line),
        "Service": line.department,
    }


def _late(line: Line) -> str:
    if line.paused and not line.overdue:
        return "‖"
    return f"⚠ {line.days_late} j" if line.overdue else ""


def _fixed_config() -> dict[str, Any]:
    text, day = st.column_config.TextColumn, st.column_config.DateColumn
    return {
        "Numéro": st.column_config.LinkColumn(display_text=r"numero=(.+)$", width=94, pinned=True),
        "Fiche": st.column_config.ButtonColumn(width=54, type="tertiary", key=beside.SEEN),
        "Priorité": text(width=92),
        "Catégorie": text(width=150),
        "Lieu": text(width=150),
        "Reçue": day(format="YYYY-MM-DD", width=92),
        "Fermée": day(format="YYYY-MM-DD", width=92),
        "Cible": day(format="YYYY-MM-DD", width=92),
        "Retard": text(
            width=66, help="En jours ouvrés après la cible. ‖ : en attente, la cible est suspendue."
        ),
        "Service": text(width=150),
    }


def _config(column: Column, page: Page) -> Any:
    """The widget of an editable column, from the one definition of its field."""
    label, width = column.label, WIDTHS[column.name]
    if column.choices:
        options = list(column.choices)
        if column.name == "state":
            here = {line.state.value for line in page.rows}
            options = [state.value for state in State if state.value in here or state.value in options]
        return st.column_config.SelectboxColumn(
            label,
            options=options,
            width=width,
            format_func=lambda key: column.choices.get(str(key), str(key)),
        )
    if cells.is_date(column):
        return st.column_config.DateColumn(label, format="YYYY-MM-DD", width=width)
    return st.column_config.TextColumn(label, width=width)  # too long a text is refused whole, never cut
