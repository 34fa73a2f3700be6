"""Which process this is, and whether the one a claim names is surely dead."""

import hashlib
import os
import secrets
import socket
from pathlib import Path

_PARTS = 5  # machine, boot, process space, process, moment it began


def name_of_this_one() -> str:
    """A name no other process ever bears: machine, boot, pid and its start, and a random end."""
    return "/".join([*_place(), str(os.getpid()), _began(os.getpid()), secrets.token_hex(4)])


def is_gone(name: str) -> bool:
    """Whether the process of that name is surely dead.

    Only one of this very machine can be judged; of another, or where the system does not tell, the answer is
    no and its claim must lapse.
    """
    parts = name.split("/")
    if len(parts) != _PARTS + 1 or "" in parts[:_PARTS]:
        return False
    machine, boot, space, pid, began = parts[:_PARTS]
    here, this_boot, this_space = _place()
    if machine != here:
        return False
    if boot != this_boot:
        return True
    return space == this_space and _began(int(pid)) != began


def _place() -> tuple[str, str, str]:
    return _short(socket.gethostname()), _short(_text("/proc/sys/kernel/random/boot_id")), _space()


def _space() -> str:
    try:
        return str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        return ""


def _began(pid: int) -> str:
    """When the process began, in ticks since the boot (proc(5), field 22); empty when it is no more."""
    fields = _text(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return fields[19] if fields and fields[0] not in "ZX" else ""


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12] if text else ""


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
