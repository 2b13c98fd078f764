"""Which places of SQL and of Python are changed, and into what; everything else stays as it is."""

import pytest

from tools.mutate.areas import area_files
from tools.mutate.change import Change, next_number
from tools.mutate.python_changes import is_python, python_changes
from tools.mutate.sql_changes import is_sql, sql_changes

SQL = [
    # a query, and what it is changed into, piece by piece
    ("SELECT a WHERE b < 3", ["b <= 3", "b < 4"]),
    ("SELECT a WHERE b <> 'x'", ["b = 'x'", "b <> 'x_'"]),
    ("SELECT a WHERE b IS NULL", ["b IS NOT NULL"]),
    ("SELECT a WHERE b IS NOT NULL", ["b IS NULL"]),
    ("SELECT a WHERE NOT b", ["WHERE b"]),
    ("SELECT a WHERE b AND c", ["WHERE b", "WHERE c", "b OR c"]),
    ("SELECT a WHERE b AND (c OR d)", ["WHERE b", "WHERE (c OR d)", "b OR (c OR d)", "(c )", "(d)", "(c AND d)"]),
    ("SELECT a WHERE b BETWEEN c AND d", []),
    ("SELECT a WHERE b BETWEEN c AND d AND e", ["b BETWEEN c AND d OR e", "b BETWEEN c AND d", "WHERE e"]),
    ("SELECT CASE WHEN a AND b THEN c ELSE d END", ["WHEN a THEN", "WHEN b THEN", "WHEN a OR b THEN"]),
    ("SELECT a FROM b LEFT JOIN c ON b.d = c.d", ["b INNER JOIN c", "b.d <> c.d"]),
    ("SELECT a FROM b JOIN c USING (d)", ["b LEFT JOIN c"]),
    ("SELECT a FROM b CROSS JOIN c", []),
    ("SELECT min(a) FROM b", ["SELECT max(a)"]),
    ("SELECT count(*) FROM b", []),
    ("SELECT a * 0.66 - b", ["a / 0.66 - b", "a * 0.67 - b", "a * 0.66 + b"]),
    ("SELECT -a FROM b ORDER BY a DESC", ["BY a ASC"]),
    ("SELECT CAST(a AS DECIMAL(18, 6))", []),
    ("SELECT DISTINCT a", ["SELECT a"]),
    ("SELECT a -- b < 3 AND c\nFROM d /* e < 4 */", []),
    ("SELECT TRUE", ["FALSE"]),
]


@pytest.mark.parametrize(("query", "pieces"), SQL, ids=[query for query, _ in SQL])
def test_the_changes_of_a_query(query: str, pieces: list[str]) -> None:
    changed = [change.apply(query) for change in sql_changes(query)]
    assert len(changed) == len(pieces)
    for piece in pieces:
        assert any(" ".join(piece.split()) in " ".join(text.split()) for text in changed), (piece, changed)
    assert all(is_sql(text) for text in changed)


PYTHON = [
    ("x = a < b", ["a <= b"]),
    ("x = a == b", ["a != b"]),
    ("x = a is None", ["a is not None"]),
    ("x = a not in b", ["a in b"]),
    ("x = a and b", ["x = a", "x = b", "a or b"]),
    ("x = not a", ["x = a"]),
    ("x = a + 36", ["a - 36", "a + 37"]),
    ("x = 'a' + b", ["'a_' + b"]),
    ("x = True", ["False"]),
    ("x = 0.085", ["0.086"]),
    ("x = 'staged'", ["'staged_'"]),
    ("x = 'A sentence, for people.'", []),
    ("x: int | None = 3", ["x: int | None = 4"]),
    ("if a:\n    pass", ["if not a:"]),
    ("x = [a for a in b if a]", ["if True]"]),
    ("x = max(a, b)", ["min(a, b)"]),
    ("assert a < 3", []),
    ('def f(a: "b", c=1):\n    """Say 2."""', ["c=2"]),
    ("__all__ = ['a']", []),
    ("from a import b", []),
    ("x = 'SELECT a FROM b WHERE c < 3 AND d'", ["c <= 3 AND d", "c < 4 AND d", "c < 3 OR d"]),
    ("x = f'SELECT {a < b} FROM c WHERE d = {e}'", ["WHERE d <> {e}"]),
    ("x = 'UPDATE a SET b = 1 WHERE c = 2'", ["SET b = 2", "c <> 2", "c = 3"]),
    ("한글 = '간'; x = a < b", ["'간_'", "a <= b"]),
    ("x = (\n    a\n    and b  # why\n)", ["(\n    b", "(\n    a  # why", "or b  # why"]),
]


@pytest.mark.parametrize(("module", "pieces"), PYTHON, ids=[module for module, _ in PYTHON])
def test_the_changes_of_a_module(module: str, pieces: list[str]) -> None:
    changed = [change.apply(module) for change in python_changes(module)]
    assert len(changed) == len(pieces), changed
    for piece in pieces:
        assert any(piece in text for text in changed), (piece, changed)
    assert all(is_python(text) for text in changed)


def test_all_but_the_place_stays_as_it_is() -> None:
    text = "SELECT  a  -- why\nWHERE\n\tb  <  3\n"
    (comparison, _) = sql_changes(text)
    assert comparison == Change(text.index("<"), "<", "<=", "comparison")
    assert comparison.apply(text) == "SELECT  a  -- why\nWHERE\n\tb  <=  3\n"
    assert comparison.line(text) == 3


def test_a_change_of_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="At 0 stands 'b' where 'a' was expected"):
        Change(0, "a", "c", "constant").apply("b")


@pytest.mark.parametrize(
    ("number", "following"), [("0", "1"), ("9", "10"), ("1_000", "1001"), ("0.09", "0.10"), ("9.9", "10.0")]
)
def test_the_number_that_follows(number: str, following: str) -> None:
    assert next_number(number) == following


def test_every_area_has_files_and_none_is_in_two(request: pytest.FixtureRequest) -> None:
    files = [path for _, path in area_files(request.config.rootpath)]
    assert len(files) > 150
    assert len(files) == len(set(files))
