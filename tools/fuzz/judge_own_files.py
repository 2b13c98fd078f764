"""Judge `hcc grade` and `hcc respond`: every row of the file comes back with its own cells, in order, or with a reason."""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tools.fuzz.case import EQUAL, FAILED, REFUSED, REPORTED, WHOLE, Case, Verdict
from tools.fuzz.second.delimited import UnreadableError, read_records
from warehouse.errors import DeliveryError

_ENCODINGS = ("utf-8-sig", "cp949")


def judge_own_file(case: Case, folder: Path) -> Verdict:  # noqa: PLR0911 - an answer for each way in which a case may end
    """Answer a file and compare the cells that are passed through; any exception but a refusal is raised unchanged."""
    path = folder / case.name
    path.write_bytes(case.files[case.name])
    try:
        columns, rows = _answer(case.name.removesuffix(".csv"), path)
    except DeliveryError as error:
        return Verdict(FAILED if case.kind == WHOLE else REFUSED, str(error).replace(str(path), case.name))
    if case.name == "responses.csv":  # a row for each patient, and no cells of the file
        return Verdict(EQUAL)
    try:
        header, *records = _read_second(case.files[case.name])
    except UnreadableError as error:
        return Verdict(FAILED, f"it is answered, but {error}")
    if [name.strip() for name in header] != list(columns[: len(header)]):
        return Verdict(FAILED, f"the columns {columns}, not {header}")
    reason = columns.index("reason")
    passed = [(cells[: len(header)], cells[reason]) for cells in rows]
    once = [key for key, _ in groupby(passed, key=lambda each: tuple(each[0]))]
    wanted = [tuple((cells + [""] * len(header))[: len(header)]) for cells in records]
    if once != [key for key, _ in groupby(wanted)]:
        first = next((pair for pair in zip(once, wanted, strict=False) if pair[0] != pair[1]), (len(once), len(wanted)))
        return Verdict(FAILED, f"other rows come back: {first}")
    odd = {tuple((cells + [""] * len(header))[: len(header)]) for cells in records if len(cells) != len(header)}
    if any(tuple(cells) in odd and not why for cells, why in passed):
        return Verdict(FAILED, "a row with too many or too few cells comes back without a reason")
    return Verdict(REPORTED if odd else EQUAL)


def _answer(kind: str, path: Path) -> tuple[Sequence[str], list[Sequence[Any]]]:
    from etl.own_files.grading.events import grade_events
    from etl.own_files.grading.labs import grade_labs
    from etl.own_files.response.respond import find_best_responses, respond_to_lesions, respond_to_visits

    if kind == "events":
        events = grade_events(path)
        return events.columns, list(events.rows)
    if kind == "labs":
        labs = grade_labs(path)
        return labs.columns, list(labs.rows)
    if kind == "responses":
        best = find_best_responses(path, options={})
        return best.columns, list(best.rows)
    answer = (respond_to_visits if kind == "visits" else respond_to_lesions)(path, options={})
    return answer.columns, list(answer.rows)


def _read_second(data: bytes) -> list[list[str]]:
    """Read the file by the second reader: the first encoding that fits, the delimiter that the first line has most of."""
    text = _decode(data)
    first = next(io.StringIO(text, newline=""), "")
    delimiter = max(",;\t", key=first.count)
    return list(_filled(text, delimiter))


def _decode(data: bytes) -> str:
    for encoding in ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError("it is in no encoding that is read")


def _filled(text: str, delimiter: str) -> Iterator[list[str]]:
    for _, cells in read_records(text, delimiter):
        if cells:
            yield cells
