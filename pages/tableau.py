"""What one tab of the browser holds of « Tableaux », and what is typed there, kept on the server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from desk import drafts
from desk.foreseen import Effect
from desk.settings_saving import Saved
from desk.settings_sheet import Sheet
from desk.visits import Visit
from pages.tab import Tab
from policy.reasons import Refused

Here = Callable[[], Visit]
Cells = dict[str, dict[str, Any]]  # record → column → plain value


@dataclass
class Tableau(Tab):
    """``sheet`` is the table as it was last read; ``saved`` what came of the last save."""

    table: str = ""
    grid: Any = None  # the ``tableau_grille.Grid`` drawn
    open: str = ""  # the record whose form is open
    form: dict[str, Any] = field(default_factory=dict)  # its values as they were drawn
    typed: Cells = field(default_factory=dict)  # heard, not kept yet
    saved: tuple[Saved, ...] = ()
    effect: Effect | None = None
    rule: str = ""  # the rule that is opened

    def turn(self, table: str) -> None:
        """Another table is shown; what was begun of the one before is on the server."""
        self.table, self.grid, self.open, self.form = table, None, "", {}
        self.saved, self.effect, self.note, self.rule = (), None, None, ""

    def forget(self) -> None:
        """Something else is being done: confirmations have been read. What is refused or disputed stays."""
        self.note = None
        self.saved = tuple(one for one in self.saved if not one.done)


def current() -> Tableau:
    """The one of this tab."""
    tab: Tableau = st.session_state.setdefault("ta-tab", Tableau())
    return tab


def keep(here: Here, tab: Tableau) -> None:
    """Keep on the server what was just heard; typed back to what is stored, a cell is forgotten."""
    if not tab.typed:
        return
    sheet: Sheet | None = tab.sheet
    lines = {line.id: line for line in sheet.lines} if sheet is not None else {}
    typed = {record: cells for record, cells in tab.typed.items() if record in lines}
    based = {
        record: {name: lines[record].values.get(name) for name in cells} for record, cells in typed.items()
    }
    tab.typed = {}
    tab.forget()
    try:
        drafts.keep_rows(here(), typed, based)
    except Refused as refusal:
        tab.note = refusal
