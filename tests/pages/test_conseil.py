"""Listes du conseil: a member of council reads again what was mailed to her."""

from tests.cast import Cast
from tests.desk.filing import filed
from tests.desk.test_council_mails import NOON
from tests.jobs.post import COUNCIL_DAY, begun, look
from tests.pages.conftest import Sit, run, said


def test_before_the_first_sending_it_says_so(sit: Sit) -> None:
    assert "Aucune liste ne vous a encore été envoyée" in said(sit("conseil", "council"))


def test_each_list_is_chosen_by_its_month(sit: Sit, cast: Cast) -> None:
    filed(cast)
    begun(cast)
    look(cast, COUNCIL_DAY)
    told = said(sit("aujourdhui", "council", at=NOON)).replace("\\", "")
    assert "[2 listes du conseil à relire](/conseil)" in told
    screen = sit("conseil", "council", at=NOON)
    assert "Objet : Listes du conseil — novembre 2026" in said(screen).replace("\\", "")
    screen.selectbox(key="co_which").select_index(1)
    assert "octobre 2026" in said(run(screen))
