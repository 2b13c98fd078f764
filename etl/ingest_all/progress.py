"""Progress listeners for several hospitals at once: whose step it is, and which of the concurrent steps is shown."""

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from threading import Event, Lock

from warehouse.progress import Progress


class Named:
    """A listener that says of which hospital each step is."""

    def __init__(self, site_id: str, listener: Progress) -> None:
        self._site_id, self._listener = site_id, listener
        self.advance, self.say = listener.advance, listener.say

    def begin(self, label: str, total: int | None = None) -> None:
        """Start a step of this hospital."""
        self._listener.begin(f"{self._site_id}: {label}", total)


class Beside:
    """The listener of work in a thread: its steps are shown only while everybody waits for them, else another's are.

    When the run is over, the next step is broken off, because its result is no longer needed.
    """

    def __init__(self, listener: Progress, is_over: Event) -> None:
        self._listener, self._is_over = listener, is_over
        self._is_shown, self._done = False, 0
        self._step: tuple[str, int | None] = ("", None)
        self._lock = Lock()

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the steps, from where the present one stands."""
        with self._lock:
            self._is_shown = True
            if self._step[0]:
                self._listener.begin(*self._step)
                self._listener.advance(self._done)
        try:
            yield
        finally:
            with self._lock:
                self._is_shown = False

    def begin(self, label: str, total: int | None = None) -> None:
        """Start a step."""
        self._go_on()
        with self._lock:
            self._step, self._done = (label, total), 0
            if self._is_shown:
                self._listener.begin(label, total)

    def advance(self, count: int) -> None:
        """Report units that are done."""
        self._go_on()
        with self._lock:
            self._done += count
            if self._is_shown:
                self._listener.advance(count)

    def say(self, message: str) -> None:
        """Say it in any case."""
        self._listener.say(message)

    def _go_on(self) -> None:
        if self._is_over.is_set():
            raise CancelledError
