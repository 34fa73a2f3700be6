"""Rewrites the frozen tables of the first release from the definition: ``python -m tests.sync.freeze``.

Only until the first release: a town's database is then made of what step 1 was that day, and a change
of the definition is a new step.
"""

from pathlib import Path

from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from sync.migrations import m0001_first_release
from sync.schema import METADATA, MIGRATIONS

DIALECTS: dict[str, type[Dialect]] = {"sqlite": SQLiteDialect, "postgresql": PGDialect}


def script(dialect: str) -> str:
    """The statements that make every table of the definition, the ledger of the steps apart."""
    made = []
    for table in METADATA.sorted_tables:
        if table is MIGRATIONS:
            continue
        made.append(str(CreateTable(table).compile(dialect=DIALECTS[dialect]())))
        made.extend(
            str(CreateIndex(index).compile(dialect=DIALECTS[dialect]()))
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        )
    return "".join(f"{statement.strip()};\n\n" for statement in made)


def freeze() -> None:
    """Write the scripts beside step 1."""
    folder = Path(m0001_first_release.__file__)
    for dialect in DIALECTS:
        path = folder.with_name(f"m0001_first_release.{dialect}.sql")
        path.write_text(script(dialect).replace(" \n", "\n").rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    freeze()
