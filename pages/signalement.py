"""Signalement terrain: what an employee hears or sees outside, noted on a telephone, with photographs."""

from collections.abc import Callable, Mapping

import streamlit as st

from desk import field_reports, french
from desk.choices import choices
from desk.drafts import Call
from desk.field_reports import MOST_PHOTOS, OFFERED, PICTURES, Report
from desk.visits import Visit
from pages import call_report, report, speech
from pages.report import PHOTOS, PLACE, keep, key
from policy.counter_words import ReportState

Here = Callable[[], Visit]

BADGES = {
    ReportState.WAITING: ":blue-badge[:material/hourglass_empty: En attente]",
    ReportState.OPENED: ":green-badge[:material/folder_open: Dossier ouvert]",
    ReportState.JOINED: ":green-badge[:material/link: Joint à un dossier]",
    ReportState.DECLINED: ":gray-badge[:material/block: Refusé]",
    ReportState.ELSEWHERE: ":gray-badge[:material/alt_route: Dirigé ailleurs]",
}


def screen(here: Here) -> None:
    """The form, in the order one sees things outside; then what became of one's reports."""
    st.title("Signalement terrain")
    sent = report.just_sent()
    if sent is not None:
        _sent(sent)
    else:
        report.lay(here)
        if not report.is_begun():
            _cut(here)
        _form(here)
    _mine(here)


def _form(here: Here) -> None:
    st.markdown("Notez ce que vous savez : le service aux citoyens complétera. Rien n’est obligatoire.")
    natures = [nature.value for nature in OFFERED]
    st.pills("Nature", natures, key=key("nature"), on_change=keep, args=(here, "nature"), wrap=True)
    ground = field_reports.elsewhere(report.noted().nature)
    if ground is not None:
        st.error(speech.ground(ground), icon=":material/block:")
        return
    st.header("Où", divider="gray", anchor=False)
    _line(here, "civic", "Numéro civique du lieu")
    _line(here, "street", "Rue ou lieu")
    _line(here, "place_note", "Précision (près de quoi, de quel côté)")
    st.header("Quoi", divider="gray", anchor=False)
    st.text_area("Exposé des faits", key=key("facts"), height=120, on_change=keep, args=(here, "facts"))
    _service(here)
    _photos(here)
    st.header("Qui le demande", divider="gray", anchor=False)
    _line(here, "name", "Nom et prénom")
    st.text_input(
        "Téléphone", key=key("phone"), on_change=keep, args=(here, "phone"), autocomplete="off", type="phone",
        placeholder="450 555-0100",
    )  # fmt: skip
    _line(here, "home_civic", "Numéro civique de la personne")
    _line(here, "home_street", "Rue de la personne")
    _line(here, "home_city", "Municipalité")
    _line(here, "home_postal_code", "Code postal")
    _line(here, "email", "Courriel, si la personne le donne")
    st.date_input(
        "Date de réception", key=key("received_on"), format="YYYY-MM-DD", on_change=keep,
        args=(here, "received_on"), help="Le jour où la personne vous l’a dit.",
    )  # fmt: skip
    _end(here)


def _line(here: Here, name: str, label: str) -> None:
    st.text_input(label, key=key(name), on_change=keep, args=(here, name), autocomplete="off")


def _service(here: Here) -> None:
    offered: Mapping[str, str] = choices(here()).departments
    speech.offered_only(key("department"), offered, None)
    st.selectbox(
        "Service concerné", list(offered), key=key("department"), index=None, placeholder="Je ne sais pas",
        format_func=lambda option: offered.get(option, option), on_change=keep, args=(here, "department"),
    )  # fmt: skip


