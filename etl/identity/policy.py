"""The identity policy of a mapping, as it acts on one file: which columns go, which become pseudonyms, and the scan.

It acts inside the engine, on the way from the file to the landed rows, so nothing is written before it. The key and the
patterns live in Python functions that the engine calls; no statement holds them.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import VARCHAR

from etl.identity.key import key_fingerprint
from etl.identity.pseudonym import pseudonym
from etl.identity.scan import LOOSE_PATTERN, SHORTEST_BYTES, mask_identifiers
from warehouse.errors import DeliveryError
from warehouse.quoting import quote_name, quote_text

COLUMN_MASK = "‹column masked›"
WITHHELD = "‹withheld›"
_CACHE_LIMIT = 500_000
_MANY_COLUMNS = 100
_CELL, _CELLS = quote_name("‹cell›"), quote_name("‹cells›")


@dataclass(frozen=True)
class IdentityPolicy:
    """What becomes of a column that may tell who somebody is.

    `uses` tells 'drop', 'pseudonymise' or 'unknown' by column in NFC; `missing` are the tokens that stand for no
    identifier.
    """

    uses: Mapping[str, str]
    missing: frozenset[str]
    key: bytes

    def withholding(self, unknown: Iterable[str]) -> "IdentityPolicy":
        """Keep back the columns that nobody has named too: a new one may hold a guardian's name."""
        return replace(self, uses=dict.fromkeys(unknown, "unknown") | dict(self.uses))

    def describe(self, columns: Sequence[str]) -> dict[str, object]:
        """State what decides the outcome for a file with these columns, without the key."""
        uses = {column: self.uses[column] for column in columns if column in self.uses}
        return {"uses": uses, "missing": sorted(self.missing), "key": key_fingerprint(self.key)}

    def kept(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The columns that are landed."""
        return tuple(column for column in columns if self.uses.get(column) not in {"drop", "unknown"})

    @staticmethod
    def check_presence(where: str, columns: Set[str], named: Iterable[str]) -> None:
        """Check that every identity column is in some file: a renamed one would slip in under its new name."""
        missing = sorted(set(named) - columns)
        if missing:
            raise DeliveryError(
                f"{where}: no file has the column '{missing[0]}' that mapping.yaml names under 'identity:'. "
                f"Was it renamed? Correct 'identity:' before anything is read."
            )

    @staticmethod
    def check_file(name: str, columns: Sequence[str], needed: Set[str]) -> None:
        """Check that a file has its identity columns: without its header, a patient would name its columns."""
        missing = sorted(needed - set(columns))
        if missing:
            raise DeliveryError(
                f"{name}: the file has no column '{missing[0]}', by which the mapping knows its patients. "
                f"Has it lost its header, or was the column renamed? Nothing of the delivery was kept."
            )

    def select(self, columns: Sequence[str], relation: str, *, beside: Sequence[str] = ()) -> str:
        """Write the query that turns the raw cells of a relation into cells that may be kept.

        The columns named `beside` come before them and stay as they are. The scan of a wide sheet is written once, over
        a list of its cells: a thousand times the same expression takes the engine seconds to plan.
        """
        kept = self.kept(columns)
        scanned = [column for column in kept if column not in self.uses]
        scan, source = {column: _scan(quote_name(column)) for column in scanned}, relation
        if len(scanned) > _MANY_COLUMNS:
            scan = {column: f"{_CELLS}[{place}]" for place, column in enumerate(scanned, start=1)}
            cells = ", ".join(map(quote_name, scanned))
            source = (
                f"(SELECT *, list_transform([{cells}], lambda {_CELL}: {_scan(_CELL)}) AS {_CELLS} FROM {relation})"
            )
        # what is kept and not scanned becomes a pseudonym
        made = [
            f"{scan.get(column) or f'pseudonym_of({quote_name(column)})'} AS {quote_name(column)}" for column in kept
        ]
        # A file all of whose columns are dropped still has records.
        return f"SELECT {', '.join([*beside, *(made or ['NULL::VARCHAR AS _nothing'])])} FROM {source}"

    def withhold(self, columns: Sequence[str], cells: list[str]) -> list[str]:
        """Make the cells of a ragged record fit to be kept.

        Its cells may stand as many places aside as there are cells too many or too few, so every place where an
        identity column may stand is withheld; the others are scanned.
        """
        shift = len(cells) - len(columns)
        named = [place for place, column in enumerate(columns) if column in self.uses]
        spans = [range(min(place, place + shift), max(place, place + shift) + 1) for place in named]
        return [
            WITHHELD if any(place in span for span in spans) else mask_identifiers(cell)
            for place, cell in enumerate(cells)
        ]


class IdentityFunctions:
    """The two functions that the engine calls; `mask_count` counts the cells masked since it was last set to 0."""

    def __init__(self, policy: IdentityPolicy) -> None:
        self._policy = policy
        self._pseudonyms: dict[str, str] = {}
        self.mask_count = 0

    def register(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make `pseudonym_of` and `mask_identifiers` known to a connection."""
        for name, function in (("pseudonym_of", self._pseudonyms_of), ("mask_identifiers", self._mask)):
            con.create_function(name, function, [VARCHAR], VARCHAR, type=PythonUDFType.ARROW)

    def _pseudonyms_of(self, cells: pa.ChunkedArray) -> pa.Array:
        encoded = _in_one_piece(cells).dictionary_encode()
        return pa.array(map(self._pseudonym, encoded.dictionary.to_pylist()), pa.string()).take(encoded.indices)

    def _pseudonym(self, cell: str) -> str:
        known = self._pseudonyms.get(cell)
        if known is None:
            known = cell if _is_missing(cell, self._policy.missing) else pseudonym(self._policy.key, cell)
            if len(self._pseudonyms) >= _CACHE_LIMIT:
                self._pseudonyms.clear()
            self._pseudonyms[cell] = known
        return known

    def _mask(self, cells: pa.ChunkedArray) -> pa.Array:
        before = _in_one_piece(cells).to_pylist()
        after = [mask_identifiers(cell) for cell in before]
        self.mask_count += sum(one != other for one, other in zip(before, after, strict=True))
        return pa.array(after, pa.string())


def _scan(cell: str) -> str:
    """Write the expression that scans a cell."""
    # A plain ISO date is the most frequent cell that is long enough to be looked at: a cast tells it in no time.
    is_date = f"strlen({cell}) = 10 AND TRY_CAST({cell} AS DATE) IS NOT NULL"
    return (
        f"CASE WHEN strlen({cell}) < {SHORTEST_BYTES} AND NOT contains({cell}, '@') THEN {cell} "
        f"WHEN {is_date} THEN {cell} "
        f"WHEN regexp_matches({cell}, {quote_text(LOOSE_PATTERN)}) THEN mask_identifiers({cell}) ELSE {cell} END"
    )


def _in_one_piece(cells: pa.Array | pa.ChunkedArray) -> pa.Array:
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def _is_missing(cell: str, missing: frozenset[str]) -> bool:
    text = unicodedata.normalize("NFC", cell.strip())
    return not text or text in missing
