"""The queries of single rows, composed once for each shape: composing one costs more than asking it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from sync.schema import SQL
from sync.vault import SEALED

_NONE, _AMONG, _EQUAL = range(3)


@lru_cache(maxsize=500)
def insertion(table: str, names: tuple[str, ...]) -> sa.TextClause:
    """Insert a row that has these columns, unless another bears one of its keys.

    As text: what SQLAlchemy composes for it with a dialect's ``ON CONFLICT``, it composes anew each time.
    """
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f":{name}" for name in names)
    return sa.text(
        f"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING RETURNING id"  # noqa: S608
    ).bindparams(*(sa.bindparam(name, type_=SQL[table].c[name].type) for name in names))


@lru_cache(maxsize=100)
def holding(table: str) -> sa.Select[Any]:
    """The row whose id is ``record``, held until the end of the transaction."""
    rows = SQL[table]
    return sa.select(rows).where(rows.c.id == sa.bindparam("record")).with_for_update()


@lru_cache(maxsize=500)
def alteration(table: str, names: tuple[str, ...]) -> sa.Update:
    """Give these columns the values ``new_…``, in the row whose id is ``this_row``."""
    columns = SQL[table].c
    changes = {name: sa.bindparam(f"new_{name}", type_=columns[name].type) for name in names}
    return sa.update(SQL[table]).where(columns.id == sa.bindparam("this_row")).values(changes)


def asked(
    table: str, order_by: tuple[str, ...], equals: Mapping[str, Any], one: bool = False
) -> tuple[sa.Select[Any], dict[str, Any]]:
    """The query for rows with these values, and the values. Raises ``TypeError`` for a sealed field."""
    shape, given = [], {}
    if table in SEALED:
        wanted = {name.removeprefix("-") for name in (*order_by, *equals)}
        if sealed := wanted & SEALED[table].keys():
            raise TypeError(f"{table} is not looked for by {', '.join(sorted(sealed))}")
    for name, value in equals.items():
        if value is None:
            shape.append((name, _NONE))
        elif isinstance(value, (list, tuple, set, frozenset)):
            shape.append((name, _AMONG))
            given[f"given_{name}"] = list(value)
        else:
            shape.append((name, _EQUAL))
            given[f"given_{name}"] = value
    return _query(table, order_by, tuple(shape), one), given


@lru_cache(maxsize=500)
def _query(
    table: str, order_by: tuple[str, ...], shape: tuple[tuple[str, int], ...], one: bool
) -> sa.Select[Any]:
    columns = SQL[table].c
    query = sa.select(SQL[table])
    for name, how in shape:
        if how == _NONE:
            query = query.where(columns[name].is_(None))
        elif how == _AMONG:
            query = query.where(columns[name].in_(sa.bindparam(f"given_{name}", expanding=True)))
        else:
            query = query.where(columns[name] == sa.bindparam(f"given_{name}"))
    for name in (*order_by, "id"):
        column = columns[name.removeprefix("-")]
        query = query.order_by(column.desc() if name.startswith("-") else column)
    return query.limit(1) if one else query
