"""What leaves by ``/telecharger/…``: the word of each address, and what of the desk it asks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from desk import (
    access_letters,
    access_register,
    attachments,
    complaint_letters,
    council_mails,
    field_reports,
    import_views,
    incidents,
    lists,
    mails,
    measures,
    measures_words,
    person,
    postbook,
    private_documents,
    queue,
    registry,
    signed_forms,
    views,
    work_orders,
)
from desk.letters import Letter
from desk.visits import Visit
from door.downloads import HTML, PDF, TEXT, XLSX, Act, Leaving
from policy.months import Month
from policy.reasons import refused
from policy.towntime import town_day
from policy.words import ListKind
from sync.workbook import Sheet, workbook

MOST = 10_000  # files of one workbook
HEADERS = (
    "Numéro", "Nature", "Catégorie", "Service", "Priorité", "Lieu", "État", "Reçue le", "Cible",
    "Jours de retard", "Date prévue", "Motif d'attente", "Précision sur l'attente", "Prochaine action",
    "Réponse RNC",
)  # fmt: skip


def queue_export(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/file.xlsx?voir=…&service=…&texte=…``: the queue as the screen filters it, every page."""
    rows = [_row(line) for line in _lines(visit, replace(views.query(asked), page=1, size=queue.LARGEST))]
    return Leaving("file-du-service.xlsx", XLSX, workbook([Sheet("File du service", HEADERS, rows)]))


