"""The answers to the list: received and missing, by department and by person; the sendings (R-22, R-24)."""

from typing import Any

import pytest

from desk import grid, lists, moves, postbook, queue, rnc_standing, sendings, taken_back
from desk.grid import Edit
from desk.queue import Query
from desk.sendings import Asked, Went
from desk.today import today
from policy.months import Month
from policy.reasons import Refused
from policy.words import Answer, ListKind, Nature
from sync.states import MailState
from tests.cast import PLANNING, WORKS, Cast, moment
from tests.desk.answered import brought, listed, mail_to
from tests.desk.filing import filed, items, kept
from tests.jobs.post import Tray, begun, look

TUESDAY = moment("Tue 2026-11-24 10:00")
NOVEMBER = Month(2026, 11)


def test_what_came_and_what_is_missing_by_department_and_by_person(cast: Cast) -> None:
    for n in (1, 2, 3):
        filed(cast, f"2026-0000{n}")
    planning = filed(cast, "2026-00004", PLANNING)
    listed(cast)
    filed(cast, "2026-00005", received_at=moment("Tue 2026-11-24 09:00"))  # the list never asked of it
    done = {"answer": "Complétée", "done_on": "2026-11-20", "done_extension": "2410", "note": "Fait."}
    grid.save_row(cast.visit("planner", TUESDAY), Edit(planning["id"], {}, done))
    given = brought(cast, TUESDAY, {"number": "2026-00002", "answer": "Action à venir", "words": "Jeudi."})
    taken_back.record(cast.visit("technician", TUESDAY), given)

    standing = rnc_standing.standing(cast.visit("technician", TUESDAY))
    assert standing is not None and standing.expected and standing.month == NOVEMBER
    found = {each.name: each for each in standing.departments}
    works, other = found[WORKS], found[PLANNING]
    assert works.missing == ("2026-00001", "2026-00003") and works.people[0] == "Julie Gagnon"
    (reply,) = works.received
    assert (reply.number, reply.answer, reply.by, reply.in_name_of) == (
        "2026-00002", Answer.ACTION, "Luc Tremblay", "Julie Gagnon",
    )  # fmt: skip
    # answered « complétée »: handed over, so asked no more, and still counted as received
    assert (other.missing, [each.answer for each in other.received], other.share) == (
        (), [Answer.COMPLETED], 1.0,
    )  # fmt: skip
    assert standing.missing == 2


def test_what_the_list_never_held_is_asked_of_nobody_on_any_screen(cast: Cast) -> None:
    listed_one = filed(cast)
    filed(cast, "2026-00002", department=None)
    listed(cast)
    late = filed(cast, "2026-00003", received_at=moment("Tue 2026-11-24 09:00"))
    filed(cast, "2026-00004", PLANNING, received_at=moment("Tue 2026-11-24 09:30"))

    def asked() -> tuple[int, int, int, list[str]]:
        standing = rnc_standing.standing(cast.visit("director", TUESDAY))
        page = queue.page(cast.visit("technician", TUESDAY), Query(unanswered=True))
        silent = [
            each.detail
            for each in today(cast.visit("director", TUESDAY)).waiting
            if "/listes" in each.address
        ]
        assert standing is not None
        return standing.missing, page.counts.unanswered, page.total, silent

    assert asked() == (1, 1, 1, [WORKS])
    secretary = cast.visit("secretary", TUESDAY)
    answer = {"answer": "Action à venir", "words": "Jeudi."}
    with pytest.raises(Refused, match="ne demande rien"):
        grid.save_row(secretary, Edit(late["id"], {}, answer))
    lines = {each.number: each.answerable for each in queue.page(secretary, Query()).rows}
    assert lines == {"2026-00001": True, "2026-00003": False}
    grid.save_row(secretary, Edit(listed_one["id"], {}, answer))
    assert asked() == (0, 0, 0, [])


def test_once_the_delay_is_over_the_last_list_is_still_told(cast: Cast) -> None:
    filed(cast)
    assert rnc_standing.standing(cast.visit("technician", moment("Mon 2026-11-16 10:00"))) is None
    listed(cast)
    standing = rnc_standing.standing(cast.visit("director", moment("Mon 2026-11-30 16:30")))
    assert standing is not None and not standing.expected and standing.missing == 1
    assert "le délai de réponse est passé le lundi 30 novembre 2026" in standing.sentence


