"""Step 4: what a whole town needs beside: the other ordinary screens, import, keeping."""

from pathlib import Path

from sqlalchemy.engine import Connection


def apply(connection: Connection) -> None:
    """Create the tables and columns; nothing that a town has written is touched."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def statements(dialect: str) -> list[str]:
    """The statements of this step for ``sqlite`` or ``postgresql``."""
    script = Path(__file__).with_name(f"m0004_whole_town.{dialect}.sql").read_text(encoding="utf-8")
    return [statement.strip() for statement in script.split(";\n") if statement.strip()]
