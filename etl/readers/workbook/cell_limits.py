"""Cells of a workbook that are refused for what they are: longer than is read, or two at one address."""

from collections.abc import Callable

MOST_CHARACTERS = 1_000_000
"""The characters that a cell may hold; Excel itself holds 32,767, and programs that write workbooks do not all stop there."""


class RefusedCellError(ValueError):
    """A cell that is refused; the message goes on behind the name of the workbook."""


def repeated_cell(address: str) -> RefusedCellError:
    """Refuse a second value at one address, of which nobody can say whether it replaces the first."""
    return RefusedCellError(
        f"two cells with a value are both {address}, and nobody can say which of the two counts. Save the workbook again in "
        f"Excel, compare the cell with its record, and send it again."
    )


class CellText:
    """The text of a cell as it comes in pieces, each of which is copied once, however many there are."""

    def __init__(self, where: Callable[[], str]) -> None:
        """`where` names the place that is being read."""
        self._where = where
        self._pieces: list[str] = []
        self._length = 0

    def begin(self) -> None:
        """Begin another text."""
        self._pieces.clear()
        self._length = 0

    def take(self, piece: str) -> None:
        """Take the next piece.

        Raises:
            RefusedCellError: the cell is longer than is read.
        """
        self._length += len(piece)
        if self._length > MOST_CHARACTERS:
            raise RefusedCellError(
                f"{self._where()} holds more than {MOST_CHARACTERS:,} characters, the most that are read of a cell (Excel "
                f"itself holds 32,767). Ask what the cell is, shorten it, and send the workbook again."
            )
        self._pieces.append(piece)

    def whole(self) -> str:
        """Join the pieces."""
        return "".join(self._pieces)
