"""What leaves by ``/telecharger/…``: the word of each address, and what of the desk it asks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from desk import lists, postbook, queue
from desk.visits import Visit
from door.downloads import HTML, XLSX, Act, Leaving
from policy.months import Month
from policy.reasons import refused
from policy.words import ListKind, State
from sync.workbook import Sheet, workbook

AT_ONCE = 500
HEADERS = (
    "Numéro", "Nature", "Catégorie", "Service", "Priorité", "Lieu", "État", "Reçue le", "Cible",
    "Jours de retard", "Date prévue", "Motif d'attente", "Précision sur l'attente", "Prochaine action",
    "Réponse RNC",
)  # fmt: skip


def queue_export(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/file.xlsx?service=…&etat=…&texte=…``: the queue as filtered, every page of it."""
    query = queue.Query(
        departments=_several(asked, "service"),
        states=tuple(_state(word) for word in _several(asked, "etat")),
        category=asked.get("categorie", ""),
        overdue=asked.get("retard") == "1",
        text=asked.get("texte", "")[:200],
        size=AT_ONCE,
    )
    rows = [_row(line) for line in _lines(visit, query)]
    return Leaving("file-du-service.xlsx", XLSX, workbook([Sheet("File du service", HEADERS, rows)]))


def list_preview(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/apercu?liste=…&mois=2026-11&no=0``: one mail of a list as it would leave."""
    return Leaving("apercu.html", HTML, _draft(visit, asked).letter.html.encode())


def list_attachment(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/piece?liste=…&mois=2026-11&no=0&piece=0``: what would be joined to it."""
    attachments = _draft(visit, asked).letter.attachments
    attachment = attachments[_index(asked, "piece", len(attachments))]
    return Leaving(attachment.name, XLSX, attachment.content)


def mail(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/courriel?id=…``: one mail as its reader sees it."""
    return Leaving("courriel.html", HTML, postbook.read(visit, asked.get("id", "")).letter.html.encode())


DOWNLOADS: Mapping[str, Act] = {
    "courriel": mail,
    "file.xlsx": queue_export,
    "apercu": list_preview,
    "piece": list_attachment,
}


def _lines(visit: Visit, query: queue.Query) -> Iterator[queue.Line]:
    page = queue.page(visit, query)
    yield from page.rows
    for number in range(2, page.pages + 1):
        yield from queue.page(visit, replace(query, page=number)).rows


def _row(line: queue.Line) -> tuple[str | int | date | None, ...]:
    return (
        line.number,
        line.nature.value,
        line.category,
        line.department,
        line.priority.value,
        line.place,
        line.state.value,
        line.received_at,
        line.target_on,
        line.days_late,
        line.planned_on,
        line.wait_reason.value if line.wait_reason else "",
        line.wait_words,
        line.next_action,
        line.answer.value if line.answer else "",
    )


def _draft(visit: Visit, asked: Mapping[str, str]) -> lists.Draft:
    try:
        kind, month = ListKind(asked.get("liste", "")), Month.parse(asked.get("mois", ""))
    except ValueError:
        raise refused("Cette adresse ne nomme pas une liste et un mois.") from None
    drafts = lists.preview(visit, kind, month)
    return drafts[_index(asked, "no", len(drafts))]


def _index(asked: Mapping[str, str], name: str, length: int) -> int:
    text = asked.get(name, "0")
    if not text.isdigit() or int(text) >= length:
        raise refused("Il n'y a rien à cette adresse.")
    return int(text)


def _several(asked: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(one for one in asked.get(name, "").split(",") if one)


def _state(word: str) -> State:
    try:
        return State(word)
    except ValueError:
        raise refused(f"« {word} » n'est pas un état.") from None
