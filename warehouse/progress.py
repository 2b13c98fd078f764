"""Progress of long work, reported to a listener: a bar on a terminal, none elsewhere."""

from typing import Protocol


class Progress(Protocol):
    """A listener; steps are reported by one thread at a time, a sentence (`say`) by any."""

    def begin(self, label: str, total: int | None = None) -> None:
        """Start a step of `total` units; None when the length is not known."""

    def advance(self, count: int) -> None:
        """Report that `count` more units of the current step are done."""

    def say(self, message: str) -> None:
        """Report something that should stay readable after the step has ended."""


class Silent:
    """The listener that says nothing."""

    def begin(self, label: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, count: int) -> None:
        """Say nothing."""

    def say(self, message: str) -> None:
        """Say nothing."""
