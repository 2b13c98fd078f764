"""Words, colours, widths and numbers of the figures."""

import csv
import re
from itertools import combinations, pairwise
from pathlib import Path
from string import Formatter

import pytest

from etl.study.figures.measure import clean_text, text_width, wrap_text
from etl.study.figures.number_text import decimal_text, is_number, p_text, ratio_text
from etl.study.figures.palette import GRADE_FILLS, PAPER, RESPONSE_INKS, RULE, contrast, line_style, relative_luminance
from etl.study.figures.words import TABLE, Words

with TABLE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
SOURCES = sorted(TABLE.parent.glob("*.py"))


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)  # the known grey that just fails
    assert relative_luminance("#808080") == pytest.approx(0.2158605)


def test_curves_stay_apart_without_colour() -> None:
    styles = [line_style(place) for place in range(6)]
    assert all(contrast(style.color, PAPER) >= 4.5 for style in styles)
    for one, other in combinations(styles, 2):
        assert one.dashes != other.dashes
        assert one.marker != other.marker
        assert abs(relative_luminance(one.color) - relative_luminance(other.color)) > 0.005
    assert abs(relative_luminance(styles[0].color) - relative_luminance(styles[1].color)) > 0.05
    assert len({(line_style(place).color, line_style(place).dashes) for place in range(36)}) == 36
    assert contrast(RULE, PAPER) >= 4.5


def test_grades_stay_apart_without_colour() -> None:
    fills = [GRADE_FILLS[grade] for grade in "12345"]
    tones = [relative_luminance(fill.color) for fill in fills]
    assert tones == sorted(tones, reverse=True)
    for one, other in combinations(GRADE_FILLS.values(), 2):
        assert contrast(one.color, other.color) > 1.4 or one.hatch != other.hatch


def test_responses_stay_apart_without_colour() -> None:
    assert all(contrast(style.color, PAPER) >= 4.5 for style in RESPONSE_INKS.values())
    for one, other in combinations(RESPONSE_INKS.values(), 2):
        assert one.marker != other.marker
        assert one.dashes != other.dashes


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["key"])
def test_words_are_whole_in_both_languages(row: dict[str, str]) -> None:
    assert row["en"].strip() and row["ko"].strip()
    fields = [{field for _, field, _, _ in Formatter().parse(row[language]) if field} for language in ("en", "ko")]
    assert fields[0] == fields[1]
    assert not re.search("[가-힣]", row["en"])
    # Every Korean entry has Hangul, but for n, which is the sign of a number in both.
    assert re.search("[가-힣]", row["ko"]) or row["key"] == "forest.n"


def test_words_have_each_key_once_and_every_key_that_a_figure_uses() -> None:
    keys = [row["key"] for row in ROWS]
    assert len(keys) == len(set(keys))
    used = {
        key for path in SOURCES for key in re.findall(r'(?:text\(|key=)"([a-z_.]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(used) > 40
    assert used <= set(keys)


def test_a_code_without_words_is_printed_as_a_person_reads_it() -> None:
    assert Words("ko").label("criterion", "own_rule") == "own rule"
    assert Words("ko").label("criterion", "hcc") == "간세포암"
    with pytest.raises(KeyError):
        Words("en").text("no.such.key")


def test_lines_are_as_wide_as_they_may_be() -> None:
    text = "Concomitant chemoembolisation or radiotherapy between the first and the last dose 동시 색전술"
    lines = wrap_text(text, 120, size=10)
    assert " ".join(lines) == text
    assert all(text_width(line, 10) <= 120 for line in lines)
    for line, following in pairwise(lines):
        assert text_width(f"{line} {following.split(' ')[0]}", 10) > 120
    assert "".join(wrap_text("x" * 100, 50, size=10)) == "x" * 100
    assert wrap_text("", 50, size=10) == [""]
    assert wrap_text("a b\u00a0c", text_width("a b", 10) + 1, size=10) == ["a", "b\u00a0c"]


def test_bold_letters_are_wider_and_hangul_counts_by_its_size() -> None:
    assert text_width("median", 10, is_bold=True) > text_width("median", 10) > 30
    assert text_width("중앙값", 10) == pytest.approx(28.5)


def test_a_text_is_cleaned_of_what_xml_forbids() -> None:
    assert clean_text(" a\tb\x00\x0b\ufffe\ud800 \u1112\u1161\u11ab\n") == "a b 한"
    assert clean_text("a\x00b") == "ab"
    assert clean_text("\u1112\u1161\u11ab") == "한"


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (1.005, "1.00"),
        (0.0996, "0.100"),
        (0.0004, "<0.001"),
        (0, "0.00"),
        (123.45, "123.5"),
        (None, "–"),
        (float("inf"), "∞"),
    ],
)
def test_ratios_are_printed_with_what_they_need(number: float | None, printed: str) -> None:
    assert ratio_text(number) == printed


def test_small_numbers_have_no_sign_of_nothing() -> None:
    assert decimal_text(-0.0004, 2) == "0.00"
    assert decimal_text(-1.26, 1) == "−1.3"
    assert p_text(0.0009) == "<0.001"
    assert p_text(0.001) == "0.001"
    assert p_text(float("nan")) == p_text(None) == "–"
    assert not is_number(None) and not is_number(float("inf")) and is_number(3)


def test_no_figure_names_pyplot() -> None:
    assert [path.name for path in SOURCES if "pyplot" in path.read_text(encoding="utf-8")] == []
    assert Path(TABLE).is_file()
