"""The last steps of « Mettre la ville en place »: who holds each post, then the first demand."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from desk import drafts, postbook
from desk import seats as posts
from desk.seats import Seat, Seated
from desk.settling import Settling
from desk.visits import Visit
from pages import speech
from pages.settling_fields import PLACE

Here = Callable[[], Visit]

RECORD = "mise en place"  # of the drafts
GIVEN = "mp-given"  # the passwords made in this tab, until they are said to be noted
LABELS = {"name": "Nom et prénom", "email": "Courriel du poste, pour entrer et être averti"}


def seats(here: Here, found: Settling) -> None:
    """Every post: its holder, or the two fields that give it one."""
    visit = here()
    every = posts.seats(visit)
    _mails(visit)
    _given()
    if found.begun:
        st.info("La ville est à l’œuvre : les comptes s’ouvrent maintenant à l’écran « Comptes ».")
        return
    st.toggle(
        "Envoyer un lien par courriel pour choisir le mot de passe, au lieu d’en montrer un ici",
        key="mp-mailed",
    )
    vacant = [each for each in every if not each.email]
    _lay(visit, vacant)
    for each in every:
        if each.email:
            st.markdown(
                f":material/check: **{speech.escape(each.title)}** : {speech.escape(each.name)} "
                f"({speech.escape(each.email)})"
            )
    if not vacant:
        return
    st.markdown("Une même personne peut tenir plusieurs postes : donnez-lui chaque fois le même courriel.")
    for each in vacant:
        _vacant(here, each)
    st.button(
        "Ouvrir les comptes des postes remplis", key="mp-seat", icon=":material/person_add:", type="primary",
        on_click=_seat, args=(here, vacant),
    )  # fmt: skip


def first_demand(here: Here, found: Settling) -> None:
    """What is done and what is not; then the technician signs in."""
    every = posts.seats(here())
    vacant = [each for each in every if each.needed and not each.email]
    technician = next(each for each in every if each.key == "technicien")
    _mails(here())
    _given()
    if vacant:
        names = ", ".join(each.title for each in vacant)
        st.warning(
            f"Sans titulaire encore : {speech.escape(names)}. Ce qui irait à un service sans Responsable "
            "va à la direction.",
            icon=":material/person_off:",
        )
    if technician.email:
        st.markdown(
            f"Tout est prêt. **{speech.escape(technician.name)}** ouvre une session avec "
            f"{speech.escape(technician.email)} : l’écran « Nouvelle demande » s’ouvre, et donne un numéro "
            "dès l’enregistrement."
        )
    else:
        st.markdown("Donnez d’abord son compte au Technicien : c’est lui qui inscrit les demandes.")
    st.html('<a href="/deconnexion" target="_self" style="color: inherit">Fermer ma session</a>')
    st.markdown(
        "Ensuite, à votre heure : la copie de sauvegarde de chaque nuit (`python -m sync backup`), la table "
        "Airtable ou Google Sheets, et les membres du conseil."
    )


def _vacant(here: Here, post: Seat) -> None:
    with st.container(border=True):
        need = " :orange-badge[à pourvoir]" if post.needed else ""
        st.markdown(f"**{speech.escape(post.title)}**{need}  \n{speech.escape(post.does)}")
        name, email = st.columns(2)
        for column, field in ((name, "name"), (email, "email")):
            column.text_input(
                LABELS[field], key=_key(post, field), on_change=_keep, args=(here, post, field),
                autocomplete="off",
            )  # fmt: skip
        speech.hear(_place(post))


def _seat(here: Here, vacant: Sequence[Seat]) -> None:
    """Every post of which something is typed, each on its own: a refusal keeps none of the others back."""
    mailed = bool(st.session_state.get("mp-mailed"))
    told = []
    for post in vacant:
        name, email = (str(st.session_state.get(_key(post, field)) or "").strip() for field in LABELS)
        if not (name or email):
            continue
        made = speech.attempt(partial(posts.seat, here(), post.key, name, email, mailed), _place(post))
        if made is None:
            continue
        drafts.drop(here(), RECORD, [_field(post, field) for field in LABELS])
        for field in LABELS:
            st.session_state.pop(_key(post, field), None)
        if made.password:
            st.session_state.setdefault(GIVEN, []).append((post.title, made))
        told.append(_told(post, made))
    if told:
        speech.confirm("  \n".join(told), PLACE)


def _told(post: Seat, made: Seated) -> str:
    who = speech.escape(f"{post.title} : {made.name}")
    if made.again:
        return f"{who}. Cette personne garde son compte et son mot de passe."
    return f"{who}. Un lien lui est envoyé." if made.mailed else f"{who}. Son mot de passe est ci-dessous."


def _given() -> None:
    """The passwords made here: nowhere else, and gone with this tab."""
    given: list[tuple[str, Seated]] = st.session_state.get(GIVEN, [])
    if not given:
        return
    with st.container(border=True, key="mp-mots-de-passe"):
        st.markdown("**Mots de passe à remettre en mains propres** : copiez-les, ils ne seront plus montrés.")
        st.code(
            "\n".join(f"{made.name} · {made.email} · {made.password}" for _, made in given),
            language=None,
            wrap_lines=True,
        )
        st.button("C’est noté, les cacher", key="mp-noted", on_click=st.session_state.pop, args=(GIVEN, None))


def _mails(visit: Visit) -> None:
    folder = postbook.health(visit).folder
    if folder:
        st.info(
            f"Aucun serveur de courriel n’est nommé : les courriels restent dans {speech.escape(folder)}. "
            "Pour qu’ils partent : GUICHET\\_SMTP\\_HOST dans les réglages, puis redémarrer.",
            icon=":material/outgoing_mail:",
        )
    else:
        st.markdown(":material/check: Un serveur de courriel est nommé : les courriels partent.")


def _lay(visit: Visit, vacant: list[Seat]) -> None:
    """What was typed before, from whatever session."""
    missing = [
        (post, field) for post in vacant for field in LABELS if _key(post, field) not in st.session_state
    ]
    kept = drafts.recall(visit, RECORD) if missing else {}
    for post, field in missing:
        draft = kept.get(_field(post, field))
        st.session_state[_key(post, field)] = str(draft.value or "") if draft else ""


def _keep(here: Here, post: Seat, field: str) -> None:
    value = st.session_state.get(_key(post, field), "")
    speech.attempt(lambda: drafts.keep(here(), RECORD, _field(post, field), value, ""), _place(post))


def _field(post: Seat, field: str) -> str:
    return f"{post.key}.{field}"


def _key(post: Seat, field: str) -> str:
    return f"mp_{post.key}_{field}"


def _place(post: Seat) -> str:
    return f"{PLACE}-{post.key}"
