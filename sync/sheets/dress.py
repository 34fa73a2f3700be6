"""What the cells of our columns wear: formats and drop-downs, for new rows and new tabs alike."""

from collections.abc import Mapping
from typing import Any

from sync.fields import Kind
from sync.remote import Column, Shape
from sync.sheets.cells import NO, YES
from sync.sheets.tabs import Tab

TEXT_FORMAT = {"type": "TEXT"}  # else « 0042 » typed by a person becomes 42, and « 11-15 » a day
_FORMATS: dict[Kind, dict[str, str] | None] = {
    Kind.DATE: {"type": "DATE", "pattern": "yyyy-mm-dd"},
    Kind.MOMENT: {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"},
    Kind.INTEGER: None,
}


def dressed(
    shape: Shape,
    tab: Tab,
    tabs: Mapping[str, Tab],
    start: int,
    end: int | None,
    only: frozenset[str] | None = None,
) -> list[Any]:
    """The requests that dress rows ``start`` to ``end`` (excluded; ``None``: to the bottom).

    ``only``: these columns. ``tabs``: where the tables that columns point to are.
    """
    asked: list[Any] = []
    for place, name in enumerate(tab.names):
        if only is not None and name not in only:
            continue
        column = next((each for each in shape.columns if each.name == name), None)
        if column is None and name[:1] == "?":
            continue
        area = area_of(tab.sheet, place, start, end)
        wanted = format_of(column)
        if wanted is not None:
            cell = {"userEnteredFormat": {"numberFormat": wanted}}
            asked.append(
                {"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredFormat.numberFormat"}}
            )
        rule = rule_of(column, tabs) if column else None
        if rule is not None:
            asked.append({"setDataValidation": {"range": area, "rule": rule}})
    return asked


def format_of(column: Column | None) -> dict[str, str] | None:
    """The number format of a column; of the engine's own ones for ``None``."""
    return _FORMATS.get(column.kind, TEXT_FORMAT) if column else TEXT_FORMAT


def rule_of(column: Column, tabs: Mapping[str, Tab]) -> dict[str, Any] | None:
    """The drop-down of a column. It warns only: the desk refuses what does not fit, in words."""
    if column.kind in (Kind.CHOICE, Kind.BOOL):
        words = column.choices or (YES, NO)
        values = [{"userEnteredValue": word} for word in words]
        return _rule({"type": "ONE_OF_LIST", "values": values})
    target = tabs.get(column.ref or "")
    if target is None or target.trouble or target.titles is None:
        return None
    letters, title = letters_of(target.titles), target.title.replace("'", "''")
    area = f"='{title}'!${letters}${target.header + 2}:${letters}"
    return _rule({"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": area}]})


def area_of(sheet: int, column: int, start: int, end: int | None = None) -> dict[str, int]:
    """A ``GridRange`` of one column."""
    area = {
        "sheetId": sheet,
        "startRowIndex": start,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }
    return area if end is None else area | {"endRowIndex": end}


def letters_of(index: int) -> str:
    """The letters of a column by its place: 0 is A, 26 is AA."""
    found, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _rule(condition: dict[str, Any]) -> dict[str, Any]:
    return {"condition": condition, "showCustomUi": True, "strict": False}
