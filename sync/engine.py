"""How the database is spoken to: what must be set on every connection, on SQLite and on PostgreSQL."""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, ExceptionContext, make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from sync.schema import METADATA, dumped

_PATIENCE_MS = 30_000  # how long a writer waits for another's short transaction
_SERVER = (
    "SELECT system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "FROM pg_control_system()"
)
_BUSY_STATES = {"40001", "40P01", "55P03"}  # serialization, deadlock, lock not available


def opened(url: str) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql://…`` (spoken by psycopg 3)."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if address.get_backend_name() in {"postgresql", "postgres"}:
        return _postgresql(address.set(drivername="postgresql+psycopg"))
    raise ValueError("the database is sqlite:///… or postgresql://…")


def only_reading(connection: Connection) -> Connection:
    """The connection, whose next transaction sees one unmoving picture and cannot write."""
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return connection.execution_options(reads_only=True)


def is_busy(error: OperationalError) -> bool:
    """Whether a transaction failed only because others held what it wanted for too long."""
    if getattr(error.orig, "sqlstate", None) in _BUSY_STATES:
        return True
    return getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def home(engine: Engine) -> str:
    """Where this database lives, as a digest: a copy of it lives elsewhere.

    A file is known by its path and its machine, a database of PostgreSQL by its server and its own number
    there: several machines may share it.
    """
    if engine.dialect.name == "sqlite":
        machine = Path("/etc/machine-id")
        named = machine.read_text(encoding="ascii").strip() if machine.is_file() else ""
        place = [str(Path(str(engine.url.database)).resolve()), named]
    else:
        with engine.connect() as connection:
            place = [str(part) for part in connection.exec_driver_sql(_SERVER).one()]
    return hashlib.sha256("\n".join(place).encode()).hexdigest()[:32]


def settled(engine: Engine) -> bool:
    """Move SQLite's journal into the file and empty it; write PostgreSQL's tables anew, without what is dead.

    Whether it could be done now: whoever reads keeps SQLite's journal, whoever works a table of PostgreSQL's.
    """
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            cursor.close()
        finally:
            raw.close()
        return not busy
    tables = ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            # FULL: a plain VACUUM frees a row's place in its page and leaves its bytes there
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {tables}")
            # the planner's statistics quote common values; without the right to it, a warning and no more
            connection.exec_driver_sql("VACUUM (FULL) pg_statistic")
        except OperationalError as error:
            if not is_busy(error):
                raise
            return False
        with suppress(ProgrammingError):  # for who has the right; else the server does it within minutes
            connection.exec_driver_sql("CHECKPOINT")
    return True


def _sqlite(address: URL) -> Engine:
    if not address.database or address.database == ":memory:":
        raise ValueError("the SQLite store is a file")
    path = Path(address.database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)  # -wal and -shm take the mode of the file
    engine = sa.create_engine(
        address,
        hide_parameters=True,
        json_serializer=dumped,
        pool_size=10,
        max_overflow=30,
        connect_args={"timeout": _PATIENCE_MS / 1000},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: sqlite3's own is deferred
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a number told to a citizen survives a power cut
        "foreign_keys=ON",
        "secure_delete=ON",
        "cache_size=-16000",
        "mmap_size=536870912",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
    # IMMEDIATE: a deferred writer fails as soon as another wrote since it began, whatever its patience
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql(address: URL) -> Engine:
    engine = sa.create_engine(
        address,
        hide_parameters=True,
        json_serializer=dumped,
        pool_size=10,
        max_overflow=30,
        pool_pre_ping=True,
    )
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "handle_error", _without_values)
    return engine


def _prepare_postgresql(connection: Any, record: object) -> None:
    connection.execute(f"SET lock_timeout = {_PATIENCE_MS}")
    connection.commit()


def _without_values(context: ExceptionContext) -> None:
    """PostgreSQL's DETAIL quotes the whole row; an error that reaches a log holds no citizen's data."""
    said = context.original_exception
    primary = getattr(getattr(said, "diag", None), "message_primary", None)
    if primary is None or context.sqlalchemy_exception is None:
        return
    said.args = (primary,)
    context.sqlalchemy_exception.args = (f"({type(said).__module__}.{type(said).__name__}) {primary}",)
