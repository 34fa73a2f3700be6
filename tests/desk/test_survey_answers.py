"""R-19: who is invited to the town's survey at a closing; its answers brought in, read, measured."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from desk import closing, drafts, letters, measures, survey_answers
from desk.measures import Asked
from desk.survey_answers import DRAFT, TYPED, in_file, typed
from policy.measures import Grain
from policy.months import Month
from policy.reasons import Refused
from policy.rules import RuleName
from policy.surveys import UNKNOWN
from policy.words import Nature, State
from sync import history
from sync.states import MailKind
from tests.cast import CAST, PLANNING, WORKS, Cast, moment
from tests.desk.demands import opened
from tests.desk.filing import BY, NINE, TEN, filed, items, kept

NOW = moment("Mon 2026-11-23 09:00")
FORM = "https://sondage.ville.test/f?no={numero}"


@pytest.fixture
def form(cast: Cast) -> None:
    rule = {"name": RuleName.SURVEY_URL, "value": FORM, "valid_from": NINE.date(), "article": "choisi"}
    with cast.house.store.writing() as tx:
        tx.insert("rules", rule, BY)


def closed(cast: Cast, number: str = "2026-00001", **more: Any) -> str:
    done = {"state": State.DONE, "completed_at": TEN, "closed_at": TEN, "open": False, **more}
    return str(filed(cast, number, **done)["id"])


def told_at_closing(cast: Cast) -> list[str]:
    """The texts of the closing notices, as they will leave."""
    return [letters.read(row["message"])[1].text for row in kept(cast, "mails", kind=MailKind.CLOSING)]


def close(cast: Cast, file: str) -> None:
    closing.close(cast.visit("secretary", TEN), file, items(cast, citizen_text="C'est réparé."))


def test_a_closing_notice_invites_once_with_the_persons_own_number(cast: Cast, form: None) -> None:
    first = opened(cast)
    opened(cast, duplicate_of=first.number)  # the same person: one notice, one invitation
    close(cast, first.id)
    (letter,) = told_at_closing(cast)
    assert letter.count("https://sondage.ville.test/f?no=") == 1
    assert f"https://sondage.ville.test/f?no={first.number}" in letter


def test_nobody_is_invited_without_an_address(cast: Cast) -> None:
    close(cast, opened(cast).id)
    (letter,) = told_at_closing(cast)
    assert "sondage" not in letter and "Que pensez-vous" not in letter


def test_a_claim_is_told_of_its_closing_and_not_invited(cast: Cast, form: None) -> None:
    close(cast, opened(cast, nature=Nature.CLAIM).id)
    (letter,) = told_at_closing(cast)
    assert "réparé" in letter and "sondage" not in letter


def test_lines_are_judged_each_and_entered_once(cast: Cast) -> None:
    closed(cast)
    filed(cast, "2026-00002")
    for n, nature in enumerate((Nature.COMPLAINT, Nature.ACCESS, Nature.CLAIM), start=3):
        closed(cast, f"2026-0000{n}", nature=nature)
    text = "\n".join(
        (
            "2026-1;2026-11-20;4;Bien; très bien",
            "2026-00001;2026-11-20;4;Bien; très bien",  # twice the same
            "2026-00002;2026-11-20;4",
            *(f"2026-0000{n};2026-11-20;4" for n in (3, 4, 5, 9)),
            "2026-00001;hier;9",
            "2026-00001;2026-11-15;4",
        )
    )
    director = cast.visit("director", NOW)
    report = survey_answers.check(director, typed(text))
    assert (len(report.good), report.already, len(report.wrong)) == (1, 1, 7)
    assert report.good[0].answer is not None and report.good[0].answer.words == "Bien; très bien"
    told = {each.line: [ground.message for ground in each.grounds] for each in report.wrong}
    assert "n'est pas fermé" in told[3][0]
    assert told[4] == told[5] == told[6] == told[7] == [UNKNOWN]
    assert len(told[8]) == 2 and "avant la demande" in told[9][0]
    assert kept(cast, "survey_answers") == []
    drafts.keep(director, DRAFT, TYPED, text, "")
    assert survey_answers.record(director, typed(text), pasted=True) == report
    assert len(survey_answers.record(director, typed(text)).good) == 0
    (row,) = kept(cast, "survey_answers")
    assert (row["satisfaction"], row["words"], row["brought_by"]) == (4, "Bien; très bien", director_id(cast))
    assert drafts.recall(director, DRAFT), "what is to be corrected stays"


def director_id(cast: Cast) -> str:
    return cast.accounts["director"]


def test_a_forms_export_is_read_by_its_headers(cast: Cast) -> None:
    rows = [
        ["Horodateur", "Numéro de téléphone", "Numéro de dossier", "Êtes-vous satisfait ?", "Commentaires"],
        ["2026/11/20 10:22:01", "450 555-0199", "2026-00001", "5 - Très", "Merci"],
    ]
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(brought := BytesIO())
    text = "\n".join(",".join(row) for row in rows)
    wanted = {"number": "2026-00001", "received_on": "2026/11/20 10:22:01", "satisfaction": "5 - Très",
              "words": "Merci"}  # fmt: skip
    for lines in (in_file("a.xlsx", brought.getvalue()), in_file("a.csv", text.encode()),
                  typed(text.replace(",", "\t"))):  # fmt: skip
        assert list(lines) == [(2, wanted)]
    with pytest.raises(Refused, match="Aucune colonne ne dit le numéro du dossier, la date"):
        in_file("a.csv", b"Satisfaction,Commentaire\n4,Bien\n")


def test_the_director_and_experience_read_them_and_bring_them(cast: Cast) -> None:
    closed(cast)
    survey_answers.record(cast.visit("director", NOW), typed("2026-00001;2026-11-20;4;sentinelle"))
    survey_answers.record(cast.visit("experience", NOW), typed("2026-00001;2026-11-21;5"))
    for who in CAST:
        visit = cast.visit(who, NOW)
        theirs = who in ("director", "experience")
        assert survey_answers.is_theirs(visit) is theirs
        if theirs:
            found = survey_answers.told(visit)
            assert (found.latest[1].words, found.latest[1].department) == ("sentinelle", WORKS)
            assert found.latest[1].number == ("2026-00001" if who == "director" else "")
            assert (found.brings, found.settles) == (True, who == "director")
            continue
        for act in (
            lambda visit=visit: survey_answers.told(visit),
            lambda visit=visit: survey_answers.check(visit, typed("2026-00001;2026-11-20;4")),
            lambda visit=visit: survey_answers.record(visit, typed("2026-00001;2026-11-20;4")),
            lambda visit=visit: survey_answers.remove(visit, "x"),
        ):
            with pytest.raises(Refused, match="réservé"):
                act()


def test_who_may_not_open_a_file_is_not_told_that_it_is_open(cast: Cast) -> None:
    opened(cast)
    for number in ("2026-00001", "2026-00099"):
        (judged,) = survey_answers.check(cast.visit("experience", NOW), typed(f"{number};2026-11-20;4")).lines
        assert [ground.message for ground in judged.grounds] == [UNKNOWN]
    (judged,) = survey_answers.check(cast.visit("director", NOW), typed("2026-00001;2026-11-20;4")).lines
    assert [ground.message for ground in judged.grounds] == ["Le dossier 2026-00001 n'est pas fermé."]


def test_one_entered_by_mistake_goes_with_its_words(cast: Cast) -> None:
    closed(cast)
    director = cast.visit("director", NOW)
    survey_answers.record(director, typed("2026-00001;2026-11-20;4;sentinelle"))
    (row,) = kept(cast, "survey_answers")
    survey_answers.remove(director, row["id"])
    survey_answers.remove(director, row["id"])
    assert kept(cast, "survey_answers") == []
    with cast.house.store.reading() as tx:
        assert "sentinelle" not in str(history.entries(tx, "survey_answers", row["id"]))


def test_satisfaction_is_measured_by_period_department_and_category(cast: Cast) -> None:
    done = moment("Tue 2025-03-04 09:00")
    old = closed(cast, received_at=moment("Mon 2025-03-03 09:00"), closed_at=done, completed_at=done)
    closed(cast, "2026-00002", department=PLANNING)
    closed(cast, "2026-00003", duplicate_of=old)  # said of the file it repeats
    given = (("1", "11-20", 2), ("2", "11-20", 5), ("3", "11-20", 3), ("1", "10-31", 1))
    answers = "\n".join(f"2026-0000{n};2026-{day};{score}" for n, day, score in given)
    survey_answers.record(cast.visit("director", moment("Tue 2026-12-01 09:00")), typed(answers))
    for grain in Grain:
        board = measures.board(
            cast.visit("experience", moment("Tue 2026-12-01 09:00")), Asked(Month(2026, 11), grain)
        )
        if grain is Grain.MONTH:
            assert board.now.answers == 3 and board.now.satisfaction == pytest.approx(10 / 3)
            assert (board.before.answers, board.before.satisfaction) == (1, 1)
            means = {line.name: line.now.satisfaction for line in board.departments}
            assert means == {WORKS: 2.5, PLANNING: 5}
            assert {line.now.answers for line in board.categories} == {3}
        else:
            assert (board.now.answers, board.now.satisfaction) == (4, 2.75)
