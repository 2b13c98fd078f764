"""Setting cells: ratios with limits, counts with percentages, footnotes with letters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

from etl.study.report.document import DASH, Cell, Number, Part


@dataclass
class Footnotes:
    """The footnotes of one table; a sentence gets its letter where it is first used."""

    letters: dict[str, str] = field(default_factory=dict)
    plain: list[str] = field(default_factory=list)

    def mark(self, sentence: str | None) -> tuple[str, ...]:
        """The letter of a sentence, or nothing without one."""
        if not sentence:
            return ()
        if sentence not in self.letters:
            self.letters[sentence] = _letter(len(self.letters))
        return (self.letters[sentence],)

    def say(self, sentence: str | None) -> None:
        """Add a sentence without a letter."""
        if sentence and sentence not in self.plain:
            self.plain.append(sentence)

    def finish(self) -> tuple[tuple[str, str], ...]:
        """All footnotes: those without a letter first."""
        return (*(("", text) for text in self.plain), *((letter, text) for text, letter in self.letters.items()))


def label_cell(*parts: Part, indent: int = 0, marks: Sequence[str] = ()) -> Cell:
    """A row's label."""
    return Cell(tuple(parts), marks=tuple(marks), indent=indent)


def number_cell(number: Number | None, *, why: str = "", notes: Footnotes | None = None) -> Cell:
    """A cell of one number; a dash with its reason where there is none."""
    if number is None:
        return Cell((DASH,), why=why) if why else Cell()
    marks = notes.mark(sentence(number.note)) if notes is not None and number.note else ()
    return Cell((number,), marks=marks, why=number.note or "")


def count_cell(count: Number | None, percent: Number | None) -> Cell:
    """A count with its percentage: 212 (82.5)."""
    if count is None:
        return Cell()
    if percent is None or percent.is_missing:
        return Cell((count,))
    return Cell((count, " (", percent, ")"))


def limits_cell(
    estimate: Number | None, low: Number | None, high: Number | None, *, notes: Footnotes, why: str = ""
) -> Cell:
    """An estimate with its limits: 0.63 (0.44–0.89); the reference level alone; a dash with the reason."""
    if estimate is None:
        return Cell((DASH,), why=why) if why else Cell()
    if estimate.text == "reference":
        return Cell((estimate, " (reference)"))
    marks = notes.mark(sentence(estimate.note)) if estimate.note else ()
    if low is None and high is None:
        return Cell((estimate,), marks=marks, why=estimate.note or "")
    missing = [limit.note for limit in (low, high) if limit is not None and limit.note and limit.is_missing]
    marks = (*marks, *(letter for note in dict.fromkeys(missing) for letter in notes.mark(sentence(note))))
    ends = [low, high]
    if all(end is None or end.is_missing for end in ends):
        return Cell((estimate,), marks=tuple(dict.fromkeys(marks)), why=" ".join(map(sentence, missing)))
    # A dash between dashes cannot be read.
    between = " to " if any(end is None or end.is_missing for end in ends) else DASH
    return Cell((estimate, " (", low or DASH, between, high or DASH, ")"), marks=tuple(dict.fromkeys(marks)))


def sentence(text: str | None) -> str:
    """Words as a sentence: a capital first, a stop last."""
    if not text:
        return ""
    text = text.strip()
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def _letter(place: int) -> str:
    """The letter of a place: a to z, aa to zz."""
    turn, letter = divmod(place, len(ascii_lowercase))
    return ascii_lowercase[letter] * (turn + 1)
