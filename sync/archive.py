"""A backup as a file: a zip of one part a table, and a manifest that says what each part must hold.

A part is one row a line, as JSON (``sync.cells``; bytes in base64), so that it opens on either database, by
a later version, and by hand when all else is gone.
"""

import base64
import hashlib
import hmac
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from policy.reasons import refused
from sync import chain
from sync.cells import KEPT, Cells, bytes_of, columns_of, streamed
from sync.store import Reading
from sync.tables import TABLES

FORMAT = 1
MANIFEST = "manifest.json"
LABELS = {"history": "Historique", "search_docs": "Recherche", "search_words": "Mots de la recherche",
          "links": "Liens avec la table", "moved": "À envoyer à la table"}  # fmt: skip
_MANY = 5_000  # rows
_CHUNK = 1 << 20  # bytes written at once
_SPELLED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

Told = Callable[[str], None]


@dataclass(frozen=True)
class Head:
    """What a backup says of the store it is of. ``lineage``: the digest of the first entry of its history,
    which no other town has; ``keys``: the names of the keys without which its private files do not open."""

    at: datetime
    step: int  # the last migration it had
    dialect: str
    town: str
    lineage: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One table of a backup; ``digest`` is the SHA-256 of its lines."""

    table: str
    columns: tuple[str, ...]
    bytes: tuple[str, ...]
    rows: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """All that a backup says of itself."""

    head: Head
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """How many rows it holds."""
        return sum(part.rows for part in self.parts)

    def count(self, table: str) -> int:
        """How many rows of that table."""
        return sum(part.rows for part in self.parts if part.table == table)


def write(tx: Reading, out: IO[bytes], head: Head, key: bytes | None, told: Told) -> Manifest:
    """Write every table as this transaction sees it; ``key`` (the seals') seals the manifest too."""
    parts = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        for table in KEPT:
            part = _part(tx, zipped, table)
            parts.append(part)
            progress(told, part.table, part.rows)
        manifest = Manifest(head, tuple(parts))
        said = _said(manifest)
        if key is not None:
            said["seal"] = {"key": chain.key_id(key), "mac": _mac(said, key)}
        zipped.writestr(MANIFEST, json.dumps(said, ensure_ascii=False, indent=1))
    return manifest


def progress(told: Told, table: str, rows: int) -> None:
    """Tell of a table that took a while."""
    label = TABLES[table].label if table in TABLES else table
    if rows >= _MANY:
        told(f"  {LABELS.get(table) or label} : {rows:,} lignes".replace(",", "\u202f"))


def _part(tx: Reading, zipped: zipfile.ZipFile, table: Any) -> Part:
    columns, in_bytes = columns_of(table), bytes_of(table)
    places = [columns.index(name) for name in in_bytes]
    digest, count, held, weight = hashlib.sha256(), 0, list[bytes](), 0
    with zipped.open(_name(table.name), "w", force_zip64=True) as out:
        for row in streamed(tx, table):
            held.append(_line(row, places))
            count, weight = count + 1, weight + len(held[-1])
            if weight > _CHUNK:
                _flush(out, digest, held)
                weight = 0
        _flush(out, digest, held)
    return Part(table.name, columns, in_bytes, count, digest.hexdigest())


def _flush(out: IO[bytes], digest: Any, held: list[bytes]) -> None:
    chunk = b"".join(held)
    held.clear()
    digest.update(chunk)
    out.write(chunk)


def _line(row: Cells, places: Sequence[int]) -> bytes:
    cells = list(row)
    for place in places:
        if cells[place] is not None:
            cells[place] = base64.b64encode(cells[place]).decode()
    return _SPELLED.encode(cells).encode() + b"\n"


class Archive:
    """A backup opened for reading; every fault of the file is a ``Refused`` in French."""

    def __init__(self, path: Path, zipped: zipfile.ZipFile, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._zipped = zipped

    def rows(self, part: Part) -> Iterator[Cells]:
        """The rows of a part; whoever reads to the end has them as they were written."""
        digest, count = hashlib.sha256(), 0
        places = [part.columns.index(name) for name in part.bytes]
        with _faults(self.path), self._zipped.open(_name(part.table)) as lines:
            for line in lines:
                digest.update(line)
                count += 1
                cells = json.loads(line)
                for place in places:
                    if cells[place] is not None:
                        cells[place] = base64.b64decode(cells[place], validate=True)
                yield cells
        if (count, digest.hexdigest()) != (part.rows, part.digest):
            raise altered(self.path)


@contextmanager
def opened(path: Path, key: bytes | None) -> Iterator[Archive]:
    """The backup in that file. Raises ``Refused``: not one of ours, cut short, altered, of a later format.

    A manifest sealed with the key that is given must hold; one sealed with another key is not judged.
    """
    with _faults(path):
        zipped = zipfile.ZipFile(path)
    with zipped:
        with _faults(path):
            said = json.loads(zipped.read(MANIFEST))
            if said["guichet"] > FORMAT:
                raise newer()
            seal = said.pop("seal", None)
            manifest = _manifest(said)
            ours = key is not None and seal is not None and seal["key"] == chain.key_id(key)
        if ours and key is not None and not hmac.compare_digest(str(seal["mac"]), _mac(said, key)):
            raise altered(path)
        yield Archive(path, zipped, manifest)


def newer() -> Exception:
    """The refusal of a backup that a later version wrote."""
    return refused(
        "Cette copie a été écrite par une version plus récente du logiciel : mettez-le à jour avant de "
        "la reprendre. Rien n'a été touché."
    )


def altered(path: Path) -> Exception:
    """The refusal of a file that is not, or no longer, a backup."""
    return refused(
        f"{path} n'est pas une copie de sauvegarde entière : le fichier est d'une autre sorte, a été coupé "
        "ou a été modifié. Rien n'a été touché ; prenez une autre copie."
    )


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise refused(f"{path} n'existe pas.") from None
    except PermissionError:
        raise refused(f"{path} ne se lit pas : l'accès est refusé.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise altered(path) from None
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise altered(path) from None


def _said(manifest: Manifest) -> dict[str, Any]:
    head = manifest.head
    return {
        "guichet": FORMAT,
        "at": head.at.isoformat(),
        "step": head.step,
        "dialect": head.dialect,
        "town": head.town,
        "lineage": head.lineage,
        "keys": list(head.keys),
        "parts": [
            {
                "table": part.table,
                "columns": list(part.columns),
                "bytes": list(part.bytes),
                "rows": part.rows,
                "sha256": part.digest,
            }
            for part in manifest.parts
        ],
    }


def _manifest(said: dict[str, Any]) -> Manifest:
    head = Head(
        datetime.fromisoformat(said["at"]),
        int(said["step"]),
        str(said["dialect"]),
        str(said["town"]),
        str(said["lineage"]),
        tuple(map(str, said["keys"])),
    )
    parts = tuple(
        Part(
            str(part["table"]),
            tuple(map(str, part["columns"])),
            tuple(map(str, part["bytes"])),
            int(part["rows"]),
            str(part["sha256"]),
        )
        for part in said["parts"]
    )
    if not all(name.isidentifier() for part in parts for name in (part.table, *part.columns)):
        raise ValueError
    return Manifest(head, parts)


def _mac(said: dict[str, Any], key: bytes) -> str:
    return hmac.digest(key, b"guichet backup" + chain.canonical(said).encode(), "sha256").hex()


def _name(table: str) -> str:
    return f"tables/{table}.jsonl"
