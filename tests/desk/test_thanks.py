"""R-63: thanks marked at intake, read by those they are for without who gave them, counted apart."""

import pytest
from sqlalchemy import select

from desk import files, intake, measures, thanks
from desk.measures import Asked
from desk.scope import NotFound
from desk.thanks import Mark
from desk.today import today
from policy import thanks as rule
from policy.measures import Count
from policy.months import Month
from policy.reasons import Refused
from policy.thanks import Thanked
from policy.words import Nature
from sync.schema import SQL
from tests.cast import CAST, PLANNING, WORKS, Cast, moment
from tests.desk.demands import MARIE, demand, opened
from tests.desk.filing import BY, kept
from tests.desk.test_purge import columns_that_hold

NOON = moment("Mon 2026-11-16 12:00")
WORDS = "La rue était dégagée avant 7 h."


def give(cast: Cast, thanked: Thanked | None, department: str = WORKS, **more: object) -> str:
    typed = {"nature": Nature.COMMENT, "first_contact": True, "answer": "Transmis.", **more}
    return opened(cast, department=cast.departments[department], thanks=thanked, **typed).number


@pytest.fixture
def three(cast: Cast) -> list[str]:
    """To Travaux publics, to the outsider by name of account, and a comment that thanks nobody."""
    return [
        give(cast, Thanked(name="l'équipe de nuit", words=WORDS)),
        give(cast, Thanked(employee=cast.accounts["outsider"]), PLANNING),
        give(cast, None),
    ]


# Who reads how many of the two: who listens, the department's own people, whom one names.
READS = {
    "technician": 2, "director": 2, "experience": 2, "secretary": 1, "other_secretary": 1, "planner": 1,
    "outsider": 1,
}  # fmt: skip


def test_each_reads_what_is_theirs_and_nothing_of_who_gave_it(cast: Cast, three: list[str]) -> None:
    for who in CAST:
        heard = thanks.heard(cast.visit(who, NOON))
        assert (heard.total, len(heard.latest)) == (READS.get(who, 0),) * 2, who
        told = str(heard)
        for secret in (MARIE.name, MARIE.phone, MARIE.email, MARIE.street, "nid-de-poule"):
            assert secret not in told
        with cast.visit(who, NOON).reading() as counter:
            assert thanks.concerns(counter) is (who in READS)
    (one,) = thanks.heard(cast.visit("outsider", NOON)).latest
    assert (one.department, one.employee, one.number) == (PLANNING, CAST["outsider"].name, "")
    (one,) = thanks.heard(cast.visit("secretary", NOON)).latest
    assert (one.department, one.employee, one.words, one.number) == (
        WORKS,
        "l'équipe de nuit",
        WORDS,
        three[0],
    )


def test_the_condition_asked_of_the_store_is_the_rule(cast: Cast, three: list[str]) -> None:
    rows = kept(cast, "thanks")
    places = {row["id"]: row["department"] for row in kept(cast, "files")}
    for who in CAST:
        with cast.visit(who, NOON).reading() as counter:
            query = select(SQL["thanks"].c.id).join(SQL["files"], SQL["thanks"].c.file == SQL["files"].c.id)
            found = {row["id"] for row in counter.tx.rows(query.where(thanks.theirs(counter)))}
            wanted = {
                row["id"] for row in rows
                if rule.may_read(counter.person, row["employee"], places[row["file"]])
            }  # fmt: skip
        assert found == wanted, who


def test_today_tells_them_to_whom_they_are_for(cast: Cast, three: list[str]) -> None:
    def told(who: str) -> dict[str, str]:
        return {each.words: each.detail for each in today(cast.visit(who, NOON)).waiting}

    ours = "1 remerciement reçu pour vous ou votre service depuis trente jours"
    assert told("secretary")[ours] == f"« {WORDS} »"
    assert told("outsider") == {ours: ""}
    assert told("experience").keys() >= {
        "2 remerciements reçus depuis trente jours", "1 commentaire depuis sept jours",
    }  # fmt: skip
    for who in ("technician", "director", "clerk", "council", "admin"):
        assert not any("remerciement" in words for words in told(who)), who


