"""Search finds by name, telephone however punctuated, address, number and words, accents ignored."""

import random
from collections.abc import Mapping

import pytest
import sqlalchemy as sa

from policy.words import Sight
from sync import words
from sync.schema import SEARCH_WORDS, SQL
from sync.store import Store, Writing
from sync.words import find, index, index_many, normalise
from tests.sync.rows import DESK, file

ALL = tuple(Sight)
NO_IDENTITY = (Sight.LISTED, Sight.WORK)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Égout bouché, rue de l'Église", ["egout", "bouche", "rue", "de", "eglise"]),
        ("nid-de-poule", ["nid", "de", "poule"]),
        ("ŒUVRE d’Ælfric", ["oeuvre", "aelfric"]),
        ("E\u0301gout", ["egout"]),
        ("12 bis, apt 3", ["12", "bis", "apt", "3"]),
        ("2026-00042", ["2026", "00042", "42"]),
        ("P2026-0007", ["p2026", "0007", "7"]),
        ("514 555-0101", ["5145550101", "514", "5550101", "555", "0101"]),
        ("Prévost J0R 1T8", ["j0r1t8", "j0r", "1t8", "prevost"]),
        ("j0r1t8", ["j0r1t8", "j0r", "1t8"]),
        ("x" * 20_000, ["x" * 32]),
        ("🌊 !?", []),
        ("", []),
    ],
)
def test_a_text_gives_its_words(text: str, expected: list[str]) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    "typed",
    ["5145550101", "514 555 0101", "(514) 555-0101", "514.555.0101", "+1 514-555-0101", "1-514-555-0101",
     "15145550101", "514-5550101"],
)  # fmt: skip
def test_a_telephone_is_the_same_however_it_is_typed(typed: str) -> None:
    assert normalise(typed) == normalise("514 555-0101")


def filed(tx: Writing, number: int, texts: Mapping[Sight, list[str | None]]) -> str:
    made = tx.insert("files", file(number, street=f"rue {number % 2}"), DESK)
    index(tx, "files", made["id"], texts)
    return str(made["id"])


def test_every_word_must_be_there_or_begin_one_that_is(store: Store) -> None:
    with store.writing() as tx:
        one = filed(
            tx,
            1,
            {
                Sight.LISTED: ["2026-00001", "rue de l'Église"],
                Sight.WORK: ["Un nid-de-poule profond", None],
                Sight.IDENTITY: ["Zoé Tremblay", "514 555-0101"],
            },
        )
        two = filed(tx, 2, {Sight.WORK: ["Lampadaire éteint rue Tremblay"], Sight.IDENTITY: ["Luc Roy"]})

        def found(query: str, sights: tuple[Sight, ...] = ALL) -> list[str]:
            return find(tx, "files", query, sights, None, 10)

        assert found("tremblay") == [two, one]
        assert found("TREMBLAY zoe") == [one]
        assert found("tremb eglise") == [one]
        assert found("(514) 555 0101") == found("555-0101") == found("0101") == [one]
        assert found("2026-1") == found("2026-00001") == [one]
        assert found("poule lampadaire") == []
        assert found("remblay") == []
        assert found("rue tremblay", NO_IDENTITY) == [two]
        assert found("zoe", NO_IDENTITY) == []
        assert found("", ALL) == found("l'", ALL) == found("zoe", ()) == []
        assert found("% _ ' ; --") == []
        assert find(tx, "citizens", "tremblay", ALL, None, 10) == []


def test_a_search_narrows_by_the_tables_own_columns_and_stops_at_the_limit(store: Store) -> None:
    with store.writing() as tx:
        made = [filed(tx, number, {Sight.WORK: ["Nid-de-poule"]}) for number in range(1, 7)]
        odd = SQL["files"].c.street == "rue 1"
        assert find(tx, "files", "nid", ALL, odd, 10) == [made[4], made[2], made[0]]
        assert find(tx, "files", "nid", ALL, odd, 2) == [made[4], made[2]]
        assert find(tx, "files", "nid", ALL, None, 2) == [made[5], made[4]]


def test_what_changes_is_found_anew_and_no_more_as_before(store: Store) -> None:
    with store.writing() as tx:
        one = filed(tx, 1, {Sight.WORK: ["Arbre tombé"], Sight.IDENTITY: ["Zoé Roy"]})
        index(tx, "files", one, {Sight.WORK: ["Arbre coupé"], Sight.LISTED: ["Zoé"]})
        assert find(tx, "files", "tombe", ALL, None, 10) == []
        assert find(tx, "files", "arbre coupe", ALL, None, 10) == [one]
        assert find(tx, "files", "zoe", NO_IDENTITY, None, 10) == [one]
        assert find(tx, "files", "roy", ALL, None, 10) == []
        index(tx, "files", one, {})
        assert find(tx, "files", "arbre", ALL, None, 10) == []
        assert tx.scalar(sa.select(sa.func.count()).select_from(SEARCH_WORDS)) == 0


def test_indexing_again_writes_nothing(store: Store) -> None:
    texts: dict[Sight, list[str | None]] = {Sight.WORK: ["Arbre tombé sur un fil"]}
    with store.writing() as tx:
        one = filed(tx, 1, texts)
        written: list[str] = []
        sa.event.listen(
            tx.connection,
            "before_cursor_execute",
            lambda c, cursor, statement, *rest: written.append(statement.split()[0]),
        )
        index(tx, "files", one, texts)
        assert set(written) == {"SELECT"}


def test_a_search_finds_what_reading_everything_would_find(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "_COMMON", 12)  # so that 100 records take every way
    monkeypatch.setattr(words, "_NEWEST", 20)
    monkeypatch.setattr(words, "_RARE", 6)
    monkeypatch.setattr(words, "_AT_ONCE", 40)
    chance = random.Random(7)
    stems = ["ab", "abc", "abcd", "b", "ba", "bac", "cab", "da", "dab", "514", "5145"]
    texts = [
        {sight: [" ".join(chance.choices(stems, k=chance.randint(0, 4)))] for sight in Sight}
        for _ in range(100)
    ]
    with store.writing() as tx:
        ids = tx.insert_many("files", [file(number, queue_rank=number % 3) for number in range(100)], DESK)
        index_many(tx, "files", dict(zip(ids, texts, strict=True)))
        for _ in range(80):
            query = " ".join(chance.choices(stems, k=chance.randint(1, 3)))
            sights = chance.sample([Sight.LISTED, Sight.WORK, Sight.IDENTITY], k=chance.randint(1, 3))
            narrowed = chance.random() < 0.3
            expected = [
                record
                for at, record in reversed(list(enumerate(ids)))
                if (not narrowed or at % 3 == 0)
                and all(
                    any(
                        word.startswith(sought) for sight in sights for word in normalise(texts[at][sight][0])
                    )
                    for sought in normalise(query)
                )
            ]
            if not normalise(query):
                expected = []
            narrow = SQL["files"].c.queue_rank == 0 if narrowed else None
            limit = chance.choice([3, 500])
            assert find(tx, "files", query, sights, narrow, limit) == expected[:limit], (query, sights)
            few = sa.select(SQL["files"].c.id).where(sa.true() if narrow is None else narrow)
            assert find(tx, "files", query, sights, narrow, limit, few) == expected[:limit], (query, sights)
