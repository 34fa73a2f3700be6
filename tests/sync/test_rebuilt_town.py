"""``python -m sync rebuild`` of a town that was put in place again before it was given back its rows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.presets import preset
from desk.setup import put_in_place
from sync.history import entries
from sync.outside import SETTINGS, shapes
from sync.store import Row, Store
from tests.desk.demands import opened
from tests.desk.filing import BY, NINE, stands
from tests.desk.filing import kept as rows_kept
from tests.remotes.served import kept as kept
from tests.sync.commanded import Desk
from tests.sync.commanded import desk as desk
from tests.sync.commanded import surroundings as surroundings

SHAPES = shapes(False)


@pytest.fixture
def again(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, desk: Desk
) -> Iterator[Store]:
    """The store of the same town, put in place again after it lost everything; the commands open it."""
    path = tmp_path / "neuve.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = Store.open(f"sqlite:///{path}")
    put_in_place(replace(desk.cast.house, store=store), preset("prevost"), NINE)
    yield store
    store.close()


def rows(store: Store, table: str) -> list[Row]:
    with store.reading() as tx:
        return list(tx.find(table))


def there(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    return {shape.label: desk.there.server.rows(shape.label) for shape in SHAPES}


def lost(desk: Desk, again: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the commands speak for the town put in place again."""
    monkeypatch.setenv("GUICHET_DATABASE_URL", str(_url(again)))
    assert desk.sync("setup", "--take-over") == 0, desk.complained


def _url(store: Store) -> Any:
    with store.reading() as tx:
        return tx.connection.engine.url


def test_nothing_is_doubled_and_every_file_keeps_what_it_pointed_to(
    desk: Desk, again: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = opened(desk.cast).id
    desk.ready()
    names = {row["id"]: row["name"] for table in ("departments", "categories")
             for row in rows_kept(desk.cast, table)}  # fmt: skip
    was = stands(desk.cast, {"id": file})
    before = {label: len(found) for label, found in there(desk).items()}
    lost(desk, again, monkeypatch)
    assert desk.sync("rebuild", "--yes") == 0, desk.complained
    counted = {shape.label: len(rows(again, shape.table)) for shape in SHAPES}
    assert {label: len(found) for label, found in there(desk).items()} == before == counted
    (given,) = rows(again, "files")
    now = {row["id"]: row["name"] for table in ("departments", "categories") for row in rows(again, table)}
    assert (given["id"], given["street"]) == (file, was["street"])
    for name in ("department", "category"):
        assert was[name] and now[given[name]] == names[was[name]], name
    assert not any(row.get("Synchronisation") for found in there(desk).values() for row in found)
    quiet = there(desk)
    for act in (("rebuild", "--yes", "--json"), ("run", "--once", "--json"), ("run", "--once", "--json")):
        writes = desk.there.server.calls.writes
        assert desk.sync(*act) == 0
        assert (there(desk), desk.there.server.calls.writes) == (quiet, writes), act
    for shape in SHAPES:
        if shape.table in SETTINGS:
            assert {row["id"] for row in rows(again, shape.table)} == desk.there.ids(shape.label)


def test_what_lives_there_wins_over_what_the_preset_says(
    desk: Desk, again: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ready()
    (parks,) = rows_kept(desk.cast, "categories", name="Nid-de-poule")
    desk.there.server.edit(
        "Grille d'intervention", parks["id"], {"Mots-clés": "orme, frêne", "Priorité": "Basse"}
    )
    lost(desk, again, monkeypatch)
    assert desk.sync("rebuild", "--yes") == 0
    (given,) = [row for row in rows(again, "categories") if row["name"] == parks["name"]]
    assert (given["keywords"], given["priority"].value) == ("orme, frêne", "Basse")
    row = desk.there.row("Grille d'intervention", given["id"])
    assert row["Mots-clés"] == "orme, frêne"


def test_a_cell_that_the_town_emptied_stays_empty(
    desk: Desk, again: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (works,) = [row for row in rows_kept(desk.cast, "categories") if row["keywords"]][:1]
    desk.ready().there.server.edit("Grille d'intervention", works["id"], {"Mots-clés": None})
    lost(desk, again, monkeypatch)
    assert desk.sync("rebuild", "--yes") == 0
    (given,) = [row for row in rows(again, "categories") if row["name"] == works["name"]]
    assert not given["keywords"]


def test_a_row_of_ours_changed_since_the_setup_keeps_its_history(
    desk: Desk, again: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ready()
    with again.writing() as tx:
        row = tx.find("codes")[0]
        tx.update("codes", row["id"], {"label": "Autre libellé"}, BY)
    lost(desk, again, monkeypatch)
    assert desk.sync("rebuild", "--yes") == 0
    (given,) = [each for each in rows(again, "codes") if each["id"] == row["id"]]
    assert given["label"] == row["label"]
    with again.reading() as tx:
        assert any("Autre libellé" in str(entry) for entry in entries(tx, "codes", row["id"]))
