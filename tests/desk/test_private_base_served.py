"""The private base (R-33) behind a real socket: complaints only, and the town's table never one of them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from desk.exchanges import Post
from desk.private_base import PrivatePost
from sync.link_tables import PRIVATE_BASES
from sync.pace import Pace
from sync.remote import RemoteError
from tests.cast import Cast
from tests.desk.complaining import NINE, complaint
from tests.desk.demands import opened
from tests.desk.test_private_base import SECRET, assess, complained, everywhere
from tests.remotes.served import AT_ONCE, SERVICES, Served, served
from tests.remotes.served import kept as kept

LABELS = {"Plaintes", "Personnes d'une enquête", "Étapes d'une enquête"}


@pytest.fixture(params=SERVICES)
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    """A base, or a spreadsheet, behind a real socket."""
    with served(request.param, tmp_path) as found:
        yield found


def test_a_real_service_holds_complaints_only_and_the_table_never_one(
    cast: Cast, there: Served, tmp_path: Path
) -> None:
    complained(cast)
    file = opened(cast).id
    assess(cast)
    now = [NINE + timedelta(days=2)]
    post = PrivatePost(cast.house, there.remote(), Pace(*AT_ONCE), lambda: now[0], "ici")
    post.setup()
    assert post.check() == []
    post.exchange()
    (row,) = there.server.rows("Plaintes")
    assert (row["Lieu des faits"], row["ID"]) == (SECRET, complaint(cast, row["Numéro"])["id"])
    (person,) = there.server.rows("Personnes d'une enquête")
    assert (person["Plainte"], person["Nom et prénom"]) == (row["Numéro"], "Paul Charbonneau")
    assert not is_there(there, "Dossiers")
    post.exchange()
    calls = there.server.calls.total
    post.exchange()
    assert there.server.calls.total - calls == 1  # at rest, one request and nothing written
    (folder := tmp_path / "table").mkdir()
    with served(there.name, folder) as table:
        ordinary = Post(cast.house, table.remote(), Pace(*AT_ONCE), lambda: now[0], "ici")
        ordinary.setup()
        ordinary.exchange(again=True)
        assert file in table.ids("Dossiers")
        assert not any(is_there(table, title) for title in LABELS)
    assert everywhere(cast, SECRET) == []


def test_a_copy_of_the_database_says_nothing_to_the_private_base(cast: Cast, there: Served) -> None:
    complained(cast)
    assess(cast)
    post = PrivatePost(cast.house, there.remote(), Pace(*AT_ONCE), lambda: NINE + timedelta(days=2), "ici")
    post.setup()
    with cast.house.store.writing() as tx:  # as it is in a copy: what the ledger knows is another place
        tx.connection.execute(sa.update(PRIVATE_BASES).values(home="ailleurs"))
    calls = there.server.calls.total
    for act in (post.exchange, post.check, post.setup):
        with pytest.raises(RemoteError, match="copiée ou déplacée"):
            act()
    assert there.server.calls.total == calls
    post.setup(take_over=True)
    post.exchange()
    assert len(there.server.rows("Plaintes")) == 1


def is_there(service: Served, title: str) -> bool:
    try:
        service.server.rows(title)
    except (AssertionError, LookupError, StopIteration):
        return False
    return True
