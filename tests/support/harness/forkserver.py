"""Python processes that have imported everything before they are asked for: a fork instead of two seconds of imports.

``python -m tests.support.harness.forkserver FD`` imports the services once, then makes a process for each line that it
reads from this socket: ``{"module", "arguments", "environ", "folder", "log"}``. Such a process is one of its own, with
its own session, environment, signals and exit code; only what it would have imported is there already.
"""

import atexit
import ctypes
import gc
import importlib
import json
import os
import resource
import runpy
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from infra.local.processes import OPEN_FILES, Daemon, _rotate

ROOT = Path(__file__).parents[3]
IMPORTED = [f"services.{name}.app" for name in ("registry", "review", "activities", "notify")]
PR_SET_CHILD_SUBREAPER = 36
Job = dict[str, Any]


class PythonProcess(Daemon):
    """A ``Daemon`` that runs ``python -m module`` and starts at once."""

    def run(
        self, module: str, arguments: Sequence[str | Path], environ: Mapping[str, str], folder: Path = ROOT
    ) -> None:
        """Start the process in a session of its own."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        _rotate(self.log)
        job = {"module": module, "arguments": [*map(str, arguments)], "environ": dict(environ)}
        pid = _server().fork({**job, "folder": str(folder), "log": str(self.log)})
        self._child = cast("subprocess.Popen[bytes]", Child(pid))
        self._keep(pid)


class Child:
    """What ``Daemon`` needs of a process that this one reaps."""

    def __init__(self, pid: int) -> None:
        self.pid, self.returncode, self._looking = pid, cast("int | None", None), threading.Lock()

    def poll(self) -> int | None:
        """Its exit code, minus a signal's number, or None while it runs."""
        with self._looking:
            if self.returncode is None:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
            return self.returncode

    def wait(self, timeout: float) -> int:
        """Its exit code, once it has ended; raises ``subprocess.TimeoutExpired``."""
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.02)
        return code


class ForkServer:
    """The process that has imported everything; what it forks becomes our child, and it ends with us."""

    def __init__(self) -> None:
        if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "no subreaper")
        ours, its = socket.socketpair()
        with its:
            command = [sys.executable, "-m", "tests.support.harness.forkserver", str(its.fileno())]
            self._process = subprocess.Popen(command, cwd=ROOT, pass_fds=[its.fileno()], start_new_session=True)
        self._file, self._asking = ours.makefile("rw", encoding="utf-8"), threading.Lock()
        ours.close()
        atexit.register(self.close)

    def fork(self, job: Job) -> int:
        """The id of a new process that does this."""
        with self._asking:
            print(json.dumps(job), file=self._file, flush=True)
            return int(self._file.readline())

    def close(self) -> None:
        """End it; what it forked lives on."""
        self._file.close()
        self._process.wait()


@cache
def _server() -> ForkServer:
    return ForkServer()


def _serve(fd: int) -> Job | None:
    """Serve until the socket closes (None); returns in each new process with what that one is to do."""
    with socket.socket(fileno=fd) as connection, connection.makefile(encoding="utf-8") as lines:
        for line in lines:
            reading, writing = os.pipe()
            between = os.fork()
            if between == 0:
                child = os.fork()
                if child:  # its parent ends at once, so that it falls to the one who asked for it
                    os.write(writing, str(child).encode())
                    os._exit(0)
                os.closerange(min(reading, writing), max(reading, writing) + 1)
                return cast(Job, json.loads(line))
            os.waitpid(between, 0)
            connection.sendall(os.read(reading, 32) + b"\n")
            os.close(reading)
            os.close(writing)
    return None


def _run(job: Job) -> None:
    """Be the process that was asked for, as if it had been started by itself."""
    os.setsid()
    os.environ.clear()
    os.environ.update(job["environ"])
    os.chdir(job["folder"])
    log = os.open(job["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for target, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, log), (2, log)):
        os.dup2(source, target)
    sys.argv = [job["module"], *job["arguments"]]
    runpy.run_module(job["module"], run_name="__main__", alter_sys=True)


def main() -> None:
    """Import, then serve."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    limit = OPEN_FILES if most == resource.RLIM_INFINITY else min(most, OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most))
    for name in IMPORTED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    if job := _serve(int(sys.argv[1])):
        _run(job)


if __name__ == "__main__":
    main()
