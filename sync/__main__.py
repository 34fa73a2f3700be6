"""``python -m sync``: take a table out as a file, check that the history holds, turn the keys."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from config import letters, settings
from config.commandline import DONE, REFUSED, WRONG, Parser, complain, say, why_unreadable
from config.settings import Settings
from desk import exporting
from desk.house import House, Unreachable, opened
from desk.visits import Visit
from policy.reasons import Refused
from policy.roles import System
from sync.audit import verify
from sync.history import Whence
from sync.rotation import rotate
from sync.tables import TABLES
from sync.vault import SEALED, Keyring


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked; the exit code (``config.commandline``)."""
    asked = _parser().parse_args(arguments)
    act: Callable[[House, argparse.Namespace, Settings], int] = asked.act
    chosen = settings.read()
    try:
        with opened(chosen, letters.environment(), locked=act is _verify) as house:
            return act(house, asked, chosen)
    except Refused as refusal:
        complain(str(refusal))
        return REFUSED
    except Unreachable as failure:
        complain(str(failure))
        return WRONG


def _parser() -> Parser:
    parser = Parser(prog="python -m sync", description="Guichet : exporter, vérifier, changer de clé.")
    acts = parser.add_subparsers(dest="acte", required=True, metavar="ACTE", title="actes")

    known = [name for name in TABLES if name not in SEALED]
    out = acts.add_parser("export", help="écrit une table dans un fichier",
                          description=f"Écrit une table dans un fichier : {', '.join(known)}.")  # fmt: skip
    out.add_argument("table", metavar="TABLE", help="son nom (files) ou son libellé (Dossiers)")
    out.add_argument("file", metavar="FICHIER", type=Path, help="un .xlsx ou un .csv")
    out.set_defaults(act=_export)

    check = acts.add_parser("verify", help="vérifie que l'historique n'a pas été altéré",
                            description="Vérifie chaque historique et, avec GUICHET_SEAL_KEY, les sceaux. "
                                        "Code 1 si quelque chose ne tient pas.")  # fmt: skip
    check.add_argument("--witness", default="", metavar="SCEAU",
                       help="un sceau noté ailleurs, qui doit encore s'y trouver")  # fmt: skip
    check.set_defaults(act=_verify)

    turn = acts.add_parser("rotate", help="scelle tout avec la clé privée la plus récente",
                           description="Emballe de nouveau la clé de chaque dossier avec la plus "
                                       "récente clé privée. Se refait sans dommage.")  # fmt: skip
    turn.set_defaults(act=_rotate)
    return parser


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
    key = chosen.seal_key.get_secret_value().encode() if chosen.seal_key else None
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


if __name__ == "__main__":
    sys.exit(main())
