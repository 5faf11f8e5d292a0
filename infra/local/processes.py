"""Processes of our own that outlive the command that started them: pid files, logs, ports, deadlines.

A pid file holds the process id together with its birth in clock ticks, so that a foreign process which got the same id
later is never taken for ours, nor killed. Nothing here waits without a deadline.
"""

import contextlib
import fcntl
import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

POLL = 0.05
OPEN_FILES = 64000
PORT_RANGE = (20000, 32000)
"""Below the range from which the kernel takes ports for outgoing connections (32768 and up)."""


class NotRunning(Exception):  # noqa: N818 - read as a sentence
    """A process did not come up (or down) in time; the text says which, why, and which log tells more."""


class Daemon:
    """One process under ``home``: ``<home>/<name>.pid`` and ``<home>/logs/<name>.log``."""

    def __init__(self, home: Path, name: str) -> None:
        self.name = name
        self.log = home / "logs" / f"{name}.log"
        self._file = home / f"{name}.pid"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id while the process lives, else None."""
        if self._child is not None:
            self._child.poll()  # a dead child stays a zombie until its parent looks
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
            pid, born = int(known["pid"]), int(known["born"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return pid if _born(pid) == born else None

    def start(self, command: Sequence[str | Path], env: Mapping[str, str], cwd: Path | None = None) -> None:
        """Start the process in a session of its own (Ctrl-C in a terminal does not reach it)."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        _rotate(self.log)
        limited = 'h=$(ulimit -Hn); [ "$h" = unlimited ] || [ "$h" -gt "$0" ] && h=$0; ulimit -n "$h"; exec "$@"'
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                ["/bin/sh", "-c", limited, str(OPEN_FILES), *map(str, command)],
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._keep(self._child.pid)

    def adopt(self) -> None:
        """Take the running command itself under this name, so that another one can find and stop it."""
        self._keep(os.getpid())

    def stop(self, within: float = 30) -> None:
        """End the process politely, then by force; silent when it is not running."""
        if self._signal(signal.SIGTERM) and not self._gone(within):
            self.kill()
        self.forget()

    def kill(self) -> None:
        """End the process as a power cut would (SIGKILL) and wait until it is gone."""
        if self._signal(signal.SIGKILL) and not self._gone(10):
            raise NotRunning(f"{self.name} (process {self.pid}) survives SIGKILL; it hangs in the kernel")

    def until(self, ready: Callable[[], bool], within: float) -> None:
        """Wait until ``ready()``; raises ``NotRunning`` when the process dies or the time is over."""
        end = time.monotonic() + within
        while not ready():
            if self.pid is None:
                raise NotRunning(
                    f"{self.name} ended while starting ({self.ended}); its log {self.log} ends with:\n{self.tail()}"
                )
            if time.monotonic() > end:
                raise NotRunning(f"{self.name} is not ready after {within:g} s; its log {self.log} says why")
            time.sleep(POLL)

    def tail(self, lines: int = 8) -> str:
        """The last lines of the log, for an error message."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        return "(no log)"

    @property
    def ended(self) -> str:
        """How the process ended, for a message."""
        code = self._child.poll() if self._child is not None else None
        return "gone" if code is None else f"exit code {code}" if code >= 0 else f"signal {-code}"

    def _keep(self, pid: int) -> None:
        write_private(self._file, json.dumps({"pid": pid, "born": _born(pid) or 0}))

    def forget(self) -> None:
        """Remove the pid file; the process itself is not touched."""
        self._file.unlink(missing_ok=True)

    def _signal(self, number: int) -> bool:
        pid = self.pid
        with contextlib.suppress(ProcessLookupError):
            if pid is not None:
                os.kill(pid, number)
        return pid is not None

    def _gone(self, within: float) -> bool:
        end = time.monotonic() + within
        while self.pid is not None:
            if time.monotonic() > end:
                return False
            time.sleep(POLL)
        return True


def _born(pid: int) -> int | None:
    """When a living process started, in clock ticks since boot (proc(5), field 22); None when it is dead.

    A killed process shows as a zombie while its other threads still hold its ports and files: it is dead when they are.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
    except OSError:
        return None
    return None if fields[0] in "ZX" and threads <= 1 else int(fields[19])


def _rotate(log: Path, limit: int = 10_000_000) -> None:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > limit:
            log.replace(log.with_suffix(".old"))


def ports(home: Path, *names: str, wished: Mapping[str, int] | None = None) -> dict[str, int]:
    """The ports of this home: the wished or remembered ones (``ports.json``), others where someone else took them.

    Ask only for ports of processes that are not running.
    """
    with only_one(home / "ports.lock"):
        known = remembered(home) | {name: port for name, port in (wished or {}).items() if is_free(port)}
        for name in names:
            while name not in known or not is_free(known[name]) or list(known.values()).count(known[name]) > 1:
                known[name] = random.randint(*PORT_RANGE)
        write_private(home / "ports.json", json.dumps(known))
    return {name: known[name] for name in names}


def remembered(home: Path) -> dict[str, int]:
    """All ports that were chosen in this home before."""
    try:
        return {str(name): int(port) for name, port in json.loads((home / "ports.json").read_text("utf-8")).items()}
    except (OSError, ValueError):
        return {}


def is_free(port: int) -> bool:
    """Whether we may listen on this port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether something accepts connections on this port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read, all at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}.{threading.get_ident()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    fresh.replace(file)


@contextlib.contextmanager
def only_one(lock: Path, within: float = 120) -> Iterator[None]:
    """Let one process at a time do this; raises ``NotRunning`` when another one holds it for too long."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + within
    with lock.open("w") as held:
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > end:
                    raise NotRunning(f"another command has held {lock} for {within:g} s") from error
                time.sleep(POLL)
        yield
