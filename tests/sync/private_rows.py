"""Small private rows full of sentinels, and what the database holds of them."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from policy.private_words import (
    ComplaintState,
    DocumentKind,
    Part,
    PrivateKind,
)
from policy.words import Channel
from sync import audit
from sync.schema import METADATA
from sync.store import Store, Writing
from tests.sync.rows import DESK, NOW

SENTINEL = "SENTINELLE-Île"


def complaint(number: int = 1, **values: Any) -> dict[str, Any]:
    """A complaint full of sentinels."""
    return {
        "number": f"P2026-{number:04d}",
        "state": ComplaintState.RECEIVED,
        "received_at": NOW,
        "channel": Channel.PHONE,
        "name": f"{SENTINEL} Tremblay",
        "anonymous": False,
        "written": True,
        "signed": True,
        "facts_on": date(2026, 11, 1),
        "facts": f"Exposé « {SENTINEL} »\n🌊",
        "municipal": True,
        "private_dispute": False,
        "danger": False,
        "grounds": [{"article": "P §4.4", "message": SENTINEL, "given": None}],
        **values,
    }


def person(complaint: str, **values: Any) -> dict[str, Any]:
    """A person targeted."""
    return {"complaint": complaint, "part": Part.TARGETED, "name": f"{SENTINEL} Roy", **values}


def document(tx: Writing, record: str) -> str:
    """A document with its content; the id of the content's row."""
    made = tx.insert(
        "private_documents",
        {
            "kind_of_file": PrivateKind.COMPLAINT,
            "record": record,
            "kind": DocumentKind.RECEIVED,
            "size": 3,
            "added_at": NOW,
            "name": f"{SENTINEL}.pdf",
            "media_type": "application/pdf",
            "digest": "0" * 64,
        },
        DESK,
    )
    content = {"document": made["id"], "content": SENTINEL.encode() * 1_000}
    return str(tx.insert("private_contents", content, DESK)["id"])


def lying(store: Store) -> list[dict[str, Any]]:
    """Every row of every table as it lies, the history too."""
    with store.reading() as tx:
        return [
            dict(row)
            for table in METADATA.sorted_tables
            for row in tx.connection.execute(
                sa.select(*(sa.type_coerce(column, sa.Text()) for column in table.c))
                if store.dialect == "sqlite"
                else sa.select(*(sa.cast(column, sa.Text()).label(column.name) for column in table.c))
            ).mappings()
        ]


def faults(store: Store) -> list[str]:
    with store.reading() as tx:
        return audit.verify(tx)
