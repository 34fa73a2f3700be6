"""What one tab of the browser holds of the queue, and the acts asked in it.

The callbacks of the queue only note here what is asked, and the next run does it, after it has read what the
grid says was typed. Streamlit may cut that run short where it touches the session's state when another event
follows at once: what was begun is then done again, so each act must bear it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Any

import streamlit as st

from desk.acts import Outcome
from desk.unsaved import Saved
from pages.speech import Heard
from policy.reasons import Refused

Act = Callable[[], None]


@dataclass
class Tab:
    """``note`` and ``results`` are what the last acts answered, until something else is done."""

    sheet: Any = None  # the ``pages.cells.Sheet`` laid, none before the first
    keys: int = 0  # grids drawn so far, each under a key of its own
    drawn: Mapping[str, str] = field(default_factory=dict)  # the filters as they were last drawn
    note: Heard = None
    results: tuple[Saved, ...] = ()
    sent: Mapping[str, Outcome] = field(default_factory=dict)  # the files sent elsewhere, by number
    towards: str | None = None  # the service they were sent to
    fresh: bool = False  # the whole screen is being drawn: its rows have just been judged
    beside: str = ""  # the number of the file opened beside the list
    asked: list[Act] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)  # a run that was cut may still be doing what it had begun

    def ask(self, act: Act) -> None:
        """Note what a click asks; for callbacks."""
        self.asked.append(act)

    def settle(self) -> None:
        """Do what was asked; a refusal becomes the note. An act cut at its first word is done again."""
        while self.asked:
            try:
                self.asked[0]()
            except Refused as refusal:
                self.note = refusal
            except Exception:
                self.asked.pop(0)
                raise
            self.asked.pop(0)

    def forget(self) -> None:
        """Something else is being done: confirmations have been read. What is refused or disputed stays."""
        self.note, self.sent = None, {}
        self.results = tuple(one for one in self.results if not one.done)


def current() -> Tab:
    """The one of this tab."""
    tab: Tab = st.session_state.setdefault("fi-tab", Tab())
    return tab
