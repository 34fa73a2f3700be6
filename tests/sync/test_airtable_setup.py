"""Setting up a base, checking it, and trying what could not be known of it."""

from collections.abc import Iterator

import pytest

from sync.airtable.setup import OWN_TABLE
from sync.outside import shapes
from sync.remote import RemoteError
from tests.remotes.airtable import STAMP, Town, airtable


@pytest.fixture
def bare() -> Iterator[Town]:
    with airtable(shapes(True), ready=False) as made:
        yield made


@pytest.fixture
def town() -> Iterator[Town]:
    with airtable(shapes(True)) as made:
        yield made


def setup(town: Town, stamp: str = STAMP, *, take_over: bool = False) -> list[str]:
    done, town.memory = town.remote.setup(town.line, town.shapes, town.memory, stamp, take_over=take_over)
    return done


def kinds(town: Town, table: str) -> dict[str, str]:
    there = town.server.base.table(table)
    assert there is not None
    return {each.name: each.type for each in there.fields.values()}


def test_every_table_and_column_is_made_and_nothing_differs_from_it(bare: Town) -> None:
    done = setup(bare)
    assert len([line for line in done if line.startswith("Table")]) == len(bare.shapes) + 1
    assert bare.remote.check(bare.line, bare.shapes, bare.memory) == []
    for shape in bare.shapes:
        headers = bare.server.headers(shape.label)
        assert {column.label for column in shape.columns} < set(headers)
        ours = [
            each for each in headers if each in {c.label for c in shape.columns} | {"ID", "Synchronisation"}
        ]
        assert ours[-1] == "Synchronisation"


def test_a_row_is_called_by_its_title_wherever_a_link_leads_to_it(bare: Town) -> None:
    setup(bare)
    assert bare.server.headers("Services")[:2] == ["Service", "ID"]
    assert bare.server.headers("Délais de la grille")[0] == "ID"  # its title is a link, which cannot be first


def test_each_kind_has_its_type_there(bare: Town) -> None:
    setup(bare)
    files = kinds(bare, "Dossiers")
    assert files["Numéro"] == "singleLineText"
    assert files["Exposé des faits"] == "multilineText"
    assert files["Reçue le"] == "dateTime"
    assert files["Date prévue"] == "date"
    assert files["Cas complexe"] == "checkbox"
    assert files["État"] == "singleSelect"
    assert files["Service"] == files["Doublon de"] == "multipleRecordLinks"
    assert kinds(bare, "Services")["Ordre"] == "number"


def test_an_instant_is_shown_in_town_time_and_a_list_has_all_its_words(bare: Town) -> None:
    setup(bare)
    files = bare.server.base.table("Dossiers")
    assert files is not None
    received, state = files.field("Reçue le"), files.field("État")
    assert received is not None and state is not None
    assert received.options["timeZone"] == "America/Toronto"
    shape = next(each for each in bare.shapes if each.table == "files")
    assert [each["name"] for each in state.options["choices"]] == list(shape.column("state").choices)


def test_what_the_director_made_is_left_alone_and_what_is_missing_is_made(town: Town) -> None:
    town.server.add_column("Services", "Budget")
    town.server.rename_column("Services", "Courriel", "Adresse")
    town.server.delete_column("Services", "Ordre")
    assert setup(town) == ["Colonne « Ordre » créée dans « Services »."]
    assert {"Budget", "Adresse", "Ordre"} < set(town.server.headers("Services"))
    assert "Courriel" not in town.server.headers("Services")


def test_a_table_made_by_hand_is_taken_up_by_its_title(bare: Town) -> None:
    api, line = bare.remote._calls, bare.line
    fields = [{"name": "service", "type": "singleLineText"}, {"name": "Couleur", "type": "singleLineText"}]
    api.ask(line, "POST", api.tables, json={"name": "Services", "fields": fields})
    done = setup(bare)
    assert "Table « Services » créée." not in done
    assert "Colonne « ID » créée dans « Services »." in done
    assert bare.server.headers("Services")[:2] == ["service", "Couleur"]
    assert bare.remote.check(bare.line, bare.shapes, bare.memory) == []


@pytest.mark.parametrize("after", [1, 4, 9])
def test_a_setup_stopped_in_the_middle_is_run_again(bare: Town, after: int) -> None:
    def fail() -> None:
        nonlocal after
        after -= 1
        if after:
            bare.server.before_next_write(fail)
        else:
            bare.server.fail_next("503", after_applying=True)

    bare.server.before_next_write(fail)
    with pytest.raises(RemoteError):
        setup(bare)
    setup(bare)
    assert bare.remote.check(bare.line, bare.shapes, bare.memory) == []
    names = [each.name for each in bare.server.base.tables.values()]
    assert len(names) == len(set(names)) == len(bare.shapes) + 1


