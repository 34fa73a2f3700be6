"""Step 3: the ledger of reconciliation with the tables where the director works."""

from pathlib import Path

from sqlalchemy.engine import Connection


def apply(connection: Connection) -> None:
    """Create the tables of the ledger; nothing that a town has written is touched."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def statements(dialect: str) -> list[str]:
    """The statements of this step for ``sqlite`` or ``postgresql``."""
    script = Path(__file__).with_name(f"m0003_remotes.{dialect}.sql").read_text(encoding="utf-8")
    return [statement.strip() for statement in script.split(";\n") if statement.strip()]
