"""YAML as mappings are written in: words stay words, and only the plain half of the language is taken."""

import pytest

from etl.mapping.language.yaml_lines import read_yaml


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


@pytest.mark.parametrize("digits", [19, 5000])
def test_a_whole_number_too_long_for_the_database_is_a_flaw(digits: int) -> None:
    """Python itself refuses to read 5,000 digits."""
    (flaw,) = read_yaml(f"a: 1\nb: {'9' * digits}\n").flaws
    assert (flaw.line, flaw.sentence) == (2, "a whole number has at most 18 signs.")
