"""One change of one place in a source text: what stood there, and what stands there instead."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Change:
    """A stretch of a source text and what is written in its place; every other character stays as it is."""

    start: int
    """Offset of the first character that is replaced."""
    before: str
    after: str
    kind: str
    """What is changed: `comparison`, `condition`, `constant`, `join`, `operator` or `aggregate`."""

    def apply(self, text: str) -> str:
        """Return the text with the change made.

        Raises:
            ValueError: the text has something else at that place.
        """
        end = self.start + len(self.before)
        if text[self.start : end] != self.before:
            raise ValueError(f"At {self.start} stands {text[self.start : end]!r} where {self.before!r} was expected.")
        return text[: self.start] + self.after + text[end:]

    def line(self, text: str) -> int:
        """Number of the line on which the change begins, from 1."""
        return text.count("\n", 0, self.start) + 1


COMPARISONS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "=", "==": "!=", "!=": "=="}
"""What a comparison becomes: a bound moves by its own value, an equality is turned round."""


def next_number(text: str) -> str:
    """The number that follows in its last digit: 36 becomes 37, 0.66 becomes 0.67."""
    digits = text.replace("_", "")
    whole, point, fraction = digits.partition(".")
    raised = str(int(whole + fraction) + 1).zfill(len(whole + fraction))
    return raised[: len(raised) - len(fraction)] + point + raised[len(raised) - len(fraction) :] if fraction else raised


def other_word(text: str) -> str:
    """A code, a name or a state that is no other one of ours."""
    return f"{text}_" if text else "_"
