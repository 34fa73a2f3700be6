"""What a town may start from: the presets, as the ways in read them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Preset = Mapping[str, Sequence[Mapping[str, Any]]]
FirstKey = Callable[[], tuple[str, str]]  # its file, its text


@dataclass(frozen=True)
class Offer:
    """A preset: its title, its rows by table, the article of each of its values (table → row → column)."""

    title: str
    rows: Preset
    articles: Mapping[str, Mapping[str, Mapping[str, str]]]
