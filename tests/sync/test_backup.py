"""A backup holds everything, of one instant, while people work; what is not whole is refused."""

import base64
import json
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from policy.reasons import Refused
from sync import archive, backup, cells, migrations
from sync.archive import MANIFEST
from sync.audit import verify
from sync.engine import opened
from sync.schema import SERIES
from sync.store import Store
from sync.vault import Keyring, Locked
from tests.cast import Cast
from tests.keys import KEYS
from tests.sync import backups
from tests.sync.backups import contents, manifest_of, read, rewritten, silent, taken
from tests.sync.private_rows import complaint
from tests.sync.rows import DESK, NOW, department, file

SEAL = b"0123456789abcdef0123456789abcdef"


def test_a_backup_put_together_again_holds_every_row_of_every_table(cast: Cast, tmp_path: Path) -> None:
    store = cast.house.store
    with store.writing() as tx:
        first = tx.insert("files", file(1, facts="Déjà vu 🌊\r\n"), DESK)
        tx.insert("files", file(2, duplicate_of=first["id"], target_why={"due": None, "é": [1, "«»"]}), DESK)
        tx.insert("complaints", complaint(), DESK)
        joined = {"file": first["id"], "name": "a.pdf", "media_type": "x", "size": 3, "added_at": NOW}
        attachment = tx.insert("attachments", joined, DESK)["id"]
        tx.insert("attachment_contents", {"attachment": attachment, "content": b"\x00\xff\n"}, DESK)
    manifest = taken(store, tmp_path / "copie.zip")
    assert manifest.head.town == "Ville de Prévost"
    assert manifest.head.keys == KEYS.ids
    assert manifest.count("files") == 2
    with read(tmp_path / "copie.zip") as ready:
        assert contents(ready.store) == contents(store)
        with ready.store.reading() as tx:
            assert verify(tx) == []


