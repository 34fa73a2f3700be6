"""Registers as towns keep them, and what is done with them: brought in, matched, checked, carried out."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from desk import import_views, import_work, imports
from desk.import_views import View
from tests.cast import Cast, moment

NOW = moment("Mon 2026-11-23 10:00")
ME = "essai/0/0/1/0/abcd"
HEADERS = ("No", "Date de réception", "Service", "Statut", "Demandeur", "Téléphone", "Adresse", "Description")


def csv(*rows: Sequence[str], headers: Sequence[str] = HEADERS, separator: str = ";") -> bytes:
    """A .csv as Excel saves it here."""
    lines = [separator.join(f'"{cell}"' for cell in row) for row in (headers, *rows)]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def row(number: str, **said: str) -> tuple[str, ...]:
    """A row of a register; what is not said is what most rows say."""
    told = {
        "day": "2024-03-14", "department": "Travaux publics", "state": "Fait", "who": f"Personne {number}",
        "phone": "", "street": "12, rue des Érables", "facts": "Nid-de-poule.",
    } | said  # fmt: skip
    names = ("day", "department", "state", "who", "phone", "street", "facts")
    return (number, *(told[name] for name in names))


def xlsx(*rows: Sequence[Any], headers: Sequence[str] = HEADERS, title: str = "Registre") -> bytes:
    """The same in a workbook."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for each in (headers, *rows):
        page.append(list(each))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def work(cast: Cast, at: datetime = NOW, me: str = ME) -> int:
    """All that the clock has to do; how many steps it took."""
    steps = 0
    while import_work.work(cast.house, lambda: at, me, lambda name: True):
        steps += 1
        assert steps < 50
    return steps


def checked(cast: Cast, content: bytes, name: str = "registre.csv", at: datetime = NOW, **meant: str) -> View:
    """Brought in, read and checked as proposed; ``meant``: our words for words of its columns."""
    lot = imports.receive(cast.visit("director", at), name, content)
    work(cast, at)
    for word, ours in meant.items():
        header = next(
            match.header
            for match in import_views.opened(cast.visit("director", at), lot).matches
            if word in match.meanings
        )
        imports.mean(cast.visit("director", at), lot, header, word, ours)
    imports.check(cast.visit("director", at), lot)
    work(cast, at)
    return import_views.opened(cast.visit("director", at), lot)


def brought_in(
    cast: Cast, content: bytes, name: str = "registre.csv", at: datetime = NOW, **meant: str
) -> View:
    """The same, then carried out; the rows that do not fit are left aside."""
    view = checked(cast, content, name, at, **meant)
    imports.carry_out(cast.visit("director", at), view.id, view.row["wrong"])
    work(cast, at)
    return import_views.opened(cast.visit("director", at), view.id)


def files(cast: Cast, **equals: Any) -> list[Any]:
    """The files there are, in the order of arrival."""
    with cast.house.store.reading() as tx:
        return list(tx.find("files", order_by=("received_at", "number"), **equals))


def numbers(rows: Iterable[Any]) -> list[str]:
    """Their numbers."""
    return [each["number"] for each in rows]
