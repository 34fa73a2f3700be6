"""``python -m sync``: tables out as files, backups and what they give back, the history, the keys."""

import argparse
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from config import keyfile, letters, settings
from config.commandline import DONE, REFUSED, WRONG, Parser, complain, say, why_unreadable
from config.settings import Settings
from desk import exporting, forgotten, ledger
from desk.house import House, Unreachable, opened
from desk.letters import many
from desk.visits import Visit
from policy.numbering import Number, parse
from policy.reasons import Refused, refused
from policy.roles import System
from policy.wording import moment_words
from sync import backup, hold, orders, remote_acts, restore
from sync.audit import verify
from sync.history import Author, Whence
from sync.link_tables import REMOTES
from sync.restore import Order, Prepared
from sync.rotation import rotate
from sync.store import Store
from sync.tables import TABLES
from sync.vault import SEALED, Keyring

Acts: TypeAlias = "argparse._SubParsersAction[Parser]"  # what argparse has no public name for

UNREADABLE = (
    "La base en place ne se lit plus, ou pas jusqu'au bout : mettez-la de côté (docs/sauvegarde.md), puis "
    "reprenez la copie dans une base vide. Rien n'a été touché."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked; the exit code (``config.commandline``)."""
    asked = _parser().parse_args(arguments)
    act: Callable[[House, argparse.Namespace, Settings], int] = asked.act
    chosen = settings.read()
    try:
        with opened(chosen, letters.environment(), locked=act in NEED_NO_KEY) as house:
            return act(house, asked, chosen)
    except Refused as refusal:
        complain(str(refusal))
        return REFUSED
    except Unreachable as failure:
        complain(str(failure))
        return WRONG
    except (DatabaseError, sqlite3.DatabaseError) as failure:
        if type(failure) not in (DatabaseError, sqlite3.DatabaseError):
            raise  # not a damaged file: a fault of ours
        complain(UNREADABLE)
        return WRONG


def _parser() -> Parser:
    parser = Parser(
        prog="python -m sync",
        description="Guichet : exporter, sauvegarder, reprendre, vérifier, changer de clé.",
    )
    acts = parser.add_subparsers(dest="acte", required=True, metavar="ACTE", title="actes")
    _add_tables(acts)
    _add_backups(acts)
    remote_acts.add(acts)
    return parser


def _add_tables(acts: Acts) -> None:
    known = [name for name in TABLES if name not in SEALED]
    out = acts.add_parser("export", help="écrit une table dans un fichier",
                          description=f"Écrit une table dans un fichier : {', '.join(known)}.")  # fmt: skip
    out.add_argument("table", metavar="TABLE", help="son nom (files) ou son libellé (Dossiers)")
    out.add_argument("file", metavar="FICHIER", type=Path, help="un .xlsx ou un .csv")
    out.set_defaults(act=_export)

    check = acts.add_parser("verify", help="vérifie que l'historique n'a pas été altéré",
                            description="Vérifie chaque historique et, avec GUICHET_SEAL_KEY, les sceaux. "
                                        "Code 1 si quelque chose ne tient pas.")  # fmt: skip
    check.add_argument("file", metavar="COPIE", type=Path, nargs="?",
                       help="une copie de sauvegarde, plutôt que la base")  # fmt: skip
    check.add_argument("--witness", default="", metavar="SCEAU",
                       help="un sceau noté ailleurs, qui doit encore s'y trouver")  # fmt: skip
    check.set_defaults(act=_verify)

    turn = acts.add_parser("rotate", help="scelle tout avec la clé privée la plus récente",
                           description="Emballe de nouveau la clé de chaque dossier avec la plus "
                                       "récente clé privée. Se refait sans dommage.")  # fmt: skip
    turn.set_defaults(act=_rotate)


def _add_backups(acts: Acts) -> None:
    keep = acts.add_parser("backup", help="écrit une copie de sauvegarde",
                           description="Copie toute la base dans un fichier, sans arrêter personne. Les clés "
                                       "n'y sont pas.")  # fmt: skip
    keep.add_argument(
        "file", metavar="FICHIER", type=Path, help="un fichier, ou un dossier : le nom dit alors le moment"
    )
    keep.add_argument("--replace", action="store_true", help="écrase le fichier s'il existe")
    keep.set_defaults(act=_backup)

    back = acts.add_parser("restore", help="reprend une copie de sauvegarde",
                           description="Reprend une copie, entière ou pas du tout. Rien ne part ensuite, ni "
                                       "courriel ni écriture dans la table, avant « confirm ».")  # fmt: skip
    back.add_argument("file", metavar="FICHIER", type=Path, help="la copie")
    how = back.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="lit et vérifie la copie, sans rien reprendre")
    how.add_argument(
        "--replace", action="store_true", help="remplace ce que la base contient, sans le demander"
    )
    back.add_argument("--before", metavar="FICHIER", type=Path,
                      help="où garder ce qui est remplacé ; sans cela, à côté de la copie")  # fmt: skip
    back.add_argument("--past", metavar="NUMÉRO", action="append", default=[],
                      help="le dernier numéro connu, répétable : les suivants le dépassent")  # fmt: skip
    back.set_defaults(act=_restore)

    go = acts.add_parser("confirm", help="après une reprise, laisse repartir courriels et écritures",
                         description="Après une reprise : les listes, les courriels et les écritures dans la "
                                     "table reprennent.")  # fmt: skip
    go.add_argument("--without-mails", action="store_true",
                    help="les courriels en attente ne partiront pas d'eux-mêmes")  # fmt: skip
    go.set_defaults(act=_confirm)


def _export(house: House, asked: argparse.Namespace, chosen: Settings) -> int:
    visit = Visit(house, datetime.now(UTC), system=System.EXPORT, whence=Whence.COMMAND)
    path: Path = asked.file
    content = exporting.export(visit, asked.table, path.suffix.lower())
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.touch(mode=0o600)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as failure:
        beside.unlink(missing_ok=True)
        complain(f"{path} ne s'écrit pas : {why_unreadable(failure)}.")
        return REFUSED
    say(f"{path} : écrit.")
    return DONE


def _verify(house: House, asked: argparse.Namespace, chosen: Settings) -> int:
    key = _seal_key(chosen)
    if asked.file is not None:
        return _verify_copy(asked.file, asked.witness, chosen)
    with house.store.reading() as tx:
        faults = verify(tx, key, asked.witness)
    if faults:
        complain([*faults, f"{len(faults)} défaut(s) : l'historique ne tient pas."])
        return REFUSED
    say(
        "L'historique tient."
        if key
        else "L'historique tient ; sans GUICHET_SEAL_KEY, les sceaux ne sont pas vérifiés."
    )
    return DONE


def _verify_copy(path: Path, witness: str, chosen: Settings) -> int:
    """The same of a backup, put together aside: nothing of the store is touched."""
    keys = Keyring.parsed(chosen.keyring) if chosen.keyring else None
    chosen.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="reprise-", dir=chosen.data_dir) as folder,
        restore.prepared(path, Path(folder), keys, _seal_key(chosen), _tell) as ready,
    ):
        _present(ready)
        return _judge(ready, chosen, witness)


def _rotate(house: House, asked: argparse.Namespace, chosen: Settings) -> int:
    if not chosen.keyring:
        complain("Aucune clé privée n'est fournie (GUICHET_PRIVATE_KEYS) : il n'y a rien à faire.")
        return REFUSED
    keys = Keyring.parsed(chosen.keyring)
    count = rotate(house.store, keys)
    say(
        f"Clés emballées de nouveau avec la clé {keys.newest} : {count}."
        if count
        else f"Tout est déjà emballé avec la clé {keys.newest}."
    )
    if len(keys.ids) > 1:
        say(
            f"Plus rien ne demande {', '.join(keys.ids[1:])} dans cette base. Avant de retirer une ancienne "
            "clé : redémarrez le guichet et l'horloge sur chaque machine, refaites cette commande jusqu'à ce "
            "que tout soit déjà emballé, et gardez-la sur papier tant qu'une copie de sauvegarde d'avant "
            "peut servir."
        )
    return DONE


def _backup(house: House, asked: argparse.Namespace, chosen: Settings) -> int:
    at = datetime.now(UTC)
    path: Path = asked.file / f"guichet-{at:%Y-%m-%d-%H%M%S}.zip" if asked.file.is_dir() else asked.file
    _refuse_place(path, chosen)
    made = backup.back_up(house.store, path, at, _seal_key(chosen), _tell, replace=asked.replace)
    say(f"{path} : écrit, {many(made.count('files'), 'dossier', 'dossiers')}, {made.rows} lignes.")
    if made.head.keys:
        say(
            f"Les dossiers privés ne s'ouvriront qu'avec la clé {', '.join(made.head.keys)}, qui n'y est "
            "pas : gardez-la ailleurs."
        )
    return DONE


def _restore(house: House, asked: argparse.Namespace, chosen: Settings) -> int:
    at = datetime.now(UTC)
    by = Author(System.SETUP, "Reprise", Whence.COMMAND, at, "reprendre une copie de sauvegarde")
    keys = Keyring.parsed(chosen.keyring) if chosen.keyring else None
    before = asked.before or asked.file.with_name(f"{asked.file.stem}-remplace-{at:%Y-%m-%d-%H%M%S}.zip")
    numbers = [_number(text) for text in asked.past]
    chosen.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="reprise-", dir=chosen.data_dir) as folder,
        restore.prepared(asked.file, Path(folder), keys, _seal_key(chosen), _tell) as ready,
    ):
        _present(ready)
        if asked.check:
            return _judge(ready, chosen)
        with house.store.reading() as tx:
            full = restore.holds_rows(tx)
        if full:
            _refuse_place(before, chosen)
            if not (asked.replace or _agreed()):
                complain("La base n'est pas vide : rien n'a été repris. --replace la remplace.")
                return REFUSED

        def forget(store: Store, table: str, record: str) -> None:
            there = replace(house, store=store)
            visit = Visit(there, at, system=System.SETUP, whence=Whence.COMMAND)
            forgotten.forget_again(visit, table, record)

        order = Order(by, before if full else None, numbers, _seal_key(chosen))
        begun = restore.restore(house.store, ready, order, forget, _tell)
    say(begun.told)
    if passed := remote_acts.pass_numbers(house, chosen):
        say(passed)
    if full:
        say(f"Ce qui a été remplacé est gardé dans {before}.")
    say("Vérifiez avec « python -m sync verify », puis confirmez avec « python -m sync confirm ».")
    return DONE


def _present(ready: Prepared) -> None:
    head = ready.manifest.head
    town = f" de {head.town}" if head.town else ""
    say(
        f"Copie{town} du {moment_words(head.at)} : entière, "
        f"{many(ready.manifest.count('files'), 'dossier', 'dossiers')}, {ready.manifest.rows} lignes."
    )
    sys.stdout.flush()


def _judge(ready: Prepared, chosen: Settings, witness: str = "") -> int:
    with ready.store.reading() as tx:
        faults = verify(tx, _seal_key(chosen), witness)
    if faults:
        complain([*faults, f"{len(faults)} défaut(s) : l'historique de la copie ne tient pas."])
        return REFUSED
    say("Son historique tient.")
    return DONE


def _confirm(house: House, asked: argparse.Namespace, chosen: Settings) -> int:
    by = Author(
        System.SETUP, "Reprise", Whence.COMMAND, datetime.now(UTC), "confirmer la reprise des données"
    )
    with house.store.writing() as tx:
        dropped = ledger.give_up(tx, by) if asked.without_mails and hold.since(tx) else 0
        held = hold.end(tx, by)
        hushed = tx.rows(sa.select(REMOTES.c.name).where(REMOTES.c.restored_at.is_not(None)))
        for remote in hushed:
            orders.confirm(tx, remote["name"])
    if not (held or hushed):
        say("Rien n'attendait d'être confirmé.")
        return DONE
    say("Confirmé : listes, courriels et écritures dans la table reprennent.")
    if dropped:
        say(f"Courriels qui ne partiront pas d'eux-mêmes : {dropped} (page Courriels, « À faire »).")
    return DONE


def _agreed() -> bool:
    if not sys.stdin.isatty():
        return False
    say(
        "La base contient déjà des données : elles seront remplacées, et les personnes au travail devront "
        "se reconnecter."
    )
    return input("Remplacer ? (oui/non) ").strip().casefold() == "oui"


def _number(text: str) -> Number:
    number = parse(text)
    if number is None:
        raise refused(f"« {text} » n'est pas un numéro, comme 2026-00042 ou P2026-0007.")
    return number


def _refuse_place(path: Path, chosen: Settings) -> None:
    backup.refuse_place(path, chosen.data_dir, keyfile.default_file(chosen.data_dir).parent)


def _seal_key(chosen: Settings) -> bytes | None:
    return chosen.seal_key.get_secret_value().encode() if chosen.seal_key else None


def _tell(line: str) -> None:
    say(line)
    sys.stdout.flush()


NEED_NO_KEY = (_verify, _backup, _restore, _confirm)  # or, for a restore, that of the backup


if __name__ == "__main__":
    sys.exit(main())
