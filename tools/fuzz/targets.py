"""What is fuzzed: for each target how a case is drawn, and how it is judged."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tools.fuzz.case import Case, Verdict, chance_of
from tools.fuzz.draw import delimited, redcap, statistics, workbook
from tools.fuzz.draw.mappings import draw_code_list, draw_mapping
from tools.fuzz.draw.own_files import draw_own_file
from tools.fuzz.judge import judge_reading
from tools.fuzz.judge_mappings import judge_code_list, judge_mapping
from tools.fuzz.judge_own_files import judge_own_file


@dataclass(frozen=True)
class Target:
    """A target: what a reader of the page should know of it, how its cases are drawn, and how they are judged."""

    says: str
    draw: Callable[[random.Random], Case]
    judge: Callable[[Case, Path], Verdict]


TARGETS = {
    "csv": Target(
        "delimited text, against a reader of one state a character",
        delimited.draw_delimited,
        partial(judge_reading, second=delimited.read_second),
    ),
    "redcap": Target(
        "a REDCap export and its dictionary, cells and labels",
        redcap.draw_redcap,
        partial(judge_reading, second=redcap.read_second, second_labels=redcap.second_labels),
    ),
    "xlsx": Target(
        "workbooks, against openpyxl", workbook.draw_workbook, partial(judge_reading, second=workbook.read_second)
    ),
    "sav": Target(
        "SPSS, against a reader after its description",
        partial(statistics.draw_spss, is_packed=False),
        partial(judge_reading, second=statistics.read_second),
    ),
    "zsav": Target(
        "SPSS, packed by zlib, likewise",
        partial(statistics.draw_spss, is_packed=True),
        partial(judge_reading, second=statistics.read_second),
    ),
    "xpt": Target(
        "SAS transport, versions 5 and 8, against a reader after their descriptions",
        statistics.draw_transport,
        partial(judge_reading, second=statistics.read_second),
    ),
    "mapping": Target("mapping files, read and compiled; against plain YAML", draw_mapping, judge_mapping),
    "codes": Target("code lists, against the reader of delimited text", draw_code_list, judge_code_list),
    "events": Target("`hcc grade --events`", partial(draw_own_file, kinds=("events",)), judge_own_file),
    "labs": Target("`hcc grade`", partial(draw_own_file, kinds=("labs",)), judge_own_file),
    "respond": Target(
        "`hcc respond`, its three kinds of file",
        partial(draw_own_file, kinds=("visits", "lesions", "responses")),
        judge_own_file,
    ),
}
"""Every target by its name."""


def draw_case(target: str, seed: int, number: int) -> Case:
    """Draw a case: the same three give the same files."""
    return TARGETS[target].draw(chance_of(target, seed, number))


def judge_case(target: str, seed: int, number: int, folder: Path) -> tuple[str, Verdict]:
    """Draw a case and judge it in a folder that is empty; return what was drawn, too."""
    case = draw_case(target, seed, number)
    return case.what, TARGETS[target].judge(case, folder)
