"""What the demonstration town is made of: its people, what citizens say, the calls of Montréal's 311."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "demo"


@dataclass(frozen=True)
class Account:
    """An account of the demonstration; ``roles`` are the French words, ``departments`` names."""

    name: str
    does: str
    email: str
    password: str = field(repr=False)
    roles: tuple[str, ...]
    departments: tuple[str, ...]
    extension: str
    shown: bool  # on the sign-in page


def accounts() -> tuple[Account, ...]:
    """Every account; all of them have the same password, which the sign-in page shows."""
    people = _read("people")
    return tuple(
        Account(
            name=row["name"],
            does=row["does"],
            email=row["email"],
            password=people["password"],
            roles=tuple(row["roles"]),
            departments=tuple(row.get("departments", ())),
            extension=row.get("extension", ""),
            shown=row.get("shown", True),
        )
        for row in people["accounts"]
    )


def people() -> Mapping[str, Any]:
    """``rules``, ``designations`` and ``council``, with dates in days before (or after) the set-up."""
    return _read("people")


def tale() -> Mapping[str, Any]:
    """Names, sectors, and by category what citizens say and what was done about it (``tale.toml``)."""
    return _read("tale")


def private() -> Mapping[str, Any]:
    """``complaints``, ``access``, ``claims`` and ``incidents``, with dates in days before the set-up."""
    return _read("private")


def listening() -> Mapping[str, Any]:
    """``thanks``, ``answers`` to the survey and ``watch``, with dates in days before the set-up."""
    return _read("listening")


def calls() -> bytes:
    """The demands of Montréal's 311 line, as a .csv (``demo/ATTRIBUTION.md``)."""
    return (FOLDER / "requetes311-montreal.csv").read_bytes()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
