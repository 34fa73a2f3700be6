"""What only the live service can tell, tried on a scratch tab that is removed afterwards."""

from collections.abc import Callable, Mapping
from typing import Any

from sync.sheets.anchors import Speech, by_key, created, span
from sync.sheets.client import Misread, parsed
from sync.sheets.tabs import lines_of

TITLE = "Essai de Guichet (à supprimer)"
YES, NO = "oui", "non"


def answers(speech: Speech) -> Mapping[str, str]:
    """What the service did with each doubt, in French. About fifteen requests; the scratch tab is removed."""
    first = speech.reserve(8)
    sheet = first + 7
    speech.talk.batch(_scratch(sheet, first))
    try:
        return _tried(speech, sheet, first)
    finally:
        speech.talk.batch([{"deleteSheet": {"sheetId": sheet}}])


def _tried(speech: Speech, sheet: int, first: int) -> Mapping[str, str]:
    told = {
        "Les métadonnées des lignes se lisent avec les valeurs": _said(
            _placed(speech, sheet) == {0: "c", 1: "a", 2: "b"}
        )
    }
    speech.talk.batch([{"insertDimension": {"range": span(sheet, 0, 1), "inheritFromBefore": False}}])
    told["Une métadonnée suit l'insertion d'une ligne"] = _follows(speech, sheet)
    move = {"source": span(sheet, 1, 2), "destinationIndex": 4}
    speech.talk.batch([{"moveDimension": move}])
    told["Une métadonnée suit le déplacement d'une ligne"] = _follows(speech, sheet)
    area = {"sheetId": sheet, "startRowIndex": 0, "endRowIndex": 5}
    specs = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    speech.talk.batch([{"sortRange": {"range": area, "sortSpecs": specs}}])
    told["Une métadonnée suit un tri"] = _follows(speech, sheet)
    doubled = created(first, sheet, 3)
    told["Un numéro de métadonnée déjà pris fait échouer le lot"] = _said(
        not _passes(lambda: speech.talk.batch([doubled]))
    )
    place = {"location": {"dimensionRange": span(sheet, 4, 5)}}
    moving = {"dataFilters": [by_key(first)], "developerMetadata": place, "fields": "location"}
    told["Une métadonnée peut être déplacée"] = _said(
        _passes(lambda: speech.talk.batch([{"updateDeveloperMetadata": moving}]))
    )
    anew = [{"deleteDeveloperMetadata": {"dataFilter": by_key(first + 1)}}, created(first + 1, sheet, 5)]
    told["Un numéro libéré peut resservir dans le même lot"] = _said(_passes(lambda: speech.talk.batch(anew)))
    written = speech.talk.put({first + 2: [None, "x"]})
    told["La réponse montre toute la ligne écrite"] = _said(
        written.get(first + 2, [])[1:2] == ["x"] and bool(written[first + 2][0])
    )
    told["Une écriture sans valeur montre la ligne"] = _said(
        bool(speech.talk.put({first + 2: [None]}).get(first + 2))
    )
    told["Une ligne introuvable laisse passer les autres"] = _said(
        _passes(lambda: speech.talk.put({first + 2: [None], first + 6: [None]}))
    )
    return told


def _scratch(sheet: int, first: int) -> list[Any]:
    """A tab of three rows that are not in order, each anchored by the letter it bears: c, a, b."""
    grid = {"rowCount": 20, "columnCount": 4}
    rows = [{"values": [{"userEnteredValue": {"stringValue": letter}}]} for letter in "cab"]
    marks = [created(first + n, sheet, n, value=letter) for n, letter in enumerate("cab")]
    start = {"sheetId": sheet, "rowIndex": 0, "columnIndex": 0}
    return [
        {"addSheet": {"properties": {"sheetId": sheet, "title": TITLE, "gridProperties": grid}}},
        {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}},
        *marks,
    ]


def _placed(speech: Speech, sheet: int) -> dict[int, str]:
    """Where each letter's metadata is."""
    _, rows = _lines(speech, sheet)
    return {index: marks[0].get("metadataValue", "") for index, marks in rows.items() if marks}


def _follows(speech: Speech, sheet: int) -> str:
    """Whether each metadata is on the row of its letter."""
    values, rows = _lines(speech, sheet)
    return _said(
        all(
            values.get(index, [None])[0] == marks[0].get("metadataValue")
            for index, marks in rows.items()
            if marks
        )
    )


def _lines(speech: Speech, sheet: int) -> tuple[dict[int, list[Any]], dict[int, list[Any]]]:
    sheets = parsed(speech.talk.tabs([sheet]))["sheets"]
    mine = next(each for each in sheets if each["properties"].get("sheetId", 0) == sheet)
    values, rows, _ = lines_of(mine)
    return values, rows


def _passes(act: Callable[[], object]) -> bool:
    try:
        act()
    except Misread:
        return False
    return True


def _said(yes: bool) -> str:
    return YES if yes else NO
