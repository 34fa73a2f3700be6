"""File du service: the queue as a spreadsheet; cells typed are drafts until they are saved, row by row."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from desk import queue
from desk.grid import Column
from desk.queue import Line, Page, Query
from desk.visits import Visit
from pages import beside, cells, speech
from policy.words import State

Here = Callable[[], Visit]

PLACE = "file"
GENERATION = "fi-generation"
SNAPSHOT = "fi-snapshot"
VIEWS = {
    "ouvertes": "Ouvertes",
    "retard": "En retard",
    "attente": "En attente",
    "inchangees": "Inchangées depuis le mois dernier",
    "nouvelles": "À acheminer",
    "fermees": "Fermées",
}
FIXED = ("Numéro", "Priorité", "Catégorie", "Lieu", "Reçue", "Cible", "Retard", "Service")


def screen(here: Here) -> None:
    """Filters, the grid, what is typed and not yet saved, then one file opened beside the list."""
    st.title("File du service")
    query = _filters(here)
    key = _key(query)
    page = _page(here, query, key)
    if page.window is not None:
        st.info(speech.escape(page.window.sentence), icon=":material/checklist:")
    speech.hear(PLACE)
    if not page.rows:
        _empty(query)
        return
    _grid(here, page, key)
    cells.pending(here, page, refresh=_refresh)
    _pager(page)
    beside.panel(here, page, refresh=_refresh)


def _filters(here: Here) -> Query:
    """The filters, kept in the address: a link to them can be mailed."""
    counted = queue.page(here(), Query(size=1))
    words = {
        "ouvertes": f"Ouvertes ({counted.counts.open})",
        "retard": f"En retard ({counted.counts.overdue})",
        "attente": f"En attente ({counted.counts.paused})",
        "inchangees": f"Inchangées depuis le mois dernier ({counted.counts.unchanged})",
    }
    view = st.segmented_control(
        "Voir", list(VIEWS), default="ouvertes", format_func=lambda name: words.get(name, VIEWS[name]),
        key="voir", bind="query-params", required=True,
    )  # fmt: skip
    left, middle, right = st.columns([2, 2, 3])
    departments = {"": "Tous mes services", **counted.departments}
    with left:
        department = st.selectbox(
            "Service", list(departments), format_func=lambda key: departments.get(key, key), key="service",
            disabled=len(counted.departments) == 1, bind="query-params",
        )  # fmt: skip
    categories = {"": "Toutes les catégories", **counted.categories}
    with middle:
        category = st.selectbox(
            "Catégorie", list(categories), format_func=lambda key: categories.get(key, key), key="categorie",
            bind="query-params",
        )  # fmt: skip
    with right:
        text = st.text_input(
            "Chercher", key="texte", bind="query-params", type="search",
            placeholder="Nom, téléphone, rue, numéro, mots des faits",
        )  # fmt: skip
    return Query(
        departments=(department,) if department else (),
        category=category or "",
        overdue=view == "retard",
        paused=view == "attente",
        unchanged=view == "inchangees",
        unrouted=view == "nouvelles",
        closed=view == "fermees",
        text=text or "",
        page=int(st.session_state.get("page") or 1),
    )


def _page(here: Here, query: Query, key: str) -> Page:
    """The rows shown stay those of the snapshot while its key lives: a grid's edits are positional."""
    kept: tuple[str, Page] | None = st.session_state.get(SNAPSHOT)
    if kept is not None and kept[0] == key:
        return kept[1]
    page = queue.page(here(), query)
    st.session_state[SNAPSHOT] = (key, page)
    st.session_state[cells.LAID] = cells.lay(here, page)
    return page


def _grid(here: Here, page: Page, key: str) -> None:
    columns = {column.name: column for column in page.columns}
    typed = st.session_state[cells.LAID]
    rows = [{**_fixed(line), **{name: typed[line.id][name] for name in columns}} for line in page.rows]
    frame = pd.DataFrame(rows, columns=[*FIXED, *columns])
    one = len(page.departments) == 1
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        height="content" if len(rows) <= 15 else 560,
        disabled=list(FIXED),
        column_order=[name for name in frame.columns if not (one and name == "Service")],
        column_config={
            **_fixed_config(),
            **{name: _config(column, page) for name, column in columns.items()},
        },
        on_change=cells.keep,
        args=(here, key, page),
    )


def _fixed(line: Line) -> dict[str, Any]:
    marks = [mark for mark, is_so in (("complexe", line.complex), ("doublon", line.duplicate)) if is_so]
    category = f"{line.category} ({', '.join(marks)})" if marks else line.category
    return {
        "Numéro": f"/dossier?numero={line.number}",
        "Priorité": speech.priority_words(line.priority),
        "Catégorie": category or line.nature.value,
        "Lieu": line.place,
        "Reçue": cells.town_date(line.received_at),
        "Cible": line.target_on,
        "Retard": _late(line),
        "Service": line.department,
    }


def _late(line: Line) -> str:
    if line.paused:
        return "‖ en attente"
    if line.overdue:
        return f"⚠ {line.days_late} j" if line.days_late else "⚠ en retard"
    return ""


def _fixed_config() -> dict[str, Any]:
    date_column = st.column_config.DateColumn
    return {
        "Numéro": st.column_config.LinkColumn(display_text=r"numero=(.+)$", width=110, pinned=True),
        "Priorité": st.column_config.TextColumn(width=95),
        "Catégorie": st.column_config.TextColumn(width=190),
        "Lieu": st.column_config.TextColumn(width=190),
        "Reçue": date_column(format="YYYY-MM-DD", width=95),
        "Cible": date_column(format="YYYY-MM-DD", width=95),
        "Retard": st.column_config.TextColumn(width=95, help="En jours ouvrés après la cible."),
        "Service": st.column_config.TextColumn(width=150),
    }


def _config(column: Column, page: Page) -> Any:
    """The widget of an editable column, from the one definition of its field."""
    label = f"{column.label} ✎"
    if column.choices:
        options = list(column.choices)
        if column.name == "state":
            here = {line.state.value for line in page.rows}
            options = [state.value for state in State if state.value in here or state.value in options]
        return st.column_config.SelectboxColumn(
            label, options=options, width=140, format_func=lambda key: column.choices.get(str(key), str(key))
        )
    if cells.is_date(column):
        return st.column_config.DateColumn(label, format="YYYY-MM-DD", width=120)
    return st.column_config.TextColumn(label, width=220, max_chars=column.longest)


def _pager(page: Page) -> None:
    words = f"{page.total} dossier{'s' if page.total > 1 else ''}"
    left, right = st.columns([3, 1], vertical_alignment="center")
    with left:
        if page.pages > 1:
            st.pagination(page.pages, key="page", bind="query-params")
        st.markdown(f"{words}, page {page.page} sur {page.pages}" if page.pages > 1 else words)
    right.button(
        "Actualiser", key="fi-refresh", icon=":material/refresh:", on_click=_refresh, width="stretch"
    )


def _empty(query: Query) -> None:
    if query == Query():
        st.success("La file est vide : tout est fait.", icon=":material/task_alt:")
    else:
        st.info("Aucun dossier ne correspond. Élargissez les filtres.", icon=":material/filter_alt_off:")


def _refresh() -> None:
    """A new snapshot under a new key; what is typed lives on the server and is laid over it again."""
    st.session_state[GENERATION] = st.session_state.get(GENERATION, 0) + 1


def _key(query: Query) -> str:
    return f"fi-grille-{hash(query):x}-{st.session_state.get(GENERATION, 0)}"
