"""YAML as mappings are written in: words stay words, and only the plain half of the language is taken."""

import pytest

from etl.mapping.yaml_lines import read_yaml


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"), ("off", "off"), ("y", "y"), ("true", True), ("False", False), ("~", None), ("", None), ("''", ""),
        ("7", 7), ("-3", -3), ("'7'", "7"), ("1_000", "1_000"), ("0x10", "0x10"), ("1e3", "1e3"), (".5", 0.5), ("2.", 2.0),
        ("2010-01-01", "2010-01-01"), ("12:30", "12:30"), ("남", "남"),
    ],
)  # fmt: skip
def test_a_scalar_is_what_it_looks_like(written: str, read: object) -> None:
    document = read_yaml(f"a: {written}\n")
    assert document.flaws == ()
    assert document.data == {"a": read}
    assert type(document.data["a"]) is type(read)


def test_every_part_knows_its_line() -> None:
    lines = read_yaml("a:\n  - b: 1\n  -\n    c: 2\nd: 3\n").lines
    assert [lines.line_of(path) for path in (("a",), ("a", 0, "b"), ("a", 1, "c"), ("a", 1, "c", "x"), ("d",))] == [
        1,
        2,
        4,
        4,
        5,
    ]
