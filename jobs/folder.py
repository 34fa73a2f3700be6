"""Mails as .eml files in a folder, when no mail server is named."""

import os
from dataclasses import dataclass
from pathlib import Path

from desk.outbox import Parcel, RemoteError


@dataclass(frozen=True)
class Folder:
    """A carrier that leaves each mail in ``path``; the same mail carried again replaces its own file."""

    path: Path

    def carry(self, parcel: Parcel) -> None:
        """Write the mail whole or not at all: a reader of the folder never meets half of one."""
        try:
            self._write(f"{parcel.name}.eml", parcel.message)
        except OSError as error:
            raise RemoteError(
                f"Le dossier des courriels ne s'écrit pas : {error.strerror}.", again=True, everyone=True
            ) from error

    def close(self) -> None:
        """Nothing stays open."""

    def _write(self, name: str, content: bytes) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path / f".{name}.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / name)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
