"""A pass that is altered, or played again after its session is over, opens nothing anywhere."""

from collections.abc import Callable

import pytest
from websockets.exceptions import InvalidStatus

from desk import accounts
from desk.sessions import hash_token
from desk.visits import Visit
from tests.door.conftest import PASSWORD, RESPONSABLE, TECHNICIAN
from tests.door.serving import Door, line


def refused(door: Door, token: str) -> None:
    """Neither a page, nor a download, nor a line, nor an act of the desk."""
    with door.client(headers={"Cookie": f"{door.cookie}={token}"}) as client:
        assert client.get("/essai").status_code == 303
        assert client.get("/telecharger/file.xlsx").status_code == 303
        assert client.get("/session").status_code == 401
        assert client.get("/static/x.js").status_code == 303
    with pytest.raises(InvalidStatus), line(door, token):
        pass


ALTERED: dict[str, Callable[[str], str]] = {
    "its first sign changed": lambda token: ("A" if token[0] != "A" else "B") + token[1:],
    "its last sign changed": lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
    "shorter": lambda token: token[:-1],
    "longer": lambda token: token + "A",
    "in other capitals": lambda token: token.swapcase(),
    "its own hash": hash_token,
    "twice": lambda token: token + token,
    "in quotes and more": lambda token: f'"{token} "',
    "empty": lambda _token: "",
}


@pytest.mark.parametrize("how", ALTERED)
def test_an_altered_pass_opens_nothing(door: Door, how: str) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client:
        refused(door, ALTERED[how](client.cookies[door.cookie]))
        assert client.get("/session").status_code == 204


def account_of(door: Door, email: str) -> str:
    with door.house.store.reading() as tx:
        row = tx.first("accounts", email=email)
    assert row is not None
    return str(row["id"])


@pytest.mark.parametrize("end", ["signed out", "closed", "closed and opened again", "ended", "password"])
def test_a_pass_copied_before_is_dead_after(door: Door, end: str) -> None:
    with door.signed_in(RESPONSABLE, PASSWORD) as client, door.signed_in(TECHNICIAN, PASSWORD) as keeper:
        copied = client.cookies[door.cookie]
        visit = Visit(door.house, door.clock(), hash_token(keeper.cookies[door.cookie]))
        account = account_of(door, RESPONSABLE)
        if end == "signed out":
            client.post("/deconnexion")
        elif end.startswith("closed"):
            accounts.close(visit, account)
            if end.endswith("again"):
                accounts.reopen(visit, account)
        elif end == "ended":
            assert accounts.end_sessions(visit, account) == 1
        else:
            accounts.set_password(visit, account, "le lac gèle en décembre")
        refused(door, copied)
