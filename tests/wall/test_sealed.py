"""What lies on the disk says nothing without the key: bytes, columns, histories, a copy, an export."""

import io
import zipfile
from contextlib import nullcontext
from itertools import product
from pathlib import Path

import pytest
import sqlalchemy as sa

from desk import exporting, private
from desk.visits import Visit
from policy.reasons import Refused
from policy.roles import System
from sync import audit, history
from sync.schema import METADATA
from sync.store import Store
from sync.tables import TABLES
from sync.vault import SEALED, Locked
from tests.cast import CAST
from tests.disk import lying
from tests.wall.planted import NOON, WORDS, Town

ALL = tuple(word for each in WORDS.values() for word in each)


def said(value: object) -> str:
    """A value as text, whatever it is."""
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def test_no_column_of_any_table_holds_one(town: Town) -> None:
    with town.cast.house.store.reading() as tx:
        hits = [
            f"{table.name}.{name}: {word}"
            for table in METADATA.sorted_tables
            for row in tx.connection.execute(sa.select(table)).mappings()
            for name, value in row.items()
            for word in ALL
            if word in said(value).casefold()
        ]
    assert not hits


def test_the_bytes_of_the_database_and_of_its_journal_hold_none(town: Town) -> None:
    if not town.address.startswith("sqlite"):
        pytest.skip("PostgreSQL is looked into column by column")
    path = Path(town.address.removeprefix("sqlite:///"))
    looked = sorted(path.parent.glob(f"{path.name}*"))
    assert any(each.name.endswith("-wal") for each in looked)
    for each in looked:
        content = lying(each).lower()
        assert [word for word in ALL if word.encode() in content] == [], each.name


def test_a_copy_without_the_key_opens_nothing_private(town: Town, tmp_path: Path) -> None:
    address = town.address
    if town.address.startswith("sqlite"):
        town.cast.house.store.settle()
        copy = tmp_path / "copie.db"
        copy.write_bytes(lying(Path(town.address.removeprefix("sqlite:///"))))
        address = f"sqlite:///{copy}"
    stolen = Store.open(address)
    with stolen.reading() as tx:
        for table in sorted(SEALED):
            there = tx.scalar(sa.select(sa.func.count()).select_from(METADATA.tables[table]))
            with pytest.raises(Locked) if there else nullcontext():
                tx.find(table)
        for kind, record in town.records.items():
            told = str(history.entries(tx, private.TABLES[kind], record))
            assert not [word for word in ALL if word in told.casefold()]
        assert audit.verify(tx) == []
    stolen.close()


def test_no_export_of_any_table_holds_one(town: Town) -> None:
    system = Visit(town.cast.house, NOON, system=System.EXPORT)
    visits = [system, *(town.cast.visit(who, NOON) for who in CAST)]
    for visit, table in product(visits, TABLES):
        try:
            content = exporting.export(visit, table, ".xlsx")
        except Refused as no:
            told = str(no)
        else:
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                told = "\n".join(book.read(name).decode() for name in book.namelist())
            assert table not in SEALED
        assert [word for word in ALL if word in told.casefold()] == [], table


def test_the_command_exports_no_private_table(town: Town) -> None:
    visit = Visit(town.cast.house, NOON, system=System.EXPORT)
    for table in SEALED:
        with pytest.raises(Refused, match="ne s'exporte pas"):
            exporting.export(visit, table, ".csv")
