"""Writing one file's rows, its unreadable records and the findings of reading into a draft folder."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from etl.identity.policy import COLUMN_MASK, IdentityFunctions, IdentityPolicy, identifier_sql
from etl.identity.pseudonym import pseudonym
from etl.identity.scan import ALL_KINDS, mask_of
from etl.landing.labels import write_labels
from etl.landing.landed_file import FINDINGS, LABELS, ROWS, UNREADABLE, LandedFile
from etl.landing.unreadable import FOUND, KeepingReception
from etl.readers.reader import LINE, RECORD, Examination
from etl.readers.workbook.place import column_letters
from warehouse.errors import DeliveryError
from warehouse.quoting import quote_name, quote_path, quote_text

_LZ4 = "(FORMAT parquet, COMPRESSION lz4, USE_TMP_FILE false)"
_MOSTLY, _AT_LEAST, _BESIDE = 0.5, 3, 4
_COLUMNS_AT_ONCE = 100
"""In one query; the engine's time to plan it grows with the square of them."""
_WIDE_COLUMNS = 1_000
"""Of so many columns each thread reserves room for 2,048 rows several times over, which soon exceeds the engine's memory."""
_ENOUGH_COLUMNS = 20
"""So many cells that are their columns' names are no chance."""
_AROUND = " \t\u00a0\ufeff\u200b\u2060"
_USES = {"drop": "dropped", "pseudonymise": "pseudonymised"}
"""What identity makes of a column; of one that is not used, the mapping says whether it is ignored."""


def write_rows(
    con: duckdb.DuckDBPyConnection,
    draft: Path,
    examination: Examination,
    *,
    source: str,
    name: str,
    policy: IdentityPolicy,
    functions: IdentityFunctions,
) -> LandedFile:
    """Write a file's Parquet into `draft`, by the engine's CSV reader if its count agrees with the byte scan's, else by record.

    Raises DeliveryError when the file is refused on the way, or when two ways of counting its records disagree.
    """
    columns = policy.kept(examination.columns)
    with KeepingReception(draft, examination.file_columns, policy) as reception:
        has_addresses = not _write_fast(con, draft, examination, policy=policy, functions=functions)
        if has_addresses:
            row_count = _write_carefully(
                con, draft, examination, policy=policy, functions=functions, reception=reception
            )
        else:
            assert examination.record_count is not None
            row_count = examination.record_count
    record_count = row_count + reception.unreadable_count
    if examination.record_count not in {None, record_count}:
        raise DeliveryError(
            f"{name}: {record_count:,} records were read, but {examination.record_count:,} were counted before. "
            f"The file is not what it seems; ask for it again."
        )
    masked_columns, masked_count = {}, functions.mask_count
    with_masks = _columns_with_masks(con, draft, columns, policy=policy) if masked_count else []
    if with_masks:
        masked_columns = _mask_columns(con, draft, with_masks)
    notes = _notes(examination, reception.blank_lines, masked_columns)
    write_labels(
        draft / LABELS, examination.labels, columns=_open_columns(columns, policy, masked_columns), policy=policy
    )
    _write_findings(
        con,
        draft,
        notes=notes,
        scanned=[column for column in with_masks if column not in masked_columns],
        doubtful=[column for column in columns if column in policy.measured] if functions.doubt_count else [],
        has_addresses=has_addresses,
        expected=len(examination.file_columns),
    )
    uses = {column: _USES[policy.uses[column]] for column in examination.columns if policy.uses.get(column) in _USES}
    return LandedFile(
        source=source,
        file=name,
        sheet=examination.sheet,
        sha256=examination.sha256,
        size_bytes=examination.size_bytes,
        record_count=record_count,
        unreadable_count=reception.unreadable_count,
        masked_count=masked_count,
        header=examination.columns,
        columns=columns,
        column_use=uses | dict.fromkeys(masked_columns, "masked"),
        has_addresses=has_addresses,
        sheets=examination.sheets,
        letters=_letters(examination),
        path=draft,
    )


def _letters(examination: Examination) -> tuple[str | None, ...]:
    """Name the columns as a sheet does; the records' numbers are in no column of it."""
    first, own = examination.first_column, len(examination.file_columns)
    letters = [None if first is None else column_letters(first + place) for place in range(own)]
    return (*letters, *([None] * (len(examination.columns) - own)))


