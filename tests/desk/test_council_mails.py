"""The council's lists read again by whom they were mailed to, as they left, by nobody else (R-62)."""

import pytest

from desk import council_mails, letters
from desk.today import today
from door import files
from policy.reasons import Refused
from policy.words import ListKind
from sync.states import MailKind, MailState
from tests.cast import CAST, Cast, moment
from tests.desk.demands import MARIE, opened
from tests.desk.filing import BY, kept
from tests.jobs.post import COUNCIL_DAY, RNC_DAY, look

NOON = moment("Tue 2026-12-01 12:00")


@pytest.fixture
def mailed(cast: Cast) -> dict[str, str]:
    """October's and November's lists have left together; the ids of November's by address."""
    opened(cast)
    look(cast, RNC_DAY)
    look(cast, COUNCIL_DAY)  # October's as well, late
    (run,) = kept(cast, "list_runs", kind=ListKind.COUNCIL, month="2026-11")
    return {row["to_address"]: row["id"] for row in kept(cast, "mails", run=run["id"])}


def test_a_member_reads_again_what_was_mailed_to_her_word_for_word(
    cast: Cast, mailed: dict[str, str]
) -> None:
    helene = cast.visit("council", NOON)
    found = council_mails.mine(helene)
    assert [str(each.month) for each in found] == ["2026-11", "2026-10"]
    assert {each.to_address for each in found} == {CAST["council"].email}
    (row,) = kept(cast, "mails", id=mailed[CAST["council"].email])
    assert council_mails.read(helene, found[0].mail).letter == letters.read(row["message"])[1]
    asked = {"id": found[0].mail}
    assert files.council_list(helene, asked).content.startswith(b"<!")
    assert files.council_list_attachment(helene, asked).content.startswith(b"PK")
    text = files.council_list(helene, {**asked, "forme": "texte"}).content.decode()
    assert "2026-00001" in text
    for secret in (MARIE.name, MARIE.phone, MARIE.email):
        assert str(secret) not in text


def test_her_first_page_counts_them_and_opens_them(cast: Cast, mailed: dict[str, str]) -> None:
    (told,) = today(cast.visit("council", NOON)).waiting
    assert (told.words, told.address) == ("2 listes du conseil à relire", "/conseil")
    assert told.detail == "la dernière envoyée le mardi 1er décembre 2026"


def test_what_was_mailed_to_another_is_not_there_for_her(cast: Cast, mailed: dict[str, str]) -> None:
    (rnc,) = kept(cast, "mails", kind=MailKind.RNC, to_address="travaux@prevost.test")
    acknowledged = kept(cast, "mails", kind=MailKind.ACKNOWLEDGEMENT)
    said = set()
    for mail in ("jamais-vu", mailed["guy@prevost.test"], rnc["id"], *(row["id"] for row in acknowledged)):
        with pytest.raises(Refused) as no:
            council_mails.read(cast.visit("council", NOON), mail)
        said.add(str(no.value))
    assert len(said) == 1


def test_what_was_emptied_or_has_not_left_is_not_read(cast: Cast, mailed: dict[str, str]) -> None:
    helene = cast.visit("council", NOON)
    first, second = council_mails.mine(helene)
    with cast.house.store.writing() as tx:
        tx.update("mails", first.mail, {"message": b""}, BY)
        tx.update("mails", second.mail, {"state": MailState.READY}, BY)
    assert council_mails.mine(helene) == ()
    with pytest.raises(Refused, match="introuvable"):
        council_mails.read(helene, first.mail)


@pytest.mark.parametrize("who", [who for who in CAST if who != "council"])
def test_nobody_else_has_that_screen(cast: Cast, mailed: dict[str, str], who: str) -> None:
    visit = cast.visit(who, NOON)
    for act in (council_mails.mine, lambda v: council_mails.read(v, mailed["denis@prevost.test"])):
        with pytest.raises(Refused, match="réservé"):
            act(visit)
