"""À l'écoute, the watch on social networks: what was seen, what was done, a demand by one gesture (R-19)."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from desk import drafts, french, watch
from desk.visits import Visit
from desk.watch import DRAFT, Entry, Log
from pages import speech
from policy.towntime import town_day
from policy.watch import Done, Network

Here = Callable[[], Visit]

PLACE = "ecoute-veille"
FORM = "ec_w_form"  # what tells this entry from the next one
OPENED = "ec_w_opened"  # the line that is being corrected
FIELDS = ("on", "network", "address", "words", "done")
OFFERED = (Done.NOTHING, Done.ANSWERED)
BADGES = {
    Done.NOTHING: ":gray-badge[:material/remove: Aucune suite]",
    Done.ANSWERED: ":green-badge[:material/reply: Répondu sur place]",
    Done.DEMAND: ":blue-badge[:material/folder_open: Devenu une demande]",
}


@dataclass(frozen=True)
class Form:
    """A line being typed: where its draft is kept, how its widgets are called, what stood there."""

    record: str
    keys: str
    stands: Mapping[str, Any]

    def key(self, name: str) -> str:
        """The key of a field's widget."""
        return f"{self.keys}_{name}"

    @property
    def typed(self) -> dict[str, Any]:
        """What stands in its fields."""
        return {name: st.session_state[self.key(name)] for name in FIELDS}


def part(here: Here) -> None:
    """What is being noted, then the log."""
    found = watch.log(here())
    st.header("Veille des réseaux sociaux", divider="gray", anchor=False)
    speech.hear(PLACE)
    with st.container(border=True, key="ec-veille"):
        st.subheader("Noter ce qui a été vu", anchor=False)
        st.session_state.setdefault(FORM, uuid.uuid4().hex)
        new = _new(here())
        _fields(here, new)
        st.button("Noter", key="ec-note", type="primary", icon=":material/save:", on_click=_note,
                  args=(here, new))  # fmt: skip
    _lines(here, found)


def _new(visit: Visit) -> Form:
    """An empty line of today."""
    empty = {"network": None, "address": "", "words": "", "done": Done.NOTHING.value}
    return Form(DRAFT, "ec_w", {"on": town_day(visit.at), **empty})


def _of(each: Entry) -> Form:
    return Form(watch.draft_of(each.id), f"ec_w_{each.id}", watch.fields_of(each))


def _fields(here: Here, form: Form) -> None:
    _lay(here, form)
    on, network, done = st.columns([2, 2, 3])
    with on:
        st.date_input("Vu le", key=form.key("on"), format="YYYY-MM-DD", on_change=_keep,
                      args=(here, form, "on"))  # fmt: skip
    with network:
        st.selectbox("Réseau", [each.value for each in Network], key=form.key("network"), index=None,
                     placeholder="À choisir", on_change=_keep, args=(here, form, "network"))  # fmt: skip
    with done:
        st.segmented_control("Suite donnée", [each.value for each in OFFERED], key=form.key("done"),
                             required=True, on_change=_keep, args=(here, form, "done"))  # fmt: skip
    st.text_input("Adresse de la publication", key=form.key("address"), autocomplete="off",
                  on_change=_keep, args=(here, form, "address"))  # fmt: skip
    st.text_area("Ce qui y est dit", key=form.key("words"), height=90, on_change=_keep,
                 args=(here, form, "words"))  # fmt: skip


def _lay(here: Here, form: Form) -> None:
    """What was begun, from whatever session; else what stands."""
    if st.session_state.pop(form.key("read"), False):
        st.session_state.update({form.key(f"seen_{name}"): form.stands[name] for name in FIELDS})
    if form.key("on") in st.session_state:
        return
    kept = drafts.recall(here(), form.record)
    for name in FIELDS:
        value = kept[name].value if name in kept else form.stands[name]
        based = kept[name].based_on if name in kept else form.stands[name]
        st.session_state[form.key(name)] = _day_of(name, value)
        st.session_state[form.key(f"seen_{name}")] = _day_of(name, based)


def _day_of(name: str, value: Any) -> Any:
    """A draft has its days as words."""
    return date.fromisoformat(value) if name == "on" and isinstance(value, str) else value