def _photos(here: Here) -> None:
    st.header("Photos", divider="gray", anchor=False)
    speech.hear(PHOTOS)
    kept = field_reports.photos(here(), report.token())
    with st.container(horizontal=True):
        for photo in kept:
            with st.container(width=call_report.SMALL, key=f"te-photo-{photo.id}"):
                st.markdown(call_report.picture(photo))
                st.button(
                    "Retirer", key=f"te-remove-{photo.id}", icon=":material/delete:",
                    on_click=report.remove_photo, args=(here, photo),
                    help=f"{speech.escape(photo.name)}, {photo.size_words}",
                )  # fmt: skip
    if len(kept) >= MOST_PHOTOS:
        st.markdown(f"{MOST_PHOTOS} photos : c’est le plus qu’un signalement garde.")
        return
    chosen = report.widget("photos")
    st.file_uploader(
        "Prendre ou choisir des photos", type=list(PICTURES), accept_multiple_files=True, key=chosen,
        on_change=report.keep_photos, args=(here, chosen),
        help="Votre téléphone propose son appareil photo. Chaque photo est gardée dès qu’elle est reçue.",
    )  # fmt: skip
    if st.toggle("Photographier dans cette page", key=key("camera")):
        taken = report.widget("camera")
        st.camera_input("Photo", key=taken, on_change=report.keep_photos, args=(here, taken))


def _end(here: Here) -> None:
    lacks = field_reports.lacking(here(), report.noted())
    if lacks:
        with st.expander(
            f"Il manque {len(lacks)} élément{'s' if len(lacks) > 1 else ''}", icon=":material/checklist:"
        ):
            st.markdown("\n".join(f"- {speech.escape(ground.message)}" for ground in lacks))
            st.markdown("Vous pouvez envoyer quand même.")
    speech.hear(PLACE)
    st.button(
        "Envoyer au service aux citoyens", key="te-send", type="primary", icon=":material/send:",
        width="stretch", on_click=report.send, args=(here,),
    )  # fmt: skip
    if report.is_begun():
        st.markdown(":material/edit_note: Brouillon conservé")


def _sent(sent: Report) -> None:
    st.success(
        "Envoyé. Le service aux citoyens l’a reçu et donnera un numéro à la demande.", icon=":material/check:"
    )
    if sent.missing:
        told = "\n".join(f"- {speech.escape(ground.message)}" for ground in sent.missing)
        st.markdown(f"Le service aux citoyens complétera :\n\n{told}")
    st.button("Un autre signalement", key="te-new", type="primary", on_click=report.anew, width="stretch")


def _cut(here: Here) -> None:
    """The reports that were cut."""
    for begun in report.others(here):
        words = " — ".join(
            str(begun.fields[name])[:40] for name in ("street", "facts", "name") if begun.fields.get(name)
        )
        st.button(
            f"Reprendre : {_begun(begun, here())}{f' ({speech.escape(words)})' if words else ''}",
            key=f"te-resume-{begun.token}", icon=":material/history:", on_click=report.resume,
            args=(begun.token,), width="stretch",
        )  # fmt: skip
        st.button(
            "Jeter ce brouillon", key=f"te-throw-{begun.token}", on_click=report.throw_away,
            args=(here, begun.token), type="tertiary",
        )  # fmt: skip


def _begun(begun: Call, visit: Visit) -> str:
    return f"commencé {french.since(begun.begun_at, visit.at)}"


def _mine(here: Here) -> None:
    visit = here()
    st.header("Mes signalements", divider="gray", anchor=False)
    found = field_reports.mine(visit)
    if not found:
        st.markdown("Vous n’en avez envoyé aucun encore.")
    for each in found:
        with st.container(border=True, key=f"te-mine-{each.id}"):
            st.markdown(_became(each, visit))


def _became(each: Report, visit: Visit) -> str:
    place = " ".join(part for part in (each.noted.civic, each.noted.street) if part)
    what = " — ".join(part for part in (place, each.noted.facts[:80]) if part)
    lines = [f"{BADGES[each.state]} envoyé {french.since(each.sent_at, visit.at)}", speech.escape(what)]
    if each.file_state is not None:
        lines.append(f"Dossier **{each.number}** : {each.file_state.value}")
    if each.reason:
        lines.append(f"Motif : {speech.escape(each.reason)}")
    if each.state is ReportState.ELSEWHERE:
        lines.append("Dirigez la personne vers le service aux citoyens : rien n’en est gardé ici.")
    return "  \n".join(line for line in lines if line)
