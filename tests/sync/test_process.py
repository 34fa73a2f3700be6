"""Which process a claim names, and whether it is surely dead."""

import subprocess
import sys

from sync import process


def other(me: str, **parts: str) -> str:
    names = ("machine", "boot", "space", "pid", "began")
    found = dict(zip(names, me.split("/"), strict=False)) | parts
    return "/".join([*(found[name] for name in names), "0"])


def test_a_living_process_is_not_gone_and_fits_the_ledger() -> None:
    me = process.name_of_this_one()
    assert not process.is_gone(me) and len(me) <= 80
    assert me != process.name_of_this_one()


def test_a_process_that_ended_is_gone() -> None:
    script = "from sync import process; print(process.name_of_this_one())"
    name = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert process.is_gone(name.strip())


def test_a_pid_given_again_to_another_process_is_not_the_one_that_claimed() -> None:
    assert process.is_gone(other(process.name_of_this_one(), began="1"))


def test_what_ran_before_the_last_boot_of_this_machine_is_gone() -> None:
    assert process.is_gone(other(process.name_of_this_one(), boot="avant"))


def test_of_another_machine_or_a_name_that_says_nothing_nobody_can_tell() -> None:
    me = process.name_of_this_one()
    assert not process.is_gone(other(me, machine="ailleurs", pid="999999"))
    assert not process.is_gone(other(me, space="0", pid="999999"))
    assert not process.is_gone("premier") and not process.is_gone("")
