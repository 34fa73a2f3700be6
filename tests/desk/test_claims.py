"""R-40: the damage of a claim beside its file: who sees it, who decides, two people at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk import claims
from desk.scope import NotFound
from policy.claims import Wait
from policy.private_words import ClaimDecision, Damage, PrivateKind
from policy.reasons import Refused
from policy.words import Nature, State
from sync.schema import HISTORY, SQL
from sync.store import Row
from tests.cast import CAST, Cast, day
from tests.desk.filing import BY, NINE, TEN, filed, kept

KEEPERS = ("technician", "director", "clerk")
NUMBER = "2026-00001"
LATER = TEN + timedelta(hours=1)
TYPED: dict[str, Any] = {
    "damage": "Dommages matériels",
    "damage_words": "Pare-brise fendu par une roche.",
    "event_on": day("Fri 2026-11-06"),
    "event_place": "devant le 88, rue Principale",
    "amount_cents": "1 234,56 $",
    "notice_on": "2026-11-09",
}


@pytest.fixture
def claim(cast: Cast) -> Row:
    return filed(cast, NUMBER, nature=Nature.CLAIM)


def save(cast: Cast, who: str = "technician", **typed: Any) -> claims.View:
    done = claims.save(cast.visit(who, TEN), NUMBER, typed)
    assert done.done and done.message
    return claims.open(cast.visit(who, TEN), NUMBER)


def test_a_claim_is_empty_until_something_is_typed(cast: Cast, claim: Row) -> None:
    view = claims.open(cast.visit("technician", TEN), NUMBER)
    assert set(view.seen.values()) == {None}
    assert view.notice_due is None
    assert view.waits == (Wait.EVENT, Wait.NOTICE, Wait.CLERK, Wait.DECISION)
    assert kept(cast, "claims") == []


def test_what_is_typed_is_kept_with_its_date_and_its_reasons(cast: Cast, claim: Row) -> None:
    view = save(cast, **TYPED)
    assert view.seen["amount_cents"] == 123456
    assert view.seen["damage"] is Damage.PROPERTY
    assert view.seen["notice_on"] == day("Mon 2026-11-09")
    assert view.notice_due is not None and view.notice_due.due == day("Mon 2026-11-23")
    assert "Loi sur les cités et villes, art. 585" in view.notice_due.articles
    assert view.waits == (Wait.CLERK, Wait.DECISION)
    assert len(kept(cast, "claims")) == 1


def test_a_town_under_the_code_municipal_counts_sixty_days(cast: Cast, claim: Row) -> None:
    with cast.house.store.writing() as tx:
        rule = tx.first("rules", name="claim_notice")
        assert rule is not None
        tx.update("rules", rule["id"], {"value": "code_municipal"}, BY)
    view = save(cast, **TYPED)
    assert view.notice_due is not None and view.notice_due.due == day("Tue 2027-01-05")
    assert "Code municipal, art. 1112.1" in view.notice_due.articles


def test_nothing_of_the_damage_lies_open_in_the_table_or_its_history(cast: Cast, claim: Row) -> None:
    save(cast, **TYPED)
    save(cast, damage_words="Pare-brise fendu, aile bosselée.")
    with cast.house.store.reading() as tx:
        lying = str(tx.rows(select(SQL["claims"]))) + str(
            tx.rows(select(HISTORY).where(HISTORY.c.table_name == "claims"))
        )
    for sentinel in ("Pare-brise", "aile", "123456", "88, rue"):
        assert sentinel not in lying


@pytest.mark.parametrize("who", sorted(set(CAST) - set(KEEPERS)))
def test_who_keeps_no_claims_is_told_as_of_a_number_that_is_not_there(
    cast: Cast, claim: Row, who: str
) -> None:
    visit = cast.visit(who, TEN)
    for number in (NUMBER, "2026-99999"):
        for act in (lambda n: claims.open(visit, n), lambda n: claims.save(visit, n, {"damage_words": "x"})):
            with pytest.raises(NotFound) as no:
                act(number)
            assert str(no.value) == "Dossier introuvable."
    assert not claims.has_claim(visit, NUMBER)
    with pytest.raises(Refused):
        claims.page(visit)
    assert kept(cast, "claims") == [] and kept(cast, "readings") == []


@pytest.mark.parametrize("who", KEEPERS)
def test_who_keeps_claims_opens_one_and_it_is_recorded_once_a_minute(
    cast: Cast, claim: Row, who: str
) -> None:
    save(cast, **TYPED)
    for at in (LATER, LATER + timedelta(seconds=5), LATER + timedelta(minutes=2)):
        assert claims.open(cast.visit(who, at), NUMBER).may_decide is (who == "clerk")
    rows = kept(cast, "readings", kind_of_file=PrivateKind.CLAIM, account=cast.accounts[who])
    assert len([row for row in rows if row["read_at"] >= LATER]) == 2
    assert claims.has_claim(cast.visit(who, TEN), NUMBER)


def test_a_request_has_no_claim_beside_it(cast: Cast) -> None:
    filed(cast)
    assert not claims.has_claim(cast.visit("technician", TEN), NUMBER)
    with pytest.raises(NotFound):
        claims.open(cast.visit("technician", TEN), NUMBER)


def test_the_clerk_alone_decides(cast: Cast, claim: Row) -> None:
    for who in ("technician", "director"):
        with pytest.raises(Refused) as no:
            claims.save(cast.visit(who, TEN), NUMBER, {"decision": "Acceptée"})
        assert "Greffier" in str(no.value)
    view = save(cast, "clerk", decision="Acceptée")
    assert view.seen["decided_on"] == TEN.date()
    assert view.waits == (Wait.PAYMENT,)
    assert save(cast, "clerk", paid_cents="1000.5").waits == ()


def test_a_refusal_gives_its_reasons(cast: Cast, claim: Row) -> None:
    with pytest.raises(Refused) as no:
        claims.save(cast.visit("clerk", TEN), NUMBER, {"decision": "Refusée", "paid_cents": "5"})
    assert {ground.field for ground in no.value.grounds} == {"decision_words", "paid_cents"}
    assert kept(cast, "claims") == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount_cents": "mille"}, "amount_cents"),
        ({"event_on": "hier"}, "event_on"),
        ({"event_on": 5}, "event_on"),
        ({"event_on": "2026-11-17"}, "event_on"),
        ({"notice_on": "2026-11-17"}, "notice_on"),
        ({"damage": "Autre chose"}, "damage"),
        ({"insurer_number": "9" * 81}, "insurer_number"),
        ({"damage_words": "a\x00b"}, "damage_words"),
        ({"file": "autre"}, "file"),
        ({"version": 3}, "version"),
        ({"repairs": "2026-99999"}, "repairs"),
        ({"repairs": NUMBER}, "repairs"),
        ({"repairs": "'; drop"}, "repairs"),
    ],
)
def test_what_does_not_read_is_refused_at_its_field_and_nothing_is_kept(
    cast: Cast, claim: Row, typed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as no:
        claims.save(cast.visit("technician", TEN), NUMBER, {"event_place": "ici", **typed})
    assert [ground.field for ground in no.value.grounds] == [field]
    assert kept(cast, "claims") == []


def test_every_wrong_field_is_said_at_once(cast: Cast, claim: Row) -> None:
    with pytest.raises(Refused) as no:
        claims.save(
            cast.visit("technician", TEN), NUMBER, {"amount_cents": "x", "event_on": "y", "damage": "z"}
        )
    assert {ground.field for ground in no.value.grounds} == {"amount_cents", "event_on", "damage"}


def test_the_request_that_repairs_the_cause_is_linked_by_its_number(cast: Cast, claim: Row) -> None:
    filed(cast, "2026-00002")
    view = save(cast, repairs=" 2026-2 ")
    assert view.seen["repairs"] == "2026-00002" and view.repairs_opens
    clerk = claims.open(cast.visit("clerk", TEN), NUMBER)
    assert clerk.seen["repairs"] == "2026-00002" and not clerk.repairs_opens
    assert claims.save(cast.visit("clerk", TEN), NUMBER, {"repairs": "2026-00002", "insurer": "X"}).done
    assert save(cast, repairs="").seen["repairs"] is None


def test_two_people_s_edits_of_different_fields_merge(cast: Cast, claim: Row) -> None:
    seen = save(cast, **TYPED).seen
    assert claims.save(cast.visit("director", TEN), NUMBER, {"insurer": "Promutuel"}, seen).done
    assert claims.save(cast.visit("clerk", TEN), NUMBER, {**TYPED, "amount_cents": "900"}, seen).done
    now = claims.open(cast.visit("technician", TEN), NUMBER).seen
    assert (now["insurer"], now["amount_cents"]) == ("Promutuel", 90_000)


def test_of_the_same_field_both_values_are_shown_and_nothing_is_written(cast: Cast, claim: Row) -> None:
    seen = save(cast, **TYPED).seen
    assert claims.save(cast.visit("director", TEN), NUMBER, {"amount_cents": "1000"}, seen).done
    outcome = claims.save(cast.visit("clerk", TEN), NUMBER, {"amount_cents": "900", "insurer": "X"}, seen)
    (difference,) = outcome.differences
    assert (difference.field, difference.yours, difference.theirs) == ("amount_cents", 90_000, 100_000)
    assert claims.shown("amount_cents", difference.theirs) == "1\u00a0000,00\u00a0$"
    assert claims.open(cast.visit("clerk", TEN), NUMBER).seen["insurer"] is None


def test_two_first_edits_at_once_make_one_record(cast: Cast, claim: Row) -> None:
    visits = [cast.visit(who, TEN) for who in KEEPERS]
    fields = ("insurer", "event_place", "damage_words")

    def first(at: int) -> bool:
        return claims.save(visits[at], NUMBER, {fields[at]: "texte"}, {}).done

    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(first, range(3)))
    (row,) = kept(cast, "claims")
    assert [row[field] for field in fields] == ["texte"] * 3


def test_the_list_parts_what_waits_from_what_does_not(cast: Cast) -> None:
    for n in range(1, 5):
        filed(cast, f"2026-{n:05}", nature=Nature.CLAIM, received_at=NINE + timedelta(minutes=n))
    filed(cast, "2026-00005", nature=Nature.CLAIM, state=State.CANCELLED)
    filed(cast, "2026-00006")
    clerk = cast.visit("clerk", TEN)
    assert claims.save(clerk, "2026-00001", {"decision": "Acceptée"}).done
    assert claims.save(clerk, "2026-00002", {"decision": "Acceptée", "paid_cents": "10"}).done
    assert claims.save(clerk, "2026-00003", {"decision": "Refusée", "decision_words": "Hors délai."}).done
    waiting, done = claims.page(clerk), claims.page(clerk, done=True)
    assert [line.number for line in waiting.lines] == ["2026-00004", "2026-00001"]
    assert [line.number for line in done.lines] == ["2026-00003", "2026-00002", "2026-00005"]
    assert waiting.lines[1].waits == (Wait.PAYMENT,)
    assert done.lines[0].decision is ClaimDecision.REFUSED


def test_the_list_is_paged_and_an_impossible_page_is_the_nearest(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "SIZE", 2)
    for n in range(1, 6):
        filed(cast, f"2026-{n:05}", nature=Nature.CLAIM, received_at=NINE + timedelta(minutes=n))
    visit = cast.visit("technician", TEN)
    found = [[line.number for line in claims.page(visit, number=n).lines] for n in (1, 2, 3, 99, -4)]
    assert found[0] == found[4] == ["2026-00005", "2026-00004"]
    assert found[2] == found[3] == ["2026-00001"]
    assert (claims.page(visit).pages, claims.page(visit).total) == (3, 5)
    assert claims.page(visit, done=True).lines == ()