def test_only_its_owner_reads_a_backup_and_nothing_else_is_left_beside(store: Store, tmp_path: Path) -> None:
    taken(store, tmp_path / "copie.zip")
    assert stat.S_IMODE((tmp_path / "copie.zip").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["copie.zip"]


def test_no_key_is_in_a_backup(store: Store, tmp_path: Path) -> None:
    with store.writing() as tx:
        tx.insert("complaints", complaint(), DESK)
    taken(store, tmp_path / "copie.zip", SEAL)
    with zipfile.ZipFile(tmp_path / "copie.zip") as zipped:
        held = b"\n".join(zipped.read(name) for name in zipped.namelist())
    assert KEYS.newest.encode() in held, "which key it wants is told"
    master = KEYS.masters[0]
    for secret in (master, base64.b64encode(master), master.hex().encode(), SEAL):
        assert secret not in held


def test_a_file_that_is_there_is_written_over_only_when_told(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "copie.zip"
    path.write_text("autre chose")
    with pytest.raises(Refused, match="existe déjà"):
        taken(store, path)
    assert path.read_text() == "autre chose"
    backup.back_up(store, path, NOW, None, silent, replace=True)
    with read(path):
        assert zipfile.is_zipfile(path)


def test_a_backup_that_fails_leaves_the_one_before_and_nothing_half_written(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "copie.zip"
    taken(store, path)
    before = path.read_bytes()

    def full(*given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_flush", full)
    with pytest.raises(Refused, match="le disque est plein"):
        backup.back_up(store, path, NOW, None, silent, replace=True)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["copie.zip"]


@pytest.mark.parametrize("place", ["data/copie.zip", "data/x/../copie.zip", "data-cles/copie.zip"])
def test_a_backup_is_not_kept_with_the_data_nor_with_the_keys(tmp_path: Path, place: str) -> None:
    with pytest.raises(Refused, match="un autre dossier"):
        backup.refuse_place(tmp_path / place, tmp_path / "data", tmp_path / "data-cles")
    backup.refuse_place(tmp_path / "copies" / "copie.zip", tmp_path / "data", tmp_path / "data-cles")


def test_a_folder_that_is_not_there_is_said_in_french(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="ce dossier n'existe pas"):
        taken(store, tmp_path / "absent" / "copie.zip")


def test_a_backup_taken_while_four_processes_write_is_of_one_instant(store_url: str, tmp_path: Path) -> None:
    store = Store.open(store_url, KEYS)
    with store.writing() as tx:
        record = tx.insert("departments", department(rank=0), DESK)["id"]
    root = Path(backups.__file__).parents[2]
    command = [sys.executable, "-m", "tests.sync.writers", store_url, "15", record]
    writers = [subprocess.Popen(command, cwd=root) for _ in range(4)]
    taken_at: list[Path] = []
    while any(writer.poll() is None for writer in writers) or not taken_at:
        taken_at.append(tmp_path / f"copie-{len(taken_at)}.zip")
        taken(store, taken_at[-1])
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0], "no writer was stopped"
    store.close()
    grown = set()
    for path in taken_at:
        with read(path) as ready, ready.store.reading() as tx:
            assert verify(tx) == []
            files = tx.find("files", ("number",))
            rank = (tx.get("departments", record) or {})["rank"]
            last = tx.scalar(sa.select(SERIES.c.last)) or 0
            assert len({row["number"] for row in files}) == len(files) == rank == last
            grown.add(len(files))
    assert len(grown) > 1, "they really wrote meanwhile"


def cut(path: Path) -> Path:
    made = path.with_name("coupe.zip")
    made.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return made


def flipped(path: Path) -> Path:
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as zipped:
        info = zipped.getinfo("tables/files.jsonl")
    content[info.header_offset + 100] ^= 0xFF
    made = path.with_name("bit.zip")
    made.write_bytes(content)
    return made


def another_sort(path: Path) -> Path:
    made = path.with_name("autre.zip")
    made.write_text("Bonjour")
    return made


def changed(what: Callable[[dict[str, bytes]], None]) -> Callable[[Path], Path]:
    return lambda path: rewritten(path, what)


def a_line(members: dict[str, bytes]) -> None:
    members["tables/files.jsonl"] = members["tables/files.jsonl"].replace(b"nid-de-poule", b"nid-de-poules")


def a_part(members: dict[str, bytes]) -> None:
    del members["tables/files.jsonl"]


def a_part_and_its_mention(members: dict[str, bytes]) -> None:
    del members["tables/notices.jsonl"]
    said = manifest_of(members)
    said["parts"] = [part for part in said["parts"] if part["table"] != "notices"]
    members[MANIFEST] = json.dumps(said).encode()


def the_manifest(members: dict[str, bytes]) -> None:
    members[MANIFEST] = b"[1, 2]"


def no_manifest(members: dict[str, bytes]) -> None:
    del members[MANIFEST]


def a_name(members: dict[str, bytes]) -> None:
    members[MANIFEST] = members[MANIFEST].replace(b'"notices"', b'"notices\\" (x)"')


@pytest.mark.parametrize(
    "spoil",
    [
        cut, flipped, another_sort, changed(a_line), changed(a_part), changed(a_part_and_its_mention),
        changed(the_manifest), changed(no_manifest), changed(a_name),
    ],
)  # fmt: skip
def test_a_file_that_is_not_a_whole_backup_is_refused(
    store: Store, tmp_path: Path, spoil: Callable[[Path], Path]
) -> None:
    with store.writing() as tx:
        tx.insert("files", file(1), DESK)
    taken(store, tmp_path / "copie.zip")
    wrong = spoil(tmp_path / "copie.zip")
    with pytest.raises(Refused, match="n'est pas une copie de sauvegarde entière"), read(wrong):
        pytest.fail("it was taken for a backup")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="n'existe pas"), read(tmp_path / "absent.zip"):
        pytest.fail("it was taken for a backup")


def test_a_row_that_points_nowhere_is_an_altered_backup(store: Store, tmp_path: Path) -> None:
    with store.writing() as tx:
        citizen = tx.insert("citizens", {"name": "Ève Tremblay"}, DESK)["id"]
        tx.insert("files", file(1, citizen=citizen), DESK)
    taken(store, tmp_path / "copie.zip")

    def no_citizens(members: dict[str, bytes]) -> None:
        members["tables/citizens.jsonl"] = b""
        said = manifest_of(members)
        for part in said["parts"]:
            if part["table"] == "citizens":
                part["rows"], part["sha256"] = 0, sha256(b"").hexdigest()
        members[MANIFEST] = json.dumps(said).encode()

    with (
        pytest.raises(Refused, match="n'est pas une copie"),
        read(rewritten(tmp_path / "copie.zip", no_citizens)),
    ):
        pytest.fail("it was taken for a backup")


def test_with_the_key_of_the_seals_a_manifest_that_was_written_anew_shows(
    store: Store, tmp_path: Path
) -> None:
    taken(store, tmp_path / "copie.zip", SEAL)

    def another_day(members: dict[str, bytes]) -> None:
        said = manifest_of(members)
        said["at"] = "2026-01-01T00:00:00+00:00"
        members[MANIFEST] = json.dumps(said).encode()

    forged = rewritten(tmp_path / "copie.zip", another_day)
    with read(tmp_path / "copie.zip", key=SEAL) as ready:
        assert ready.manifest.head.at == NOW
    with pytest.raises(Refused, match="modifié"), read(forged, key=SEAL):
        pytest.fail("the seal was not looked at")
    with read(forged, key=b"z" * 32) as ready:
        assert ready.manifest.head.at != NOW, "another key cannot judge"


@pytest.mark.parametrize("name", ["guichet", "step"])
def test_a_backup_of_a_later_version_is_refused(store: Store, tmp_path: Path, name: str) -> None:
    taken(store, tmp_path / "copie.zip")

    def later(members: dict[str, bytes]) -> None:
        members[MANIFEST] = json.dumps({**manifest_of(members), name: 99}).encode()

    with (
        pytest.raises(Refused, match="version plus récente"),
        read(rewritten(tmp_path / "copie.zip", later)),
    ):
        pytest.fail("it was read")


def test_a_backup_of_an_earlier_version_is_brought_up_to_this_one(tmp_path: Path, cast: Cast) -> None:
    taken(cast.house.store, tmp_path / "copie.zip")
    engine = opened(f"sqlite:///{tmp_path / 'avant.db'}")
    migrations.migrate(engine, migrations.STEPS[:2])
    looked = sa.inspect(engine)
    known = {
        name: {column["name"] for column in looked.get_columns(name)} for name in looked.get_table_names()
    }
    engine.dispose()

    def earlier(members: dict[str, bytes]) -> None:
        said = manifest_of(members)
        said["step"] = 2
        said["parts"] = [part for part in said["parts"] if part["table"] in known]
        for part in said["parts"]:
            narrowed(members, part, known[part["table"]])
        members[MANIFEST] = json.dumps(said).encode()

    later = {table.name for table in cells.KEPT} - known.keys()
    with read(rewritten(tmp_path / "copie.zip", earlier)) as ready:
        assert len(ready.manifest.parts) < len(cells.KEPT)
        assert contents(ready.store, *later) == contents(cast.house.store, *later)


def narrowed(members: dict[str, bytes], part: dict[str, Any], known: set[str]) -> None:
    """That part as the earlier version would have written it, without the columns that it had not."""
    places = [place for place, name in enumerate(part["columns"]) if name in known]
    member = f"tables/{part['table']}.jsonl"
    rows = [json.loads(line) for line in members[member].splitlines()]
    lines = [json.dumps([row[place] for place in places], ensure_ascii=False) + "\n" for row in rows]
    members[member] = "".join(lines).encode()
    part["columns"] = [part["columns"][place] for place in places]
    part["bytes"] = [name for name in part["bytes"] if name in known]
    part["sha256"] = sha256(members[member]).hexdigest()


@pytest.mark.parametrize("keys", [None, Keyring((b"o" * 32,))])
def test_a_backup_of_private_files_without_their_key_is_refused_at_once(
    store: Store, tmp_path: Path, keys: Keyring | None
) -> None:
    with store.writing() as tx:
        tx.insert("complaints", complaint(), DESK)
    taken(store, tmp_path / "copie.zip")
    with pytest.raises(Locked, match=KEYS.newest), read(tmp_path / "copie.zip", keys):
        pytest.fail("it was read without the key")
