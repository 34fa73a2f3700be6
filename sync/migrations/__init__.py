"""Numbered steps that bring a town's tables to this version of the software and keep its data."""

from sqlalchemy.engine import Engine

from sync.schema import METADATA


def migrate(engine: Engine) -> None:
    """Apply the steps that this database has not had yet."""
    METADATA.create_all(engine)
