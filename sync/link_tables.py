"""The ledger of reconciliation: what each side was known to hold, and what waits for a person.

None of these tables goes out, is searched or is exported. JSON is kept as text: it is ours alone to read.
"""

from enum import StrEnum

import sqlalchemy as sa

from sync.schema import METADATA, Moment, text


class Tie(StrEnum):
    """How a record and a row there hold together."""

    LINKED = "liée"
    WITHDRAWN = "retirée"  # gone there; a person decides (invariant 6)
    BORN = "née là-bas"  # typed there, not judged yet
    PROPOSED = "à accueillir"  # in the desk's inbox
    DECLINED = "refusée"
    LEAVING = "à retirer"  # out of the window: we delete it there
    OUT = "hors de la table"  # out of the window: nothing of it is there
    PURGED = "à effacer"  # a purge order: deleted there until two reads confirm


class Held(StrEnum):
    """Why a value typed there stays there and nowhere else."""

    DISPUTED = "litige"
    REJECTED = "rejet"


def _whole(name: str, **given: object) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default="0", **given)  # type: ignore[arg-type]


REMOTES = sa.Table(  # one row for each remote this installation ever spoke to
    "remotes",
    METADATA,
    sa.Column("name", text(), primary_key=True),
    sa.Column("label", text(), nullable=False),
    sa.Column("stamp", text(), nullable=False),  # of this installation; the same is left there
    sa.Column("memory", text(), nullable=False),  # JSON: the remote's own
    _whole("reserved"),  # the last of its own numbers that was given
    _whole("looks"),  # how many looks so far
    sa.Column("woken_at", Moment()),  # somebody saved something
    sa.Column("looked_at", Moment()),
    sa.Column("listed_at", Moment()),  # the last time everything was read
    sa.Column("agreed_at", Moment()),  # the last exchange that went to its end
    sa.Column("failing_since", Moment()),
    sa.Column("silent_until", Moment()),
    sa.Column("asked_until", Moment()),  # until when the service itself asked to be left alone
    sa.Column("error", text()),  # French
    sa.Column("needs_person", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("paused_at", Moment()),
    sa.Column("paused_by", text()),
    sa.Column("paused_why", text()),
    sa.Column("restored_at", Moment()),  # an epoch began: nothing is written there until a person says so
    sa.Column("leased_to", text()),
    sa.Column("leased_until", Moment()),
    sa.Column("named_at", Moment()),  # when the settings began to name it, as a worker saw them
    sa.Column("home", text()),  # where this database lived when it last spoke: a copy of it is silent
    sa.Column("place", text()),  # which of the service's bases or spreadsheets the links are of
    sa.Column("held_since", Moment()),  # files closed before it are not there
    sa.Column("identity", sa.Boolean()),  # whether what identifies a citizen went there, and may be there
)

REMOTE_TABLES = sa.Table(
    "remote_tables",
    METADATA,
    sa.Column("remote", text(), primary_key=True),
    sa.Column("table_name", text(), primary_key=True),
    sa.Column("frozen_at", Moment()),
    sa.Column("frozen_why", text()),
    sa.Column("thawed_at", Moment()),  # disappearances before it are no longer counted
    sa.Column("paused", text(), nullable=False, server_default="{}"),  # JSON: column → why
)

REMOTE_CALLS = sa.Table(  # the quota used, by day in town
    "remote_calls",
    METADATA,
    sa.Column("remote", text(), primary_key=True),
    sa.Column("day", sa.Date(), primary_key=True),
    _whole("calls"),
)

LINKS = sa.Table(  # a row there, or one on its way; by record and by handle
    "links",
    METADATA,
    sa.Column("id", text(), primary_key=True),
    sa.Column("remote", text(), nullable=False),
    sa.Column("table_name", text(), nullable=False),
    sa.Column("record", text()),  # ours; none for a row born there
    sa.Column("key", text()),  # the service's handle; none while a creation is on its way
    sa.Column("tie", text(), nullable=False),
    sa.Column("since", Moment(), nullable=False),  # of this tie
    sa.Column("there", text(), nullable=False, server_default="{}"),  # JSON: the row as last read
    sa.Column("mark", text(), nullable=False, server_default=""),  # its digest
    sa.Column("extras", text(), nullable=False, server_default="{}"),  # JSON: columns that are not ours
    sa.Column("agreed", text(), nullable=False, server_default="{}"),  # JSON: field → our value
    sa.Column("raw", text(), nullable=False, server_default="{}"),  # JSON: field → as read back
    sa.Column("sent", text(), nullable=False, server_default="{}"),  # JSON: field → [[value, raw]…]
    # JSON: field → [Held, raw], and our value then
    sa.Column("held", text(), nullable=False, server_default="{}"),
    sa.Column("over", text(), nullable=False, server_default="{}"),  # JSON: field → raws we wrote over
    sa.Column("put_back", text(), nullable=False, server_default="{}"),  # JSON: field → [day, times]
    _whole("first_look"),  # the look at which the row as it now is was first seen
    sa.Column("open", sa.Boolean(), nullable=False, server_default=sa.true()),  # something is left to do
    sa.Column("told", text()),  # French: why the desk declined it, what it is a copy of
    sa.Column("agreed_at", Moment()),
    _whole("absences"),  # reads in a row that did not find it
    sa.UniqueConstraint("remote", "table_name", "record"),
    sa.UniqueConstraint("remote", "table_name", "key"),
    sa.Index(None, "remote", "open"),
    sa.Index(None, "table_name", "record"),
)

HELD = sa.Table(  # disputes and rejections; a settled one stays as what was once typed there (invariant 1)
    "held_values",
    METADATA,
    sa.Column("id", text(), primary_key=True),
    sa.Column(
        "link",
        text(),
        sa.ForeignKey("links.id", ondelete="CASCADE", name="fk_held_values_link"),
        nullable=False,
    ),
    sa.Column("field", text(), nullable=False),
    sa.Column("kind", text(), nullable=False),
    sa.Column("here", text()),  # JSON: our value then
    sa.Column("raw", text()),  # JSON: what the cell holds
    sa.Column("theirs", text()),  # JSON: our value for it; none when it does not read
    sa.Column("words", text(), nullable=False),  # French: why, or what each side says
    sa.Column("article", text(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("settled_at", Moment()),
    sa.Column("settled_by", text()),
    sa.Column("outcome", text()),  # French: what was kept
    sa.Index(None, "link", "field"),
    sa.Index(None, "settled_at"),
)

TOMBSTONES = sa.Table(  # purge orders: they win over any undo or restore
    "tombstones",
    METADATA,
    sa.Column("table_name", text(), primary_key=True),
    sa.Column("record", text(), primary_key=True),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("gone_at", Moment()),  # two reads confirmed that no remote holds it
    sa.Column("outline", sa.Boolean()),  # here, what a statistic needs of it stays
)

MOVED = sa.Table(  # the records whose change a remote has not been told yet
    "moved",
    METADATA,
    sa.Column("table_name", text(), primary_key=True),
    sa.Column("record", text(), primary_key=True),
    sa.Column("mark", text(), nullable=False),  # changes with each change of the record
)

REMOTE_NOTICES = sa.Table(  # what a person is told once
    "remote_notices",
    METADATA,
    sa.Column("remote", text(), primary_key=True),
    sa.Column("key", text(), primary_key=True),
    sa.Column("words", text(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("seen_at", Moment()),
    sa.Column("seen_by", text()),
)

PRIVATE_BASES = sa.Table(  # the private base of complaints: no screen of the table reads it
    "private_bases",
    METADATA,
    sa.Column("name", text(), primary_key=True),
    sa.Column("stamp", text(), nullable=False),
    sa.Column("home", text()),
    sa.Column("memory", text()),  # sealed
    _whole("reserved"),
    sa.Column("ready_at", Moment()),  # ``setup`` went to its end
    sa.Column("looked_at", Moment()),
    sa.Column("listed_at", Moment()),
    sa.Column("agreed_at", Moment()),
    sa.Column("failing_since", Moment()),
    sa.Column("silent_until", Moment()),
    sa.Column("asked_until", Moment()),  # until when the service itself asked to be left alone
    sa.Column("error", text()),  # French
    sa.Column("leased_to", text()),
    sa.Column("leased_until", Moment()),
)

PRIVATE_LINKS = sa.Table(  # a row of it: never what it says, only keyed digests of it
    "private_links",
    METADATA,
    sa.Column("base", text(), primary_key=True),
    sa.Column("table_name", text(), primary_key=True),
    sa.Column("record", text(), primary_key=True),
    sa.Column("key", text()),  # the service's handle
    sa.Column(
        "told", text(), nullable=False, server_default="{}"
    ),  # JSON: field → digests: ours, as read back
    sa.Column("put_back", text(), nullable=False, server_default="{}"),  # JSON: field → [day, times]
    sa.Column("leaving", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("open", sa.Boolean(), nullable=False, server_default=sa.true()),
    _whole("absences"),  # whole looks in a row that did not find it, once it was to leave
)
