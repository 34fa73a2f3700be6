"""The sheet of the queue: its rows while they are shown, its editable cells, and what is typed in them.

The edits of Streamlit's grid are positional and its key forgets them when it changes. A sheet therefore keeps
its rows in their order while its key lives, and each cell typed goes at once to the server as a draft: a new
sheet is laid over with them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import streamlit as st

from desk import drafts, files, queue
from desk.grid import Column
from desk.queue import Line, Page, Query
from desk.unsaved import Unsaved, unsaved
from desk.visits import Visit
from pages.tab import Tab
from policy.reasons import Refused
from policy.towntime import town_day
from sync.fields import Kind

Here = Callable[[], Visit]
Cells = dict[str, dict[str, Any]]  # file id → column → value, as JSON can hold it

EVERY = 4.0  # seconds between two looks at what others have changed


@dataclass
class Sheet:
    """The rows shown, and the values laid in their cells. ``shown`` follows what is typed since."""

    query: Query
    today: date
    rights: frozenset[str]
    at: datetime
    key: str
    page: Page
    laid: Cells
    shown: Cells = field(default_factory=dict)
    edited: Cells = field(default_factory=dict)  # what the browser last said was typed over them
    drawn: bool = False
    frame: Any = None  # what is drawn from it, made once

    @property
    def columns(self) -> Mapping[str, Column]:
        """The editable columns, by name."""
        return {column.name: column for column in self.page.columns}


def sheet(here: Here, tab: Tab, query: Query) -> tuple[Sheet, Unsaved]:
    """The sheet of what is asked, made anew when anything else is asked; and what this person has begun."""
    visit, kept = here(), tab.sheet
    if kept is not None and (kept.query, kept.today) == (query, town_day(visit.at)) and _alive(kept):
        begun = unsaved(visit, kept.page.window is not None)
        if begun.rights == kept.rights:
            return kept, begun
    page = queue.page(visit, query)
    begun = unsaved(visit, page.window is not None)
    tab.sheet = _made(tab, query, visit, page, begun)
    return tab.sheet, begun


def hear(tab: Tab) -> None:
    """Take in what the browser says was typed in the grid.

    Its message may be forged: what is no cell of ours is left out.
    """
    made = tab.sheet
    state = st.session_state.get(made.key) if made else None
    if made is None or not isinstance(state, Mapping):
        return
    edited: Cells = {}
    for position, row in dict(state.get("edited_rows") or {}).items():
        place = int(position) if str(position).isdecimal() else len(made.page.rows)
        if place < len(made.page.rows) and isinstance(row, Mapping):
            edited[made.page.rows[place].id] = {
                name: _typed(made.columns[name], value)
                for name, value in row.items()
                if name in made.columns and isinstance(value, str | None)
            }
    made.edited = edited


def keep(here: Here, tab: Tab) -> None:
    """Keep on the server what was typed since the last time; typed back, a cell is forgotten.

    The browser also speaks when it only tidies its edits: then there is nothing to keep.
    """
    made = tab.sheet
    if made is None:
        return
    now = {file: {**cells, **made.edited.get(file, {})} for file, cells in made.laid.items()}
    typed: Cells = {}
    based: Cells = {}
    for line in made.page.rows:
        before = made.shown[line.id]
        changed = {name: value for name, value in now[line.id].items() if value != before[name]}
        if changed:
            typed[line.id] = changed
            based[line.id] = {name: plain(line.seen.get(name)) for name in changed}
    if not typed:
        return
    tab.forget()
    try:
        drafts.keep_rows(here(), typed, based)
        made.shown = now
    except Refused as refusal:  # too much to keep: it stays in the browser, and is tried again
        tab.note = refusal


def renew(here: Here, tab: Tab) -> None:
    """Read the rows shown again where they are; the key stays where the browser would show the same."""
    made = tab.sheet
    if made is None:
        return
    ids = tuple(line.id for line in made.page.rows)
    visit = here()
    page = queue.page(visit, replace(made.query, only=ids) if ids else made.query)
    anew = _made(tab, made.query, visit, page, unsaved(visit, page.window is not None))
    tab.sheet = anew
    if tuple(line.id for line in page.rows) != ids or page.columns != made.page.columns:
        return
    if all(
        anew.laid[file].get(name) == value
        for file, cells in made.edited.items()
        for name, value in cells.items()
    ):
        anew.key, anew.drawn, anew.edited = made.key, made.drawn, made.edited


def watch(here: Here, tab: Tab) -> None:
    """For a part that runs by itself: once somebody else has changed a row shown, the rows are read again.

    They stay where they are, and what is typed over them stays laid. Drawn with its screen, it asks nothing.
    """
    made, fresh, tab.fresh = tab.sheet, tab.fresh, False
    if fresh or made is None or not made.page.rows:
        return
    read = {line.id: line.version for line in made.page.rows}
    if files.versions(here(), list(read)) != read:
        tab.ask(lambda: renew(here, tab))
        st.rerun()


def is_date(column: Column) -> bool:
    """Whether the column holds a day."""
    return column.kind is Kind.DATE


def plain(value: Any) -> Any:
    """A value as JSON can hold it: a date is its ISO text, an empty cell nothing."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return town_day(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return None if value == "" else value


def _made(tab: Tab, query: Query, visit: Visit, page: Page, begun: Unsaved) -> Sheet:
    tab.keys += 1
    laid = {line.id: _laid(line, page, begun) for line in page.rows}
    return Sheet(
        query=query,
        today=town_day(visit.at),
        rights=begun.rights,
        at=visit.at,
        key=f"fi-grille-{tab.keys}",
        page=page,
        laid=laid,
        shown=laid,
    )


def _alive(made: Sheet) -> bool:
    """Whether the grid's own state is still there: Streamlit forgets it when another screen was looked at."""
    return not made.drawn or made.key in st.session_state


def _laid(line: Line, page: Page, begun: Unsaved) -> dict[str, Any]:
    """What stands in a row's cells, with what this person typed over it."""
    typed = begun.of(line.id)
    return {
        column.name: typed[column.name].value if column.name in typed else plain(line.seen.get(column.name))
        for column in page.columns
    }


def _typed(column: Column, value: str | None) -> str | None:
    if value and is_date(column):
        return value[:10]  # a day, perhaps with a midnight behind it
    return value or None
