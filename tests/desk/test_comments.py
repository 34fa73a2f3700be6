"""R-62: the comments of citizens, read by who listens to them; each count opens what it counts."""

from datetime import timedelta

import pytest

from desk import comments, files
from desk.today import today
from policy.reasons import Refused
from policy.thanks import Thanked
from policy.words import Nature, State
from tests.cast import CAST, PLANNING, WORKS, Cast, moment
from tests.desk.filing import BY, filed, kept
from tests.desk.test_thanks import give

NOON = moment("Mon 2026-11-16 12:00")
READERS = {"technician", "director", "experience"}


def commented(cast: Cast, number: str, days: int, department: str = WORKS, **more: object) -> None:
    received_at = NOON - timedelta(days=days, hours=1)
    filed(
        cast, number, department, nature=Nature.COMMENT, state=State.DONE, received_at=received_at,
        closed_at=received_at, **more,
    )  # fmt: skip


def test_the_count_of_the_week_opens_the_comments_it_counts(cast: Cast) -> None:
    commented(cast, "2026-00101", 1, facts="Le parc est plus propre.")
    commented(cast, "2026-00102", 8, PLANNING)
    filed(cast, "2026-00103", received_at=NOON - timedelta(days=1))  # a request
    give(cast, Thanked(name="l'équipe"))  # counted apart
    marc = cast.visit("experience", NOON)
    (told,) = (each for each in today(marc).waiting if "commentaire" in each.words)
    assert (told.words, told.address) == ("1 commentaire depuis sept jours", "/ecoute?vue=commentaires")
    found = comments.heard(marc)
    assert (found.lately, found.more) == (1, False)
    assert [(each.number, each.department, each.lately) for each in found.comments] == [
        ("2026-00101", WORKS, True),
        ("2026-00102", PLANNING, False),
    ]
    assert found.comments[0].words == "Le parc est plus propre."
    assert files.open(marc, "2026-00101").number == "2026-00101"


@pytest.mark.parametrize("who", CAST)
def test_only_who_listens_reads_them(cast: Cast, who: str) -> None:
    commented(cast, "2026-00001", 1)
    visit = cast.visit(who, NOON)
    assert comments.is_theirs(visit) is (who in READERS)
    if who in READERS:
        assert len(comments.heard(visit).comments) == 1
    else:
        with pytest.raises(Refused, match="réservé"):
            comments.heard(visit)


def test_older_ones_are_a_page_further(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comments, "PAGE", 2)
    for n in range(3):
        commented(cast, f"2026-0000{n + 1}", n)
    marc = cast.visit("experience", NOON)
    first, second = comments.heard(marc), comments.heard(marc, 1)
    assert [each.number for each in first.comments] == ["2026-00001", "2026-00002"] and first.more
    assert [each.number for each in second.comments] == ["2026-00003"] and not second.more
    assert first.lately == 3


def test_one_that_became_a_request_is_a_comment_no_more(cast: Cast) -> None:
    commented(cast, "2026-00001", 1)
    (file,) = kept(cast, "files")
    with cast.house.store.writing() as tx:
        tx.update("files", file["id"], {"nature": Nature.COMPLAINT}, BY)
    assert comments.heard(cast.visit("experience", NOON)).comments == ()
