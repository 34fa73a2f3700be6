"""A row of settings as the director typed it, on the screen or in a table outside: judged, then written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from desk.visits import Counter
from policy.answer_templates import check_state, check_template
from policy.circuits import default_closer
from policy.classification import is_email, tidy
from policy.counter_words import GuideKind
from policy.delays import Delay
from policy.reasons import Ground, Refused, refuse_all, refused
from policy.rules import CHOSEN, LABELS, REQUIRED, RuleName, check_rule
from policy.words import Nature, Priority
from sync.fields import Kind
from sync.store import Row, Writing
from sync.tables import TABLES
from sync.values import cleaned

# What an empty cell of a new row means.
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "departments": {"active": True},
    "categories": {"active": True, "priority": Priority.NORMAL},
    "codes": {"active": True, "met": True},
    "closings": {"open": False},
    "rules": {"article": CHOSEN},
    "guides": {"active": True},
    "answer_templates": {"active": True},
}
_NAMED = {  # told apart by it, whatever its case
    "departments": "name",
    "categories": "name",
    "codes": "code",
    "guides": "name",
    "answer_templates": "name",
}


def change(
    counter: Counter[Writing],
    table: str,
    record: str,
    values: Mapping[str, Any],
    act: str = "modifier la ligne dans la table",
) -> Row:
    """R-71: write these fields of a row of settings; the row afterwards. Raises ``Refused``.

    Taking a row out of service is allowed while records point to it: that is how one retires it.
    """
    definition = TABLES[_setting(table)]
    row = counter.tx.lock(table, record)
    if row is None:
        raise refused(f"{definition.label} : cette ligne n'existe plus.")
    changes = cleaned(definition, plain(table, values), whole=False)
    news = {name: value for name, value in changes.items() if value != row[name]}
    after = {**row, **news}
    if table == "rules":
        _refuse_missing_rule(counter, row, after)
    refuse_all(grounds(counter, table, after, news))
    return counter.tx.update(table, record, news, counter.by(act))


def add(
    counter: Counter[Writing],
    table: str,
    values: Mapping[str, Any],
    act: str = "ajouter la ligne dans la table",
) -> str:
    """Write a new row of settings, what was left empty at its default; its id. Raises ``Refused``."""
    definition = TABLES[_setting(table)]
    new = cleaned(definition, _completed(table, values), whole=True)
    refuse_all(grounds(counter, table, new, new))
    return str(counter.tx.insert(table, new, counter.by(act))["id"])


def plain(table: str, values: Mapping[str, Any], new: bool = False) -> dict[str, Any]:
    """What was typed, without blanks around it; of a row already there, a box left empty is not ticked."""
    kinds = {field.name: field.kind for field in TABLES[table].fields}
    found: dict[str, Any] = {}
    for name, value in values.items():
        unticked = value is None and kinds[name] is Kind.BOOL and not new
        found[name] = False if unticked else tidy(value) if type(value) is str else value
    return found


def grounds(counter: Counter[Writing], table: str, after: Row, news: Mapping[str, Any]) -> tuple[Ground, ...]:
    """All that is wrong in a row as it would be; ``news`` are the fields that it changes."""
    return (
        *_references(counter, table, news),
        *_addresses(after, news),
        *_same_name(counter, table, after, news),
        *(_CHECKS[table](after) if table in _CHECKS else ()),
    )


def _refuse_missing_rule(counter: Counter[Writing], row: Row, after: Row) -> None:
    """R-71: raise ``Refused`` when a row that is renamed leaves the town without a rule it needs."""
    name = row["name"]
    if name in set(REQUIRED) and after["name"] != name and len(counter.tx.find("rules", name=name)) == 1:
        words = f"La ville a besoin de cette règle : {LABELS[RuleName(name)]}. Ajoutez plutôt une ligne."
        raise refused(words, "R-71", "name")


def _completed(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The row with the defaults of what it leaves empty (R-12: who closes, by its circuit)."""
    given = {name: value for name, value in plain(table, values, new=True).items() if value is not None}
    row = {**DEFAULTS.get(table, {}), **given}
    if table == "departments" and row.get("circuit") is not None:
        row.setdefault("closer", default_closer(row["circuit"]))
    return row


def _setting(table: str) -> str:
    if not TABLES[table].setting:
        raise KeyError(table)
    return table


def _references(counter: Counter[Writing], table: str, news: Mapping[str, Any]) -> Iterator[Ground]:
    for field in TABLES[table].fields:
        if field.ref and news.get(field.name) and counter.tx.get(field.ref, news[field.name]) is None:
            words = f"« {field.label} » : cette ligne n'est pas dans « {TABLES[field.ref].label} »."
            yield Ground(words, "", field.name)


def _addresses(after: Row, news: Mapping[str, Any]) -> Iterator[Ground]:
    if news.get("email") and not is_email(news["email"]):
        words = f"« {news['email'][:60]} » n'est pas une adresse courriel (par exemple nom@ville.qc.ca)."
        yield Ground(words, "P annexe C", "email")
    if after.get("starts_on") and after.get("ends_on") and after["ends_on"] < after["starts_on"]:
        yield Ground("La fin vient avant le début.", "", "ends_on")


def _same_name(
    counter: Counter[Writing], table: str, after: Row, news: Mapping[str, Any]
) -> Iterator[Ground]:
    column = _NAMED.get(table, "")
    if column not in news:
        return
    for other in counter.tx.find(table):
        if other["id"] != after.get("id") and other[column].casefold() == after[column].casefold():
            words = f"Une autre ligne s'appelle déjà « {other[column]} »."
            yield Ground(words, "", column)


def _category(after: Row) -> Iterator[Ground]:
    if after["nature"] in (Nature.COMPLAINT, Nature.ACCESS):
        words = f"« {after['nature']} » ne passe pas par la grille : elle a son propre écran."
        yield Ground(words, "P §4.4" if after["nature"] is Nature.COMPLAINT else "P §4.6", "nature")


def _delay(after: Row) -> Iterator[Ground]:
    try:
        Delay(after["valid_from"], after["working_days"], after["season_start"], after["season_end"])
    except Refused as no:
        yield from no.grounds


def _rule(after: Row) -> Iterator[Ground]:
    column = "value" if after["name"] in set(RuleName) else "name"
    try:
        check_rule(after["name"], after["value"])
    except Refused as no:
        yield from (replace(ground, field=column) for ground in no.grounds)


def _department(after: Row) -> Iterator[Ground]:
    if after["rank"] is not None and after["rank"] < 0:
        yield Ground("L'ordre est un nombre à partir de 0.", "", "rank")


def _guide(after: Row) -> Iterator[Ground]:
    if after["link"] and not after["link"].startswith(("https://", "http://")):
        yield Ground("L'adresse Web commence par https:// ou http://.", "P §2.3", "link")
    if after["kind"] is GuideKind.OUTSIDE and not after["body"]:
        yield Ground(
            "Hors compétence : nommez l'organisme vers qui la personne peut se tourner.", "P §2.3", "body"
        )


def _template(after: Row) -> Iterator[Ground]:
    yield from check_template(after["words"])
    yield from check_state(after["state"])


_CHECKS: Mapping[str, Callable[[Row], Iterator[Ground]]] = {
    "departments": _department,
    "categories": _category,
    "delays": _delay,
    "rules": _rule,
    "guides": _guide,
    "answer_templates": _template,
}