def _write_fast(
    con: duckdb.DuckDBPyConnection,
    draft: Path,
    examination: Examination,
    *,
    policy: IdentityPolicy,
    functions: IdentityFunctions,
) -> bool:
    """Let the engine read; False when it must not, cannot, or counts other records than the byte scan."""
    if examination.relation is None:
        return False
    functions.reset()
    select = policy.select(examination.columns, examination.relation)
    try:
        count = _copy(con, select, draft / ROWS)
    except duckdb.Error:
        return False
    return count == examination.record_count and not _repeats_header(con, draft, examination, policy=policy)


def _repeats_header(
    con: duckdb.DuckDBPyConnection, draft: Path, examination: Examination, *, policy: IdentityPolicy
) -> bool:
    """Whether a landed row may be the header once more; reading record by record then judges by all of its cells."""
    kept = policy.kept(examination.columns)[:_ENOUGH_COLUMNS]
    if not kept:
        return False
    headings = dict(zip(examination.columns, examination.headings or examination.columns, strict=True))
    same = " AND ".join(
        f"nfc_normalize(trim({quote_name(column)}, {quote_text(_AROUND)})) IN "
        f"({quote_text(pseudonym(policy.key, headings[column]) if column in policy.uses else headings[column])}, '')"
        for column in kept
    )
    filled = " OR ".join(f"{quote_name(column)} <> ''" for column in kept)
    asked = f"SELECT 1 FROM read_parquet({quote_path(draft / ROWS)}) WHERE {same} AND ({filled}) LIMIT 1"
    return bool(con.execute(asked).fetchall())


def _write_carefully(
    con: duckdb.DuckDBPyConnection,
    draft: Path,
    examination: Examination,
    *,
    policy: IdentityPolicy,
    functions: IdentityFunctions,
    reception: KeepingReception,
) -> int:
    """Read record by record; the cells take the same way through the policy."""
    functions.reset()
    failures: list[Exception] = []

    def read() -> Iterator[pa.RecordBatch]:
        try:
            yield from examination.read_batches(reception)
        except Exception as failure:
            failures.append(failure)  # the engine would bury it in an error of its own
            raise

    schema = pa.schema(
        [(RECORD, pa.int64()), (LINE, pa.int64()), *((column, pa.string()) for column in examination.columns)]
    )
    con.register("careful", pa.RecordBatchReader.from_batches(schema, read()))
    # Nothing here can be planned better, and the optimizer's time grows with the square of the columns: a minute at 2,000.
    con.execute("PRAGMA disable_optimizer")
    ((threads,),) = con.execute("SELECT current_setting('threads')").fetchall()
    is_wide = len(examination.columns) > _WIDE_COLUMNS
    if is_wide:
        con.execute("SET threads = 1")
    try:
        return _copy(con, policy.select(examination.columns, "careful", unchanged=(RECORD, LINE)), draft / ROWS)
    except duckdb.Error:
        if failures:
            raise failures[0] from None
        raise
    finally:
        con.execute("PRAGMA enable_optimizer")
        if is_wide:
            con.execute(f"SET threads = {threads}")
        con.unregister("careful")


def _copy(con: duckdb.DuckDBPyConnection, select: str, path: Path) -> int:
    counted = con.execute(f"COPY ({select}) TO {quote_text(str(path.absolute()))} {_LZ4}").fetchall()
    return int(counted[0][0])


def _columns_with_masks(
    con: duckdb.DuckDBPyConnection, draft: Path, columns: tuple[str, ...], *, policy: IdentityPolicy
) -> list[str]:
    """Find the few columns of a file, which may have thousands, in which a cell was masked."""
    scanned = [column for column in columns if column not in policy.uses]
    found = []
    for begin in range(0, len(scanned), _COLUMNS_AT_ONCE):
        some = scanned[begin : begin + _COLUMNS_AT_ONCE]
        asked = ", ".join(
            "bool_or("
            + " OR ".join(f"contains({quote_name(column)}, {quote_text(mask_of(kind))})" for kind in ALL_KINDS)
            + ")"
            for column in some
        )
        row = con.execute(f"SELECT {asked} FROM read_parquet({quote_path(draft / ROWS)})").fetchall()[0]
        found += [column for column, is_masked in zip(some, row, strict=True) if is_masked]
    return found


