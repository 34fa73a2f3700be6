"""Numbered steps that bring a town's tables to this version of the software and keep its data.

A step is never changed once released: a new need is a new step, written for data that is there. A step
that changes values of a logged table says so in the history (``sync.history.append``), or ``verify`` will.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from policy.reasons import refused
from sync.migrations import m0001_first_release, m0002_private_half, m0003_remotes, m0004_whole_town
from sync.schema import MIGRATIONS

_TURN = 0x67756963686574  # « guichet »: the advisory lock of whoever migrates


@dataclass(frozen=True)
class Step:
    """One step: its number, its name, and what it does in one transaction."""

    number: int
    name: str
    apply: Callable[[Connection], None]


STEPS = (
    Step(1, "première version", m0001_first_release.apply),
    Step(2, "moitié privée", m0002_private_half.apply),
    Step(3, "tables du directeur", m0003_remotes.apply),
    Step(4, "la ville entière", m0004_whole_town.apply),
)


def migrate(engine: Engine, steps: Sequence[Step] = STEPS) -> list[int]:
    """Apply the steps that this database has not had yet, each whole or not at all; their numbers.

    Two processes may do it at once. Raises ``Refused`` when the database comes from a newer version.
    """
    applied: list[int] = []
    while True:
        with _alone(engine) as connection:
            step = _next(_had(connection), steps)
            if step is None:
                return applied
            step.apply(connection)
            connection.execute(sa.insert(MIGRATIONS).values(number=step.number, name=step.name))
        applied.append(step.number)


def _next(had: set[int], steps: Sequence[Step]) -> Step | None:
    newer = had - {step.number for step in steps}
    if newer:
        raise refused(
            "Cette base de données a été écrite par une version plus récente du logiciel "
            f"(étape {max(newer)}) : mettez le logiciel à jour avant de l'ouvrir."
        )
    return next((step for step in steps if step.number not in had), None)


def _had(connection: Connection) -> set[int]:
    connection.execute(sa.schema.CreateTable(MIGRATIONS, if_not_exists=True))
    return set(connection.scalars(sa.select(MIGRATIONS.c.number)))


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN)))
            yield connection
        return
    with engine.connect() as connection:
        # SQLite rebuilds a table to alter it; its rows must not be lost to the rows that point at them
        raw = connection.connection.dbapi_connection
        if raw is None:
            raise RuntimeError("the connection was closed")
        raw.cursor().execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if lost:
                    raise RuntimeError(f"this step loses what {len(lost)} rows point at")
        finally:
            raw.cursor().execute("PRAGMA foreign_keys=ON")
