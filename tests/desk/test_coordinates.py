"""How a person is reached is put right from a file; what waits to be told to him or her follows."""

import pytest

from desk import citizens, coordinates, files, letters, mails, moves, search
from desk.scope import NotFound
from policy.reasons import Refused
from policy.words import State
from sync.states import MailKind, MailState, TaskKind
from tests.cast import CAST, Cast, moment
from tests.desk.demands import MARIE, opened
from tests.desk.filing import filed, kept
from tests.jobs.post import Tray, look

TEN, ELEVEN = moment("Mon 2026-11-16 10:00"), moment("Mon 2026-11-16 11:00")
WRONG, RIGHT = MARIE.email, "marie.eve@exemple.test"


def seen(cast: Cast, number: str) -> dict[str, str]:
    return dict(files.open(cast.visit("technician", TEN), number).coordinates.fields)


def test_it_is_written_found_and_told_and_a_second_click_changes_nothing(cast: Cast) -> None:
    number = opened(cast).number
    before, visit = seen(cast, number), cast.visit("technician", ELEVEN)
    typed = {
        "name": "Marie-Ève Lafrance",
        "phone": "4505550101",
        "home_civic": "12",
        "home_postal_code": "j0r 2t0",
    }
    first = coordinates.correct(visit, number, typed, before)
    assert first.done and "corrigées" in first.message
    assert "déjà fait" in coordinates.correct(visit, number, typed, before).message
    (citizen,) = kept(cast, "citizens")
    assert (citizen["name"], citizen["phone"], citizen["phone_digits"], citizen["civic"]) == (
        "Marie-Ève Lafrance", "450 555-0101", "4505550101", "12",
    )  # fmt: skip
    assert (citizen["postal_code"], citizen["email"], citizen["version"]) == ("J0R 2T0", WRONG, 2)
    assert [hit.number for hit in search.search(visit, "lafrance")] == [number]
    assert search.search(visit, "lefrançois") == []
    (told,) = [each for each in files.open(visit, number).timeline if "coordonnées" in each.sentence]
    assert told.who == CAST["technician"].name and told.at == ELEVEN
    assert "Nom et prénom : Marie-Ève Lafrance (avant : Marie-Ève Lefrançois)" in told.changes
    assert not any("chiffres" in change for change in told.changes)


def test_a_closed_file_too_and_every_file_of_the_person_follows(cast: Cast) -> None:
    first = opened(cast)
    again = opened(cast, caller=citizens.Caller(**{**vars(MARIE), "citizen": first.citizen}))
    visit = cast.visit("technician", ELEVEN)
    moves.cancel(visit, first.id, "Erreur.")
    assert files.open(visit, first.number).coordinates.files == 2
    coordinates.correct(visit, first.number, {"phone": "450 555-0102"}, seen(cast, first.number))
    assert seen(cast, again.number)["phone"] == "450 555-0102"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "marie@"}, "n'est pas une adresse courriel"),
        ({"phone": "555-0199"}, "indicatif régional"),
        ({"name": " "}, "Une personne a un nom"),
        ({"phone": "", "email": "", "home_street": ""}, "de quoi joindre la personne"),
        ({"home_city": "x" * 201}, "le maximum est 200"),
    ],
)
def test_it_is_judged_as_at_intake(cast: Cast, typed: dict[str, str], said: str) -> None:
    number = opened(cast).number
    with pytest.raises(Refused, match=said):
        coordinates.correct(cast.visit("technician", ELEVEN), number, typed, seen(cast, number))
    assert kept(cast, "citizens")[0]["version"] == 1


def test_two_people_at_once_keep_each_their_field_and_are_shown_the_same_one(cast: Cast) -> None:
    number = opened(cast).number
    before = seen(cast, number)
    coordinates.correct(cast.visit("director", TEN), number, {"phone": "450 555-0111"}, before)
    other = coordinates.correct(cast.visit("technician", ELEVEN), number, {**before, "email": RIGHT}, before)
    assert other.done and seen(cast, number)["phone"] == "450 555-0111"
    (difference,) = coordinates.correct(
        cast.visit("technician", ELEVEN), number, {"phone": "450 555-0122"}, before
    ).differences
    assert (difference.yours, difference.theirs) == ("450 555-0122", "450 555-0111")
    assert seen(cast, number)["phone"] == "450 555-0111"


