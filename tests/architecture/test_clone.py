"""What a clone holds: nothing of the machine it was written on, and libraries that can be checked."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
# spelled in pieces, so that this file does not find itself
OF_A_MACHINE = re.compile("|".join(("/ho" + r"me/\w", "/ro" + r"ot/\w", "/Us" + r"ers/\w", "/wo" + r"rk/\w")))
OF_AN_INDEX = re.compile("|".join(("py" + r"pi\.(org|python)", "pytho" + "nhosted", "index-" + "url")))


def test_no_file_names_a_path_of_a_machine_or_a_package_index() -> None:
    wrong = []
    for path in kept():
        if path.suffix in {".png", ".ico", ".woff2", ".xlsx", ".pdf", ".xz"}:
            continue
        for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if OF_A_MACHINE.search(line) or (OF_AN_INDEX.search(line) and "--no-emit-" not in line):
                wrong.append(f"{path.relative_to(ROOT)}:{at}")
    assert not wrong


@pytest.mark.parametrize("lock", LOCKS)
def test_every_library_of_the_lock_has_its_version_and_its_digests(lock: str) -> None:
    entries = re.split(r"\n(?=[a-zA-Z0-9])", (ROOT / lock).read_text(encoding="utf-8").strip())
    assert len(entries) > 20
    loose = [entry.splitlines()[0] for entry in entries if not well_kept(entry)]
    assert not loose


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_says_only_what_to_install_and_not_from_where(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert not [
        line for line in lines if "://" in line or line.lstrip().startswith(("-i", "--index", "--find"))
    ]


def test_the_development_lock_holds_all_of_the_other_one() -> None:
    """After ``make setup`` there is nothing left for ``make run`` to install."""
    runtime, development = (pins(ROOT / lock) for lock in LOCKS)
    assert runtime <= development


def well_kept(entry: str) -> bool:
    return re.match(r"[A-Za-z0-9_.\[\]-]+==\S+", entry) is not None and "--hash=sha256:" in entry


def pins(lock: Path) -> set[str]:
    return set(re.findall(r"^([A-Za-z0-9_.\[\]-]+==\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


def kept() -> list[Path]:
    """The files under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