def _keep(here: Here, form: Form, name: str) -> None:
    visit, value, seen = here(), st.session_state[form.key(name)], st.session_state[form.key(f"seen_{name}")]
    kept, based = ({name: str(each) if isinstance(each, date) else each} for each in (value, seen))
    speech.attempt(lambda: drafts.keep_all(visit, form.record, kept, based), PLACE)


def _clear(form: Form) -> None:
    for name in FIELDS:
        st.session_state.pop(form.key(name), None)
        st.session_state.pop(form.key(f"seen_{name}"), None)


def _note(here: Here, form: Form) -> None:
    def noted() -> bool:
        watch.note(here(), st.session_state[FORM], form.typed)
        return True

    if speech.attempt(noted, PLACE):
        _clear(form)
        st.session_state.pop(FORM, None)
        speech.confirm("Noté à la veille.", PLACE)


def _correct(here: Here, each: Entry) -> None:
    form = _of(each)
    seen = {name: st.session_state[form.key(f"seen_{name}")] for name in FIELDS}

    def corrected() -> bool:
        watch.correct(here(), each.id, seen, form.typed)
        return True

    if speech.attempt(corrected, _place(each)):
        _clear(form)
        st.session_state.pop(OPENED, None)
        speech.confirm("La ligne est corrigée.", PLACE)
    else:
        st.session_state[form.key("read")] = True  # what stands now is said: the next click answers it


def _lines(here: Here, found: Log) -> None:
    if not found.total:
        st.info("Rien n’a encore été noté à la veille.", icon=":material/travel_explore:")
        return
    for each in found.latest:
        with st.container(border=True):
            st.markdown(_told(each))
            if st.session_state.get(OPENED) == each.id and each.done is not Done.DEMAND:
                _correction(here, each)
                continue
            if each.words:
                st.text(each.words)
            if each.address:
                st.markdown(f"[{speech.escape(each.address)}]({_safe(each.address)})")
            if each.done is not Done.DEMAND:
                _acts(here, found, each)
    if found.total > len(found.latest):
        st.markdown(f"Les {len(found.latest)} dernières lignes, sur {french.number(found.total)}.")


def _acts(here: Here, found: Log, each: Entry) -> None:
    with st.container(horizontal=True):
        if found.opens:
            st.link_button("En faire une demande", f"/nouvelle-demande?saisie={watch.token_of(each.id)}",
                           icon=":material/add_call:")  # fmt: skip
        if each.done is Done.NOTHING:
            st.button("Répondu", key=f"ec-answered-{each.id}", icon=":material/reply:", on_click=_answered,
                      args=(here, each.id))  # fmt: skip
        st.button("Corriger", key=f"ec-correct-{each.id}", icon=":material/edit:", on_click=_open,
                  args=(each.id,))  # fmt: skip
        st.button("Retirer", key=f"ec-away-{each.id}", type="tertiary", on_click=_remove,
                  args=(here, each.id), help="Une ligne notée par erreur.")  # fmt: skip


def _correction(here: Here, each: Entry) -> None:
    form = _of(each)
    _fields(here, form)
    speech.hear(_place(each))
    with st.container(horizontal=True):
        st.button("Enregistrer", key="ec-corrected", type="primary", icon=":material/save:",
                  on_click=_correct, args=(here, each))  # fmt: skip
        st.button("Ne rien changer", key="ec-as-it-was", on_click=_leave, args=(here, form))


def _open(entry: str) -> None:
    st.session_state[OPENED] = entry


def _leave(here: Here, form: Form) -> None:
    drafts.drop(here(), form.record)
    _clear(form)
    st.session_state.pop(OPENED, None)


def _place(each: Entry) -> str:
    return f"{PLACE}-{each.id}"


def _told(each: Entry) -> str:
    number = f" : dossier [{each.number}](/dossier?numero={each.number})" if each.number else ""
    who = f" — noté par {speech.escape(each.who)}" if each.who else ""
    return f"**{each.network.value}**, {french.day(each.on)}{who}  \n{BADGES[each.done]}{number}"


def _safe(address: str) -> str:
    """The address as a Markdown link takes it."""
    return address.replace("(", "%28").replace(")", "%29").replace(" ", "%20").replace("<", "%3C")


def _answered(here: Here, entry: str) -> None:
    speech.attempt(lambda: watch.answered(here(), entry), PLACE)


def _remove(here: Here, entry: str) -> None:
    speech.attempt(lambda: watch.remove(here(), entry), PLACE)
