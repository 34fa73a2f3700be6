"""What could not be known of Airtable without a live base: tried on scratch rows, which are removed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.airtable.calls import Calls, Declined
from sync.airtable.feed import close_feed, open_feed
from sync.airtable.schema import named
from sync.airtable.setup import OWN_TABLE, SCRATCH, own_table
from sync.remote import Line, Memory, RemoteError

READINGS = 5  # of the feed, before its delay is called long
_NOBODY = "rec00000000000000"
_MOMENT = "2026-11-01T06:30:15.250Z"


def probe(calls: Calls, line: Line, memory: Memory) -> Mapping[str, str]:
    """What each trial showed, in French, by what was asked.

    Raises ``RemoteError`` when nothing can be tried.
    """
    meta = calls.ask(line, "GET", calls.tables)["tables"]
    table = own_table(meta, memory)
    if table is None:
        raise RemoteError(f"La table « {OWN_TABLE} » manque : faire d'abord la mise en place.", again=False)
    fields = [(named(table["fields"], title) or {}).get("id", title) for title in SCRATCH]
    bench = _Bench(calls, line, calls.records(table["id"]), *fields)
    trials: Mapping[str, Callable[[_Bench], str]] = {
        "texte avec des blancs": _blanks,
        "décimale dans un nombre entier": _decimal,
        "secondes d'un moment": _seconds,
        "ordre des réponses": _order,
        "deux lignes du même ID": _twice,
        "changement d'une ligne absente": _absent,
        "suppression d'une ligne absente": _deleted,
        "fil des changements": _feed,
    }
    try:
        return {asked: trial(bench) for asked, trial in trials.items()}
    finally:
        bench.clear()


@dataclass
class _Bench:
    """The scratch table, and the rows made in it."""

    calls: Calls
    line: Line
    url: str
    text: str
    number: str
    moment: str
    rows: list[str] = field(default_factory=list)

    def make(self, *cells: Mapping[str, Any]) -> list[dict[str, Any]]:
        records = [{"fields": dict(each)} for each in cells]
        answer = self.calls.ask(
            self.line, "POST", self.url, json={"records": records, "returnFieldsByFieldId": True}
        )
        self.rows += [record["id"] for record in answer["records"]]
        return list(answer["records"])

    def merge(self, *texts: str) -> list[dict[str, Any]]:
        asked = {
            "performUpsert": {"fieldsToMergeOn": [self.text]},
            "records": [{"fields": {self.text: text, self.number: 1}} for text in texts],
            "returnFieldsByFieldId": True,
        }
        answer = self.calls.ask(self.line, "PATCH", self.url, json=asked)
        self.rows += [record["id"] for record in answer["records"] if record["id"] not in self.rows]
        return list(answer["records"])

    def clear(self) -> None:
        for start in range(0, len(self.rows), 10):
            asked = {"records[]": self.rows[start : start + 10]}
            self.calls.ask(self.line, "DELETE", self.url, params=asked)


def _blanks(bench: _Bench) -> str:
    typed = "  essai \n"
    kept = bench.make({bench.text: typed})[0]["fields"].get(bench.text)
    return "gardé tel quel" if kept == typed else "modifié par Airtable"


def _decimal(bench: _Bench) -> str:
    kept = bench.make({bench.number: 3.5})[0]["fields"].get(bench.number)
    return "gardée" if kept == 3.5 else "arrondie"


def _seconds(bench: _Bench) -> str:
    kept = bench.make({bench.moment: _MOMENT})[0]["fields"].get(bench.moment)
    return "gardées" if kept == _MOMENT else f"rendues ainsi : {kept}"


def _order(bench: _Bench) -> str:
    bench.make({bench.text: "essai-b"})
    answered = [each["fields"].get(bench.text) for each in bench.merge("essai-a", "essai-b", "essai-c")]
    return "celui de la demande" if answered == ["essai-a", "essai-b", "essai-c"] else "un autre"


def _twice(bench: _Bench) -> str:
    bench.make({bench.text: "essai-double"}, {bench.text: "essai-double"})
    return _refused(lambda: bench.merge("essai-double"))


def _absent(bench: _Bench) -> str:
    asked = {"records": [{"id": _NOBODY, "fields": {bench.number: 1}}]}
    return _refused(lambda: bench.calls.ask(bench.line, "PATCH", bench.url, json=asked))


def _deleted(bench: _Bench) -> str:
    asked = {"records[]": [_NOBODY]}
    return _refused(lambda: bench.calls.ask(bench.line, "DELETE", bench.url, params=asked))


def _feed(bench: _Bench) -> str:
    webhook = open_feed(bench.calls, bench.line)
    if webhook is None:
        return "refusé à ce jeton"
    try:
        key = bench.make({bench.number: 1})[0]["id"]
        asked = {"records": [{"id": key, "fields": {bench.number: 2}}]}
        bench.calls.ask(bench.line, "PATCH", bench.url, json=asked)
        for reading in range(1, READINGS + 1):
            page = bench.calls.ask(
                bench.line, "GET", f"{bench.calls.webhooks}/{webhook}/payloads", params={"cursor": 1}
            )
            told = str(page["payloads"])
            if "changedRecordsById" in told:
                before = "avec" if "'previous'" in told else "sans"
                return f"nos écritures y sont à la lecture n° {reading}, {before} la valeur d'avant"
        return f"nos écritures n'y sont pas après {READINGS} lectures"
    finally:
        close_feed(bench.calls, bench.line, webhook)


def _refused(act: Callable[[], object]) -> str:
    try:
        act()
    except Declined as refusal:
        return f"refusé : {refusal.status} {refusal.kind}".rstrip()
    return "accepté"
