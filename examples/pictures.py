"""``make pictures``: what ``make run`` shows, for README: its way, the brand matrix at its end, and an API page.

The run is a real one, on data of its own under ``.runtime``; Chromium draws (Debian: ``chromium fonts-noto-cjk``).
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
COLUMNS, LINE, MARGIN = 112, 20, 16
PAGE = f"""<!doctype html><meta charset="utf-8"><style>
body {{{{ margin: 0; background: #1e1e1e; color: #d9d9d9; }}}}
pre {{{{ margin: {MARGIN}px; font: 14px/{LINE}px 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace; }}}}
i {{{{ display: inline-block; width: 2ch; font-style: normal; text-align: center; }}}}
</style><pre>{{code}}</pre>"""
CELL = 8.5
STAYS, MATRIX = "Ctrl-C", "· brand matrix ·"
FLAGS = "--headless --disable-gpu --hide-scrollbars --no-first-run --disable-background-networking --disable-sync"


def main() -> None:
    """Run, draw, stop; says what is missing."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("make pictures draws with Chromium, which is not installed (Debian: apt-get install chromium)")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / ".runtime", prefix="pictures-") as home:
        command = [str(Path(sys.executable).with_name("brandmatrix")), "run"]
        settings = {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TTY_INTERACTIVE": "0", "PYTHONUNBUFFERED": "1"}
        environ = os.environ | settings | {"BRANDMATRIX_HOME": home}
        run = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
        try:
            said = _until_it_stays(run).replace(home, ".runtime").replace(f"{ROOT}/", "")
            url = re.search(r"notify +(http\S+/docs)", Text.from_ansi(said).plain)
            assert url, said  # noqa: S101 - the run has failed and says why
            _draw(chromium, url[1], PICTURES / "api.png", (1180, 820))
        finally:
            run.terminate()
            run.wait(120)
        lines = ["$ make run", *said.splitlines()]
        matrix = next(number for number, line in enumerate(lines) if MATRIX in line)
        for name, part in (("run", lines[:matrix]), ("matrix", lines[matrix:])):
            page = Path(home) / f"{name}.html"
            shown = Text.from_ansi("\n".join(part).strip("\n"))
            page.write_text(_page(shown), encoding="utf-8")
            rows = shown.plain.splitlines()
            size = int(max(map(cell_len, rows)) * CELL) + 2 * MARGIN, len(rows) * LINE + 2 * MARGIN
            _draw(chromium, page.as_uri(), PICTURES / f"{name}.png", size)


def _until_it_stays(run: "subprocess.Popen[str]") -> str:
    """What it says until everything is up and shown, or until it ends."""
    assert run.stdout  # noqa: S101 - it is a pipe
    said = ""
    for line in run.stdout:
        said += line
        if STAYS in line:
            break
    return said


def _page(text: Text) -> str:
    """The terminal as HTML; what is two cells wide there is so here, whatever the fonts."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(text, soft_wrap=True)
    html = console.export_html(theme=MONOKAI, code_format=PAGE, inline_styles=True)
    return "".join(f"<i>{sign}</i>" if cell_len(sign) == 2 else sign for sign in html)  # noqa: PLR2004 - two cells


def _draw(chromium: str, url: str, picture: Path, size: tuple[int, int]) -> None:
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    shape = [f"--window-size={size[0]},{size[1]}", "--force-device-scale-factor=1.5", "--virtual-time-budget=10000"]
    with tempfile.TemporaryDirectory() as profile:
        command = [
            chromium,
            *FLAGS.split(),
            *sandbox,
            *shape,
            f"--user-data-dir={profile}",
            f"--screenshot={picture}",
            url,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    print(f"drew {picture.relative_to(ROOT)}")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
