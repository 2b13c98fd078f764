"""Every figure, from small, empty and single-row frames, in both languages: files, words, places of texts, bytes."""

import hashlib
import os
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from figure_frames import EMPTY, ONE, SMALL, Draw
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from etl.study.figures import drawing as drawing_module
from etl.study.figures import fonts
from etl.study.figures.drawing import Drawing, Setting
from etl.study.figures.fonts import fixed_settings
from etl.study.figures.kaplan_meier import kaplan_meier
from etl.study.figures.palette import PAPER, contrast
from etl.study.figures.words import Language
from etl.study.figures.write import svg_markup, write_drawing

LANGUAGES: list[Language] = ["en", "ko"]
MARK = {"en": "Synthetic data", "ko": "합성 데이터"}
CASES = [
    pytest.param(draw, language, id=f"{name}-{kind}-{language}")
    for kind, figures in (("small", SMALL), ("empty", EMPTY), ("one", ONE))
    for name, draw in figures.items()
    for language in LANGUAGES
]
NAMES = pytest.mark.parametrize("name", SMALL)


def svg_text(drawing: Drawing) -> str:
    """All words of the SVG, spaces plain; titles and descriptions are not drawn and not among them."""
    root = ElementTree.fromstring(svg_markup(drawing))  # noqa: S314
    return " ".join(
        (element.text or "").replace("\u00a0", " ") for element in root.iter("{http://www.w3.org/2000/svg}text")
    )


def boxes(figure: Figure, texts: list[Text]) -> list[tuple[str, Bbox]]:
    renderer = FigureCanvasAgg(figure).get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in texts]


def visible_texts(figure: Figure) -> list[Text]:
    hidden = {id(text) for axes in figure.axes if not axes.axison for text in axes.findobj(Text)}
    return [
        text
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_text() and text.get_visible() and id(text) not in hidden
    ]


def shrunk(box: Bbox) -> Bbox:
    """Letters may touch; boxes have room above and below them."""
    return Bbox.from_extents(box.x0 + 0.6, box.y0 + 1.6, box.x1 - 0.6, box.y1 - 1.6)


@pytest.mark.parametrize(("draw", "language"), CASES)
def test_a_figure_is_three_files(draw: Draw, language: Language, tmp_path: Path) -> None:
    drawing = draw(Setting(language, True))
    written = write_drawing(drawing, tmp_path / "figures")
    assert written.notes == ()
    assert [path.name for path in (written.svg, written.png, written.csv)] == [
        f"{drawing.name}.{suffix}" for suffix in ("svg", "png", "csv")
    ]
    words = svg_text(drawing)
    assert MARK[language] in words
    assert bool(re.search("[가-힣]", words)) == (language == "ko")
    ElementTree.parse(written.svg)  # noqa: S314
    width, height = drawing.figure.get_size_inches()
    assert width == 6
    with Image.open(written.png) as picture:
        assert picture.size == (1200, int(height * 200))
        assert "Software" not in picture.info
    data = pd.read_csv(written.csv)
    assert data.columns.tolist() == drawing.data.columns.tolist()
    assert data["is_synthetic"].all()
    assert drawing.alt_text.startswith(drawing.title)


@pytest.mark.parametrize(("draw", "language"), CASES)
def test_texts_lie_inside_the_page_and_over_nothing(draw: Draw, language: Language) -> None:
    drawing = draw(Setting(language, True))
    figure = drawing.figure
    with fixed_settings(drawing.name):
        FigureCanvasAgg(figure).draw()
        every = boxes(figure, visible_texts(figure))
        around = boxes(figure, [text for text in figure.texts if text.get_text()])
    page = figure.bbox
    for words, box in every:
        assert box.x0 >= page.x0 and box.x1 <= page.x1 and box.y0 >= page.y0 and box.y1 <= page.y1, words
    for (one, first), (other, second) in combinations(every, 2):
        assert not shrunk(first).overlaps(shrunk(second)), f"{one!r} lies over {other!r}"
    for words, box in around:
        for axes in figure.axes:
            assert not shrunk(box).overlaps(axes.patch.get_window_extent()), f"{words!r} lies over axes"


@pytest.mark.parametrize(("draw", "language"), CASES)
def test_letters_are_large_and_dark_enough_for_a_phone(draw: Draw, language: Language) -> None:
    figure = draw(Setting(language, True)).figure
    for text in visible_texts(figure):
        # 390 pixels for a page of 432 points leave 9 pixels of 10 points.
        assert text.get_fontsize() * 390 / (figure.get_figwidth() * 72) >= 9, text.get_text()
        assert contrast(to_hex(text.get_color()), PAPER) >= 4.5, text.get_text()


def digests(language: Language, folder: Path) -> dict[str, str]:
    found = {}
    for draw in SMALL.values():
        written = write_drawing(draw(Setting(language, True)), folder)
        for path in (written.svg, written.png, written.csv):
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@pytest.mark.slow
def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from test_figures_written import digests;"
        "print(sorted(digests('ko', Path(sys.argv[1])).items()))"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / seed)],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": f"{Path.cwd()}:{Path(__file__).parent}"},
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1] == f"{sorted(digests('ko', tmp_path / 'here').items())}\n"


