"""Draw the figures of a report, write their files, and give their SVG to the page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from etl.study.report.document import Figure, Link

if TYPE_CHECKING:
    from etl.study.figures.drawing import Drawing, Setting

FOLDER = "figures"
Draw = Callable[["Setting"], "Drawing"]


@dataclass
class Pictures:
    """Draws each figure in English for the page and in both languages for the folder.

    Attributes:
        folder: where the files go: figures/NAME.svg, .png and .csv, and NAME_ko.svg and .png.
        page_folder: the same folder as the page names it.
        is_synthetic: draws the mark "Synthetic data".
        files: every file written so far.
    """

    folder: Path
    page_folder: str
    is_synthetic: bool
    files: list[Path] = field(default_factory=list)

    def draw(self, name: str, caption: str, make: Draw, *, korean: Draw | None = None) -> Figure:
        """Draw a figure, write its files and return it for the page.

        Args:
            name: of the files.
            caption: below the figure on the page.
            make: draws it in the language of the setting, with English labels.
            korean: the same with Korean labels; `make` when there is none.
        """
        from etl.study.figures.drawing import Setting
        from etl.study.figures.write import write_drawing

        folder = self.folder / FOLDER
        english = make(Setting("en", is_synthetic=self.is_synthetic))
        written = write_drawing(english, folder)
        self.files += [written.svg, written.png, written.csv]
        markup = _inline(written.svg.read_text(encoding="utf-8"))
        other = write_drawing(_renamed((korean or make)(Setting("ko", is_synthetic=self.is_synthetic)), name), folder)
        other.csv.unlink()
        self.files += [other.svg, other.png]
        links = tuple(
            Link(shown, f"{self.page_folder}/{FOLDER}/{path.name}")
            for shown, path in (
                ("SVG", written.svg),
                ("PNG", written.png),
                ("CSV", written.csv),
                ("SVG in Korean", other.svg),
                ("PNG in Korean", other.png),
            )
        )
        return Figure(name, caption, markup, links)


def _inline(svg: str) -> str:
    """The element of an SVG file, which is drawn once for the file and the page."""
    return svg[svg.index("<svg") :]


def _renamed(drawing: "Drawing", name: str) -> "Drawing":
    from dataclasses import replace

    return replace(drawing, name=f"{name}_ko")
