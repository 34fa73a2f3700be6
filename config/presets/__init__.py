"""The presets: what a town starts with, each value with its article or « choisi par la ville »."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
Rows = list[dict[str, Any]]
_ASIDE = (("delays", "articles", "article"), ("articles",))
_SOURCED = ("rules", "keeping_terms")  # what keeps its article in the store


def names() -> list[str]:
    """The presets there are, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def preset(name: str) -> Mapping[str, Rows]:
    """The rows of a preset by table; ``KeyError`` when there is no such preset.

    ``departments``, ``categories``, ``delays``, ``codes``, ``rules``, ``guides``, ``answer_templates`` have
    the columns of the table of that name, with references given by the name of the row (a category's
    ``department``, a delay's ``category``) and without ``valid_from``. ``closings`` recur each year: ``on``
    is ``MM-DD``, or ``easter+1`` for so many days after Easter Sunday; ``label`` is the reason.
    """
    tables = {table: rows for table, rows in _read(name).items() if isinstance(rows, list)}
    delays = [
        {"category": category["name"], "season_start": None, "season_end": None, **delay}
        for category in tables["categories"]
        for delay in category.get("delays", [])
    ]
    plain = {
        table: [
            {key: value for key, value in row.items() if key not in _ASIDE[table in _SOURCED]} for row in rows
        ]
        for table, rows in tables.items()
    }
    return {**plain, "delays": delays}


def title(name: str) -> str:
    """The preset's title, in French, as a screen proposes it."""
    return str(_read(name)["title"])


def articles(name: str) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Where each value comes from: table → row → column → article. ``KeyError`` when one says nothing."""
    read = _read(name)
    common = read["articles"]
    return {
        table: {
            row.get("name") or row.get("code") or row.get("kind") or row["on"]: {
                column: row.get("articles", {}).get(column) or row.get("article") or common[table][column]
                for column in row
                if column not in ("articles", "article")
            }
            for row in rows
        }
        for table, rows in read.items()
        if isinstance(rows, list)
    }


def _read(name: str) -> dict[str, Any]:
    if name not in names():
        raise KeyError(name)
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
