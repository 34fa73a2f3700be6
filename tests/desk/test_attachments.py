"""Attachments of a request: kept once, seen as the file is, taken off with a reason, content erased."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from desk import attachments, timeline
from desk.attachments import Attachment
from desk.contents import MB
from desk.scope import NotFound
from policy.reasons import Refused
from policy.words import Nature
from sync.store import Row
from tests.cast import PLANNING, Cast, moment
from tests.desk.documents import MAIL, PDF, PNG
from tests.desk.filing import BY, filed, kept

TEN = moment("Mon 2026-11-16 10:00")
LATER = moment("Tue 2026-11-17 11:00")
PHOTO = ("photo de Léa Côté.png", PNG)


def joined(
    cast: Cast, file: Row, *documents: tuple[str, bytes], who: str = "technician"
) -> tuple[Attachment, ...]:
    return attachments.add(cast.visit(who, TEN), file["number"], documents or (PHOTO,))


def told(cast: Cast, file: Row, who: str = "technician") -> list[str]:
    with cast.visit(who, LATER).reading() as counter:
        return [each.sentence for each in timeline.timeline(counter, file)]


def test_what_is_joined_is_found_again_byte_for_byte(cast: Cast) -> None:
    file = filed(cast)
    joined(cast, file, PHOTO, ("avis.pdf", PDF))
    found = attachments.listed(cast.visit("secretary", TEN), file["number"])
    assert [(each.name, each.media_type, each.size) for each in found] == [
        ("avis.pdf", "application/pdf", len(PDF)),
        (PHOTO[0], "image/png", len(PNG)),
    ]
    assert {each.added_by for each in found} == {"Luc Tremblay"} and found[1].added_at == TEN
    brought = attachments.read(cast.visit("secretary", TEN), found[1].id)
    assert (brought.attachment, brought.content) == (found[1], PNG)


def test_a_second_click_keeps_one_and_another_file_has_its_own(cast: Cast) -> None:
    file, other = filed(cast), filed(cast, "2026-00002")
    (first,), (again,) = joined(cast, file), joined(cast, file, ("autre nom.png", PNG))
    (elsewhere,) = joined(cast, other)
    assert first.id == again.id != elsewhere.id
    assert len(kept(cast, "attachments")) == len(kept(cast, "attachment_contents")) == 2


def test_two_clicks_at_the_same_moment_keep_one(cast: Cast) -> None:
    file = filed(cast)
    cast.visit("technician", TEN)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: joined(cast, file)[0].id, range(8)))
    assert len(set(found)) == 1 and len(kept(cast, "attachment_contents")) == 1


def test_all_that_stands_in_the_way_is_said_at_once_and_nothing_is_kept(cast: Cast) -> None:
    file = filed(cast)
    with pytest.raises(Refused) as no:
        joined(cast, file, PHOTO, ("a.exe", b"MZ"), ("b.pdf", PNG))
    assert [ground.message[:9] for ground in no.value.grounds] == ["« a.exe »", "« b.pdf »"]
    assert not kept(cast, "attachments")


def test_the_size_is_that_of_the_installation(cast: Cast) -> None:
    file = filed(cast)
    visit = replace(cast.visit("technician", TEN), house=replace(cast.house, attachment_most=MB))
    with pytest.raises(Refused, match="1 Mo au plus"):
        attachments.add(visit, file["number"], [("gros.pdf", PDF + b"\0" * MB)])


def test_a_file_holds_so_many_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST", 2)
    file = filed(cast)
    joined(cast, file, PHOTO, ("avis.pdf", PDF))
    joined(cast, file, PHOTO)
    with pytest.raises(Refused, match="déjà 2 pièces jointes"):
        joined(cast, file, ("courriel.eml", MAIL))


@pytest.mark.parametrize("who", ["planner", "council", "admin", "outsider", "general", "experience"])
def test_who_does_not_see_the_file_finds_nothing_of_it(cast: Cast, who: str) -> None:
    file = filed(cast)
    (photo,) = joined(cast, file)
    visit = cast.visit(who, TEN)
    acts: list[Any] = [
        lambda: attachments.listed(visit, file["number"]),
        lambda: attachments.read(visit, photo.id),
        lambda: attachments.remove(visit, photo.id, "Erreur"),
        lambda: attachments.add(visit, file["number"], [("a.exe", b"MZ")]),
        lambda: attachments.read(visit, "nulle part"),
    ]
    words = []
    for act in acts:
        with pytest.raises(NotFound) as no:
            act()
        words.append(str(no.value))
    assert set(words) == {"Dossier introuvable."} and len(kept(cast, "attachment_contents")) == 1


def test_a_complaint_or_another_service_hides_its_documents(cast: Cast) -> None:
    other = filed(cast, "2026-00002", PLANNING)
    (photo,) = joined(cast, other)
    with pytest.raises(NotFound):
        attachments.read(cast.visit("secretary", TEN), photo.id)
    with cast.house.store.writing() as tx:
        tx.update("files", other["id"], {"nature": Nature.COMPLAINT}, BY)
    with pytest.raises(NotFound):
        attachments.read(cast.visit("technician", TEN), photo.id)


def test_what_is_removed_loses_its_content_and_keeps_its_trace(cast: Cast) -> None:
    file = filed(cast)
    (photo,) = joined(cast, file)
    visit = cast.visit("secretary", LATER)
    with pytest.raises(Refused, match="pourquoi"):
        attachments.remove(visit, photo.id, "  ")
    attachments.remove(visit, photo.id, "Mauvais dossier.")
    assert not attachments.listed(visit, file["number"]) and not kept(cast, "attachment_contents")
    for act in (lambda: attachments.read(visit, photo.id), lambda: attachments.remove(visit, photo.id, "x")):
        with pytest.raises(NotFound):
            act()
    assert "Luc Tremblay a joint la pièce « photo de Léa Côté.png »." in told(cast, file)
    assert "Julie Gagnon a retiré la pièce « photo de Léa Côté.png » — Mauvais dossier." in told(cast, file)


def test_what_was_removed_can_be_joined_again(cast: Cast) -> None:
    file = filed(cast)
    (photo,) = joined(cast, file)
    attachments.remove(cast.visit("technician", TEN), photo.id, "Erreur")
    (again,) = joined(cast, file)
    assert again.id != photo.id
    assert attachments.read(cast.visit("technician", TEN), again.id).content == PNG


def test_what_a_demand_held_leaves_the_ordinary_tables_for_good(cast: Cast) -> None:
    file = filed(cast)
    photo, _ = joined(cast, file, PHOTO, ("avis.pdf", PDF))
    attachments.remove(cast.visit("technician", TEN), photo.id, "Léa Côté l'a demandé")
    with cast.visit("technician", LATER).writing() as counter:
        taken = attachments.take_away(counter, file["id"], counter.by("reclasser"))
    assert [(each.attachment.name, each.content) for each in taken] == [("avis.pdf", PDF)]
    assert not kept(cast, "attachments") and not kept(cast, "attachment_contents")
    with cast.house.store.reading() as tx:
        rows = tx.connection.exec_driver_sql("SELECT * FROM history WHERE table_name = 'attachments'").all()
    assert rows and "Léa" not in str(rows) and "avis.pdf" not in str(rows)
