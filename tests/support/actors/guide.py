"""Follows a guide word by word: its commands in one shell in a new folder, its files saved, its answers compared.

The form of a guide: ``bash`` blocks are run in order in one ``bash`` with ``set -euo pipefail``. Any block after a line
that ends with "as `NAME`:" is saved to that file. A ``text`` block right after a ``bash`` block is the answer, in which
``…`` stands for anything. Readers have ``curl``; where it is missing it is installed if that is possible.
"""

import os
import re
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from infra.local.embedded import INSTALL

FENCE = re.compile(r"^```(\w*)\s*$")
SAVED_AS = re.compile(r"as `([^`]+)`:\s*$")
CHANGES = re.compile(r"\s(-X|--request|-d|--data\S*|--json|-T|--upload-file)\b|python|\.sh\b")
WITHIN_SECONDS = 90.0
AGAIN_WITHIN_SECONDS = 60.0
MARK = "@@ done @@"


@dataclass(frozen=True)
class Block:
    """What stands between two fences: where, in which language, the sentence above it."""

    line: int
    language: str
    content: str
    above: str

    @property
    def saved_as(self) -> str | None:
        """The file that a reader saves it to."""
        found = SAVED_AS.search(self.above)
        return found.group(1) if found else None


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order; ``above`` is the last line of prose since the block before, or empty."""
    found: list[Block] = []
    above, language, inside, begun = "", "", list[str](), 0
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if begun:
            if line == "```":
                found.append(Block(begun, language, "\n".join(inside) + "\n", above))
                above, begun = "", 0
            else:
                inside.append(line)
        elif fence:
            language, inside, begun = fence.group(1), [], number
        elif line.strip():
            above = line.strip()
    return found


def bring(program: str, environ: Mapping[str, str]) -> None:
    """Have a program that a guide's reader has, installing the system package of its name where it is missing."""
    path = environ["PATH"]
    if shutil.which(program, path=path) is None:
        subprocess.run([INSTALL, program], env=dict(environ), check=False, timeout=600)
        assert shutil.which(program, path=path), f"a reader of the guides has {program}; please install it"


class Shell:
    """One bash in a folder; a command that fails ends it, as ``set -e`` says."""

    def __init__(self, folder: Path, environ: Mapping[str, str], within: float) -> None:
        self._folder, self._within = folder, within
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._blocks = 0

    def __enter__(self) -> Self:
        self.run("set -euo pipefail\n")
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)  # the shell and what it left in the background
        self._process.wait()

    def run(self, commands: str) -> str:
        """What the commands print; raises ``AssertionError`` with it when one fails or takes too long."""
        self._blocks += 1
        file = self._folder / f".block-{self._blocks}.sh"
        file.write_text(commands, encoding="utf-8")
        assert self._process.stdin is not None
        self._process.stdin.write(f"source {file.name} </dev/null\nprintf '\\n{MARK}\\n'\n".encode())
        self._process.stdin.flush()
        return self._answer(commands)

    def _answer(self, commands: str) -> str:
        assert self._process.stdout is not None
        said, end = b"", time.monotonic() + self._within
        place = self._process.stdout.fileno()
        while not said.endswith(f"\n{MARK}\n".encode()):
            ready, _, _ = select.select([place], [], [], max(0.0, end - time.monotonic()))
            more = os.read(place, 65536) if ready else b""
            said += more
            assert more, (
                f"{commands}\n-- failed, or took more than {self._within:.0f} s, after printing:\n{said.decode()}"
            )
        return said.decode().removesuffix(f"\n{MARK}\n")


def matches(wanted: str, said: str) -> bool:
    """Whether the answer stands in what was printed, in which ``…`` is anything."""
    pieces = [re.escape(piece.strip("\n")) for piece in wanted.split("…")]
    return re.search(".*?".join(pieces), said, re.DOTALL) is not None


def follow(page: Path, folder: Path, environ: Mapping[str, str], within: float = WITHIN_SECONDS) -> int:
    """Do everything that the page says, in this folder; returns how many commands' answers were compared.

    ``within`` = seconds for each block.

    A block that only asks is asked again for a while until the answer is there, as a person would.
    """
    compared = 0
    found = blocks(page.read_text(encoding="utf-8"))
    if any(block.language == "bash" and re.search(r"\bcurl\b", block.content) for block in found):
        bring("curl", environ)
    with Shell(folder, environ, within) as shell:
        for number, block in enumerate(found):
            if block.saved_as:
                (folder / block.saved_as).write_text(block.content, encoding="utf-8")
            elif block.language == "bash":
                said = shell.run(block.content)
                answer = found[number + 1] if number + 1 < len(found) else None
                if answer is not None and answer.language == "text" and not answer.above:
                    end = time.monotonic() + (0 if CHANGES.search(block.content) else AGAIN_WITHIN_SECONDS)
                    while not matches(answer.content, said):
                        place = f"{page.name}:{block.line}"
                        assert time.monotonic() < end, (
                            f"{place}\n{block.content}\n-- printed\n{said}\n-- not\n{answer.content}"
                        )
                        time.sleep(0.5)
                        said = shell.run(block.content)
                    compared += 1
    return compared
