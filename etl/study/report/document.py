"""The report as a document: sections of tables, figures and sentences, which the page and the files are made from."""

from collections.abc import Iterator
from dataclasses import dataclass

DASH = "–"
"""Stands where there is no number; the note of the cell says why."""


@dataclass(frozen=True)
class Number:
    """One number of analysis.result, as it is printed and as it is.

    Attributes:
        result_id: the row of analysis.result.
        raw_value: the number unrounded; None where there is none.
        formatted_value: as it is printed; None where nothing is.
        text: what is said in words, such as infinite or reference.
        note: what a reader must know of it, or why there is none.
        method: such as welch_t; it names the test of a P value.
    """

    result_id: str
    raw_value: float | None
    formatted_value: str | None
    text: str | None
    note: str | None
    method: str

    @property
    def shown(self) -> str:
        """What is printed: the number, its words, or a dash."""
        printed = self.formatted_value or self.text or DASH
        if not printed.startswith("-"):
            return printed
        is_zero = not any(digit in printed for digit in "123456789") and "0" in printed
        return printed[1:] if is_zero else f"−{printed[1:]}"

    @property
    def is_missing(self) -> bool:
        """Whether neither a number nor words are printed."""
        return not (self.formatted_value or self.text)


@dataclass(frozen=True)
class Sourced:
    """A number that is no result of the study, with the table of the warehouse that it stands in."""

    shown: str
    value: str
    source: str


@dataclass(frozen=True)
class Link:
    """Words that lead to a section of the page, or to a file next to it."""

    shown: str
    target: str


@dataclass(frozen=True)
class Quiet:
    """Words that are printed smaller and lighter."""

    shown: str


Part = str | Number | Sourced | Link | Quiet


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes:
        parts: words and numbers in a row; nothing is put between them.
        marks: letters of footnotes.
        indent: levels of indentation of a row's label.
        why: why there is nothing to print; a hint on the page.
    """

    parts: tuple[Part, ...] = ()
    marks: tuple[str, ...] = ()
    indent: int = 0
    why: str = ""

    @property
    def text(self) -> str:
        """The cell without marks, as plain text."""
        return "".join(shown(part) for part in self.parts)

    @property
    def numbers(self) -> Iterator[Number]:
        """The study's results in it."""
        return (part for part in self.parts if isinstance(part, Number))


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        label: its heading.
        size: patients in it, printed below the heading as N.
        over: a heading that columns next to each other share.
        is_number: its cells are numbers, set to the right.
        is_quiet: it stands in lighter ink.
    """

    label: str
    size: Number | None = None
    over: str = ""
    is_number: bool = True
    is_quiet: bool = False


@dataclass(frozen=True)
class Row:
    """A row: as many cells as there are columns, the first of them its label."""

    cells: tuple[Cell, ...]
    is_heading: bool = False
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """A table as a journal sets it.

    Attributes:
        name: of its files, and with `rows_` in front its anchor: small letters, digits and underscores.
        number: such as Table 1; empty for a table without a number.
        title: the caption after the number.
        columns: the first is that of the labels.
        rows: in their order.
        footnotes: pairs of a letter (or nothing) and a sentence.
    """

    name: str
    number: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[tuple[str, str], ...] = ()

    @property
    def caption(self) -> str:
        """Number and title."""
        return f"{self.number}. {self.title}" if self.number else self.title


@dataclass(frozen=True)
class Figure:
    """A figure: SVG markup made by our own code, with its files next to the page."""

    name: str
    caption: str
    svg: str
    files: tuple[Link, ...]


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    parts: tuple[Part, ...]
    is_soft: bool = False


@dataclass(frozen=True)
class Facts:
    """Names with their values."""

    pairs: tuple[tuple[str, tuple[Part, ...]], ...]


@dataclass(frozen=True)
class Fold:
    """Blocks that a reader opens; on paper they are open."""

    title: str
    blocks: tuple["Block", ...]
    about: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    title: str
    name: str = ""


Block = Table | Figure | Prose | Facts | Fold | Heading


@dataclass(frozen=True)
class Section:
    """A part of the report with a heading of its own."""

    name: str
    title: str
    lead: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """The whole report.

    Attributes:
        study_id: name of the study.
        title: of the study.
        source: the publication that it repeats.
        is_synthetic: some patients are synthetic.
        is_current: the statistics were computed from what the warehouse holds now.
        key_numbers: pairs of a name and what is printed large on top.
        sections: in their order.
    """

    study_id: str
    title: str
    source: str
    is_synthetic: bool
    is_current: bool
    key_numbers: tuple[tuple[str, tuple[Part, ...]], ...]
    sections: tuple[Section, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in the order of the page."""
        return tuple(block for section in self.sections for block in _flat(section.blocks) if isinstance(block, Table))


def shown(part: Part) -> str:
    """A part as plain text."""
    return part if isinstance(part, str) else part.shown


def _flat(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Fold):
            yield from _flat(block.blocks)
