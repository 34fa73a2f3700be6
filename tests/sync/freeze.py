"""Rewrites what step 4 adds to those before it from the definition: ``python -m tests.sync.freeze``.

Only until the release that brings step 4: the steps before it were released and never change, and a town's
database is then made of what step 4 was that day; a later change of the definition is a new step.
"""

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import Dialect, Inspector
from sqlalchemy.schema import CreateIndex, CreateTable

from sync.link_tables import LINKS
from sync.migrations import m0001_first_release, m0002_private_half, m0003_remotes, m0004_whole_town
from sync.schema import MIGRATIONS

DIALECTS: dict[str, type[Dialect]] = {"sqlite": SQLiteDialect, "postgresql": PGDialect}


def script(dialect: str) -> str:
    """The statements that bring the released tables to the definition, the ledger of the steps apart."""
    speech, engine = DIALECTS[dialect](), sa.create_engine("sqlite://")
    with engine.begin() as connection:
        for step in (m0001_first_release, m0002_private_half, m0003_remotes):
            for statement in step.statements("sqlite"):
                connection.exec_driver_sql(statement)
        there = sa.inspect(connection)
        made = [
            statement
            for table in LINKS.metadata.sorted_tables
            if table is not MIGRATIONS
            for statement in _added(table, there, speech)
        ]
    engine.dispose()
    return "".join(f"{statement.strip()};\n\n" for statement in made)


def _added(table: sa.Table, there: Inspector, speech: Dialect) -> Iterator[str]:
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    had = set()
    if there.has_table(table.name):
        columns = {column["name"] for column in there.get_columns(table.name)}
        had = {index["name"] for index in there.get_indexes(table.name)}
        if columns - set(table.c.keys()):
            raise NotImplementedError(f"{table.name} loses {columns - set(table.c.keys())}")
        yield from (_column(table, column, speech) for column in table.c if column.name not in columns)
    else:
        yield str(CreateTable(table).compile(dialect=speech))
    for index in indexes:
        if SQLiteDialect().identifier_preparer.format_index(index) not in had:
            yield str(CreateIndex(index).compile(dialect=speech))


def _column(table: sa.Table, column: sa.Column[object], speech: Dialect) -> str:
    if not column.nullable:
        raise NotImplementedError(f"{table.name}.{column.name}: what would the rows that are there hold?")
    refers = "".join(
        f" CONSTRAINT {speech.identifier_preparer.format_constraint(key.constraint)}"
        f" REFERENCES {key.column.table.name} (id)"
        for key in column.foreign_keys
        if key.constraint is not None
    )
    kind = column.type.compile(dialect=speech)
    return f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}{refers}"


def freeze() -> None:
    """Write the scripts beside step 4."""
    folder = Path(m0004_whole_town.__file__)
    for dialect in DIALECTS:
        path = folder.with_name(f"m0004_whole_town.{dialect}.sql")
        path.write_text(script(dialect).replace(" \n", "\n").rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    freeze()
