"""A demand that began as a field report: its fields in the form, its saving, what it said."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from desk import field_inbox, french
from desk.contacts import Again, Logged
from desk.field_inbox import Arrival
from desk.field_reports import Photo
from desk.intake import Demand, Opened
from desk.visits import Visit
from pages import call_known, speech
from policy.field_reports import Noted

Here = Callable[[], Visit]

SMALL = 160  # pixels of a photograph among others
_CALLER = {"home_civic": "civic", "home_street": "street", "city": "city", "postal_code": "postal_code"}


def begins(token: str) -> bool:
    """Whether the form of that token is the one of a report."""
    return bool(field_inbox.report_of(token))


def fields(here: Here, token: str, place: str) -> dict[str, Any]:
    """What the report says, as the form holds it; when it waits no more, nothing, heard at ``place``."""
    demand = speech.attempt(lambda: field_inbox.prefill(here(), field_inbox.report_of(token)), place)
    if demand is None:
        return {}
    caller = demand.caller
    said: dict[str, Any] = {
        "channel": demand.channel.value if demand.channel else None,
        "department": demand.department,
        **{name: getattr(caller, name) for name in ("name", "phone", "email")},
        **{field: getattr(caller, name) for field, name in _CALLER.items()},
        **{name: getattr(demand, name) for name in ("civic", "street", "place_note", "facts")},
    }
    return said | call_known.nature_and_moment(demand)


def opened(here: Here, demand: Demand) -> Opened:
    """Give the demand its number, and its report and photographs with it. Raises ``Refused``."""
    return field_inbox.accept(here(), field_inbox.report_of(demand.token), demand)


def noted(here: Here, again: Again) -> Logged:
    """R-9: the report joins an open file, its photographs with it. Raises ``Refused``."""
    return field_inbox.join(here(), field_inbox.report_of(again.token), again)


def is_gone(here: Here, token: str) -> bool:
    """Whether the report waits no more: what is typed can only become another demand."""
    return field_inbox.one(here(), field_inbox.report_of(token)) is None


def shown(here: Here, token: str) -> None:
    """The report as it was noted, above the form."""
    arrival = field_inbox.one(here(), field_inbox.report_of(token))
    if arrival is None:
        return
    with st.container(border=True, key="nd-signalement"):
        st.markdown(f"{head(arrival, here())}. Complétez ce qui manque, puis enregistrez.")
        lacks(arrival)
        pictures(arrival.photos)


def head(arrival: Arrival, visit: Visit) -> str:
    """Who noted it and when, for ``st.markdown``."""
    since = french.since(arrival.report.sent_at, visit.at)
    author = speech.escape(arrival.author)
    return f":material/construction: **Signalement terrain** de {author}, reçu ici {since}"


def lacks(arrival: Arrival) -> None:
    """P §4.3: what is missing of it."""
    if arrival.report.missing:
        told = " ".join(speech.escape(ground.message) for ground in arrival.report.missing)
        st.markdown(f":orange-badge[:material/checklist: À compléter] {told}")


def said(noted: Noted, department: str) -> str:
    """What was noted, for ``st.markdown``."""
    home = " ".join(part for part in (noted.home_civic, noted.home_street, noted.home_city) if part)
    place = " ".join(part for part in (noted.civic, noted.street) if part)
    told = (
        ("Personne", noted.name), ("Téléphone", noted.phone), ("Courriel", noted.email), ("Adresse", home),
        ("Dite le", french.day(noted.received_on) if noted.received_on else ""),
        ("Nature", noted.nature.value if noted.nature else ""), ("Service", department),
        ("Lieu", place), ("Précision", noted.place_note), ("Faits", noted.facts),
    )  # fmt: skip
    lines = [f"{label} : **{speech.escape(text)}**" for label, text in told if text]
    return "  \n".join(lines) or "Rien d’écrit : voyez les photos."


def pictures(photos: Sequence[Photo]) -> None:
    """The photographs, each a door to the whole one."""
    if not photos:
        return
    with st.container(horizontal=True):
        for photo in photos:
            with st.container(width=SMALL):
                st.markdown(picture(photo))


def picture(photo: Photo) -> str:
    """One photograph for ``st.markdown``: by our own road, which asks the desk each time."""
    address = f"/telecharger/photo?id={photo.id}"
    return f"[![Photo {speech.escape(photo.name)}]({address})]({address})"
