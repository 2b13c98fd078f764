"""The study's page in a real browser: it fits a desk and a phone, in light and dark, prints whole, and fetches nothing."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from support.browser_look import CHROMIUM, FLAGS, NEEDS_BROWSER, brightness, look
from support.computed_study import MAIN, copy_computed_study
from support.study_page import StudyPage

from etl.study.report.page import STYLES
from etl.study.report.write import write_study_report

pytestmark = [*NEEDS_BROWSER, pytest.mark.slow]

INKS = ("ink", "soft", "accent")
PAPERS = ("paper", "card", "wash", "warn-wash")
LEAST = 4.5
"""Contrast that WCAG 2.2 asks for (success criterion 1.4.3)."""
MARK = ("#f2c230", "#2a2410")
"""Ground and letters of the banner of synthetic data."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    with duckdb.connect(str(copy_computed_study(folder / "warehouse.duckdb")), read_only=True) as con:
        return write_study_report(con, MAIN, reports_dir=folder).html


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_and_fetches_nothing(page: Path, tmp_path: Path, width: int, is_dark: bool) -> None:
    seen = look(page, tmp_path, width=width, is_dark=is_dark)
    assert seen["width"] == width
    assert seen["content"] <= width, f"these stick out: {seen['wide']}"
    assert seen["wide"] == []
    assert seen["fetched"] == []
    assert seen["answer"] < 900, "the key numbers are seen without scrolling"
    assert (brightness(seen["paper"]) < 0.3) == is_dark


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_letters_can_be_read(is_dark: bool) -> None:
    colours = _colours(is_dark=is_dark)
    weak = {
        (ink, paper): round(_contrast(colours[ink], colours[paper]), 2)
        for ink in INKS
        for paper in PAPERS
        if _contrast(colours[ink], colours[paper]) < LEAST
    }
    assert weak == {}
    assert _contrast(*MARK) > LEAST
    assert all(colour in _sheet() for colour in MARK)


def test_every_colour_of_letters_is_one_that_is_measured() -> None:
    own = STYLES[-1].read_text(encoding="utf-8")
    letters = set(re.findall(r"(?<![-\w])color:\s*([^;}]+)", own))
    assert letters <= {f"var(--{ink})" for ink in INKS}


def test_the_contrast_is_that_of_wcag() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext is not installed (apt-get install poppler-utils)"
)
def test_it_prints_to_paper_without_loss(page: Path, tmp_path: Path) -> None:
    paper = tmp_path / "study.pdf"
    assert CHROMIUM is not None
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--no-pdf-header-footer"]
    subprocess.run([*command, f"--print-to-pdf={paper}", page.as_uri()], check=True, capture_output=True, timeout=180)
    done = subprocess.run(["pdftotext", "-layout", str(paper), "-"], check=True, capture_output=True, text=True)
    text = _letters(done.stdout)
    written = StudyPage(page)
    assert len(written.captions) > 40
    assert [caption for caption in written.captions if _letters(caption) not in text] == []
    lost = [(table, cell) for table, cell in _last_cells(written) if _letters(cell) not in text]
    assert lost == []


def _last_cells(page: StudyPage) -> Iterator[tuple[str, str]]:
    """Words of the first and the last cell that are not empty in the last row of every table."""
    for table in page.tables:
        rows = page.rows(table.removeprefix("rows_"))
        filled = [cell for cell in rows[-1] if cell.strip()] if rows else []
        for cell in {filled[0], filled[-1]} if filled else ():
            yield table, cell.split()[0]


def _letters(text: str) -> str:
    """Without spaces and hyphens, which a line break may add or take."""
    return re.sub(r"[\s\u00ad-]", "", text)


def _sheet() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in STYLES)


def _colours(*, is_dark: bool) -> dict[str, str]:
    """The colours that the style sheet names, in light or dark."""
    light, dark = re.findall(r":root\s*{([^}]*)}", _sheet())[:2]
    pairs = re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", light + (dark if is_dark else ""))
    return dict(pairs)


def _contrast(first: str, second: str) -> float:
    """Contrast of two colours by WCAG 2.2: the ratio of their relative luminances."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