@pytest.mark.parametrize("who", sorted(CAST.keys() - {"technician", "director"}))
def test_only_the_desk_corrects(cast: Cast, who: str) -> None:
    number = opened(cast).number
    with pytest.raises(Refused) as no:
        coordinates.correct(cast.visit(who, ELEVEN), number, {"email": RIGHT}, {"email": WRONG})
    assert who in ("secretary", "other_secretary") or isinstance(no.value, NotFound)
    if not isinstance(no.value, NotFound):
        assert files.open(cast.visit(who, ELEVEN), number).coordinates.fields == {}


def test_an_anonymous_demand_has_nobody_to_correct(cast: Cast) -> None:
    file = filed(cast, anonymous=True)
    visit = cast.visit("technician", ELEVEN)
    assert not files.open(visit, file["number"]).coordinates.fields
    with pytest.raises(Refused, match="Personne n'a laissé"):
        coordinates.correct(visit, file["number"], {"name": "Rose"}, {})


def test_a_mail_that_has_not_left_leaves_for_the_new_address_at_once(cast: Cast) -> None:
    number = opened(cast).number
    (queued,) = kept(cast, "mails", kind=MailKind.ACKNOWLEDGEMENT)
    done = coordinates.correct(cast.visit("technician", TEN), number, {"email": RIGHT}, seen(cast, number))
    assert "part à la nouvelle adresse" in done.message
    (row,) = kept(cast, "mails", kind=MailKind.ACKNOWLEDGEMENT)
    headers, letter = letters.read(row["message"])
    assert (row["to_address"], row["message_id"]) == (RIGHT, queued["message_id"])
    assert RIGHT in headers["To"] and WRONG not in str(headers) and number in letter.text
    tray = Tray()
    look(cast, ELEVEN, tray)
    assert [parcel.recipient for parcel in tray.parcels if "accuse" in parcel.name] == [RIGHT]


def test_without_an_address_any_more_what_waited_is_a_task(cast: Cast) -> None:
    number = opened(cast).number
    done = coordinates.correct(cast.visit("technician", TEN), number, {"email": ""}, seen(cast, number))
    assert "à dire autrement" in done.message
    (row,) = kept(cast, "mails", kind=MailKind.ACKNOWLEDGEMENT)
    (task,) = kept(cast, "tasks", kind=TaskKind.MAIL_REFUSED)
    assert row["state"] is MailState.REFUSED and "joindre autrement" in task["words"]


def test_one_that_is_leaving_is_left_alone_and_what_has_left_is_not_rewritten(cast: Cast) -> None:
    number = opened(cast).number
    (row,) = kept(cast, "mails", kind=MailKind.ACKNOWLEDGEMENT)
    look(cast, TEN, Tray())
    coordinates.correct(cast.visit("technician", ELEVEN), number, {"email": RIGHT}, seen(cast, number))
    (after,) = kept(cast, "mails", kind=MailKind.ACKNOWLEDGEMENT)
    assert (after["to_address"], after["message"]) == (WRONG, row["message"])


def test_the_mails_of_somebody_else_at_the_same_address_stay(cast: Cast) -> None:
    mine = opened(cast)
    opened(cast, caller=citizens.Caller(**{**vars(MARIE), "name": "Jean Lefrançois"}))
    coordinates.correct(cast.visit("technician", TEN), mine.number, {"email": RIGHT}, seen(cast, mine.number))
    found = kept(cast, "mails", kind=MailKind.ACKNOWLEDGEMENT)
    assert sorted(row["to_address"] for row in found) == sorted([RIGHT, WRONG])


def test_the_letter_is_offered_to_the_desk_while_it_serves(cast: Cast) -> None:
    number = opened(cast).number
    assert files.open(cast.visit("technician", TEN), number).letter
    assert not files.open(cast.visit("secretary", TEN), number).letter
    assert mails.printable(cast.visit("technician", TEN), number)
    anonymous = filed(cast, "2026-00099", anonymous=True)
    assert not files.open(cast.visit("technician", TEN), anonymous["number"]).letter
    look(cast, TEN, Tray())
    moves.cancel(cast.visit("technician", ELEVEN), kept(cast, "files", number=number)[0]["id"], "Erreur.")
    view = files.open(cast.visit("technician", ELEVEN), number)
    assert view.state is State.CANCELLED and not view.letter
