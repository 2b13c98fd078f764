"""A progress bar on a terminal for work that takes longer than a second; sentences elsewhere."""

import threading
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from etl.commands.show import err, printing_above_a_bar

SECONDS_BEFORE_SHOWN = 1.0


class ProgressBar:
    """A `warehouse.progress.Progress` on stderr; a context manager, so that the bar goes when the work ends."""

    def __init__(self) -> None:
        self._console: Console = err()
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._step: TaskID | None = None
        self._open = ExitStack()
        self.wake = threading.Timer(SECONDS_BEFORE_SHOWN, self._bar.start)
        self.wake.daemon = True

    def __enter__(self) -> Self:
        """Start the clock; the bar appears when the work lasts, and never when stderr is not a terminal."""
        self._open.enter_context(printing_above_a_bar(self._console))
        if self._console.is_terminal:
            self.wake.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the bar, also when the work was interrupted."""
        self.wake.cancel()
        with self._open:
            if self.wake.ident is not None:
                self.wake.join()
            if self._bar.live.is_started:
                self._bar.stop()

    def begin(self, label: str, total: int | None = None) -> None:
        """Replace the step that is shown."""
        if self._step is not None:
            self._bar.remove_task(self._step)
        self._step = self._bar.add_task(label, total=total)

    def advance(self, count: int) -> None:
        """Move the bar."""
        if self._step is not None:
            self._bar.advance(self._step, count)

    def say(self, message: str) -> None:
        """Print a sentence above the bar."""
        self._console.print(Text(message), soft_wrap=True)
