"""A rule as a table that can be read aloud: what is given, what follows, and where it stands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SpecTable:
    """One table of cases; the document of all cases shows it as it is, and a test compares the rule with every row.

    `text` has the columns in its first line, then one case a line; cells stand between `|`, an empty cell is empty. A
    line that begins with `#` parts the cases. The last column is the source.
    """

    title: str
    intro: str
    text: str

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return _cells(self._lines()[0])

    @property
    def cases(self) -> list[dict[str, str]]:
        """Every case by the names of the columns."""
        rows = [_cells(line) for line in self._lines()[1:] if not line.startswith("#")]
        for row in rows:
            assert len(row) == len(self.columns), f"{self.title}: {' | '.join(row)}"
        return [dict(zip(self.columns, row, strict=True)) for row in rows]

    def _lines(self) -> list[str]:
        return [line.strip() for line in self.text.strip().splitlines() if line.strip()]


@dataclass(frozen=True)
class CaseTable:
    """The same of cases that come from elsewhere, such as a long CSV file."""

    title: str
    intro: str
    cases: list[dict[str, str]]

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.cases[0])


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]
