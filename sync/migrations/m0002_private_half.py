"""Step 2: the tables of the private half and of who may enter, and the columns it adds to the others."""

from pathlib import Path

from sqlalchemy.engine import Connection


def apply(connection: Connection) -> None:
    """Create what the first release had not; nothing that a town has written is touched."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def statements(dialect: str) -> list[str]:
    """The statements of this step for ``sqlite`` or ``postgresql``."""
    script = Path(__file__).with_name(f"m0002_private_half.{dialect}.sql").read_text(encoding="utf-8")
    return [statement.strip() for statement in script.split(";\n") if statement.strip()]
