"""Beside a call: where it goes, who gets it, which date can be promised; who calls, what is already known."""

from datetime import date as day

import streamlit as st

from desk import courtesy, french, intake
from desk.citizens import Earlier, Known, known, nearby, suggest
from desk.intake import Proposal
from pages import call, call_origin, speech
from pages.call import Here, typed
from policy.reasons import Deadline, Refused
from policy.words import Priority


def promised(here: Here) -> None:
    """What the category proposes (R-10), before anything is saved."""
    st.header("Ce qui sera promis", divider="gray", anchor=False)
    if not typed("category") and not typed("department"):
        st.markdown("Choisissez une catégorie : le service, le Responsable et les dates s’affichent ici.")
        return
    try:
        proposal = intake.preview(here(), call.demand())
    except Refused as refusal:
        st.markdown("  \n".join(speech.ground(ground) for ground in refusal.grounds))
        return
    _goes_to(proposal)
    if typed("first_contact") or typed("nature") in call.SETTLED:
        st.markdown("Réglée au premier contact : aucune date à promettre.")
        return
    date("Intervention au plus tard le", proposal.target, "Aucun délai n’est fixé pour cette catégorie.")
    date("Accusé de réception d’ici le", proposal.acknowledgement, "")


def date(label: str, deadline: Deadline | None, otherwise: str) -> None:
    """A date promised, its article, and the door to its reasons."""
    if deadline is None:
        if otherwise:
            st.markdown(otherwise)
        return
    articles = " · ".join(deadline.articles[:1])
    st.markdown(f"{label}  \n**{speech.when(deadline)}** — {speech.escape(articles)}")
    speech.why(deadline)


def callers(here: Here) -> None:
    """Those already known whose telephone, name or address begins as typed; the one chosen can be let go."""
    if typed("citizen"):
        _chosen(here)
        return
    address = f"{typed('home_civic')} {typed('home_street')}".strip()
    for text in (typed("phone"), typed("name"), address):
        if found := suggest(here(), text):
            st.markdown("**Déjà connue ?** Choisissez-la pour reprendre ses coordonnées.")
            refused = courtesy.refused_until(here(), [person.id for person in found])
            for person in found:
                st.button(
                    _known_words(person), key=f"nd-known-{person.id}", icon=":material/person:",
                    on_click=_choose, args=(here, person), width="stretch",
                )  # fmt: skip
                _refused(refused.get(person.id))
            return


def repeated(here: Here) -> None:
    """R-18: the open files this demand may repeat; one gesture links it to one of them."""
    found = nearby(here(), typed("street"), typed("civic"), typed("category"), typed("citizen"))
    linked, again = typed("duplicate_of"), typed("again")
    if again:
        words, undo = st.columns([3, 2], vertical_alignment="center")
        words.markdown(f":material/call: Encore : l’appel sera noté au dossier {_link(again)}, sans nouveau "
                       "numéro.")  # fmt: skip
        undo.button("Non, autre affaire", key="nd-not-again", on_click=call.write, args=(here,),
                    kwargs={"again": ""}, width="stretch")  # fmt: skip
    elif linked:
        words, undo = st.columns([3, 2], vertical_alignment="center")
        words.markdown(f":material/link: Liée au dossier {_link(linked)}, comme doublon.")
        undo.button("Ne plus lier", key="nd-unlink", on_click=call.write, args=(here,),
                    kwargs={"duplicate_of": ""}, width="stretch")  # fmt: skip
    elif found:
        st.markdown(
            "**Peut-être la même affaire ?** Ces dossiers sont ouverts au même endroit ou semblables."
        )
        for earlier in found:
            _alike(here, earlier)


def _alike(here: Here, earlier: Earlier) -> None:
    """R-9: the call is noted on that file; R-18: or it is another file, linked to it, with its number."""
    words, act = st.columns([3, 2], vertical_alignment="center")
    words.markdown(_earlier_words(earlier))
    with act:
        if call_origin.may_join(call.token()):
            st.button(
                "Encore : noter l’appel", key=f"nd-again-{earlier.id}", on_click=call.write, args=(here,),
                kwargs={"again": earlier.number, "duplicate_of": ""}, width="stretch",
                help="L’appel est noté à ce dossier et compte ; la personne est avisée de la fermeture.",
            )  # fmt: skip
        st.button(
            "Doublon, avec son numéro", key=f"nd-link-{earlier.id}", on_click=call.write, args=(here,),
            kwargs={"duplicate_of": earlier.number, "again": ""}, width="stretch",
            help="Un autre dossier, lié à celui-ci et fermé avec lui.",
        )  # fmt: skip


def _goes_to(proposal: Proposal) -> None:
    receivers = ", ".join(proposal.responsables) or "aucun Responsable désigné, le directeur sera avisé"
    circuit = f" · circuit {proposal.circuit.value}" if proposal.circuit else ""
    st.markdown(
        f"**{speech.escape(proposal.department_name or 'Aucun service')}**{circuit}  \n"
        f"Reçue par : {speech.escape(receivers)}  \n"
        f"Priorité : {speech.priority_words(proposal.priority)}"
    )
    if proposal.priority is Priority.URGENT:
        st.warning("Urgente : le service est avisé dès l’enregistrement.", icon=":material/priority_high:")


def _chosen(here: Here) -> None:
    kept, undo = st.columns([3, 2], vertical_alignment="center")
    kept.markdown(":material/person_check: Personne déjà connue : ce que vous corrigez met à jour sa fiche.")
    undo.button("Ce n’est pas elle", key="nd-unknown", on_click=call.write, args=(here,),
                kwargs={"citizen": ""}, width="stretch")  # fmt: skip
    _refused(courtesy.refused_until(here(), [typed("citizen")]).get(typed("citizen")))
    person = known(here(), typed("citizen"))
    if person is None or not person.latest:
        return
    st.markdown("**Ses dossiers**")
    for earlier in person.latest:
        st.markdown(_earlier_words(earlier))
    if person.files > len(person.latest):
        st.markdown(f"et {person.files - len(person.latest)} de plus, à chercher dans l’écran Dossier.")


def _refused(until: day | None) -> None:
    """R-8: the desk sees that service is refused, and nothing of why."""
    if until is not None:
        st.warning(f"Service refusé jusqu’au {french.day(until, weekday=True)}.", icon=":material/block:")


def _choose(here: Here, person: Known) -> None:
    call.write(here, **call.of_caller(person))


def _known_words(person: Known) -> str:
    address = f"{person.caller.civic} {person.caller.street}".strip()
    count = f"{person.files} dossier{'s' if person.files > 1 else ''}"
    told = (person.caller.name, person.caller.phone, address, count)
    return speech.escape(" — ".join(part for part in told if part))


def _earlier_words(earlier: Earlier) -> str:
    what = " — ".join(part for part in (earlier.category, earlier.place) if part)
    return (
        f"{_link(earlier.number)} {speech.state_badge(earlier.state)} "
        f"reçu le {french.day_of(earlier.received_at)}  \n{speech.escape(what)}"
    )


def _link(number: str) -> str:
    return f"[{number}](/dossier?numero={number})"
