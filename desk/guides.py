"""Guides and resource persons beside a demand (P §2.3, R-7): found by what is typed, the surest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from desk.town import town
from desk.visits import Counter, Visit
from policy.counter_words import GuideKind
from sync import words
from sync.store import Row

MOST = 6  # guides shown beside one demand
SHORTEST = 3  # signs of a word that tells one guide from another
ENDINGS = ("", "s", "x", "e", "es")  # of a word and of its keyword (« arbre », « arbres »)
_SMALL = frozenset(
    words.normalise("les des aux une est dans pour par sur avec sans que qui pas mon son leur")
)


@dataclass(frozen=True)
class Guide:
    """One document, link, channel, resource person, or body to turn to."""

    id: str
    name: str
    kind: GuideKind
    department: str  # its name
    words: str
    body: str
    phone: str
    email: str
    link: str

    @property
    def is_outside(self) -> bool:
        """Whether it says that this is not the town's to settle."""
        return self.kind is GuideKind.OUTSIDE

    @property
    def as_text(self) -> str:
        """What a citizen is told of it: to whom to turn, and how."""
        how = ", ".join(each for each in (self.phone, self.email, self.link) if each)
        return " : ".join(each for each in (self.body or self.name, how) if each)


def beside(
    visit: Visit, text: str = "", category: str = "", department: str = "", most: int = MOST
) -> tuple[Guide, ...]:
    """P §2.3: the guides that what is typed calls for, then those of its department.

    ``text`` is what is typed so far, ``category`` and ``department`` ids. What is not the town's comes first.
    Whoever works here may ask.
    """
    with visit.reading() as counter:
        now = town(counter.tx, counter.today)
        kind = now.categories.get(category)
        typed = words_of(f"{text} {kind.name if kind else ''} {kind.keywords if kind else ''}")
        place = department or ((kind.department or "") if kind else "")
        found = []
        for row in counter.tx.find("guides", ("name",), active=True):
            hits = _hits(row, typed)
            if hits or (place and row["department"] == place):
                found.append((row["kind"] is not GuideKind.OUTSIDE or not hits, -hits, row["name"], row))
        return tuple(_guide(counter, each[-1]) for each in sorted(found, key=lambda each: each[:3])[:most])


def search(visit: Visit, text: str, most: int = 20) -> tuple[Guide, ...]:
    """Every guide that holds all the words typed, by name; the first ones when nothing is typed."""
    sought = words.normalise(text)
    with visit.reading() as counter:
        rows = counter.tx.find("guides", ("name",), active=True)
        return tuple(
            _guide(counter, row)
            for row in rows
            if all(any(word.startswith(each) for word in _all(row)) for each in sought)
        )[:most]


def of_ids(counter: Counter[Any], ids: list[str]) -> tuple[Guide, ...]:
    """The guides of these ids, in the order given."""
    rows = {row["id"]: row for row in counter.tx.find("guides", id=ids)} if ids else {}
    return tuple(_guide(counter, rows[each]) for each in ids if each in rows)


def is_typed(word: str, typed: frozenset[str]) -> bool:
    """Whether a keyword is among the words typed, whatever the ending (« égouts », « égout »)."""
    one = word[:-1] if len(word) > SHORTEST + 1 and word[-1] in "sx" else word
    return any(f"{stem}{ending}" in typed for stem in (word, one) for ending in ENDINGS)


def words_of(text: str) -> frozenset[str]:
    """The words of a text that tell one thing from another, without accents nor capitals."""
    return frozenset(each for each in words.normalise(text) if len(each) >= SHORTEST and each not in _SMALL)


def _hits(row: Row, typed: frozenset[str]) -> int:
    """How many of its keywords were typed."""
    return sum(is_typed(key, typed) for key in words_of(row["keywords"] or row["name"]))


def _all(row: Row) -> Iterator[str]:
    yield from words.normalise(" ".join(row[name] or "" for name in ("name", "keywords", "words", "body")))


def _guide(counter: Counter[Any], row: Row) -> Guide:
    department = town(counter.tx, counter.today).departments.get(row["department"] or "")
    said = {name: row[name] or "" for name in ("words", "body", "phone", "email", "link")}
    return Guide(row["id"], row["name"], row["kind"], department.name if department else "", **said)