def test_a_file_become_a_complaint_is_named_nowhere(cast: Cast) -> None:
    file = filed(cast)
    listed(cast)
    secretary = cast.visit("secretary", TUESDAY)
    grid.save_row(secretary, Edit(file["id"], {}, {"answer": "Action à venir", "words": "Jeudi."}))
    with cast.house.store.writing() as tx:
        from tests.desk.filing import BY

        tx.update("files", file["id"], {"nature": Nature.COMPLAINT}, BY)
    standing = rnc_standing.standing(cast.visit("technician", TUESDAY))
    assert standing is not None and "2026-00001" not in repr(standing)
    given = brought(cast, TUESDAY, {"number": "2026-00001", "answer": "Action à venir", "words": "Lundi."})
    (line,) = taken_back.check(cast.visit("technician", TUESDAY), given).lines
    assert line.grounds[0].message == "Dossier introuvable." and line.since == ()


@pytest.mark.parametrize("who", ["secretary", "general", "clerk", "council", "admin", "outsider"])
def test_answers_and_sendings_are_the_desks_to_see(cast: Cast, who: str) -> None:
    visit = cast.visit(who, TUESDAY)
    acts: list[Any] = [
        rnc_standing.standing,
        lambda v: sendings.find(v, Asked()),
        lambda v: sendings.of_run(v, ListKind.RNC, NOVEMBER),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act(visit)


def test_sendings_are_found_by_list_month_person_and_issue(cast: Cast) -> None:
    filed(cast)
    begun(cast)
    look(cast, moment("Tue 2026-11-24 08:05"))  # a day late
    visit = cast.visit("technician", TUESDAY)

    def found(**asked: Any) -> set[str]:
        return {mail.to_address for mail in sendings.find(visit, Asked(**asked)).sent}

    assert found(kind=ListKind.COUNCIL) == {"helene@prevost.test", "guy@prevost.test", "denis@prevost.test"}
    assert found(kind=ListKind.RNC, who="GAGNON") == {"travaux@prevost.test"}
    assert found(month=Month(2026, 10)) == found(kind=ListKind.COUNCIL)
    assert found(went=Went.LATE) == found(kind=ListKind.RNC)
    assert found(went=Went.REFUSED) == found(went=Went.WAITING) == found(who="%") == set()
    assert sendings.find(visit, Asked(page=5)).sent == () and sendings.find(visit, Asked()).total == 12


def test_a_list_leaves_twice_only_with_a_reason_and_a_confirmation_and_the_ledger_says_so(
    cast: Cast,
) -> None:
    filed(cast)
    listed(cast)
    first = mail_to(cast)
    visit = cast.visit("technician", TUESDAY)
    with pytest.raises(Refused, match="Confirmez"):
        lists.resend(visit, first["id"], why="Courriel perdu.")
    with pytest.raises(Refused, match="Écrivez pourquoi"):
        lists.resend(visit, first["id"], why=" ", sure=True)
    assert sendings.find(visit, Asked(went=Went.AGAIN)).total == 0
    lists.resend(visit, first["id"], why="Courriel perdu.", sure=True)
    with pytest.raises(Refused, match="encore à envoyer"):
        lists.resend(visit, first["id"], why="Courriel perdu.", sure=True)
    tray = Tray()
    look(cast, TUESDAY, tray)
    assert tray.recipients == ["travaux@prevost.test"]
    (again,) = sendings.find(visit, Asked(went=Went.AGAIN)).sent
    assert again.remarks == ("Renvoi demandé par Luc Tremblay : Courriel perdu",)
    assert (again.again_of, again.state) == (first["id"], MailState.SENT)
    assert kept(cast, "mails", id=first["id"])[0] == first  # its own line stays as it was
    assert postbook.read(visit, again.mail).letter == postbook.read(visit, first["id"]).letter
    assert again.mail not in {mail.mail for mail in sendings.of_run(visit, ListKind.RNC, NOVEMBER)}


def test_a_file_handed_over_without_answering_is_neither_missing_nor_received(cast: Cast) -> None:
    file = filed(cast, department=PLANNING)
    listed(cast)
    moves.hand_over(cast.visit("planner", TUESDAY), file["id"], {**items(cast), "code": None})
    standing = rnc_standing.standing(cast.visit("technician", TUESDAY))
    assert standing is not None and standing.departments == ()
