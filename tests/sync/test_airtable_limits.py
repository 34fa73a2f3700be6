"""The base of the tests keeps Airtable's own rules, asked by its client as anybody would."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from pyairtable import Api

from sync.outside import shapes
from tests.remotes.airtable import Town, airtable


@pytest.fixture
def town() -> Iterator[Town]:
    with airtable(shapes(True)) as made:
        yield made


def services(town: Town, **given: Any) -> Any:
    api = Api(town.server.token, endpoint_url=town.server.url, retry_strategy=None, **given)
    return api.table(town.server.base_id, "Services")


def refusal(raised: pytest.ExceptionInfo[requests.HTTPError]) -> tuple[int, str]:
    response = raised.value.response
    assert response is not None
    error = response.json()["error"]
    return response.status_code, error if isinstance(error, str) else error["type"]


def test_the_plain_client_makes_finds_changes_and_deletes_a_row(town: Town) -> None:
    table = services(town)
    (made,) = table.batch_create([{"Service": "Voirie", "Ordre": 0, "En service": False}])
    assert made["fields"] == {"Service": "Voirie", "Ordre": 0}  # a box not ticked is not told
    assert table.get(made["id"])["fields"] == made["fields"]
    assert table.batch_update([{"id": made["id"], "fields": {"Service": "Parcs"}}])[0]["id"] == made["id"]
    assert [row["fields"]["Service"] for row in table.all(formula='{Service}="Parcs"')] == ["Parcs"]
    assert table.all(formula='{Service}="Voirie"') == []
    assert table.batch_delete([made["id"]]) == [{"id": made["id"], "deleted": True}]


def test_a_page_has_a_hundred_rows_and_the_client_turns_them(town: Town) -> None:
    table = services(town)
    table.batch_create([{"Service": f"S{n}"} for n in range(230)])
    assert [len(page) for page in table.iterate()] == [100, 100, 30]
    assert len(table.all(fields=["Service"], page_size=50)) == 230


def test_eleven_rows_are_too_many_for_a_request(town: Town) -> None:
    table = services(town)
    with pytest.raises(requests.HTTPError) as raised:
        table.api.post(table.urls.records, json={"records": [{"fields": {}} for _ in range(11)]})
    assert refusal(raised)[0] == 422
    assert town.server.rows("Services") == []


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ({"Ordre": "trois"}, "INVALID_VALUE_FOR_COLUMN"),
        ({"En service": "oui"}, "INVALID_VALUE_FOR_COLUMN"),
        ({"Service": 3}, "INVALID_VALUE_FOR_COLUMN"),
        ({"Circuit": "Z"}, "INVALID_MULTIPLE_CHOICE_OPTIONS"),
        ({"Inconnue": "x"}, "UNKNOWN_FIELD_NAME"),
        ({"Dossiers": ["rec1"]}, "INVALID_RECORD_ID"),
        ({"Dossiers": ["rec00000000000000"]}, "ROW_DOES_NOT_EXIST"),
    ],
)
def test_a_column_takes_only_what_is_of_its_type(town: Town, cells: dict[str, Any], word: str) -> None:
    with pytest.raises(requests.HTTPError) as raised:
        services(town).batch_create([cells])
    assert refusal(raised) == (422, word)
    assert town.server.rows("Services") == []


def test_merging_on_a_column_makes_changes_or_refuses_by_how_many_rows_match(town: Town) -> None:
    table = services(town)
    first = table.batch_upsert([{"fields": {"ID": "a", "Service": "Voirie"}}], ["ID"])
    again = table.batch_upsert([{"fields": {"ID": "a", "Ordre": 1}}], ["ID"])
    assert (first["createdRecords"], again["createdRecords"]) == ([first["records"][0]["id"]], [])
    assert again["records"][0]["fields"] == {"ID": "a", "Service": "Voirie", "Ordre": 1}
    town.server.copy_row("Services", "a")
    with pytest.raises(requests.HTTPError) as raised:
        table.batch_upsert([{"fields": {"ID": "a", "Ordre": 2}}], ["ID"])
    assert refusal(raised)[0] == 422


def test_a_refused_row_leaves_the_nine_others_unwritten(town: Town) -> None:
    rows = [{"Service": f"S{n}"} for n in range(9)]
    with pytest.raises(requests.HTTPError):
        services(town).batch_create([*rows, {"Ordre": "trois"}])
    assert town.server.rows("Services") == []


def test_a_link_is_held_at_both_ends_and_let_go_with_its_row(town: Town) -> None:
    department = town.server.add_row("Services", {"Service": "Voirie"})
    file = town.server.add_row("Dossiers", {"Numéro": "2026-001", "Service": "Voirie"})
    assert town.server.row("Services", department)["Dossiers"] == "2026-001"
    town.server.delete_row("Services", department)
    assert "Service" not in town.server.row("Dossiers", file)


@pytest.mark.parametrize("asked", [{"name": "Services"}, {"name": "Neuve", "fields": []}])
def test_a_table_needs_a_title_of_its_own_and_a_first_column(town: Town, asked: dict[str, Any]) -> None:
    base = services(town).base
    fields = [{"name": "Nom", "type": "singleLineText"}]
    with pytest.raises(requests.HTTPError) as raised:
        base.create_table(asked["name"], asked.get("fields", fields))
    assert refusal(raised)[0] == 422


@pytest.mark.parametrize("kind", ["formula", "autoNumber", "createdTime", "lastModifiedTime", "rollup"])
def test_a_computed_column_cannot_be_made(town: Town, kind: str) -> None:
    with pytest.raises(requests.HTTPError) as raised:
        services(town).create_field("Calcul", kind)
    assert refusal(raised) == (422, "UNSUPPORTED_FIELD_TYPE_FOR_CREATE")


def test_a_webhook_is_listed_with_its_week_and_the_client_reads_its_payloads(town: Town) -> None:
    town.look()
    (webhook,) = services(town).base.webhooks()
    town.server.add_row("Services", {"Service": "Voirie"})
    town.server.form_row("Services", {"Service": "Parcs"})
    sources = [payload.action_metadata.source for payload in webhook.payloads()]
    assert sources == ["client", "formSubmission"]
    assert webhook.expiration_time is not None


def test_a_stranger_is_not_let_in(town: Town) -> None:
    api = Api("patAutre", endpoint_url=town.server.url, retry_strategy=None)
    with pytest.raises(requests.HTTPError) as raised:
        api.table(town.server.base_id, "Services").all()
    assert refusal(raised) == (401, "AUTHENTICATION_REQUIRED")