def test_the_first_look_after_a_setup_is_whole(town: Town) -> None:
    town.look()
    setup(town)
    assert all(look.whole for look in town.look().tables.values())


def test_the_stamp_is_the_last_one_left_and_follows_its_table(town: Town) -> None:
    assert setup(town, "une-autre", take_over=True) == ["Marque de l'installation posée."]
    assert town.look(whole=True).stamp == "une-autre"
    town.server.rename_table(OWN_TABLE, "Ne pas toucher")
    assert town.look(whole=True).stamp == "une-autre"
    town.server.delete_table("Ne pas toucher")
    assert town.look(whole=True).stamp is None, "nobody else speaks there for all that"
    assert "La marque de l'installation n'est pas dans la base." in town.remote.check(
        town.line, town.shapes, town.memory
    )
    assert any(OWN_TABLE in done for done in setup(town))
    assert town.look(whole=True).stamp == STAMP


def test_a_look_that_is_not_whole_says_nothing_of_the_stamp(town: Town) -> None:
    town.look()
    assert town.look().stamp is None


def test_check_says_what_differs_and_changes_nothing(town: Town) -> None:
    town.look()
    town.server.delete_column("Services", "Ordre")
    town.server.rename_choice("Services", "Circuit", kept(town), "Autre mot")
    town.server.add_row("Dossiers", {"État": "Une invention"})
    town.server.delete_table("Conseil")
    town.server.delete_table(OWN_TABLE)
    there = town.server.base.table("Dossiers")
    assert there is not None
    received = there.field("Reçue le")
    assert received is not None
    received.options["timeZone"] = "client"
    town.server.calls.clear()
    told = "\n".join(town.remote.check(town.line, town.shapes, town.memory))
    for said in ("« Ordre »", "Autre mot", "« État »", "« Conseil »", "La marque", "heure de la ville"):
        assert said in told
    assert town.server.calls.writes == 0


def kept(town: Town) -> str:
    return next(each for each in town.shapes if each.table == "departments").column("circuit").choices[0]


def test_check_says_that_the_feed_is_not_allowed() -> None:
    with airtable(shapes(True), creator=True) as town:
        town.server.api.creator = False
        town.look()
        assert any(
            "webhook:manage" in line for line in town.remote.check(town.line, town.shapes, town.memory)
        )


def test_a_token_that_may_not_make_tables_is_told_to_a_person() -> None:
    with airtable(shapes(True), ready=False, creator=False) as town, pytest.raises(RemoteError) as raised:
        setup(town)
    assert raised.value.person


def test_a_trial_leaves_no_row_and_no_feed_and_moves_nothing(town: Town) -> None:
    town.look()
    feeds = list(town.server.base.webhooks.all)
    told = town.remote.probe(town.line, town.memory)
    assert told["ordre des réponses"] == "celui de la demande"
    assert told["changement d'une ligne absente"] == "refusé : 422 ROW_DOES_NOT_EXIST"
    assert town.server.rows(OWN_TABLE) == []
    assert list(town.server.base.webhooks.all) == feeds
    assert town.look().tables == {}


def test_a_trial_tells_the_other_answers_as_well(town: Town) -> None:
    doubts = town.server.api.doubts
    doubts.answers_reversed = doubts.trims_text = doubts.rounds_numbers = True
    doubts.absent_deletion, doubts.payloads_held_back = "ROW_DOES_NOT_EXIST", 100
    told = town.remote.probe(town.line, town.memory)
    assert told["ordre des réponses"] == "un autre"
    assert told["texte avec des blancs"] == "modifié par Airtable"
    assert told["décimale dans un nombre entier"] == "arrondie"
    assert told["suppression d'une ligne absente"] == "refusé : 422 ROW_DOES_NOT_EXIST"
    assert "après 5 lectures" in told["fil des changements"]


def test_a_trial_that_fails_in_the_middle_removes_its_rows(town: Town) -> None:
    town.server.before_next("writes", lambda: town.server.before_next("writes", break_once))

    def break_once() -> None:
        town.server.fail_next("500")

    with pytest.raises(RemoteError):
        town.remote.probe(town.line, town.memory)
    assert town.server.rows(OWN_TABLE) == []
