"""« Update field »: name, description and, where the service lets a program, the choices of a list."""

from typing import Any

from tests.remotes.airtable_base import Refuse


def change_field(api: Any, asked: Any, table: str, field: str) -> Any:
    """The choices are said whole: one that is left out goes, with the cells that hold it."""
    there = api._table(table)
    column = there.fields[field]
    wanted = asked.json.get("options", {}).get("choices")
    if wanted is not None and not api.doubts.choices_pass:
        raise Refuse(422, "INVALID_REQUEST_UNKNOWN", "Invalid request: parameter validation failed.")
    with api.base.change("publicApi", asked.now) as changes:
        changes.fields_changed[there.id, column.id] = {"name": column.name}
        column.name = asked.json.get("name", column.name)
        if wanted is not None:
            left = {each["id"] for each in wanted if "id" in each}
            for row in there.rows.values():
                if row.cells.get(column.id) not in (None, *left):
                    api.base.put(changes, there, row, {column.id: None})
            column.options["choices"] = [
                {"id": each.get("id") or api.base.new_id("sel"), "name": each["name"], "color": "blueLight2"}
                for each in wanted
            ]
    return column.described()
