"""The acts of ``python -m sync`` that speak to the town's table: a way in, beside ``__main__``."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from config.commandline import DONE, REFUSED, WRONG, Parser, complain, say
from config.settings import Settings
from desk import exchanges
from desk.exchanges import Post
from desk.house import House
from policy.wording import moment_words
from sync import rebuild
from sync.adopt_acts import add_arguments, adopt
from sync.crossing import Tally
from sync.private_acts import PRIVATE, privately
from sync.process import name_of_this_one
from sync.remote import LostTurn, RemoteError, Silence
from sync.status import Status, status

Acts: TypeAlias = "argparse._SubParsersAction[Parser]"  # what argparse has no public name for
Act: TypeAlias = Callable[[Post, argparse.Namespace], int]

SECOND = 1.0
SERVICES = ("airtable", "sheets")
COUNTED = {
    "pulled": "venus de la table",
    "pushed": "écrits dans la table",
    "created_here": "nés dans la table",
    "created_there": "ajoutés à la table",
    "disputed": "litiges",
    "rejected": "valeurs refusées",
    "withdrawn": "lignes disparues",
    "frozen": "tables gelées",
    "calls": "appels",
}


def add(acts: Acts) -> None:
    """The acts that speak to the remote named by the settings."""
    made = _act(acts, _setup, "setup", "prépare la base Airtable ou la feuille de calcul",
                "Crée les tables, colonnes et listes de choix qui manquent ; ne touche à rien de ce qui "
                "existe.")  # fmt: skip
    made.add_argument("service", metavar="SERVICE", nargs="?", choices=SERVICES, help="airtable ou sheets")
    made.add_argument("--take-over", action="store_true",
                      help="une autre installation y parlait : celle-ci la remplace")  # fmt: skip
    _act(acts, _check, "check", "dit ce qui diffère de ce que « setup » ferait",
         "Dit ce qui diffère. Code 1 s'il y a une différence.")  # fmt: skip
    _act(acts, _probe, "probe", "essaie le service sur des lignes d'essai",
         "Écrit, déplace et efface des lignes d'essai, puis note ce que le service en a fait.")  # fmt: skip
    run = _act(acts, _run, "run", "échange avec la table, sans fin ou une fois",
               "Échange avec la table. L'horloge (python -m jobs) le fait déjà.")  # fmt: skip
    run.add_argument("--once", action="store_true",
                     help="lit une fois et fait ce qui est dû ; une ligne à moitié tapée attend la suivante"
                     )  # fmt: skip
    run.add_argument("--whole", action="store_true", help="relit tout, pas seulement ce qui a bougé")
    run.add_argument("--json", action="store_true", help="dit ce qui a été fait en JSON")
    again = _act(acts, _rebuild, "rebuild", "remplit de nouveau un côté vidé depuis l'autre",
                 "Remet dans la table tout ce qui en a disparu, et reprend de la table tout ce que la base "
                 "a perdu. Quand la base est perdue : « sync setup --take-over », « sync rebuild », puis "
                 "seulement « desk setup », qui ajoute ce qui manque encore.")  # fmt: skip
    again.add_argument("--yes", action="store_true", help="sans demander")
    again.add_argument("--json", action="store_true", help="en JSON")
    taken = _act(acts, adopt, "adopt", "adopte une table que la ville avait déjà",
                 "Propose à quoi correspond chaque colonne d'une table de la ville, puis en fait une "
                 "table de Guichet : ses numéros sont gardés, rien n'est envoyé. Se fait avant « setup ». "
                 "Sans titre : dit quelles tables sont là.")  # fmt: skip
    add_arguments(taken)
    told = _act(acts, _status, "status", "dit où en est l'échange", "Dit où en est l'échange.")
    told.add_argument("--json", action="store_true", help="en JSON")


def _act(acts: Acts, act: Act, name: str, help: str, description: str) -> Parser:
    parser = acts.add_parser(name, help=help, description=description)
    if name in PRIVATE:
        parser.add_argument("--private", action="store_true", help="la base privée des plaintes")

    def posted(house: House, asked: argparse.Namespace, chosen: Settings) -> int:
        try:
            if name in PRIVATE and asked.private:
                return privately(name, house, asked, chosen)
            post = exchanges.post(house, chosen, lambda: datetime.now(UTC), name_of_this_one())
            if post is None:
                complain("La ville n'a pas de table ailleurs : GUICHET_REMOTE vaut « none ».")
                return REFUSED
            return act(post, asked)
        except RemoteError as error:
            complain(error.words)
            return WRONG if error.person else REFUSED

    parser.set_defaults(act=posted)
    return parser


def pass_numbers(house: House, chosen: Settings) -> str:
    """After a restore: no number that the town's table shows is given again; what is to be said, in French.

    It is read at once, nothing is written there. Empty when the town has no table.
    """
    try:
        post = exchanges.post(house, chosen, lambda: datetime.now(UTC), name_of_this_one())
        if post is None:
            return ""
        post.exchange()
    except RemoteError as error:
        return (
            f"La table de la ville n'est pas lue : {error.words} Avant qu'elle le soit, un numéro qu'elle "
            "montre pourrait être redonné."
        )
    return f"Les numéros que montre {post.label} ne seront pas redonnés."


def _setup(post: Post, asked: argparse.Namespace) -> int:
    if asked.service and asked.service != post.remote.name:
        complain(f"Les réglages nomment « {post.remote.name} » (GUICHET_REMOTE), pas « {asked.service} ».")
        return REFUSED
    done = post.setup(take_over=asked.take_over)
    if done or not post.by_hand:
        say(done or "Tout y était déjà : rien n'a été touché.")
    if asked.take_over:
        say("La base avait été perdue ? « python -m sync rebuild » maintenant, avant toute autre saisie.")
    if post.by_hand:
        complain(post.by_hand)
        return REFUSED
    return DONE


def _check(post: Post, asked: argparse.Namespace) -> int:
    differences = post.check()
    if differences:
        complain(differences)
        return REFUSED
    say("Tout est comme « setup » le ferait.")
    return DONE


def _probe(post: Post, asked: argparse.Namespace) -> int:
    say([f"{what} : {answer}" for what, answer in post.probe().items()])
    return DONE


def _run(post: Post, asked: argparse.Namespace) -> int:
    if asked.once:
        return _run_once(post, asked)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    say(f"L'échange avec {post.remote.label} marche.")
    sys.stdout.flush()
    known = ""
    while not over.wait(SECOND):
        if not post.is_due():
            continue
        try:
            tally, trouble = post.exchange(), ""
            if asked.json or any(count for name, count in tally.as_row().items() if name != "calls"):
                _told(tally, as_json=asked.json)
                sys.stdout.flush()  # read as it comes, by a journal or a pipe
        except LostTurn:
            trouble = known
        except RemoteError as error:
            trouble = error.words
        if trouble != known:
            complain(trouble or "Tout est rentré dans l'ordre.")
        known = trouble
    return DONE


def _run_once(post: Post, asked: argparse.Namespace) -> int:
    tally, stopped = Tally(), ""
    try:
        tally = post.exchange(whole=asked.whole)
    except Silence as silence:
        stopped = silence.words
    if not tally.calls and (why := post.pause()):
        stopped = f"L'échange avec {post.label} est en pause, rien n'a été échangé : {why}"
    if stopped:
        complain(stopped)
    _told(tally, as_json=asked.json)
    return REFUSED if stopped else DONE


def _rebuild(post: Post, asked: argparse.Namespace) -> int:
    if not asked.yes and not _agrees(
        f"Remettre dans {post.remote.label} tout ce qui en a disparu, et reprendre de là tout ce que la base "
        "a perdu ? [oui/non] "
    ):
        complain("Rien n'a été fait.")
        return REFUSED
    tally = post.rebuild()
    _told(tally, as_json=asked.json)
    if not asked.json:
        say(["Ne vivait pas dans la table, et n'en revient pas :",
             *(f"  - {line}" for line in rebuild.does_not_come_back(post.crossing()))])  # fmt: skip
    return DONE


def _status(post: Post, asked: argparse.Namespace) -> int:
    with post.house.store.reading() as tx:
        found = status(tx, post.remote.name, datetime.now(UTC))
    if found is None:
        complain("Rien n'est préparé : « python -m sync setup » d'abord.")
        return REFUSED
    say(json.dumps(found.as_row(), ensure_ascii=False, indent=2) if asked.json else _lines(found))
    return DONE


def _lines(found: Status) -> Sequence[str]:
    last = moment_words(found.agreed_at) if found.agreed_at else "jamais"
    lines = [f"{found.label} : dernier échange complet {last} ; {found.linked} lignes liées."]
    if found.failing_since:
        lines.append(f"En panne depuis le {moment_words(found.failing_since)} : {found.error}")
    if found.paused_at is not None:
        lines.append(f"En pause : {found.paused_why}")
    if found.restored_at:
        lines.append("Une copie a été reprise : rien n'est écrit avant « python -m sync confirm ».")
    if found.frozen_tables:
        lines.append(f"Tables gelées : {', '.join(found.frozen_tables)}.")
    counts = {
        "à dire": found.waiting,
        "litiges": found.disputes,
        "valeurs refusées": found.rejections,
        "fiches retirées": found.withdrawn,
        "lignes à accueillir": found.proposed,
        "avis à lire": found.unread,
        "appels ce mois-ci": found.calls,
    }
    return [*lines, ", ".join(f"{name} : {count}" for name, count in counts.items()) + "."]


def _told(tally: Tally, *, as_json: bool) -> None:
    row: dict[str, Any] = tally.as_row()
    if as_json:
        say(json.dumps(row, ensure_ascii=False))
    else:
        say(", ".join(f"{COUNTED[name]} : {count}" for name, count in row.items()) + ".")


def _agrees(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("oui", "o")
    except EOFError:
        return False
