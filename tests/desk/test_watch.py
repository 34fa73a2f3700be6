"""R-19: the watch on social networks, kept by who listens; one gesture makes a demand of a line."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desk import drafts, keeping_work, measures, watch
from desk.measures import Asked
from desk.watch import DRAFT
from policy.keeping import KeptKind
from policy.months import Month
from policy.reasons import Refused
from policy.watch import Done, Network
from policy.words import Channel, Nature
from sync import history
from tests.cast import CAST, Cast, moment
from tests.desk.demands import MARIE
from tests.desk.filing import kept
from tests.desk.test_keeping import agreed, calendar, carry_out, due  # noqa: F401
from tests.desk.test_purge import columns_that_hold

NOON = moment("Mon 2026-11-16 12:00")
TYPED: dict[str, Any] = {
    "on": date(2026, 11, 16), "network": Network.FACEBOOK.value, "words": "Un nid-de-poule, dit sentinelle.",
    "address": "https://exemple.test/sentinelle", "done": Done.NOTHING.value,
}  # fmt: skip
KEEPERS = {"technician", "director", "experience"}


def noted(cast: Cast, form: str = "jeton", **more: Any) -> str:
    watch.note(cast.visit("experience", NOON), form, {**TYPED, **more})
    return str(kept(cast, "watch", token=form)[0]["id"])


def test_who_listens_and_the_desk_keep_it_and_nobody_else(cast: Cast) -> None:
    entry = noted(cast)
    for who in CAST:
        visit = cast.visit(who, NOON)
        assert watch.is_theirs(visit) is (who in KEEPERS)
        assert (watch.one(visit, entry) is not None) is (who in ("technician", "director"))
        if who in KEEPERS:
            log = watch.log(visit)
            assert (log.total, log.opens) == (1, who != "experience")
            continue
        for act in (
            lambda visit=visit: watch.log(visit),
            lambda visit=visit: watch.note(visit, "autre", TYPED),
            lambda visit=visit: watch.answered(visit, entry),
            lambda visit=visit: watch.correct(visit, entry, {}, TYPED),
            lambda visit=visit: watch.remove(visit, entry),
        ):
            with pytest.raises(Refused, match="réservé"):
                act()


def test_a_line_is_put_right_while_it_is_no_demand(cast: Cast) -> None:
    entry, luc = noted(cast), cast.visit("technician", NOON)
    seen = watch.fields_of(watch.log(luc).latest[0])
    drafts.keep(luc, watch.draft_of(entry), "words", "Deux", seen["words"])
    typed = {**seen, "words": "Deux nids-de-poule.", "network": Network.X.value}
    for _ in range(2):  # a second click changes nothing
        watch.correct(luc, entry, seen, typed)
    (row,) = kept(cast, "watch")
    assert (row["words"], row["network"]) == ("Deux nids-de-poule.", Network.X)
    assert row["address"] == TYPED["address"] and kept(cast, "drafts") == []
    with pytest.raises(Refused, match="futur"):
        watch.correct(luc, entry, typed, {**typed, "on": date(2027, 1, 1)})
    watch.open_demand(luc, entry, replace(watch.prefill(luc, entry), nature=Nature.INFORMATION,
                                          anonymous=True, first_contact=True, answer="Oui."))  # fmt: skip
    with pytest.raises(Refused, match="déjà devenue"):
        watch.correct(luc, entry, typed, {**typed, "words": "Autre chose."})


def test_two_people_at_one_line_lose_nothing_of_each_other(cast: Cast) -> None:
    entry, luc, denis = noted(cast), cast.visit("technician", NOON), cast.visit("director", NOON)
    seen = watch.fields_of(watch.log(luc).latest[0])
    watch.correct(denis, entry, seen, {**seen, "words": "Les mots de Denis."})
    watch.correct(luc, entry, seen, {**seen, "done": Done.ANSWERED.value})  # another field: both stay
    with pytest.raises(Refused, match="« Les mots de Denis"):
        watch.correct(luc, entry, seen, {**seen, "words": "Ceux de Luc."})
    (row,) = kept(cast, "watch")
    assert (row["words"], row["done"]) == ("Les mots de Denis.", Done.ANSWERED)


def test_a_line_is_noted_once_and_what_was_begun_is_forgotten_then(cast: Cast) -> None:
    visit = cast.visit("experience", NOON)
    drafts.keep(visit, DRAFT, "words", "Un nid", "")
    with pytest.raises(Refused):
        watch.note(visit, "jeton", {**TYPED, "network": None})
    assert drafts.recall(visit, DRAFT)
    entry = noted(cast)
    assert noted(cast) == entry and not drafts.recall(visit, DRAFT)
    watch.answered(visit, entry)
    assert [each.done for each in watch.log(visit).latest] == [Done.ANSWERED]


def test_a_line_becomes_one_demand_tied_to_its_number(cast: Cast) -> None:
    entry, desk = noted(cast), cast.visit("technician", NOON)
    demand = watch.prefill(desk, entry)
    assert demand.channel is Channel.SOCIAL and "sentinelle" in demand.facts
    whole = replace(demand, nature=Nature.REQUEST, caller=MARIE, street="rue Principale",
                    category=cast.categories["Nid-de-poule"])  # fmt: skip
    opened = watch.open_demand(desk, entry, whole)
    assert watch.open_demand(desk, entry, whole).number == opened.number
    (line,) = watch.log(desk).latest
    assert (line.done, line.number) == (Done.DEMAND, opened.number)
    (line,) = watch.log(cast.visit("experience", NOON)).latest
    assert (line.done, line.number) == (Done.DEMAND, ""), "a request is not theirs to open"
    assert watch.one(desk, entry) is None
    for act in (watch.answered, watch.remove, watch.prefill):
        with pytest.raises(Refused, match="déjà devenue"):
            act(desk, entry)
    with pytest.raises(Refused, match="réservé"):
        watch.prefill(cast.visit("experience", NOON), entry)


def test_what_was_noted_by_mistake_goes_with_its_words(cast: Cast) -> None:
    entry = noted(cast)
    watch.remove(cast.visit("experience", NOON), entry)
    watch.remove(cast.visit("experience", NOON), entry)
    assert kept(cast, "watch") == []
    with cast.house.store.reading() as tx:
        assert "sentinelle" not in str(history.entries(tx, "watch", entry))


def test_it_is_counted_by_month(cast: Cast) -> None:
    noted(cast, "a")
    noted(cast, "b", on=date(2026, 10, 31))
    watch.open_demand(
        cast.visit("technician", NOON), noted(cast, "c"),
        replace(watch.prefill(cast.visit("technician", NOON), kept(cast, "watch", token="c")[0]["id"]),
                nature=Nature.COMMENT, first_contact=True, answer="Lu.", anonymous=True),
    )  # fmt: skip
    board = measures.board(cast.visit("council", NOON), Asked(Month(2026, 11)))
    assert board.watched[-2:] == ((1, 0), (2, 1))


@pytest.mark.usefixtures("calendar")
def test_what_became_no_demand_is_kept_for_its_term_and_then_is_nowhere(cast: Cast) -> None:
    noted(cast)
    assert len(due(cast, kind=KeptKind.WATCH)) == 1
    assert agreed(cast, KeptKind.WATCH) == 1 and carry_out(cast) == 1
    assert kept(cast, "watch") == [] and columns_that_hold(cast, "sentinelle") == []
    assert keeping_work.review(cast.house, moment("Tue 2032-01-13 03:00")).found == 0
