"""The call being typed: its fields in this tab, its draft on the server, the demand that they make.

Each call has a token of its own, in the address: two tabs are two calls, and one that was cut is found again.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

import streamlit as st

from desk import drafts
from desk.citizens import Caller, Known, known
from desk.contacts import Again, Logged
from desk.drafts import Call
from desk.intake import Demand, Opened
from desk.visits import Visit
from pages import call_origin, speech
from policy.reasons import Refused, refused
from policy.thanks import Thanked
from policy.towntime import from_town
from policy.words import Channel, Nature, Priority

Here = Callable[[], Visit]

PLACE = "nouvelle-demande"
TOKEN, HELD, MARKS, OPENED, SAVED = "nd-token", "nd-held", "nd-marks", "nd-opened", "nd-saved"  # of this tab
NOTED = "nd-noted"  # the same, of a call noted on an open file
TYPING, TOLD = "saisie", "inscrite"  # of the address

CALLER = ("citizen", "name", "phone", "email", "home_civic", "home_street", "city", "postal_code")
EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(CALLER, ""),
    **dict.fromkeys(("category", "department", "priority", "forwarded_by", "duplicate_of", "again"), ""),
    **dict.fromkeys(("civic", "street", "sector", "place_note", "facts", "answer", "extension"), ""),
    **dict.fromkeys(("thanked", "thanked_name", "thanks_words"), ""),
    "nature": Nature.REQUEST.value,
    "channel": Channel.PHONE.value,
    "anonymous": False,
    "first_contact": False,
    "earlier": False,
    "thanks": False,
    "day": None,
    "hour": time(8),
}
SETTLED = frozenset({Nature.INFORMATION.value, Nature.COMMENT.value})
ELSEWHERE = frozenset({Nature.COMPLAINT.value, Nature.ACCESS.value})  # nothing of them is kept here
FIELDS = {"home_city": "city", "home_postal_code": "postal_code", "received_at": "day"}  # of a refusal → here


def lay(here: Here) -> None:
    """Lay the fields under the form: those of this tab, else the draft that the address names, else none.

    A field is laid only where its widget holds nothing: written again at each run, it would come back over
    what is being typed meanwhile.
    """
    if HELD not in st.session_state:
        token = st.session_state.get(TOKEN) or st.query_params.get(TYPING, "")
        kept = drafts.recall(here(), drafts.of_call(token)) if token else {}
        given = call_origin.fields(here, token, PLACE)
        if TOKEN not in st.session_state:
            st.session_state[TOKEN] = token if kept or given else uuid.uuid4().hex
        _hold({**given, **{name: draft.value for name, draft in kept.items()}})
    for name, value in st.session_state[HELD].items():
        st.session_state.setdefault(key(name), value)
    st.query_params.from_dict({TYPING: st.session_state[TOKEN]})


def token() -> str:
    """The token of the form on screen."""
    return str(st.session_state[TOKEN])


def typed(name: str) -> Any:
    """What stands in a field now; an empty string when nothing does."""
    return st.session_state.get(key(name)) or ""


def is_begun() -> bool:
    """Whether anything was typed or chosen."""
    return any(st.session_state[HELD][name] != empty for name, empty in EMPTY.items())


def write(here: Here, **values: Any) -> None:
    """Put values in fields, for the person, and keep them."""
    for name, value in values.items():
        st.session_state[key(name)] = value
    keep(here, *values)


def keep(here: Here, *names: str) -> None:
    """Keep on the server what was just typed; too long to keep is said, and stays on screen.

    R-29: of what is not for this form, such as a complaint, nothing is kept.
    """
    if _is_saved():
        return
    st.session_state[HELD] |= {name: st.session_state.get(key(name)) for name in names}
    marks = st.session_state.get(MARKS, {})
    st.session_state[MARKS] = {name: words for name, words in marks.items() if name not in names}
    record = drafts.of_call(st.session_state[TOKEN])
    if typed("nature") in ELSEWHERE:
        drafts.drop(here(), record)
        return
    wanted = EMPTY if "nature" in names else names
    values = {name: _plain(st.session_state[HELD][name]) for name in wanted}
    based = {name: _plain(EMPTY[name]) for name in wanted}
    speech.attempt(lambda: drafts.keep_all(here(), record, values, based), PLACE)


def cut(here: Here) -> tuple[Call, ...]:
    """The other calls of this person begun and not saved, newest first; those that say something."""
    said = (*CALLER, "category", "street", "place_note", "facts", "answer")
    return tuple(
        call
        for call in drafts.calls(here())
        if call.token != st.session_state[TOKEN] and any(call.fields.get(name) for name in said)
    )


def resume(token: str) -> None:
    """Take up a call where it was left."""
    _clear()
    st.session_state[TOKEN] = token


def throw_away(here: Here, token: str) -> None:
    """Forget a call that leads nowhere."""
    drafts.drop(here(), drafts.of_call(token))


def of_caller(person: Known) -> dict[str, str]:
    """The fields of somebody already known."""
    caller = person.caller
    values = (
        person.id, caller.name, caller.phone, caller.email,
        caller.civic, caller.street, caller.city, caller.postal_code,
    )  # fmt: skip
    return dict(zip(CALLER, values, strict=True))


def set_aside() -> None:
    """Another call comes: this one stays among those that can be taken up."""
    _clear()


def anew(here: Here, opened: Opened | None = None) -> None:
    """The next call, an empty form; of the same person when the file just opened is given."""
    _clear()
    person = known(here(), opened.citizen) if opened else None
    if person is not None:
        st.session_state[TOKEN] = uuid.uuid4().hex
        _hold({})
        write(here, **of_caller(person))


def another_form(here: Here) -> None:
    """The same words under another token: what was saved meanwhile in another tab is another affair."""
    drafts.drop(here(), drafts.of_call(st.session_state[TOKEN]))
    st.session_state[TOKEN] = uuid.uuid4().hex
    keep(here, *EMPTY)


def save(here: Here) -> None:
    """Give it its number; a refusal marks its fields and leaves all as typed."""
    if _is_saved():
        return
    opened = speech.attempt(lambda: _opened(here), PLACE)
    if opened is not None:
        st.session_state[OPENED] = opened
        st.session_state[SAVED] = st.session_state.pop(TOKEN)
        st.session_state.pop(HELD)
        st.query_params.from_dict({TOLD: opened.number})


def note_again(here: Here) -> None:
    """R-9: note the call on the open file it is about, instead of another file; a refusal leaves all."""
    if _is_saved():
        return
    noted = speech.attempt(lambda: _noted(here), PLACE)
    if noted is not None:
        _clear()
        st.session_state[NOTED] = noted


def just_noted() -> Logged | None:
    """The call that has just been noted on a file, until the next one is begun."""
    found: Logged | None = st.session_state.get(NOTED)
    return found


def just_saved() -> Opened | None:
    """The file of the call that the address still names: the browser had not yet seen the answer."""
    saved = st.session_state.get(SAVED)
    return st.session_state.get(OPENED) if saved and st.query_params.get(TYPING) == saved else None


def demand() -> Demand:
    """The demand as typed so far. Raises ``Refused`` for a reception without its day."""
    nature, channel = typed("nature"), typed("channel")
    anonymous = bool(typed("anonymous"))
    settled = nature in SETTLED or bool(typed("first_contact"))
    return Demand(
        token=st.session_state[TOKEN],
        channel=Channel(channel) if channel else None,
        nature=Nature(nature) if nature else None,
        facts=typed("facts"),
        caller=Caller() if anonymous else Caller(*(typed(name) for name in CALLER)),
        anonymous=anonymous,
        category=typed("category"),
        department=typed("department"),
        priority=Priority(typed("priority")) if typed("priority") else None,
        civic=typed("civic"),
        street=typed("street"),
        sector=typed("sector"),
        place_note=typed("place_note"),
        received_at=_received() if typed("earlier") else None,
        forwarded_by=typed("forwarded_by") if channel == Channel.COUNCIL.value else "",
        first_contact=settled,
        answer=typed("answer") if settled else "",
        extension=typed("extension"),
        duplicate_of=typed("duplicate_of"),
        thanks=_thanks() if is_thanks() else None,
    )


def is_thanks() -> bool:
    """R-63: whether what is typed is a comment that thanks somebody."""
    return typed("nature") == Nature.COMMENT.value and bool(typed("thanks"))


def key(name: str) -> str:
    """The key of a field's widget."""
    return f"nd_{name}"


