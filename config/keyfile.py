"""The keys of the private files, as a text: one base64 key of 32 bytes a line, the newest first.

Never in the data folder, which goes into the backups: beside it, in a folder of its own.
"""

import base64
import binascii
import os
import secrets
from pathlib import Path

KEY_BYTES = 32
A_KEYRING = f"une clé par ligne, de {KEY_BYTES} octets en base64, la plus récente d'abord"


def default_file(data: Path) -> Path:
    """Where the keys are when no setting says it: beside the data folder, never inside."""
    return data.with_name(f"{data.name}-cles") / "privees.key"


def is_there(path: Path) -> bool:
    """Whether that file is there, be it one that we may not even look at: reading it will say so."""
    try:
        return path.exists()
    except PermissionError:
        return True


def checked(value: str) -> str:
    """The text, when it is a keyring; ``ValueError`` otherwise."""
    lines = [line.partition("#")[0].strip() for line in value.splitlines()]
    keys = [line for line in lines if line]
    if not keys or len(set(keys)) < len(keys):
        raise ValueError
    for key in keys:
        try:
            decoded = base64.b64decode(key, validate=True)
        except binascii.Error:
            raise ValueError from None
        if len(decoded) != KEY_BYTES:
            raise ValueError
    return value


def make(path: Path) -> str:
    """A new key in that new file, which only its owner reads; the key. Raises ``OSError``."""
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    held = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(held, "w", encoding="utf-8") as file:
        file.write(f"{key}\n")
        file.flush()
        os.fsync(file.fileno())
    return key
