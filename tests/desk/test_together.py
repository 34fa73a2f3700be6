"""Several people at the same file at the same moment: nothing typed is lost, nothing is done twice."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from desk import closing, moves, queue
from desk.acts import Outcome
from desk.queue import Edit
from desk.visits import Visit
from policy.reasons import Refused
from policy.words import State
from sync.history import entries
from tests.cast import Cast, day
from tests.desk.filing import TEN, filed, items, kept, stands

FRIDAY = day("Fri 2026-11-20")


def at_once(acts: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
    """All the acts, started together; a refusal comes back as an outcome."""
    start = Barrier(len(acts))

    def one(act: Callable[[], Outcome]) -> Outcome:
        start.wait()
        try:
            return act()
        except Refused as no:
            return Outcome("", grounds=no.grounds)

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(one, acts))


def visits(cast: Cast, count: int) -> list[Visit]:
    return [cast.visit(("secretary", "other_secretary")[n % 2], TEN) for n in range(count)]


def test_different_fields_all_stay(cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    one, two, three, four = visits(cast, 4)
    outcomes = at_once(
        [
            lambda: moves.amend(one, file["id"], {"next_action": "Commander"}, file),
            lambda: moves.plan(two, file["id"], FRIDAY, file),
            lambda: moves.escalate(three, file["id"], "Fil à nu"),
            lambda: save_one(four, Edit(file["id"], file, {"wait_words": "Nacelle louée"})),
        ]
    )
    assert [outcome.done for outcome in outcomes] == [True] * 4
    now = stands(cast, file)
    assert (now["next_action"], now["planned_on"], now["complex"], now["wait_words"]) == (
        "Commander",
        FRIDAY,
        True,
        "Nacelle louée",
    )


def test_of_the_same_field_one_is_written_and_the_others_see_it(cast: Cast) -> None:
    file = filed(cast)
    typed = [f"Action {n}" for n in range(6)]
    outcomes = at_once(
        [
            partial(moves.amend, visit, file["id"], {"next_action": words}, file)
            for visit, words in zip(visits(cast, 6), typed, strict=True)
        ]
    )
    written = [words for words, outcome in zip(typed, outcomes, strict=True) if outcome.done]
    assert written == [stands(cast, file)["next_action"]]
    others = [outcome for outcome in outcomes if not outcome.done]
    assert {outcome.differences[0].theirs for outcome in others} == set(written)


def test_a_file_closed_by_several_at_once_is_closed_once_and_told_once(cast: Cast) -> None:
    file = filed(cast)
    text = items(cast, citizen_text="Votre lampadaire éclaire de nouveau.")
    outcomes = at_once([partial(closing.close, visit, file["id"], text, file) for visit in visits(cast, 5)])
    assert sum("fermé." in outcome.message for outcome in outcomes) == 1
    assert sum("déjà fait" in outcome.message for outcome in outcomes) == 4
    with cast.house.store.reading() as tx:
        assert [entry.act for entry in entries(tx, "files", file["id"])][1:] == ["fermer le dossier"]
    assert len(kept(cast, "tasks", file=file["id"])) + len(kept(cast, "mails", file=file["id"])) <= 1


def test_two_pauses_at_once_make_one_pause(cast: Cast) -> None:
    file = filed(cast)
    edit = Edit(file["id"], file, {"wait_reason": "Météo ou saison"})
    at_once([partial(save_one, visit, edit) for visit in visits(cast, 4)])
    assert len(kept(cast, "pauses", file=file["id"])) == 1


def save_one(visit: Visit, edit: Edit) -> Outcome:
    return queue.save(visit, [edit])[0]
