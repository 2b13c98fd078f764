"""The bar shows on a terminal only; sentences always reach the reader."""

import io

import pytest
from rich.console import Console

from etl.commands import progress_bar
from etl.commands.progress_bar import ProgressBar


def test_nothing_but_sentences_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar() as progress:
        progress.begin("reading", 10)
        progress.advance(10)
        progress.say("waiting for process [12]")
        progress.begin("mapping")
    assert capsys.readouterr() == ("", "waiting for process [12]\n")


@pytest.mark.parametrize(("seconds", "is_shown"), [(0.0, True), (3600.0, False)])
def test_the_bar_shows_once_the_work_lasts(seconds: float, is_shown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(progress_bar, "err", lambda: Console(file=screen, force_terminal=True, width=80))
    monkeypatch.setattr(progress_bar, "SECONDS_BEFORE_SHOWN", seconds)
    with ProgressBar() as progress:
        progress.begin("reading", 10)
        progress.wake.join(timeout=10 if is_shown else 0)
        progress.advance(5)
    assert ("reading" in screen.getvalue()) is is_shown


def test_an_error_takes_the_bar_away(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(progress_bar, "err", lambda: Console(file=screen, force_terminal=True, width=80))
    with pytest.raises(ZeroDivisionError), ProgressBar() as progress:
        progress.begin("reading")
        raise ZeroDivisionError
    assert progress.wake.finished.is_set()
