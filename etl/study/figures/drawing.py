"""A finished figure with its data and words, and the steps that every figure function shares."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from etl.study.figures.fonts import fixed_settings, hangul_font
from etl.study.figures.page import Page, missing_page
from etl.study.figures.words import Language, Words


@dataclass(frozen=True)
class Setting:
    """What holds for all figures of a report.

    Attributes:
        language: of the words that the figures print themselves; labels come from the caller.
        is_synthetic: whether "Synthetic data" is drawn on each figure and written into each CSV.
    """

    language: Language
    is_synthetic: bool


@dataclass(frozen=True)
class Painting:
    """A figure drawn in one language.

    Attributes:
        page: the figure.
        title: as printed on it.
        alt_text: what a reader who cannot see the figure needs to know.
    """

    page: Page
    title: str
    alt_text: str


@dataclass(frozen=True)
class Drawing:
    """A finished figure.

    Attributes:
        name: of its files, without suffix.
        figure: for the SVG.
        raster: for the PNG: the same figure, or its English one where no installed font has Hangul.
        data: what is drawn, one row a mark; its column names are English in both languages.
        title: as printed on the figure.
        alt_text: what a reader who cannot see the figure needs to know.
        language: of figure, title and alt_text.
        notes: plain sentences on what could not be drawn as asked.
    """

    name: str
    figure: Figure
    raster: Figure
    data: pd.DataFrame
    title: str
    alt_text: str
    language: Language
    notes: tuple[str, ...] = ()


def make_drawing(name: str, data: pd.DataFrame, *, setting: Setting, paint: Callable[[Words], Painting]) -> Drawing:
    """Draw a figure in the language asked for.

    Args:
        name: of the files: small letters, digits and underscores.
        data: what is drawn.
        setting: language and mark of synthetic data.
        paint: draws the figure with the words of one language.

    Raises:
        ValueError: the name cannot be that of a file.
    """
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise ValueError(f"A figure's name has small letters, digits and underscores only; {name!r} has others.")
    notes: tuple[str, ...] = ()
    with fixed_settings(name):
        painting = paint(Words(setting.language))
        raster = painting.page.figure
        if setting.language == "ko" and hangul_font() is None:
            raster = paint(Words("en")).page.figure
            notes = ("The PNG has English words: no font with Hangul is installed.",)
    return Drawing(
        name=name,
        figure=painting.page.figure,
        raster=raster,
        data=data.assign(is_synthetic=setting.is_synthetic).reset_index(drop=True),
        title=painting.title,
        alt_text=painting.alt_text,
        language=setting.language,
        notes=notes,
    )


def say_missing(words: Words, title: str, *, setting: Setting, key: str) -> Painting:
    """Paint a page that says what is missing."""
    page = missing_page(words, title, is_synthetic=setting.is_synthetic, key=key)
    return Painting(page, title, f"{title}. {words.text(key)}")


def require_columns(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a frame that lacks a column.

    Raises:
        ValueError: with the names of the missing columns.
    """
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"The figure's frame lacks {', '.join(missing)}; it has {', '.join(map(str, frame.columns))}.")
