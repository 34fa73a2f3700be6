"""``python -m desk``: put a town in place, add accounts, bring in a file of demands."""

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from config import demonstration, keyfile, letters, presets, settings
from config.commandline import DONE, REFUSED, WRONG, Parser, complain, say, why_unreadable
from config.settings import Settings
from desk import accounts, demo, import_views, import_work, importing, imports, passwords, setup
from desk.house import House, Unreachable, opened
from desk.import_views import View
from desk.importing import Report
from desk.visits import Visit
from policy.reasons import Refused, refused
from policy.roles import System
from policy.words import Role
from sync import process
from sync.history import Whence
from sync.states import ImportState
from sync.tables import TABLES
from sync.vault import Keyring

DEMO_PRESET = "prevost"  # whose departments the people of the demonstration work in


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked; the exit code (``config.commandline``)."""
    asked = _parser().parse_args(arguments)
    act: Callable[[House, argparse.Namespace, datetime], int] = asked.act
    try:
        chosen = settings.read()
        if act in (_setup, _key):
            chosen = _with_a_key(chosen)
        with opened(chosen, letters.environment()) as house:
            return act(house, asked, datetime.now(UTC))
    except Refused as refusal:
        complain(str(refusal))
        return REFUSED
    except Unreachable as failure:
        complain(str(failure))
        return WRONG


def _parser() -> Parser:
    parser = Parser(prog="python -m desk", description="Guichet : mise en place, comptes, import.")
    acts = parser.add_subparsers(dest="acte", required=True, metavar="ACTE", title="actes")

    town = acts.add_parser("setup", help="met une ville en place", description="Met une ville en place.")
    town.add_argument("--preset", required=True, choices=presets.names(), help="la politique de départ")
    town.add_argument(
        "--name", default="", metavar="NOM", help="le nom de la ville, au lieu de celui du préréglage"
    )
    town.add_argument("--demo", action="store_true", help="avec les gens et les demandes de la démonstration")
    town.set_defaults(act=_setup)

    safe = acts.add_parser("key", help="fabrique la clé des dossiers privés, si aucune n'est là",
                           description="Fabrique la clé des dossiers privés, à côté des données, et la montre"
                                       " une seule fois. Ne touche à aucune clé qui est là.")  # fmt: skip
    safe.set_defaults(act=_key)

    bring = acts.add_parser("import", help="importe un fichier de demandes",
                            description="Importe un fichier : tout ce qui convient, ou rien.")  # fmt: skip
    bring.add_argument("file", metavar="FICHIER", type=Path, help="le fichier .csv ou .xlsx")
    bring.add_argument("--preset", choices=importing.PRESETS,
                       help="la forme du fichier ; sinon, ses colonnes comme à l'écran Importer")  # fmt: skip
    bring.add_argument("--leave-aside", action="store_true",
                       help="laisse de côté les lignes qui ne conviennent pas")  # fmt: skip
    bring.set_defaults(act=_import)

    kept = acts.add_parser("accounts", help="tient les comptes", description="Tient les comptes.")
    deeds = kept.add_subparsers(dest="geste", required=True, metavar="GESTE", title="gestes")
    add = deeds.add_parser("add", help="ouvre un compte", description="Ouvre un compte.")
    add.add_argument("--name", required=True, metavar="NOM", help="prénom et nom")
    add.add_argument("--email", required=True, metavar="COURRIEL", help="le courriel de la personne")
    add.add_argument("--role", required=True, action="append", choices=[role.value for role in Role],
                     metavar="RÔLE", help=f"un rôle, répétable : {', '.join(Role)}")  # fmt: skip
    add.add_argument("--department", action="append", default=[], metavar="SERVICE",
                     help="un service, répétable")  # fmt: skip
    add.add_argument("--extension", default="", metavar="POSTE", help="le numéro de poste")
    word = add.add_mutually_exclusive_group()
    word.add_argument("--password-file", type=Path, metavar="FICHIER",
                      help="un fichier qui contient le mot de passe")  # fmt: skip
    word.add_argument(
        "--generate", action="store_true", help="un mot de passe au hasard, montré une seule fois"
    )
    add.set_defaults(act=_add_account)
    return parser


def _with_a_key(chosen: Settings) -> Settings:
    """The settings with a key for the private files, made for a town that never had one and shown once.

    Where something is sealed already, the key that is missing is asked for: another would open nothing.
    """
    if chosen.keyring:
        return chosen
    with opened(chosen, letters.environment()):
        path = keyfile.default_file(chosen.data_dir)
        try:
            key = keyfile.make(path)
        except FileExistsError:  # another set-up, at the same time
            return settings.read()
        except OSError as failure:
            raise refused(f"{path} ne s'écrit pas : {why_unreadable(failure)}.") from None
    say(
        [
            "Une clé a été fabriquée pour chiffrer les dossiers privés (plaintes, accès, réclamations…).",
            f"  Fichier : {path}",
            f"  Clé no {Keyring.parsed(key).newest} : {key}",
            "Recopiez-la sur papier et gardez-la sous clé, hors de cette machine : elle n'est montrée que",
            "cette fois. Sans elle, les dossiers privés ne s'ouvrent pas, même dans une copie de sauvegarde.",
        ]
    )
    return settings.read()


def _setup(house: House, asked: argparse.Namespace, at: datetime) -> int:
    preset = presets.preset(asked.preset)
    if asked.demo and asked.preset != DEMO_PRESET:
        raise refused(f"La démonstration va avec le préréglage {DEMO_PRESET}.")
    if asked.demo:
        scenery = demo.Scenery(
            preset,
            demonstration.people(),
            demonstration.accounts(),
            demonstration.calls(),
            demonstration.tale(),
            demonstration.private(),
            demonstration.listening(),
        )
        report = demo.put_in_place(house, scenery, at)
        total = report.added + report.known
        say(f"La démonstration est en place : {total} demandes, dont {report.added} nouvelles.")
        return DONE
    added = {
        table: count
        for table, count in setup.put_in_place(house, preset, at, asked.name).added.items()
        if count
    }
    if not added:
        say("La ville est déjà en place : rien n'a changé.")
        return DONE
    say(f"{presets.title(asked.preset)} : en place.")
    say([f"  {TABLES[table].label} : {count}" for table, count in added.items()])
    return DONE


def _key(house: House, asked: argparse.Namespace, at: datetime) -> int:
    with house.store.reading() as tx:
        names = tx.keys.ids if tx.keys else ()
    say(f"Clés des dossiers privés, la plus récente d'abord : {', '.join(names)}.")
    return DONE


def _import(house: House, asked: argparse.Namespace, at: datetime) -> int:
    content = _bytes(asked.file)
    visit = Visit(house, at, system=System.IMPORT, whence=Whence.IMPORT)
    if asked.preset is None:
        return _bring(house, visit, asked.file.name, content, asked.leave_aside)
    return _told(importing.import_calls(visit, content, demonstration.tale()))


def _bring(house: House, visit: Visit, name: str, content: bytes, leave_aside: bool) -> int:
    """A register brought in as on the screen Importer, matched as it was last, or as it seems."""
    lot = imports.receive(visit, name, content)
    me = process.name_of_this_one()

    def done() -> View:
        import_work.work_on(house, lambda: datetime.now(UTC), me, lot)
        return import_views.opened(visit, lot)

    view = done()
    if view.state is ImportState.FAILED:
        raise refused(view.row["trouble"] or "Ce fichier ne se lit pas.")
    say([f"{match.header} = {match.column.label}" for match in view.matches])
    imports.check(visit, lot)
    view = done()
    for each in import_views.asides(visit, lot):
        where = f" « {each.header} »" if each.header else ""
        say(f"ligne {each.line}{where} : {each.why}")
    if view.row["wrong"] and not leave_aside:
        raise refused(
            f"{view.row['fits']} lignes conviennent, {view.row['wrong']} non : rien n'est importé. "
            "Corrigez-les, associez les colonnes à l'écran Importer, où ce fichier attend, ou ajoutez "
            "--leave-aside."
        )
    if view.row["fits"]:
        imports.carry_out(visit, lot, view.row["wrong"])
        view = done()
    row = view.row
    say(
        f"{row['rows']} lignes lues : {row['added']} demandes ajoutées, {row['known']} déjà là, "
        f"{row['wrong']} laissées de côté."
    )
    if view.state is ImportState.CHECKED:
        imports.drop(visit, lot)
    return DONE


def _add_account(house: House, asked: argparse.Namespace, at: datetime) -> int:
    password, shown = _password(asked)
    visit = Visit(house, at, system=System.SETUP, whence=Whence.COMMAND)
    roles = [Role(role) for role in asked.role]
    departments = [_department(house, name) for name in asked.department]
    person = accounts.add(visit, asked.name, asked.email, roles, departments, asked.extension, password)
    say(f"Compte ouvert : {person.name} <{person.email}> ({', '.join(sorted(person.roles))}).")
    if shown:
        say(f"Mot de passe, montré cette seule fois : {password}")
    return DONE


def _password(asked: argparse.Namespace) -> tuple[str, bool]:
    """The password, and whether it is to be shown."""
    if asked.generate:
        return passwords.made(), True
    if asked.password_file:
        kept = _bytes(asked.password_file).decode("utf-8", "replace").strip("\r\n")
        if not kept:
            raise refused(f"{asked.password_file} est vide : aucun compte n'est ouvert.")
        return kept, False
    if not sys.stdin.isatty():
        raise refused("Il n'y a personne pour taper le mot de passe : --password-file ou --generate.")
    first, again = getpass.getpass("Mot de passe : "), getpass.getpass("Encore une fois : ")
    if first != again:
        raise refused("Les deux mots de passe ne sont pas les mêmes : rien n'a été ouvert.")
    return first, False


def _department(house: House, name: str) -> str:
    with house.store.reading() as tx:
        found = tx.first("departments", name=name)
        if found is None:
            known = ", ".join(row["name"] for row in tx.find("departments", order_by=("rank",)))
            raise refused(f"Le service « {name} » n'existe pas. Services : {known or 'aucun'}.")
        return str(found["id"])


def _told(report: Report) -> int:
    say([str(aside) for aside in report.asides] or "Toutes les lignes conviennent.")
    say(
        f"{report.read} lignes lues : {report.added} demandes ajoutées, {report.known} déjà là, "
        f"{len(report.asides)} laissées de côté."
    )
    return DONE


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise refused(f"{path} ne se lit pas : {why_unreadable(failure)}.") from None


if __name__ == "__main__":
    sys.exit(main())
