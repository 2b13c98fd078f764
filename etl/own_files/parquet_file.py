"""Write rows of any number as Parquet: in parts whose types are found one by one, then in the types that hold all parts."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any
from uuid import UUID

from warehouse.errors import EnvironmentRefusal

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_AT_ONCE = 100_000
_CELLS_AT_ONCE = 2_000_000


def write_parquet(draft: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, name: Path) -> int:
    """Write rows into a draft; return how many.

    Raises:
        EnvironmentRefusal: a column holds values that no one type of Parquet holds.
    """
    import pyarrow.parquet as pq

    parts = _parts(columns, rows, name=name)
    first = next(parts)
    second = next(parts, None)
    if second is None:
        pq.write_table(_cast(first, _common([first.schema], name=name), name=name), draft)
        return int(first.num_rows)
    return _write_parts(draft, (part for some in ((first, second), parts) for part in some), name=name)


def _parts(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, name: Path) -> "Iterator[pa.Table]":
    """Yield tables, one at least."""
    import pyarrow as pa

    most = max(1, min(_ROWS_AT_ONCE, _CELLS_AT_ONCE // max(1, len(columns))))
    left = iter(rows)
    is_first = True
    while (some := list(islice(left, most))) or is_first:
        is_first = False
        arrays = [
            _array([row[place] for row in some], column=column, name=name) for place, column in enumerate(columns)
        ]
        yield pa.table(arrays, names=list(columns))


def _write_parts(draft: Path, parts: "Iterator[pa.Table]", *, name: Path) -> int:
    """Keep the parts in a file without a name until the last one has said what its columns hold."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with TemporaryFile(dir=draft.parent) as kept:
        schemas: list[pa.Schema] = []
        places: list[tuple[int, int]] = []
        for part in parts:
            begin = kept.tell()
            with pa.ipc.new_stream(kept, part.schema) as writer:
                writer.write_table(part)
            places.append((begin, kept.tell() - begin))
            if part.schema not in schemas:
                schemas.append(part.schema)
        schema = _common(schemas, name=name)
        count = 0
        with pq.ParquetWriter(draft, schema) as out:
            for begin, size in places:
                kept.seek(begin)
                part = pa.ipc.open_stream(pa.BufferReader(kept.read(size))).read_all()
                out.write_table(_cast(part, schema, name=name))
                count += part.num_rows
    return count


def _common(schemas: "Sequence[pa.Schema]", *, name: Path) -> "pa.Schema":
    """Find the types that hold the columns of all parts: an empty column, a text by itself, fits any."""
    import pyarrow as pa

    fields = []
    for place, column in enumerate(schemas[0].names):
        kinds = [schema.field(place).type for schema in schemas]
        of_part = [pa.schema([pa.field(column, kind)]) for kind in kinds if not pa.types.is_null(kind)]
        if not of_part:
            fields.append(pa.field(column, pa.string()))
            continue
        try:
            fields.append(pa.unify_schemas(of_part, promote_options="permissive").field(0))
        except pa.ArrowException as error:
            raise _no_type(name, column) from error
    return pa.schema(fields)


def _cast(part: "pa.Table", schema: "pa.Schema", *, name: Path) -> "pa.Table":
    import pyarrow as pa

    columns = []
    for place, field in enumerate(schema):
        try:
            columns.append(part.column(place).cast(field.type))
        except pa.ArrowException as error:
            raise _no_type(name, field.name) from error
    return pa.table(columns, schema=schema)


def _array(values: list[Any], *, column: str, name: Path) -> "pa.Array[Any]":
    """Find the type that holds every value exactly; null where there is none."""
    import pyarrow as pa

    filled = [value for value in values if value is not None]
    if not filled:
        return pa.nulls(len(values))
    if all(isinstance(value, UUID) for value in filled):
        values = [value and str(value) for value in values]
    try:
        if all(type(value) is int for value in filled) and max(map(abs, filled)) >= 1 << 63:
            return pa.array([None if value is None else Decimal(value) for value in values], pa.decimal128(38, 0))
        return pa.array(values)
    except (pa.ArrowException, TypeError) as error:
        raise _no_type(name, column) from error


def _no_type(name: Path, column: str) -> EnvironmentRefusal:
    return EnvironmentRefusal(
        f"{name}: the column '{column}' holds values that no one type of Parquet holds. "
        "Cast it in the question, for example to VARCHAR, or write a .csv file."
    )
