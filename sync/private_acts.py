"""The acts of ``python -m sync … --private``, to the private base: a way in, beside ``remote_acts``."""

import argparse
import json
from datetime import UTC, datetime

from config.commandline import DONE, REFUSED, complain, say
from config.settings import Settings
from desk import private_base
from desk.house import House
from desk.private_base import PrivatePost
from sync.private_exchange import NOT_READY
from sync.process import name_of_this_one

PRIVATE = ("setup", "check", "run", "status")


def privately(act: str, house: House, asked: argparse.Namespace, chosen: Settings) -> int:
    """Do that act with the private base; the exit code. Nothing here counts or names a complaint."""
    post = private_base.post(house, chosen, lambda: datetime.now(UTC), name_of_this_one())
    if post is None:
        complain("La ville n'a pas de base privée : GUICHET_PRIVATE_REMOTE vaut « none ».")
        return REFUSED
    match act:
        case "setup":
            return _setup(post, asked)
        case "check":
            return _check(post)
        case "run":
            return _run(post, asked)
        case _:
            return _status(post, asked)


def _setup(post: PrivatePost, asked: argparse.Namespace) -> int:
    if asked.service and asked.service != post.remote.name:
        complain(
            f"Les réglages nomment « {post.remote.name} » (GUICHET_PRIVATE_REMOTE), pas « {asked.service} »."
        )
        return REFUSED
    say(post.setup(take_over=asked.take_over) or "Tout y était déjà : rien n'a été touché.")
    return DONE


def _check(post: PrivatePost) -> int:
    differences = post.check()
    if differences:
        complain(differences)
        return REFUSED
    say("Tout est comme « setup --private » le ferait.")
    return DONE


def _run(post: PrivatePost, asked: argparse.Namespace) -> int:
    if not asked.once:
        complain(
            "L'horloge (python -m jobs) tient la base privée ; « run --once --private » le fait une fois."
        )
        return REFUSED
    post.exchange(whole=asked.whole)
    say("La base privée dit ce que le guichet dit.")
    return DONE


def _status(post: PrivatePost, asked: argparse.Namespace) -> int:
    found = post.standing()
    if found is None:
        complain(NOT_READY)
        return REFUSED
    row = {
        "agreed_at": found.agreed_at.isoformat() if found.agreed_at else None,
        "failing_since": found.failing_since.isoformat() if found.failing_since else None,
        "error": found.error,
        "left": found.left,
    }
    say(json.dumps(row, ensure_ascii=False, indent=2) if asked.json else found.lines)
    return DONE
