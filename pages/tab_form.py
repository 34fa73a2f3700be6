"""The form of a private record: what is typed stays in this tab and nowhere else, until it is saved (R-29).

A look at another screen loses nothing of it; no draft is kept on the server.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import streamlit as st

from desk import french
from desk.acts import Outcome
from pages import speech
from sync.versions import Difference

ARRIVALS = "guichet-arrivals"  # how often the tab came to another screen
KEPT_HERE = (
    ":material/lock: Ce que vous tapez ici reste dans cet onglet : enregistrez avant de le fermer. "
    "Aucun brouillon n’est conservé."
)


@dataclass(frozen=True)
class Form:
    """One form. ``name`` is its own among all forms (« rc_2026-00001 ») and says nothing of a person.

    ``say`` reads a value as people do, ``label`` names a field.
    """

    name: str
    label: Callable[[str], str]
    say: Callable[[str, Any], str] = lambda name, value: french.words(value)

    def lay(self, current: Mapping[str, Any], texts: Mapping[str, Any] | None = None) -> None:
        """Lay the fields under the form: what was typed in this tab, else what stands now.

        ``current`` are the values as kept; ``texts`` how the form shows those that are typed otherwise.
        """
        held = st.session_state.setdefault(
            self._held, {"seen": dict(current), "shown": {}, "typed": {}, "differences": ()}
        )
        held["typed"] = self.typed  # also of a callback that was cut short
        arrivals = st.session_state.get(ARRIVALS, 0)
        back = held.setdefault("arrivals", arrivals) != arrivals
        held["arrivals"] = arrivals
        for name, value in current.items():
            key, shown = self.key(name), _plain({**current, **(texts or {})}[name])
            held["shown"][name] = shown
            if name in held["typed"]:
                # back from another screen, the browser may have emptied a field that is known to be full
                if back or key not in st.session_state:
                    st.session_state[key] = held["typed"][name]
            elif key not in st.session_state or held["seen"].get(name) != value:
                st.session_state[key] = shown
                held["seen"][name] = value

    def key(self, name: str) -> str:
        """The key of a field's widget."""
        return f"{self.name}_{name}"

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed and is not saved yet, by field.

        Also what a field holds of which nothing was noted: Streamlit cuts a callback short when a click
        follows the last letter at once.
        """
        held = st.session_state.get(self._held, {})
        unnoted = {
            name: st.session_state[self.key(name)]
            for name, shown in held.get("shown", {}).items()
            if st.session_state.get(self.key(name), shown) != shown
        }
        return {**held.get("typed", {}), **unnoted}

    @property
    def seen(self) -> dict[str, Any]:
        """What stood in the fields when typing began."""
        return dict(st.session_state.get(self._held, {}).get("seen", {}))

    def done(self, outcome: Outcome | None, place: str) -> bool:
        """After an act: what two people changed stays to be chosen; what is done clears the form."""
        if outcome is None:
            return False
        if outcome.differences:
            st.session_state[self._held]["differences"] = outcome.differences
            return False
        self.clear()
        speech.confirm(outcome.message, place)
        return True

    def clear(self) -> None:
        """Forget what was typed."""
        for key in [str(key) for key in st.session_state if str(key).startswith(f"{self.name}_")]:
            del st.session_state[key]

    # fields

    def text(self, name: str, help: str | None = None) -> None:
        """One line."""
        st.text_input(
            self.label(name), key=self.key(name), on_change=self._keep, args=(name,), autocomplete="off",
            help=help,
        )  # fmt: skip

    def area(self, name: str, height: int = 110, help: str | None = None) -> None:
        """Several lines."""
        st.text_area(
            self.label(name), key=self.key(name), on_change=self._keep, args=(name,), height=height, help=help
        )

    def day(self, name: str) -> None:
        """A day."""
        st.date_input(
            self.label(name), key=self.key(name), format="YYYY-MM-DD", on_change=self._keep, args=(name,)
        )

    def hour(self, name: str) -> None:
        """An hour of the day, by quarters."""
        st.time_input(self.label(name), key=self.key(name), step=60 * 15, on_change=self._keep, args=(name,))

    def number(self, name: str, least: int, most: int) -> None:
        """A whole number between two others."""
        st.number_input(
            self.label(name), min_value=least, max_value=most, step=1, key=self.key(name),
            on_change=self._keep, args=(name,),
        )  # fmt: skip

    def box(self, name: str) -> None:
        """Yes or no."""
        st.checkbox(self.label(name), key=self.key(name), on_change=self._keep, args=(name,))

    def value(self, name: str) -> Any:
        """What a field holds: what was typed, else what stood in it."""
        return {**self.seen, **self.typed}.get(name)

    def choice(self, name: str, options: Mapping[Any, str], placeholder: str = "À choisir") -> None:
        """One of ``options`` (value → words), or none."""
        chosen = st.session_state.get(self.key(name))
        if chosen is not None and chosen not in options:  # nothing chosen meanwhile is written over
            st.session_state[self.key(name)] = None
        st.selectbox(
            self.label(name), list(options), key=self.key(name), index=None, placeholder=placeholder,
            format_func=lambda option: options.get(option, str(option)), on_change=self._keep, args=(name,),
        )  # fmt: skip

    def differences(self) -> None:
        """Someone else changed the same field meanwhile: both are shown, a person chooses."""
        found: tuple[Difference, ...] = st.session_state[self._held]["differences"]
        with st.container():
            for each in found:
                self._both(each)

    def _both(self, each: Difference) -> None:
        with st.container(border=True):
            label = speech.escape(self.label(each.field))
            st.markdown(f"**{label}** : quelqu’un d’autre l’a changé entre-temps. Choisissez.")
            mine, theirs = st.columns(2)
            mine.markdown(f"La vôtre : **{speech.escape(self.say(each.field, each.yours))}**")
            theirs.markdown(f"La sienne : **{speech.escape(self.say(each.field, each.theirs))}**")
            mine.button(
                "Garder la mienne", key=f"{self.name}-mine-{each.field}", on_click=self._settle,
                args=(each, True),
            )  # fmt: skip
            theirs.button(
                "Garder la sienne", key=f"{self.name}-theirs-{each.field}", on_click=self._settle,
                args=(each, False),
            )  # fmt: skip

    def _keep(self, name: str) -> None:
        st.session_state[self._held]["typed"][name] = st.session_state.get(self.key(name))

    def _settle(self, difference: Difference, mine: bool) -> None:
        held = st.session_state[self._held]
        if mine:
            held["seen"][difference.field] = difference.theirs
        else:
            held["typed"].pop(difference.field, None)
            st.session_state.pop(self.key(difference.field), None)
        held["differences"] = tuple(each for each in held["differences"] if each != difference)

    @property
    def _held(self) -> str:
        return f"{self.name}_held"


def _plain(value: Any) -> Any:
    """A value as its widget holds it: among choices that are words, Streamlit takes words only."""
    return value.value if isinstance(value, StrEnum) else value