def test_a_drawing_is_written_twice_with_the_same_bytes(tmp_path: Path) -> None:
    drawing = SMALL["kaplan_meier"](Setting("en", True))
    first, second = (write_drawing(drawing, tmp_path / name) for name in ("first", "second"))
    assert first.svg.read_bytes() == second.svg.read_bytes()
    assert first.png.read_bytes() == second.png.read_bytes()


def test_no_matplotlibrc_changes_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib

    expected = svg_markup(SMALL["forest"](Setting("en", True)))
    monkeypatch.setitem(matplotlib.rcParams, "lines.linewidth", 9)
    monkeypatch.setitem(matplotlib.rcParams, "axes.labelsize", 30)
    assert svg_markup(SMALL["forest"](Setting("en", True))) == expected


@NAMES
def test_real_data_carry_no_mark(name: str) -> None:
    drawing = SMALL[name](Setting("en", False))
    assert "Synthetic" not in svg_text(drawing)
    assert not drawing.data["is_synthetic"].any()


@NAMES
def test_an_empty_frame_is_said_to_be_empty(name: str) -> None:
    drawing = EMPTY[name](Setting("en", True))
    assert re.search("can be drawn", svg_text(drawing))
    assert "can be drawn" in drawing.alt_text
    assert drawing.figure.axes == []


@NAMES
def test_a_missing_column_is_named(name: str) -> None:
    from figure_frames import figures

    with pytest.raises(ValueError, match="lacks "):
        figures(lambda frame: frame.drop(columns=frame.columns[-2]))[name](Setting("en", True))


def test_figures_of_one_page_share_no_identifier() -> None:
    used = [re.findall(r'\bid="([^"]+)"', svg_markup(draw(Setting("en", True)))) for draw in SMALL.values()]
    every = [identifier for one in used for identifier in set(one)]
    assert len(every) == len(set(every))
    for draw in SMALL.values():
        markup = svg_markup(draw(Setting("en", True)))
        asked = set(re.findall(r'(?:href="#|url\(#)([^")]+)', markup))
        assert asked <= set(re.findall(r'\bid="([^"]+)"', markup))
        assert not re.search(r"<metadata|<!--|<\?xml|https?://(?!www\.w3\.org)", markup)


def test_svg_fonts_do_not_depend_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = svg_markup(SMALL["flow"](Setting("ko", True)))
    assert "'Malgun Gothic'" in expected
    monkeypatch.setattr(fonts, "hangul_font", lambda: None)
    monkeypatch.setattr(drawing_module, "hangul_font", lambda: None)
    assert svg_markup(SMALL["flow"](Setting("ko", True))) == expected


@NAMES
def test_without_a_hangul_font_the_png_has_english_words(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "hangul_font", lambda: None)
    monkeypatch.setattr(drawing_module, "hangul_font", lambda: None)
    korean = SMALL[name](Setting("ko", True))
    written = write_drawing(korean, tmp_path / "ko")
    assert written.notes == ("The PNG has English words: no font with Hangul is installed.",)
    english = write_drawing(SMALL[name](Setting("en", True)), tmp_path / "en")
    assert written.png.read_bytes() == english.png.read_bytes()
    assert "합성 데이터" in written.svg.read_text(encoding="utf-8")


def test_a_label_that_no_font_has_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from figure_frames import DIFFERENCES

    from etl.study.figures.standardised_differences import standardised_differences

    monkeypatch.setattr(fonts, "hangul_font", lambda: None)
    rows = DIFFERENCES.assign(label="나이")
    written = write_drawing(standardised_differences(rows, Setting("en", True)), tmp_path)
    assert written.notes == ("The PNG lacks some characters: no installed font has them.",)
    assert "나이" in written.svg.read_text(encoding="utf-8")


def test_labels_are_text_not_markup(tmp_path: Path) -> None:
    from figure_frames import DIFFERENCES

    from etl.study.figures.standardised_differences import standardised_differences

    label = "$x_1$ <b>&\x07 \u1112\u1161\u11ab"
    drawing = standardised_differences(DIFFERENCES.assign(label=label), Setting("en", True), title=label)
    assert "$x_1$ <b>& 한" in svg_text(drawing)
    ElementTree.parse(write_drawing(drawing, tmp_path).svg)  # noqa: S314


def test_a_name_that_is_no_file_name_is_refused() -> None:
    from figure_frames import FLOW

    from etl.study.figures.flow import flow

    with pytest.raises(ValueError, match="small letters"):
        flow(FLOW, Setting("en", True), name="../flow")


def test_curves_of_nobody_have_the_types_of_a_database() -> None:
    """DuckDB gives the strata of no rows as whole numbers or text, whichever it finds."""
    steps, summary = (
        pd.DataFrame({column: pd.Series(dtype=kind if column == "stratum" else "float64") for column in columns})
        for kind, columns in (
            ("int32", ["stratum", "time_months", "at_risk", "events", "censored", "survival", "low", "high"]),
            ("str", ["stratum", "median", "median_low", "median_high"]),
        )
    )
    drawing = kaplan_meier(steps, summary, setting=Setting("en", True))
    assert "can be drawn" in drawing.alt_text
