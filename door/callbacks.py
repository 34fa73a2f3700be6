"""A click is done whole: Streamlit would drop what it had begun when another event follows at once.

Every word to the session's state, and every message to the browser, lets Streamlit give way to the next
event: inside a callback, half of an act would then be done, or its answer lost. Here it gives way right after
the callbacks. ``runner.fastReruns`` is off for the same reason (``door.app``): with it, an event that comes
before the callbacks of the one before have begun makes Streamlit forget that one. See docs/decisions/17.
"""

from threading import local
from typing import Any

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state.safe_session_state import SafeSessionState

_now = local()
_apply = SafeSessionState.on_script_will_rerun
_give_way = ScriptRunner._maybe_handle_execution_control_request


def keep_whole() -> None:
    """From now on, in this process, callbacks are not cut short. Doing it twice changes nothing."""
    SafeSessionState.on_script_will_rerun = _whole  # type: ignore[method-assign, assignment]
    ScriptRunner._maybe_handle_execution_control_request = _give_way_later  # type: ignore[method-assign, assignment]


def _whole(state: SafeSessionState, *given: Any, **named: Any) -> None:
    _now.acting = True
    try:
        _apply(state, *given, **named)
    finally:
        _now.acting = False


def _give_way_later(runner: ScriptRunner) -> None:
    if not getattr(_now, "acting", False):
        _give_way(runner)
