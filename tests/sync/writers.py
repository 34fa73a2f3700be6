"""A process that writes beside others: ``python -m tests.sync.writers URL HOW MANY RECORD``."""

import sys
from datetime import timedelta

from sync.store import Store
from tests.sync.rows import NOW, at, file


def write(url: str, times: int, record: str) -> None:
    """Take numbers, give some back by failing, and change one record that the others change too."""
    store = Store.open(url)
    for turn in range(times):
        moment = at(NOW + timedelta(seconds=turn))
        try:
            with store.writing() as tx:
                given = tx.next_number("", 2026)
                tx.insert("files", file(given), moment)
                rank = tx.lock("departments", record)
                tx.update("departments", record, {"rank": (rank or {})["rank"] + 1}, moment)
                tx.insert_once("closings", {"day": moment.at.date(), "label": "x", "open": True}, moment)
                if turn % 5 == 4:
                    raise ConnectionAbortedError
        except ConnectionAbortedError:
            continue
    store.close()


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), sys.argv[3])
