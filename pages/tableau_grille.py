"""The grid of a table of settings: drawn from its definition, its cells heard and kept as drafts.

The grid's edits are positional and its key forgets them: it is drawn anew only when what it should show is
not what its reader sees (somebody else saved, a form was typed in, another table).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from desk.settings_sheet import Column, Line, Sheet
from pages.tableau import Cells, Tableau
from sync.fields import Kind

SEEN = "ta-see"  # the click of a row
TALLEST = 12  # rows shown without scrolling
WIDTHS = {Kind.BOOL: 90, Kind.INTEGER: 90, Kind.DATE: 120, Kind.CHOICE: 150, Kind.REF: 200}
LONG = 210


@dataclass
class Grid:
    """What is drawn under ``key``: its rows in order, their cells, and what the browser typed over them."""

    key: str
    table: str
    columns: tuple[Column, ...]
    marks: tuple[str, ...]
    laid: Cells
    frame: Any
    edited: Cells = field(default_factory=dict)

    @property
    def shows(self) -> Cells:
        """What its reader sees."""
        return {record: {**cells, **self.edited.get(record, {})} for record, cells in self.laid.items()}


def hear(tab: Tableau) -> None:
    """Take in what the browser says was typed. Its message may be forged: what is no cell is left out."""
    grid: Grid | None = tab.grid
    state = st.session_state.get(grid.key) if grid else None
    if grid is None:
        return
    if isinstance(state, Mapping):
        before, columns, records = grid.shows, {each.name: each for each in grid.columns}, list(grid.laid)
        edited: Cells = {}
        for position, row in dict(state.get("edited_rows") or {}).items():
            place = int(position) if str(position).isdecimal() else len(records)
            if place < len(records) and isinstance(row, Mapping):
                edited[records[place]] = {
                    name: plain(columns[name], value) for name, value in row.items() if name in columns
                }
        grid.edited = edited
        for record, cells in grid.shows.items():
            changed = {name: value for name, value in cells.items() if value != before[record][name]}
            if changed:
                tab.typed.setdefault(record, {}).update(changed)
    click = st.session_state.get(SEEN)
    row = click["row"] if isinstance(click, Mapping) else -1
    if isinstance(row, int) and 0 <= row < len(grid.laid):
        tab.open, tab.form = list(grid.laid)[row], {}


def draw(tab: Tableau, sheet: Sheet) -> None:
    """The grid, the same as long as it shows what it should."""
    grid: Grid | None = tab.grid
    wanted = {line.id: line.shown for line in sheet.lines}
    marks = tuple(_mark(line) for line in sheet.lines)
    if (
        grid is None
        or grid.key not in st.session_state
        or (grid.table, grid.columns, grid.marks) != (sheet.table, sheet.columns, marks)
        or list(grid.laid) != list(wanted)
        or grid.shows != wanted
    ):
        tab.keys += 1
        grid = Grid(f"ta-grille-{tab.keys}", sheet.table, sheet.columns, marks, wanted, _frame(sheet, marks))
        tab.grid = grid
    st.data_editor(
        grid.frame,
        key=grid.key,
        hide_index=True,
        height="content" if len(sheet.lines) <= TALLEST else 480,
        disabled=["Fiche", "Ligne"],
        placeholder="",
        alt=f"{sheet.label} : {len(sheet.lines)} lignes",
        column_config=_config(sheet),
    )


def plain(column: Column, value: Any) -> Any:
    """A cell as the browser sends it, as a draft keeps it."""
    if value in (None, ""):
        return None
    if column.kind is Kind.DATE and isinstance(value, str):
        return value[:10]
    if column.kind is Kind.INTEGER and isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int | float | bool) else str(value)


def _mark(line: Line) -> str:
    return "Nouvelle" if line.new else "À retirer" if line.removed else ""


def _frame(sheet: Sheet, marks: tuple[str, ...]) -> pd.DataFrame:
    columns: dict[str, Any] = {"Fiche": pd.array(["Ouvrir"] * len(marks), dtype="string")}
    if any(marks):
        columns["Ligne"] = pd.array(list(marks), dtype="string")
    for column in sheet.columns:
        columns[column.name] = _column(column, [line.shown[column.name] for line in sheet.lines])
    return pd.DataFrame(columns)


def _column(column: Column, values: list[Any]) -> Any:
    """A column whose type does not hang on what stands in it."""
    if column.kind is Kind.DATE:
        return pd.to_datetime(pd.Series(values, dtype=object), errors="coerce").astype("datetime64[s]")
    if column.kind is Kind.BOOL:
        return pd.array([value if isinstance(value, bool) else None for value in values], dtype="boolean")
    if column.kind is Kind.INTEGER:
        return pd.array([value if isinstance(value, int) else None for value in values], dtype="Int64")
    return pd.array([None if value is None else str(value) for value in values], dtype="string")


def _config(sheet: Sheet) -> dict[str, Any]:
    fixed = {
        "Fiche": st.column_config.ButtonColumn(width=70, type="tertiary", key=SEEN),
        "Ligne": st.column_config.TextColumn(width=84),
    }
    return {**fixed, **{column.name: _drawn(column) for column in sheet.columns}}


def _drawn(column: Column) -> Any:
    label = f"{column.label} *" if column.required else column.label
    width = WIDTHS.get(column.kind, LONG if column.longest > 60 else 130)
    match column.kind:
        case Kind.CHOICE | Kind.REF:
            return st.column_config.SelectboxColumn(
                label,
                options=list(column.choices),
                width=width,
                format_func=lambda key: column.choices.get(str(key), str(key)),
            )
        case Kind.BOOL:
            return st.column_config.CheckboxColumn(label, width=width)
        case Kind.INTEGER:
            return st.column_config.NumberColumn(label, width=width, step=1, format="%d")
        case Kind.DATE:
            return st.column_config.DateColumn(label, width=width, format="YYYY-MM-DD")
        case _:
            return st.column_config.TextColumn(label, width=width)
