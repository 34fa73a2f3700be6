"""A screen on its own, without a browser: whoever sits at it, and the moment, are chosen by the test."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from desk.visits import Visit
from tests.cast import Cast, moment
from tests.conftest import Sqlite

NINE = moment("Mon 2026-11-16 09:00")


@dataclass
class Desk:
    """Whoever sits there now, and when."""

    cast: Cast
    who: str
    at: datetime = NINE

    def __call__(self) -> Visit:
        return self.cast.visit(self.who, self.at)


Sit = Callable[..., AppTest]


@pytest.fixture
def kept(sqlite: Sqlite) -> Sqlite:
    """What differs between databases is tried below the screens."""
    return sqlite


@pytest.fixture
def sit(cast: Cast) -> Sit:
    """``sit("dossier", "secretary", numero="2026-00001")``: a screen drawn once, in a tab of its own."""

    def drawn(module: str, who: str = "technician", at: datetime = NINE, **asked: str) -> AppTest:
        screen = AppTest.from_function(
            _script, args=(f"pages.{module}", Desk(cast, who, at)), default_timeout=30
        )
        for name, value in asked.items():
            screen.query_params[name] = value
        return run(screen)

    return drawn


def run(screen: AppTest) -> AppTest:
    """Draw it again; a bug of the screen is a failure of the test."""
    screen.run()
    assert not screen.exception, [each.message for each in screen.exception]
    return screen


def said(screen: AppTest) -> str:
    """Everything it says."""
    kinds = (screen.title, screen.header, screen.subheader, screen.markdown, screen.text, screen.error,
             screen.success, screen.info, screen.warning)  # fmt: skip
    return "\n".join(str(each.value) for kind in kinds for each in kind)


def press(screen: AppTest, key: str) -> AppTest:
    """Press a button by its key."""
    screen.button(key=key).click()
    return run(screen)


def _script(module: str, here: object) -> None:
    import importlib

    importlib.import_module(module).screen(here)
