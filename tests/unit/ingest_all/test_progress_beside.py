"""Steps of work in a thread are shown while everybody waits for it, from where they stand, and broken off at the end."""

from concurrent.futures import CancelledError
from threading import Event

import pytest

from etl.ingest_all.progress import Beside, Named


class Notebook:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def begin(self, label: str, total: int | None = None) -> None:
        self.told.append((label, total))

    def advance(self, count: int) -> None:
        self.told.append((count,))

    def say(self, message: str) -> None:
        self.told.append((message,))


def test_a_step_is_shown_from_where_it_stands_while_it_is_waited_for() -> None:
    notebook = Notebook()
    beside = Beside(Named("hill", notebook), Event())
    beside.begin("Landing", 10)
    beside.advance(4)
    assert notebook.told == []
    with beside.shown():
        assert notebook.told == [("hill: Landing", 10), (4,)]
        beside.advance(6)
        beside.begin("Assessing")
    beside.advance(1)
    assert notebook.told[2:] == [(6,), ("hill: Assessing", None)]


def test_what_is_said_is_heard_in_any_case() -> None:
    notebook = Notebook()
    Beside(notebook, Event()).say("SYNTHETIC")
    assert notebook.told == [("SYNTHETIC",)]


def test_when_the_run_is_over_the_next_step_is_broken_off() -> None:
    is_over = Event()
    beside = Beside(Notebook(), is_over)
    beside.begin("Landing")
    is_over.set()
    for go_on in (lambda: beside.begin("Landing"), lambda: beside.advance(1)):
        with pytest.raises(CancelledError):
            go_on()
