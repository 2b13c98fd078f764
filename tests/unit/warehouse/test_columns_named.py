"""Which columns of a file a text names, where headers may hold the separator of the text."""

import duckdb
import pytest

from warehouse.model.columns_named import columns_named

CASES = [
    (["a", "b", "c"], "a", ["a"]),
    (["a", "b", "c"], "c, a", ["a", "c"]),
    (["a", "ab", "b"], "ab", ["ab"]),
    (["size, mm", "again"], "size, mm", ["size, mm"]),
    (["size, mm", "again"], "again, size, mm", ["size, mm", "again"]),
    (["size, mm", "again"], "size, mm, again", ["size, mm", "again"]),
    (["size, mm", "size", "mm"], "size, mm", ["size, mm"]),
    (["size, mm", "size", "mm"], "mm, size, mm", ["size, mm", "mm"]),
    (["a, b, c", "a, b", "c"], "a, b, c", ["a, b, c"]),
    (["a, b", "c"], "c, day (people)", ["c"]),
    (["a", "b"], "z", []),
]


@pytest.mark.parametrize(("headers", "text", "expected"), CASES)
def test_a_text_names_the_longest_headers_that_it_holds(headers: list[str], text: str, expected: list[str]) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA audit")
        con.execute(
            "CREATE TABLE audit.source_column (source_id INTEGER, position INTEGER, name VARCHAR, letters VARCHAR)"
        )
        for source_id in (1, 2):
            con.executemany(
                "INSERT INTO audit.source_column VALUES (?, ?, ?, NULL)",
                [(source_id, place, name) for place, name in enumerate(headers)],
            )
        con.execute("CREATE TABLE wanted AS SELECT 1 AS source_id, ? AS source_column", [text])
        found = con.execute(f"SELECT name FROM ({columns_named('wanted')}) ORDER BY position").fetchall()
    assert [name for (name,) in found] == expected
