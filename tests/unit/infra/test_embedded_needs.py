"""What the MongoDB that comes along needs is looked at first, and each lack is said with the way on."""

from pathlib import Path

import pytest

from infra.local.embedded import lacking, runs
from infra.local.processes import NotRunning

MEMORY = "MemTotal: 4000000 kB\nMemAvailable: {} kB\nSwapFree: {} kB\nHugePages_Total: 0\n"


def proc(folder: Path, flags: str = "fpu avx sse", available: int = 3_000_000, swap: int = 0) -> Path:
    """What ``/proc`` says of a machine."""
    (folder / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: {flags}\n", encoding="utf-8")
    (folder / "meminfo").write_text(MEMORY.format(available, swap), encoding="utf-8")
    return folder


def test_this_machine_and_a_usual_one_lack_nothing(tmp_path: Path) -> None:
    assert lacking() is None
    assert lacking(proc(tmp_path), "x86_64") is None
    assert lacking(proc(tmp_path, available=400_000, swap=600_000), "x86_64") is None


@pytest.mark.parametrize(
    ("flags", "available", "architecture", "said"),
    [
        ("fpu avx", 3_000_000, "aarch64", "this is aarch64"),
        ("fpu avx2 sse", 3_000_000, "x86_64", "a processor with AVX"),
        ("fpu avx", 500_000, "x86_64", "488 MB are free"),
    ],
)
def test_what_is_lacking_is_named(flags: str, available: int, architecture: str, said: str, tmp_path: Path) -> None:
    assert said in str(lacking(proc(tmp_path, flags, available), architecture))


def test_a_library_that_is_missing_and_cannot_be_installed_is_named_with_the_ways_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = tmp_path / "mongod"
    binary.write_text("#!/bin/sh\necho 'mongod: libcrypto.so.3: cannot open shared object file' >&2\nexit 127\n")
    binary.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))  # where nothing can be installed
    with pytest.raises(NotRunning, match=r"libcrypto\.so\.3: cannot open") as raised:
        runs(binary)
    for way in ("BRANDMATRIX_MONGO_URL", "BRANDMATRIX_AMQP_URL", "docs/containers.md"):
        assert way in str(raised.value)
