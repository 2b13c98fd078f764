"""Columns that a source names besides its tables, to rename them or to read them freely: some file must have them."""

from collections.abc import Iterable, Sequence

from etl.readers.naming import list_some
from etl.readers.reader import Examination
from etl.readers.source import SourceFiles
from warehouse.errors import DeliveryError


def check_named_columns(where: str, source: SourceFiles, examinations: Sequence[Examination]) -> None:
    """Check that each column under `rename` and `line_breaks_in` is in one of a source's files at least.

    A data dictionary is read with its export, and its columns may be read freely, too.

    Raises:
        DeliveryError: none has it; a misspelled name would otherwise do nothing, in silence.
    """
    headings = [heading for each in examinations for heading in each.headings]
    columns = [column for each in examinations for column in each.file_columns]
    freely = {*columns, *(column for each in examinations for column in each.companion_columns)}
    wrong = [("rename", name, headings) for name in _absent(source.rename, headings)]
    wrong += [("line_breaks_in", name, columns) for name in _absent(source.line_breaks_in or (), freely)]
    for option, name, there in wrong:
        raise DeliveryError(
            f"{where} has no column '{name}' that mapping.yaml names under '{option}:', but "
            f"{list_some(list(dict.fromkeys(there)))}. Correct '{option}:'."
        )


def _absent(names: Iterable[str], there: Iterable[str]) -> list[str]:
    """List the names that no column bears, compared without case, as the engine does."""
    folded = {column.lower() for column in there}
    return [name for name in names if name.lower() not in folded]
