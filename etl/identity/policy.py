"""The identity policy of a mapping, as it acts on one file: which columns go, which become pseudonyms, and the scan.

It acts inside the engine, on the way from the file to the landed rows, so nothing is written before it. The key and the
patterns live in Python functions that the engine calls; no statement holds them.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import VARCHAR

from etl.identity.invisible import strip_invisible
from etl.identity.key import key_fingerprint
from etl.identity.pseudonym import pseudonym
from etl.identity.scan import SHORTEST_BYTES, find_identifiers, is_measurement, mask_identifiers
from etl.identity.sieve import LOOSE_PATTERN
from warehouse.errors import DeliveryError
from warehouse.quoting import quote_name, quote_text

COLUMN_MASK = "‹column masked›"
WITHHELD = "‹withheld›"
_CACHE_LIMIT = 500_000
_MANY_COLUMNS = 100
_CELL = quote_name("‹cell›")


@dataclass(frozen=True)
class IdentityPolicy:
    """What becomes of a column that may identify a person.

    `uses` says 'drop', 'pseudonymise' or 'unused' by column in NFC; `missing` are the tokens that stand for no
    identifier. `measured` are the columns that the mapping reads as measured numbers: there 2.30115E+12 is one, and stays.
    """

    uses: Mapping[str, str]
    missing: frozenset[str]
    key: bytes
    measured: frozenset[str] = frozenset()
    detectors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The further detectors that the mapping switches on, by column in NFC."""

    def masked(self, column: str, text: str) -> str:
        """Mask the identifiers in a text about a column."""
        return mask_identifiers(text, also=self.detectors.get(column, ()))

    def of_file(self, *, unused: Iterable[str] = (), measured: Iterable[str] = ()) -> "IdentityPolicy":
        """Give the policy for a file: keep nothing of the columns that nobody uses, and mind its measured numbers.

        An identity column that the mapping does not use is dropped.
        """
        kept_back = {column: "drop" if column in self.uses else "unused" for column in unused}
        return replace(self, uses=dict(self.uses) | kept_back, measured=frozenset(measured))

    def describe(self, columns: Sequence[str]) -> dict[str, object]:
        """State what decides the outcome for a file with these columns, without the key."""
        uses = {column: self.uses[column] for column in columns if column in self.uses}
        measured = sorted(self.measured.intersection(columns))
        detectors = {column: sorted(self.detectors[column]) for column in columns if column in self.detectors}
        return {
            "uses": uses,
            "missing": sorted(self.missing),
            "key": key_fingerprint(self.key),
            "measured": measured,
            "detectors": detectors,
        }

    def kept(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The columns that are landed."""
        return tuple(column for column in columns if self.uses.get(column) not in {"drop", "unused"})

    @staticmethod
    def check_presence(where: str, columns: Set[str], named: Iterable[str], *, under: str = "identity") -> None:
        """Check that every identity column is in some file: a renamed one would slip in under its new name."""
        missing = sorted(set(named) - columns)
        if missing:
            raise DeliveryError(
                f"{where}: no file has the column '{missing[0]}' that mapping.yaml names under '{under}:'. "
                f"Was it renamed? Correct '{under}:' before anything is read."
            )

    @staticmethod
    def check_file(name: str, columns: Sequence[str], needed: Set[str]) -> None:
        """Check that a file has its identity columns: without its header, a patient would name its columns."""
        missing = sorted(needed - set(columns))
        if missing:
            raise DeliveryError(
                f"{name}: the file has no column '{missing[0]}', by which the mapping knows its patients. "
                f"Has it lost its header, does the header stand further down ('skip_rows'), or was the column renamed? "
                f"Nothing of the delivery was kept."
            )

    def select(self, columns: Sequence[str], relation: str, *, unchanged: Sequence[str] = ()) -> str:
        """Write the query that turns the raw cells of a relation into cells that may be kept.

        The columns named `unchanged` come before them and stay as they are. The scan of a wide sheet is written once, over
        a list of its cells: a thousand times the same expression takes the engine seconds to plan.
        """
        kept = self.kept(columns)
        scanned = [column for column in kept if column not in self.uses and column not in self.detectors]
        by_function = {
            "mask_identifiers": [column for column in scanned if column not in self.measured],
            "mask_in_measurements": [column for column in scanned if column in self.measured],
        }
        scan: dict[str, str] = {}
        lists: list[str] = []
        for number, (function, names) in enumerate(by_function.items()):
            if len(names) <= _MANY_COLUMNS:
                scan |= {column: _scan(quote_name(column), function) for column in names}
                continue
            listed, cells = quote_name(f"‹cells {number}›"), ", ".join(map(quote_name, names))
            scan |= {column: f"{listed}[{place}]" for place, column in enumerate(names, start=1)}
            lists.append(f"list_transform([{cells}], lambda {_CELL}: {_scan(_CELL, function)}) AS {listed}")
        scan |= {column: self._scan_further(column) for column in kept if column in self.detectors}
        source = f"(SELECT {', '.join(['*', *lists])} FROM {relation})" if lists else relation
        # what is kept and not scanned becomes a pseudonym
        made = [
            f"{scan.get(column) or f'pseudonym_of({quote_name(column)})'} AS {quote_name(column)}" for column in kept
        ]
        # A file all of whose columns are dropped still has records.
        return f"SELECT {', '.join([*unchanged, *(made or ['NULL::VARCHAR AS _nothing'])])} FROM {source}"

    def withhold(self, columns: Sequence[str], cells: list[str]) -> list[str]:
        """Make the cells of a ragged record fit to be kept.

        Its cells may stand as many places aside as there are cells too many or too few, so every place where an
        identity column or one that is not kept may stand is withheld; the others are scanned.
        """
        shift = len(cells) - len(columns)
        withheld: set[int] = set()
        for place, column in enumerate(columns):
            if column in self.uses:
                withheld.update(range(min(place, place + shift), max(place, place + shift) + 1))
        also = {detector for column in columns for detector in self.detectors.get(column, ())}
        return [
            WITHHELD if place in withheld else mask_identifiers(cell, also=also) for place, cell in enumerate(cells)
        ]

    def _scan_further(self, column: str) -> str:
        """Write the expression that scans a cell for what its detectors find; no sieve knows what that is."""
        cell = quote_name(column)
        return (
            f"CASE WHEN {cell} = '' THEN '' ELSE mask_with({quote_text(' '.join(self.detectors[column]))}, {cell}) END"
        )


class IdentityFunctions:
    """The functions that the engine calls, and counts of what they did since `reset`.

    `mask_count` counts the cells that were masked, `doubt_count` the measured numbers that stayed and may be identifiers.
    """

    def __init__(self, policy: IdentityPolicy) -> None:
        self._policy = policy
        self._pseudonyms: dict[str, str] = {}
        self.reset()

    def reset(self) -> None:
        """Count from 0 again."""
        self.mask_count = self.doubt_count = 0

    def register(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make the functions known to a connection."""
        for name, function in (
            ("pseudonym_of", self._pseudonyms_of),
            ("mask_identifiers", self._mask),
            ("mask_in_measurements", self._mask_measured),
            ("identifier_in", _name_identifiers),
        ):
            con.create_function(name, function, [VARCHAR], VARCHAR, type=PythonUDFType.ARROW)
        con.create_function("mask_with", self._mask_with, [VARCHAR, VARCHAR], VARCHAR, type=PythonUDFType.ARROW)

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

    def _mask_with(self, detectors: pa.ChunkedArray, cells: pa.ChunkedArray) -> pa.Array:
        before = _in_one_piece(cells).to_pylist()
        switched_on = _in_one_piece(detectors).to_pylist()
        after = [mask_identifiers(cell, also=names.split()) for names, cell in zip(switched_on, before, strict=True)]
        self.mask_count += sum(one != other for one, other in zip(before, after, strict=True))
        return pa.array(after, pa.string())

    def _mask_measured(self, cells: pa.ChunkedArray) -> pa.Array:
        before = _in_one_piece(cells).to_pylist()
        after = [mask_identifiers(cell) for cell in before]
        changed = [place for place, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
        doubtful = [place for place in changed if is_measurement(before[place])]
        for place in doubtful:
            after[place] = before[place]
        self.doubt_count += len(doubtful)
        self.mask_count += len(changed) - len(doubtful)
        return pa.array(after, pa.string())


def identifier_sql(cell: str) -> str:
    """Write the expression that names the identifier which a kept cell looks like; NULL for none."""
    return f"CASE WHEN {_fits(cell)} THEN nullif(identifier_in({cell}), '') END"


def _name_identifiers(cells: pa.ChunkedArray) -> pa.Array:
    kinds = (find_identifiers(cell) for cell in _in_one_piece(cells).to_pylist())
    return pa.array(["".join(found[:1]) for found in kinds], pa.string())


def _fits(cell: str) -> str:
    return f"regexp_matches({cell}, {quote_text(LOOSE_PATTERN)})"


def _scan(cell: str, function: str) -> str:
    """Write the expression that scans a cell."""
    letters = " OR ".join(f"contains({cell}, '{sign}')" for sign in "@eE")
    # A plain ISO date is the most frequent cell that is long enough to be looked at: a cast recognises it quickly.
    is_date = f"strlen({cell}) = 10 AND TRY_CAST({cell} AS DATE) IS NOT NULL"
    return (
        f"CASE WHEN strlen({cell}) < {SHORTEST_BYTES} AND NOT ({letters}) THEN {cell} "
        f"WHEN {is_date} THEN {cell} WHEN {_fits(cell)} THEN {function}({cell}) ELSE {cell} END"
    )


def _in_one_piece(cells: pa.Array | pa.ChunkedArray) -> pa.Array:
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def _is_missing(cell: str, missing: frozenset[str]) -> bool:
    text = unicodedata.normalize("NFC", strip_invisible(cell))
    return not text or text in missing