def test_they_are_counted_apart_by_department(cast: Cast, three: list[str]) -> None:
    board = measures.board(cast.visit("director", NOON), Asked(Month(2026, 11)))
    assert (board.now.counts[Count.THANKS], board.now.counts[Count.RECEIVED]) == (2, 3)
    works = next(line for line in board.departments if line.name == WORKS)
    assert works.now.counts[Count.THANKS] == 1
    behind = measures.behind(cast.visit("director", NOON), Asked(Month(2026, 11)), Count.THANKS)
    assert list(behind.numbers) == three[:2]


def test_one_reclassified_is_no_thanks_any_more(cast: Cast, three: list[str]) -> None:
    assert files.open(cast.visit("technician", NOON), three[0]).thanks == f"{WORKS}, l'équipe de nuit"
    with cast.house.store.writing() as tx:
        file = tx.first("files", number=three[0])
        assert file is not None
        tx.update("files", file["id"], {"nature": Nature.INFORMATION}, BY)
    assert thanks.heard(cast.visit("secretary", NOON)).total == 0
    assert files.open(cast.visit("technician", NOON), three[0]).thanks == ""


def test_a_thanks_that_names_who_gives_it_is_refused_and_opens_nothing(cast: Cast) -> None:
    visit = cast.visit("technician", NOON)
    comment = demand(cast, nature=Nature.COMMENT, first_contact=True, answer="Transmis.")
    for thanked, field in (
        (Thanked(words=f"De {MARIE.name}"), "thanks_words"),
        (Thanked(employee="jamais-vu"), "thanked"),
    ):
        with pytest.raises(Refused) as no:
            intake.open_file(visit, demand(cast, **{**vars(comment), "token": field, "thanks": thanked}))
        assert [ground.field for ground in no.value.grounds] == [field]
    assert kept(cast, "files") == [] and kept(cast, "thanks") == []


def test_the_desk_marks_corrects_and_unmarks_a_comment_that_is_closed_already(cast: Cast) -> None:
    number, visit = give(cast, None), cast.visit("technician", NOON)
    opened = files.open(visit, number)
    assert opened.mark == Mark(None) and opened.thanks == ""
    first = Thanked(name="l'équipe de nuit", words=WORDS)
    for _ in range(2):  # a second click changes nothing
        assert thanks.put_right(visit, number, None, first).done
    assert thanks.heard(cast.visit("secretary", NOON)).total == 1
    named = Thanked(employee=cast.accounts["outsider"], words="Merci !")
    thanks.put_right(visit, number, first, named)
    assert files.open(visit, number).mark == Mark(named)
    assert [each.words for each in thanks.heard(cast.visit("outsider", NOON)).latest] == ["Merci !"]
    thanks.put_right(visit, number, named, None)
    thanks.put_right(visit, number, named, None)
    assert kept(cast, "thanks") == [] and files.open(visit, number).thanks == ""
    assert not columns_that_hold(cast, "Merci !")


def test_a_correction_is_judged_as_at_intake_and_never_writes_over_another(cast: Cast) -> None:
    number, visit = give(cast, Thanked(words=WORDS)), cast.visit("technician", NOON)
    was = Thanked(words=WORDS)
    for thanked, field in (
        (Thanked(words=f"De {MARIE.name}"), "thanks_words"),
        (Thanked(employee="jamais-vu"), "thanked"),
    ):
        with pytest.raises(Refused) as no:
            thanks.put_right(visit, number, was, thanked)
        assert [ground.field for ground in no.value.grounds] == [field]
    thanks.put_right(cast.visit("director", NOON), number, was, Thanked(name="Jean", words="Bravo"))
    with pytest.raises(Refused, match=r"Jean.*Bravo.*Enregistrez de nouveau"):
        thanks.put_right(visit, number, was, Thanked(name="Luce"))
    assert kept(cast, "thanks")[0]["employee_name"] == "Jean"


def test_who_may_not_put_a_thanks_right_is_offered_nothing_and_refused(cast: Cast) -> None:
    number = give(cast, Thanked(words=WORDS))
    asked = opened(cast, department=cast.departments[WORKS]).number
    assert files.open(cast.visit("technician", NOON), asked).mark is None
    assert files.open(cast.visit("secretary", NOON), number).mark is None
    with pytest.raises(Refused, match="service aux citoyens"):
        thanks.put_right(cast.visit("secretary", NOON), number, Thanked(words=WORDS), None)
    with pytest.raises(NotFound):
        thanks.put_right(cast.visit("planner", NOON), number, Thanked(words=WORDS), None)
    assert len(kept(cast, "thanks")) == 1
