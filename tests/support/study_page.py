"""Reading a study's page as a reader's program would: numbers with their rows, cells, anchors and links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Datum:
    """A number on the page: what is shown, its raw value, and the row that it names."""

    shown: str
    value: str
    result: str | None
    source: str | None
    why: str


class StudyPage:
    """A page that was written."""

    def __init__(self, path: Path) -> None:
        """Read it."""
        self.text = path.read_text(encoding="utf-8")
        self.root: Any = html.document_fromstring(self.text)

    @property
    def data(self) -> list[Datum]:
        """Every number that names its row."""
        return [
            Datum(each.text or "", each.get("value"), each.get("data-result"), each.get("data-source"), _why(each))
            for each in self.root.iter("data")
        ]

    def numeric_cells(self) -> Iterator[tuple[str, str, str]]:
        """Of every numeric cell: its table, the whole text, and what of it stands outside of `data`."""
        for table in self.root.iter("table"):
            for cell in table.xpath(".//td[contains(concat(' ', @class, ' '), ' num ')] | .//span[@class='size']"):
                outside = cell.xpath(".//text()[not(ancestor::data) and not(ancestor::sup)]")
                yield table.get("id"), cell.text_content(), "".join(outside)

    def rows(self, table: str) -> list[list[str]]:
        """The rows of a table's body as text."""
        return [
            [cell.text_content() for cell in row] for row in self.root.xpath(f"//table[@id='rows_{table}']/tbody/tr")
        ]

    @property
    def tables(self) -> list[str]:
        """Names of the tables in the order of the page."""
        return [table.get("id") for table in self.root.iter("table")]

    @property
    def captions(self) -> list[str]:
        """Captions of the tables in the order of the page."""
        return [caption.text_content() for caption in self.root.iter("caption")]

    @property
    def sections(self) -> list[str]:
        """Names of the sections."""
        return [section.get("id") for section in self.root.iter("section")]

    @property
    def ids(self) -> list[str]:
        """Every anchor."""
        return [str(each) for each in self.root.xpath("//@id")]

    @property
    def links(self) -> list[str]:
        """Where every link leads."""
        return [str(each) for each in self.root.xpath("//a/@href")]

    def bare_numbers(self) -> list[tuple[str, str]]:
        """Numeric cells in which a digit stands outside of `data`."""
        return [(table, text) for table, text, outside in self.numeric_cells() if _DIGIT.search(outside)]


def printed(formatted: str | None, text: str | None) -> str:
    """How a row of analysis.result is printed: a true minus sign, no minus zero, a dash for nothing."""
    shown = formatted or text or "–"
    if shown.startswith("-"):
        return shown[1:] if float(shown.replace(",", "")) == 0 else f"−{shown[1:]}"
    return shown


def _why(number: Any) -> str:
    """The note of a number, or of its cell, or the footnotes that its cell refers to."""
    if number.get("title"):
        return str(number.get("title"))
    cell = next((each for each in number.iterancestors() if each.tag in {"td", "th"}), None)
    if cell is None:
        return ""
    letters = [letter for mark in cell.findall("sup") for letter in (mark.text or "").split(",")]
    sheet = next(each for each in cell.iterancestors() if "sheet" in (each.get("class") or ""))
    notes = {item.findtext("sup"): item.text_content() for item in sheet.iterfind("ul/li")}
    return " ".join([cell.get("title") or "", *(notes[letter] for letter in letters)]).strip()
