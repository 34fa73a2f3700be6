"""A server in a process of its own: started, its memory and its processor read, stopped."""

import gc
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from benchmarks.stored import ROOT

PATIENCE = 60.0
MB = 1_048_576


@dataclass(frozen=True)
class Server:
    """A server that listens."""

    url: str
    process: psutil.Process

    def cpu(self) -> float:
        """Seconds of processor it has spent so far."""
        spent = self.process.cpu_times()
        return float(spent.user + spent.system)

    def memory(self) -> float:
        """What it holds of its own, in MB."""
        return float(self.process.memory_full_info().uss) / MB


@contextmanager
def served(kind: str, database: str) -> Iterator[Server]:
    """``benchmarks.serving`` of that kind while the block lasts."""
    port = _free_port()
    given = {**os.environ, "BENCH_DATABASE": database, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "benchmarks.serving", kind, str(port)]
    gc.collect()
    process = subprocess.Popen(command, cwd=ROOT, env=given)
    url = f"http://localhost:{port}"
    try:
        _await(f"{url}/_stcore/health", process)
        yield Server(url, psutil.Process(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped at once ({process.returncode})")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 (our own server)
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def _free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])
