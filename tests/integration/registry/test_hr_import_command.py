"""``brandmatrix hr-import`` beside a running registry: what a person at a terminal sees, and the exit code."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.integration.registry.scim.conftest import HR, Served, listening, served

__all__ = ["listening", "served"]
PEOPLE = "\n".join(f"{number:03},员工{number},D1" for number in range(40))
HEADER = "工号,姓名,部门编码\n"


class Terminal:
    """Runs the command as HR's clerk would."""

    def __init__(self, served: Served, folder: Path) -> None:
        self._served, self._folder = served, folder

    async def imported(self, content: str, *options: str) -> tuple[int, str]:
        """Exit code and what was printed."""
        file = self._folder / "list.csv"
        file.write_text(content, encoding="utf-8")
        mine = {name: value for name, value in os.environ.items() if not name.startswith("BRANDMATRIX_")}
        port = self._served.url.rpartition(":")[2]
        mine |= {"BRANDMATRIX_REGISTRY_HTTP_PORT": port, "COLUMNS": "200"}
        mine |= {"BRANDMATRIX_TOKEN": self._served.issuer.token("hr", HR), "BRANDMATRIX_HOME": str(self._folder)}
        command = [sys.executable, "-m", "infra.ops.cli", "hr-import", str(file), "--source", "hr", *options]
        process = await asyncio.create_subprocess_exec(
            *command, env=mine, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await asyncio.wait_for(process.communicate(), 150)
        return process.returncode or 0, said.decode()


@pytest.fixture
def terminal(served: Served, tmp_path: Path) -> Terminal:
    """A terminal."""
    return Terminal(served, tmp_path)


async def test_a_list_is_applied_and_its_figures_and_wrong_rows_are_shown(terminal: Terminal) -> None:
    code, said = await terminal.imported(f"{HEADER}{PEOPLE}\n,无号,D1\n")
    assert code == 0, said
    assert "created" in said
    assert "40" in said
    assert "csv!42 工号: 缺少编号 · the number is missing" in said


async def test_a_list_that_loses_people_is_held_with_their_names_and_changes_nothing(terminal: Terminal) -> None:
    await terminal.imported(HEADER + PEOPLE)
    code, said = await terminal.imported(HEADER + "\n".join(PEOPLE.splitlines()[:28]))
    assert code == 1
    assert "12 / 40" in said
    assert all(f"{number:03} 员工{number}" in said for number in range(28, 40))
    assert "/release" in said


async def test_own_names_of_columns_come_from_a_file(terminal: Terminal, tmp_path: Path) -> None:
    names = tmp_path / "columns.json"
    names.write_text('{"employees": {"employee_no": "账号", "name": "员工"}}', encoding="utf-8")
    code, said = await terminal.imported("账号,员工\n7,甲\n", "--columns", str(names))
    assert (code, "created" in said) == (0, True), said


async def test_what_is_no_list_is_refused_in_both_languages(terminal: Terminal) -> None:
    code, said = await terminal.imported("hello")
    assert code == 1
    assert "表头" in said
    assert "header" in said
