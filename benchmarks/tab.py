"""A browser tab without a browser: the WebSocket of Streamlit, spoken as its own page speaks it."""

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import pandas as pd
import pyarrow as pa
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120.0
Value = str | int | list[str] | Mapping[str, Any]


class Wrong(Exception):
    """The screen showed an error: the figures would be those of a failure."""


@dataclass
class Tab:
    """One open tab. ``widgets`` are those of the last run by their key; ``shown`` what was on it."""

    socket: ClientConnection
    query: str = ""
    page_hash: str = ""
    widgets: dict[str, Element] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    dialog: str = ""  # the widget that closes the one that is open
    received: int = 0  # bytes of the last run
    _states: dict[str, WidgetState] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str, cookie: str = "", page: str = "", query: str = "") -> AsyncIterator[Self]:
        """A tab on that screen, drawn once."""
        headers = {"Cookie": cookie} if cookie else {}
        async with connect(
            url.replace("http", "ws", 1) + "/_stcore/stream",
            origin=url,  # type: ignore[arg-type]  # a str is an Origin
            additional_headers=headers,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            open_timeout=PATIENCE,
            max_size=None,
        ) as socket:
            tab = cls(socket, query=query)
            await tab.run(page=page)
            yield tab

    async def goto(self, page: str, query: str = "") -> float:
        """Another screen, by the menu; how long it took, in seconds."""
        self.query, self.page_hash, self._states = query, "", {}
        return await self.run(page=page)

    async def set(self, key: str, value: Value) -> float:
        """Give a widget a value; how long until the screen is drawn again, in seconds."""
        self._states[key] = self._state(key, value)
        return await self.run()

    async def press(self, key: str) -> float:
        """Press a button."""
        state = WidgetState(id=self._id(key), trigger_value=True)
        return await self.run(pressed=state)

    async def dismiss(self) -> float:
        """Close the dialog that is open."""
        return await self.run(pressed=WidgetState(id=self.dialog, trigger_value=True))

    async def edit(self, key: str, row: int, column: str, value: str) -> float:
        """Type in a cell of a grid, over what was typed there before."""
        grid = self._of(key)
        held = self._states.get(grid)
        edits = json.loads(held.string_value) if held else {"added_rows": [], "deleted_rows": []}
        edits.setdefault("edited_rows", {}).setdefault(str(row), {})[column] = value
        self._states[grid] = WidgetState(id=self._id(grid), string_value=json.dumps(edits))
        return await self.run()

    async def run(self, page: str = "", pressed: WidgetState | None = None) -> float:
        """Ask for a run and read until it has ended; seconds from the click to the end of the script."""
        asked = BackMsg()
        asked.rerun_script.query_string = self.query
        asked.rerun_script.page_name = page
        asked.rerun_script.page_script_hash = self.page_hash
        asked.rerun_script.widget_states.widgets.extend(self._states.values())
        if pressed is not None:
            asked.rerun_script.widget_states.widgets.append(pressed)
        self.received = 0
        began = time.perf_counter()
        await self.socket.send(asked.SerializeToString())
        while not self._take(await self._next()):
            pass
        took = time.perf_counter() - began
        self._states = {key: state for key, state in self._states.items() if key in self.widgets}
        return took

    def frame(self, key: str) -> pd.DataFrame:
        """What a grid shows."""
        data = self.widgets[self._of(key)].dataframe.arrow_data.data
        with pa.ipc.open_stream(data) as stream:
            frame: pd.DataFrame = stream.read_pandas()
            return frame

    def has(self, beginning: str) -> bool:
        """Whether there is a widget whose key begins so."""
        return any(key.startswith(beginning) for key in self.widgets)

    async def _next(self) -> ForwardMsg:
        received = await self.socket.recv(decode=False)
        self.received += len(received)
        message = ForwardMsg()
        message.ParseFromString(received)
        return message

    def _take(self, message: ForwardMsg) -> bool:
        """Keep what a tab keeps; True when the run has ended."""
        kind = message.WhichOneof("type")
        if kind == "script_finished":
            return message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        if kind == "new_session":  # a run begins, perhaps anew (st.rerun)
            self.widgets, self.texts, self.dialog = {}, [], ""
            self.page_hash = message.new_session.page_script_hash or self.page_hash
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash or self.page_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._draw(message.delta.new_element)
        elif kind == "delta" and message.delta.add_block.WhichOneof("type") == "dialog":
            self.dialog = message.delta.add_block.dialog.id
        return False

    def _draw(self, element: Element) -> None:
        kind = element.WhichOneof("type")
        inner: Any = getattr(element, kind) if kind else None
        if kind == "exception" or (kind == "alert" and inner.format == inner.ERROR):
            raise Wrong(str(inner)[:500])
        if kind in ("markdown", "alert", "text"):
            self.texts.append(inner.body)
        identity = getattr(inner, "id", "")
        if identity.startswith("$$ID-"):
            key = identity.split("-", 2)[2]
            self.widgets[key] = element
            if getattr(inner, "set_value", False):  # the script gave it a value: what was set here is over
                self._states.pop(key, None)

    def _of(self, beginning: str) -> str:
        return next(key for key in self.widgets if key.startswith(beginning))

    def _id(self, key: str) -> str:
        element = self.widgets[key]
        return str(getattr(element, str(element.WhichOneof("type"))).id)

    def _state(self, key: str, value: Value) -> WidgetState:
        match value:
            case str():
                return WidgetState(id=self._id(key), string_value=value)
            case int():
                return WidgetState(id=self._id(key), int_value=value)
            case list():
                state = WidgetState(id=self._id(key))
                state.string_array_value.data.extend(value)
                return state
            case _:
                return WidgetState(id=self._id(key), json_value=json.dumps(value))
