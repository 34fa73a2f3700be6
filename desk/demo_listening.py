"""What the demonstration hears of its service (R-63): entered by its people, as people do it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import false, select

from desk import intake, survey_answers, watch
from desk.demand import Demand
from desk.demo_private import LATER, Hands
from desk.house import House
from policy.thanks import Thanked
from policy.towntime import town_day
from policy.words import Channel, Nature, Role, State
from sync.schema import SQL

STRIDE = 4  # of so many closed requests, one is answered about
AFTER = timedelta(days=2)
Scene = Mapping[str, Any]


def put_in_place(house: House, scenes: Mapping[str, Sequence[Scene]], at: datetime) -> None:
    """What ``config/demo/listening.toml`` says, once: a town that has thanks already gets none."""
    with house.store.reading() as tx:
        if tx.first("thanks"):
            return
        departments = {row["name"]: row["id"] for row in tx.find("departments")}
        accounts = {row["email"]: row["id"] for row in tx.find("accounts")}
        categories = {row["name"]: row["id"] for row in tx.find("categories")}
    hands = Hands(house, at)
    for rank, scene in reversed(list(enumerate(scenes["thanks"]))):
        received = hands.morning(scene["days_ago"])
        demand = Demand(
            token=f"demonstration-merci-{rank}",
            channel=Channel(scene["channel"]),
            nature=Nature.COMMENT,
            facts=scene["facts"],
            anonymous=True,
            category=categories.get("Suggestion ou remerciement", ""),
            department=departments.get(scene["department"], ""),
            first_contact=True,
            answer="Transmis à la personne ou à l'équipe.",
            thanks=Thanked(
                accounts.get(scene.get("employee", ""), ""), scene.get("name", ""), scene.get("words", "")
            ),
        )
        intake.open_file(hands.visit(Role.TECHNICIAN, received), demand)
    _answers(house, hands, scenes["answers"])
    for rank, scene in reversed(list(enumerate(scenes["watch"]))):
        _seen(hands, rank, scene)
    hands.leave()


def _answers(house: House, hands: Hands, scenes: Sequence[Scene]) -> None:
    """Of the requests closed last, each a few days after its closing."""
    files = SQL["files"].c
    query = select(files.number, files.closed_at).where(
        files.nature == Nature.REQUEST, files.state == State.DONE, files.duplicate_of.is_(None),
        files.anonymous == false(), files.closed_at < hands.at,
    )  # fmt: skip
    with house.store.reading() as tx:
        closed = tx.rows(query.order_by(files.closed_at.desc(), files.id).limit(STRIDE * len(scenes)))
    lines = [
        (rank, {
            "number": file["number"],
            "received_on": min(town_day(file["closed_at"]) + AFTER, town_day(hands.at)).isoformat(),
            "satisfaction": str(scene["satisfaction"]),
            "words": scene.get("words", ""),
        })
        for rank, (scene, file) in enumerate(zip(scenes, closed[::STRIDE], strict=False), start=1)
    ]  # fmt: skip
    survey_answers.record(hands.visit(Role.DIRECTOR, hands.at), lines)


def _seen(hands: Hands, rank: int, scene: Scene) -> None:
    """Noted by Expérience citoyen; of some, the desk makes a demand."""
    token, on = f"demonstration-veille-{rank}", hands.morning(scene["days_ago"])
    fields = ("network", "address", "words", "done")
    typed = {"on": town_day(on), **{name: scene.get(name) for name in fields}}
    watch.note(hands.visit(Role.EXPERIENCE, on), token, typed)
    if not scene.get("becomes"):
        return
    desk = hands.visit(Role.TECHNICIAN, on + LATER)
    entry = next(each for each in watch.log(desk).latest if each.words == scene["words"])
    demand = replace(
        watch.prefill(desk, entry.id),
        nature=Nature.INFORMATION,
        first_contact=True,
        answer=scene["becomes"],
        anonymous=True,
    )
    watch.open_demand(desk, entry.id, demand)
