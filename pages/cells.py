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

from desk import drafts, queue
from desk.grid import Column
from desk.queue import Line, Page, Query
from desk.unsaved import Unsaved, unsaved
from desk.visits import Visit
from pages import speech
from policy.towntime import town_day
from sync.fields import Kind

Here = Callable[[], Visit]
Cells = dict[str, dict[str, Any]]  # file id → column → value, as JSON can hold it

PLACE = "file"
SHEET = "fi-sheet"
KEYS = "fi-keys"  # how many keys this tab has used


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
    drawn: bool = False
    frame: Any = None  # what is drawn from it, made once

    @property
    def columns(self) -> Mapping[str, Column]:
        """The editable columns, by name."""
        return {column.name: column for column in self.page.columns}


def sheet(here: Here, query: Query) -> tuple[Sheet, Unsaved]:
    """The sheet of what is asked, made anew when anything else is asked; and what this person has begun."""
    visit = here()
    kept: Sheet | None = st.session_state.get(SHEET)
    if kept is not None and (kept.query, kept.today) == (query, town_day(visit.at)) and _alive(kept):
        begun = unsaved(visit, kept.page.window is not None)
        if begun.rights == kept.rights:
            return kept, begun
    page = queue.page(visit, query)
    begun = unsaved(visit, page.window is not None)
    made = _made(query, visit, page, begun)
    st.session_state[SHEET] = made
    return made, begun


def keep(here: Here, made: Sheet) -> bool:
    """Keep on the server what was typed in the grid since the last time, if anything was.

    A cell typed back to what it was is forgotten. The browser also speaks when it only tidies its edits.
    """
    now = _standing(made)
    typed: Cells = {}
    based: Cells = {}
    for line in made.page.rows:
        before = made.shown[line.id]
        changed = {name: value for name, value in now[line.id].items() if value != before[name]}
        if changed:
            typed[line.id] = changed
            based[line.id] = {name: plain(line.seen.get(name)) for name in changed}
    if not typed:
        return False
    if speech.attempt(lambda: _kept(here, typed, based), PLACE):
        made.shown = now
    return True


def renew(here: Here) -> None:
    """Read the rows shown again where they are; the key stays where the browser would show the same."""
    made: Sheet | None = st.session_state.get(SHEET)
    if made is None:
        return
    ids = tuple(line.id for line in made.page.rows)
    visit = here()
    page = queue.page(visit, replace(made.query, only=ids) if ids else made.query)
    begun = unsaved(visit, page.window is not None)
    anew = _made(made.query, visit, page, begun)
    if tuple(line.id for line in page.rows) != ids or page.columns != made.page.columns:
        st.session_state[SHEET] = anew
        return
    if all(
        anew.laid[file].get(name) == value
        for file, cells in _edited(made).items()
        for name, value in cells.items()
    ):
        anew.key, anew.drawn = made.key, made.drawn
    st.session_state[SHEET] = anew


def turn() -> None:
    """A new sheet at the next run; what is typed lives on the server and is laid over it again."""
    st.session_state.pop(SHEET, None)


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


def _made(query: Query, visit: Visit, page: Page, begun: Unsaved) -> Sheet:
    st.session_state[KEYS] = st.session_state.get(KEYS, 0) + 1
    laid = {line.id: _laid(line, page, begun) for line in page.rows}
    return Sheet(
        query=query,
        today=town_day(visit.at),
        rights=begun.rights,
        at=visit.at,
        key=f"fi-grille-{st.session_state[KEYS]}",
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


def _kept(here: Here, typed: Cells, based: Cells) -> bool:
    drafts.keep_rows(here(), typed, based)
    return True


def _standing(made: Sheet) -> Cells:
    """What the browser shows in each cell: what was laid there, and its edits over it."""
    edited = _edited(made)
    return {file: {**cells, **edited.get(file, {})} for file, cells in made.laid.items()}


def _edited(made: Sheet) -> Cells:
    """The edits of the browser, by file. Its message may be forged: what is no cell of ours is left out."""
    state = st.session_state.get(made.key) or {}
    edited: Cells = {}
    for position, row in dict(state.get("edited_rows") or {}).items():
        place = int(position) if str(position).isdecimal() else len(made.page.rows)
        if place < len(made.page.rows) and isinstance(row, Mapping):
            line = made.page.rows[place]
            edited[line.id] = {
                name: _typed(made.columns[name], value)
                for name, value in row.items()
                if name in made.columns and isinstance(value, str | None)
            }
    return edited


def _typed(column: Column, value: str | None) -> str | None:
    if value and is_date(column):
        return value[:10]  # a day, perhaps with a midnight behind it
    return value or None
