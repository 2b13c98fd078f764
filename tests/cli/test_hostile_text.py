"""What a hospital wrote reaches the terminal without control sequences, whichever way it takes."""

import ast
import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from etl.cli import run
from etl.commands import progress_bar, show
from etl.commands.progress_bar import ProgressBar
from etl.commands.safe_console import SafeConsole, plain_text
from etl.commands.show import json_text, print_on_stderr, show_rows

HOSTILE = "a\x1b]0;owned\x07\x1b[31m\x9b5m\u202egpj.\u200b\r\x00\x7f[bold]x[/bold] :skull: b"
OURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
"""Colours and movements of the cursor that rich writes for us."""
BOLD = r"[bold]x[/bold] :skull:"


def steering(text: str) -> list[str]:
    return [char for char in OURS.sub("", text) if char != "\n" and char != plain_text(char)]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    shown = io.StringIO()
    for name in ("out", "err"):
        monkeypatch.setattr(show, name, lambda: SafeConsole(file=shown, force_terminal=True, width=80))
    return shown


def test_the_check_sees_a_fault() -> None:
    shown = io.StringIO()
    Console(file=shown, force_terminal=True).print(Text(HOSTILE))
    assert steering(shown.getvalue())


@pytest.mark.parametrize("width", [20, 80, 400])
def test_a_table_on_a_screen(screen: io.StringIO, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show, "out", lambda: SafeConsole(file=screen, force_terminal=True, width=width))
    show_rows([HOSTILE, "n"], [(HOSTILE, 1)], as_json=False, title=HOSTILE)
    assert steering(screen.getvalue()) == []
    if width == 400:  # else the words are wrapped
        assert OURS.sub("", screen.getvalue()).count("owned") == 3


def test_a_sentence_a_path_and_a_style_on_a_screen(screen: io.StringIO) -> None:
    print_on_stderr(HOSTILE, style="red")
    show.out().print(HOSTILE, soft_wrap=True)
    show.out().print(Text(HOSTILE, style="bold") + Text(HOSTILE), soft_wrap=True)
    assert steering(screen.getvalue()) == []
    assert OURS.sub("", screen.getvalue()).count(BOLD) == 4


@pytest.mark.parametrize("as_json", [False, True])
def test_a_table_in_a_pipe(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    show_rows([HOSTILE], [(HOSTILE,), ([HOSTILE],), ({HOSTILE: HOSTILE},)], as_json=as_json, title=HOSTILE)
    shown = capsys.readouterr().out
    assert steering(shown) == []
    assert "\x1b" not in shown
    if as_json:
        assert [row[HOSTILE] for row in json.loads(shown)] == [HOSTILE, [HOSTILE], {HOSTILE: HOSTILE}]


def test_json_is_read_as_the_same_text() -> None:
    text = HOSTILE + "남 \U000e0041 \u2028 \ud83d"
    assert steering(json_text(text)) == []
    assert json.loads(json_text(text)) == text
    assert json_text("남　자") == '"남　자"'


def test_a_bar_and_what_is_said_above_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(
        progress_bar, "err", lambda: SafeConsole(file=shown, force_terminal=True, width=200, _environ={})
    )
    monkeypatch.setattr(progress_bar, "SECONDS_BEFORE_SHOWN", 0.0)
    with ProgressBar() as progress:
        progress.begin(HOSTILE, 10)
        progress.wake.join(timeout=10)
        progress.say(HOSTILE)
        print_on_stderr("said by another")  # goes above the bar, too
        progress.advance(10)
    assert OURS.sub("", shown.getvalue()).count("owned") >= 2
    assert [char for char in steering(shown.getvalue()) if char != "\r"] == []
    # a sentence begins a line of its own, and the bar leaves none behind
    lines = re.split(r"[\r\n]", OURS.sub("", shown.getvalue()))
    assert "said by another" in [line.strip() for line in lines]
    assert lines[-1] == ""
    assert show._bars == []


def test_a_hostile_file_name_sheet_and_cell_in_a_query(
    warehouse_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HCC_DATA_DIR", str(warehouse_path.parent))
    monkeypatch.setenv("HCC_REPORTS_DIR", str(warehouse_path.parent / "reports"))
    hostile = HOSTILE.replace("\x00", "")
    for command in (
        ["query", f"SELECT '{hostile}' AS cell"],
        ["query", f"SELEC '{hostile}'"],
        ["describe", hostile],
        ["findings", hostile],
        ["findings", "snuh", "--rule", hostile],
        ["quarantine", "snuh", "--table", hostile],
        ["questions", "snuh", "--question", hostile],
        ["export", "unused", "--schema", hostile],
        ["ingest", hostile],
        ["explain", hostile, "patient"],
        ["check-mapping", hostile],
        ["rollback", hostile],
        ["report", hostile],
        ["grade", hostile],
        ["respond", hostile],
        ["audit-table", hostile],
        ["check-study", hostile],
    ):
        run(command)
        shown = "".join(capsys.readouterr())
        assert shown.strip()
        assert steering(shown) == [], command


@pytest.mark.parametrize("path", sorted(Path("etl").rglob("*.py")), ids=str)
def test_nothing_prints_past_the_console(path: Path) -> None:
    """A new command cannot print by another way; the version, which is ours, is the one exception."""
    if path.name in {"safe_console.py", "show.py"}:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"print", "Console", "rich.print", "typer.secho", "sys.stdout.write"}, node.lineno
            assert called != "typer.echo" or path == Path("etl/cli.py")