def mail(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/courriel?id=…``: a mail as its reader sees it; ``forme=texte``, its plain text."""
    return _read(postbook.read(visit, asked.get("id", "")).letter, asked)


def mail_attachment(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/jointe?id=…&piece=0``: what was joined to it."""
    return _joined(postbook.read(visit, asked.get("id", "")).letter, asked)


def council_list(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/conseil?id=…``: a list as it was mailed to whoever asks; ``forme=texte``, its text."""
    return _read(council_mails.read(visit, asked.get("id", "")).letter, asked)


def council_list_attachment(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/conseil-jointe?id=…&piece=0``: what was joined to it."""
    return _joined(council_mails.read(visit, asked.get("id", "")).letter, asked)


def list_preview(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/apercu?liste=…&mois=2026-11&no=0``: one mail of a list as it would leave."""
    return _read(_draft(visit, asked).letter, asked)


def list_attachment(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/piece?liste=…&mois=2026-11&no=0&piece=0``: what would be joined to it."""
    return _joined(_draft(visit, asked).letter, asked)


def acknowledgement(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/accuse?numero=…``: an acknowledgement to print, for who has no e-mail."""
    return Leaving("accuse-de-reception.pdf", PDF, mails.printable(visit, asked.get("numero", "")))


def designation_form(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/annexe-c?id=…``: P annexe C, filled from a designation, to be signed."""
    return Leaving("annexe-c.pdf", PDF, registry.form(visit, asked.get("id", "")))


def signed_form(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/annexe-c-signee?id=…``: P annexe C as it came back, signed; only ever saved."""
    form, content = signed_forms.read(visit, asked.get("id", ""))
    return Leaving(form.name, form.media_type, content, saved=True)


def work_orders_of(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/bons.pdf?numeros=2026-00001,2026-00002``: work orders, one page a file."""
    return Leaving(
        "bons-de-travail.pdf", PDF, work_orders.printed(visit, asked.get("numeros", "").split(","))
    )


def incident_register(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/incidents.xlsx``: the register of confidentiality incidents."""
    return Leaving("registre-des-incidents.xlsx", XLSX, incidents.exported(visit))


def import_report(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/import.xlsx?id=…``: every row of a register that does not fit, and why."""
    return Leaving("lignes-a-corriger.xlsx", XLSX, import_views.report(visit, asked.get("id", "")))


def access_register_export(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/acces.xlsx``: the register of the requests for access."""
    return Leaving("registre-des-demandes-d-acces.xlsx", XLSX, access_register.exported(visit))


def access_letter(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/acces-lettre?numero=…&lettre=avis``: a letter of a request as it would leave today."""
    try:
        paper = access_letters.Paper(asked.get("lettre", ""))
    except ValueError:
        raise refused("Cette adresse ne nomme pas une lettre.") from None
    content = access_letters.preview(visit, asked.get("numero", ""), paper)
    return Leaving(f"apercu-{paper}.pdf", PDF, content)


def attachment(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/document?id=…``: what was joined to a file, only ever saved."""
    brought = attachments.read(visit, asked.get("id", ""))
    return Leaving(brought.attachment.name, brought.attachment.media_type, brought.content, saved=True)


def report_photo(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/photo?id=…``: a photograph of a field report, drawn on our own screens."""
    photo, content = field_reports.read_photo(visit, asked.get("id", ""))
    return Leaving(photo.name, photo.media_type, content, saved=True)


def incident_notice(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/incident-avis?id=…``: the notice to the persons an incident concerns."""
    return Leaving("avis-incident.pdf", PDF, incidents.notice(visit, asked.get("id", "")))


def person_workbook(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/personne.xlsx?de=…``: a person's file; ``de`` names records, never anybody."""
    return Leaving("dossier-personne.xlsx", XLSX, person.as_workbook(visit, asked.get("de", "").split(",")))


def person_pdf(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/personne.pdf?de=…``: the same, to print."""
    return Leaving("dossier-personne.pdf", PDF, person.as_pdf(visit, asked.get("de", "").split(",")))


def private_document(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/document-prive?id=…``: what is on a private file, only ever saved; a reading of it."""
    document, content = private_documents.read(visit, asked.get("id", ""))
    return Leaving(document.name, document.media_type, content, saved=True)


def complaint_letter(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/plainte-lettre?numero=…``: the answer to a complaint as it would leave today."""
    return Leaving("apercu-reponse.pdf", PDF, complaint_letters.preview(visit, asked.get("numero", "")))


def measures_pdf(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/mesures.pdf?par=…&mois=…``: the measures as the screen filters them, to print."""
    what = measures.asked(asked, town_day(visit.at))
    return Leaving("mesures.pdf", PDF, measures_words.as_pdf(visit, what))


def measures_workbook(visit: Visit, asked: Mapping[str, str]) -> Leaving:
    """``/telecharger/mesures.xlsx?par=…&mois=…``: the same figures."""
    what = measures.asked(asked, town_day(visit.at))
    return Leaving("mesures.xlsx", XLSX, measures_words.as_workbook(visit, what))


DOWNLOADS: Mapping[str, Act] = {
    "acces.xlsx": access_register_export,
    "acces-lettre": access_letter,
    "file.xlsx": queue_export,
    "accuse": acknowledgement,
    "annexe-c": designation_form,
    "annexe-c-signee": signed_form,
    "bons.pdf": work_orders_of,
    "document": attachment,
    "photo": report_photo,
    "document-prive": private_document,
    "courriel": mail,
    "jointe": mail_attachment,
    "conseil": council_list,
    "conseil-jointe": council_list_attachment,
    "plainte-lettre": complaint_letter,
    "apercu": list_preview,
    "piece": list_attachment,
    "import.xlsx": import_report,
    "incidents.xlsx": incident_register,
    "incident-avis": incident_notice,
    "mesures.pdf": measures_pdf,
    "mesures.xlsx": measures_workbook,
    "personne.xlsx": person_workbook,
    "personne.pdf": person_pdf,
}


def _lines(visit: Visit, query: queue.Query) -> Iterator[queue.Line]:
    page = queue.page(visit, query)
    if page.total > MOST:
        raise refused(f"Ces filtres donnent {page.total} dossiers : resserrez-les, jusqu'à {MOST} au plus.")
    yield from page.rows
    for number in range(2, page.pages + 1):
        yield from queue.page(visit, replace(query, page=number)).rows


def _read(letter: Letter, asked: Mapping[str, str]) -> Leaving:
    """A letter to be looked at, in its richer form unless its text is asked for."""
    if letter.html and asked.get("forme") != "texte":
        return Leaving("courriel.html", HTML, letter.html.encode())
    return Leaving("courriel.txt", TEXT, letter.text.encode())


def _joined(letter: Letter, asked: Mapping[str, str]) -> Leaving:
    attachment = letter.attachments[_index(asked, "piece", len(letter.attachments))]
    return Leaving(attachment.name, XLSX, attachment.content)


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
    if not (text.isascii() and text.isdigit() and len(text) < 6) or int(text) >= length:
        raise refused("Il n'y a rien à cette adresse.")
    return int(text)
