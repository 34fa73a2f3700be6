"""Step 1: the tables of the first release, as they were then (the .sql files beside; never changed)."""

from pathlib import Path

from sqlalchemy.engine import Connection


def apply(connection: Connection) -> None:
    """Create every table of the first release."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def statements(dialect: str) -> list[str]:
    """The statements of this step for ``sqlite`` or ``postgresql``."""
    script = Path(__file__).with_name(f"m0001_first_release.{dialect}.sql").read_text(encoding="utf-8")
    return [statement.strip() for statement in script.split(";\n") if statement.strip()]