def _mask_columns(con: duckdb.DuckDBPyConnection, draft: Path, scanned: list[str]) -> dict[str, str]:
    """Mask a column wholly where most filled cells are identifiers; the kind found most by column."""
    rows = f"read_parquet({quote_path(draft / ROWS)})"
    counts = ", ".join(
        f"[count(*) FILTER (trim({quote_name(column)}) <> ''), "
        + ", ".join(f"count(*) FILTER ({_is_mask(column, kind)})" for kind in ALL_KINDS)
        + "]"
        for column in scanned
    )
    masked = {}
    for column, (filled, *found) in zip(
        scanned, con.execute(f"SELECT {counts} FROM {rows}").fetchall()[0], strict=True
    ):
        if sum(found) >= _AT_LEAST and sum(found) > _MOSTLY * filled:
            masked[column] = ALL_KINDS[found.index(max(found))]
    if masked:
        replaced = ", ".join(
            f"CASE WHEN trim({quote_name(column)}) = '' THEN '' ELSE {quote_text(COLUMN_MASK)} END AS {quote_name(column)}"
            for column in masked
        )
        (draft / ROWS).rename(draft / "first.parquet")
        _copy(
            con, f"SELECT * REPLACE ({replaced}) FROM read_parquet({quote_path(draft / 'first.parquet')})", draft / ROWS
        )
        (draft / "first.parquet").unlink()
    return masked


def _open_columns(columns: tuple[str, ...], policy: IdentityPolicy, masked: dict[str, str]) -> list[str]:
    """The landed columns whose cells stand as they were delivered, identifiers in them aside."""
    return [column for column in columns if column not in policy.uses and column not in masked]


def _is_mask(column: str, kind: str) -> str:
    """Whether a cell held an identifier and next to nothing else, unlike a sentence that mentions one."""
    cell, mask = quote_name(column), mask_of(kind)
    return f"contains({cell}, {quote_text(mask)}) AND length({cell}) <= {len(mask) + _BESIDE}"


def _notes(
    examination: Examination, blank_lines: int, masked_columns: dict[str, str]
) -> list[tuple[str | None, str, str | None]]:
    """Column, rule and what was found, of what concerns the whole file."""
    notes: list[tuple[str | None, str, str | None]] = list(examination.notes)
    if blank_lines:
        notes.append((None, "blank_lines", str(blank_lines)))
    if not examination.has_final_newline:
        notes.append((None, "no_final_newline", None))
    notes += [(column, "masked_column", kind) for column, kind in masked_columns.items()]
    return notes


def _write_findings(
    con: duckdb.DuckDBPyConnection,
    draft: Path,
    *,
    notes: list[tuple[str | None, str, str | None]],
    scanned: list[str],
    doubtful: list[str],
    has_addresses: bool,
    expected: int,
) -> None:
    address = "_record, _line" if has_addresses else "file_row_number + 1, file_row_number + 2"
    rows = f"read_parquet({quote_path(draft / ROWS)}, file_row_number = true)"
    unreadable = (
        "SELECT source_record, source_line, NULL::VARCHAR AS source_column, rule, "
        f"field_count::VARCHAR AS found, CASE WHEN field_count IS NOT NULL THEN '{expected}' END AS expected "
        f"FROM read_parquet({quote_path(draft / UNREADABLE)})"
    )
    masked = [
        f"SELECT {address}, {quote_text(column)}, 'masked_identifier', {quote_text(kind)}, NULL FROM {rows} "
        f"WHERE contains({quote_name(column)}, {quote_text(mask_of(kind))})"
        for column in scanned
        for kind in ALL_KINDS
    ]
    doubted = [
        f"SELECT {address}, {quote_text(column)}, 'number_or_identifier', kind, NULL "
        f"FROM (SELECT *, {identifier_sql(quote_name(column))} AS kind FROM {rows}) WHERE kind IS NOT NULL"
        for column in doubtful
    ]
    noted = [
        f"SELECT NULL, NULL, {quote_text(column)}, {quote_text(rule)}, {quote_text(found)}, NULL"
        for column, rule, found in notes
    ]
    found_by_reader = (
        "SELECT source_record, source_line, source_column, rule, found, NULL "
        f"FROM read_parquet({quote_path(draft / FOUND)})"
    )
    _copy(con, " UNION ALL ".join([unreadable, *masked, *doubted, *noted, found_by_reader]), draft / FINDINGS)
    (draft / FOUND).unlink()