def _is_saved() -> bool:
    """Whether this event was sent before the answer to the save was seen."""
    return TOKEN not in st.session_state or HELD not in st.session_state


def _opened(here: Here) -> Opened:
    try:
        return call_origin.opened(here, demand())
    except Refused as refusal:
        marks = {FIELDS.get(ground.field, ground.field): ground.message for ground in refusal.grounds}
        if call_origin.is_gone(here, st.session_state[TOKEN]):
            marks["token"] = ""
        st.session_state[MARKS] = marks
        raise


def _noted(here: Here) -> Logged:
    try:
        typed_so_far = demand()
        return call_origin.noted(
            here,
            Again(
                token=typed_so_far.token,
                number=typed("again"),
                channel=typed_so_far.channel,
                words=typed_so_far.facts,
                caller=typed_so_far.caller,
                at=typed_so_far.received_at,
            ),
        )
    except Refused as refusal:
        st.session_state[MARKS] = {ground.field: ground.message for ground in refusal.grounds}
        raise


def _thanks() -> Thanked:
    return Thanked(typed("thanked"), typed("thanked_name"), typed("thanks_words"))


def _received() -> datetime:
    day, hour = typed("day"), st.session_state.get(key("hour"))
    if not day or hour is None:
        raise refused("Inscrivez la date et l’heure de réception.", "P §4.3", "received_at")
    return from_town(datetime.combine(day, hour))


def _clear() -> None:
    for name in (TOKEN, HELD, MARKS, OPENED, SAVED, NOTED, *map(key, EMPTY)):
        st.session_state.pop(name, None)
    st.query_params.clear()


def _hold(values: Mapping[str, Any]) -> None:
    """The fields as they stand in this tab, also those not drawn; a draft has days and hours as words."""
    held = {**EMPTY, **values}
    for name, read in (("day", date.fromisoformat), ("hour", time.fromisoformat)):
        if isinstance(held[name], str):
            held[name] = read(held[name])
    st.session_state[HELD] = {name: held[name] for name in EMPTY}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value
