"""Mails as files: whole or absent, private, the same mail always the same file."""

from pathlib import Path

import pytest

from desk.outbox import Parcel, RemoteError
from jobs.folder import Folder


def parcel(message: bytes) -> Parcel:
    return Parcel("2026-11-23_0805_liste-rnc_X", "a@ville.test", "b@ville.test", message)


def test_the_same_mail_carried_again_replaces_its_own_file(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "courriels")
    folder.carry(parcel(b"un"))
    folder.carry(parcel(b"deux"))
    (only,) = (tmp_path / "courriels").iterdir()
    assert only.read_bytes() == b"deux" and only.name == "2026-11-23_0805_liste-rnc_X.eml"
    assert only.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_written_can_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "courriels").write_text("un fichier", encoding="utf-8")
    with pytest.raises(RemoteError) as error:
        Folder(tmp_path / "courriels").carry(parcel(b"un"))
    assert error.value.again and error.value.everyone
