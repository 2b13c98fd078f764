"""Defects of single records, all in one delivery; no two in the same record, and none of a patient who has another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from etl.synthetic.defects.answer_key import PlantedDefect
from etl.synthetic.defects.delivery_copy import (
    Records,
    copy_delivery,
    count_in_manifest,
    find_file,
    read_records,
    write_records,
)
from etl.synthetic.synthesize import seal_delivery

DEFECT_SET = "records"
_ID = "연구등록번호"
_UNKNOWN_NUMBER = "S999998"
_LABS, _EVENTS, _DOSES, _PATIENTS = "검사결과", "이상반응", "투약용량", "환자기본"

Record = dict[str, str]


@dataclass(frozen=True)
class CellDefect:
    """How a cell is spoilt, and what must be said of it.

    Attributes:
        kind: what was done, in words.
        file: how the file's name begins.
        column: the column that is spoilt.
        spoil: makes the new text of the cell from its record.
        rule: the rule that must find it.
        cost: what the finding costs.
        table: the canonical table that the finding speaks of.
        fits: chooses the records that can be spoilt so.
        times: in how many records.
        partner: a second column that takes the first one's old text (swapped columns).
        partner_rule: the rule that must find the partner; empty when the first finding stands for both.
    """

    kind: str
    file: str
    column: str
    spoil: Callable[[Record], str]
    rule: str
    cost: str
    table: str
    fits: Callable[[Record], bool] = lambda _: True
    times: int = 2
    partner: str = ""
    partner_rule: str = ""


def _analyte(code: str) -> Callable[[Record], bool]:
    return lambda record: record["검사코드"] == code and record["결과"].replace(".", "").isdigit()


def _ten_times(column: str) -> Callable[[Record], str]:
    return lambda record: f"{float(record[column]) * 10:g}"


_CELL_DEFECTS = (
    CellDefect("unlisted code", _PATIENTS, "성별", lambda _: "M", "unlisted_code", "cell", "patient"),
    CellDefect("unlisted code", _EVENTS, "결과", lambda _: "호전", "unlisted_code", "cell", "adverse_event"),
    CellDefect("unlisted code", _LABS, "검사코드", lambda _: "L998", "unlisted_code", "row", "lab_result", times=3),
    CellDefect("impossible date", _PATIENTS, "생년월일", lambda _: "1955-02-30", "not_a_date", "cell", "patient"),
    CellDefect("impossible date", _LABS, "검사일자", lambda _: "2012-13-04", "not_a_date", "row", "lab_result", times=3),
    CellDefect("date before birth", _EVENTS, "발생일자", lambda _: "1905-05-05", "before_birth", "none", "adverse_event"),
    CellDefect("date before birth", _LABS, "검사일자", lambda _: "1905-01-07", "before_birth", "none", "lab_result"),
    CellDefect("date after death", _LABS, "검사일자", lambda _: "2016-03-31", "after_death", "none", "lab_result",
               fits=lambda record: record["사망일자"] != "" and record["사망일자"] < "2015-06", times=3),
    CellDefect("unit mistaken: g/L written as g/dL", _LABS, "결과", _ten_times("결과"), "implausible_value", "none",
               "lab_result", fits=_analyte("L107"), times=3),
    CellDefect("unit that does not fit", _LABS, "단위", lambda _: "IU/L", "unit_does_not_fit", "cell", "lab_result",
               fits=_analyte("L201")),
    CellDefect("unlisted unit", _LABS, "단위", lambda _: "mg%", "unlisted_code", "cell", "lab_result", fits=_analyte("L202")),
    CellDefect("missing unit", _LABS, "단위", lambda _: "", "unit_missing", "none", "lab_result", fits=_analyte("L105")),
    CellDefect("shifted decimal", _LABS, "결과", _ten_times("결과"), "implausible_value", "none", "lab_result",
               fits=_analyte("L301"), times=3),
    CellDefect("shifted decimal", _DOSES, "1회용량_mg", lambda _: "4000", "out_of_range", "cell", "exposure"),
    CellDefect("shifted decimal", "종양기저", "최대직경_mm", lambda _: "1250", "out_of_range", "cell", "tumour_baseline"),
    CellDefect("swapped columns", _DOSES, "시작일자", lambda record: record["종료일자"], "end_before_start", "none",
               "exposure", fits=lambda record: record["시작일자"] < record["종료일자"], partner="종료일자"),
    CellDefect("swapped columns", _LABS, "결과", lambda record: record["단위"], "not_a_number", "cell", "lab_result",
               fits=_analyte("L101"), partner="단위", partner_rule="unlisted_code"),
    CellDefect("grade out of scale", _EVENTS, "등급", lambda _: "7", "out_of_range", "cell", "adverse_event"),
    CellDefect("grade that the term does not have", _EVENTS, "등급", lambda _: "4", "", "", "adverse_event",
               fits=lambda record: record["이상반응명"] == "수족피부반응"),
    CellDefect("text in a number", _LABS, "결과", lambda _: "용혈", "not_a_number", "cell", "lab_result",
               fits=_analyte("L204"), times=3),
    CellDefect("text in a number", "종양기저", "종양개수", lambda _: "다수", "not_a_number", "cell", "tumour_baseline"),
    CellDefect("resident number in free text", _EVENTS, "이상반응명", lambda record: f"{record['이상반응명']} (550312-1234567)",
               "masked_identifier", "none", ""),
    CellDefect("phone in free text", "추적관찰", "사망원인상세", lambda _: "보호자 통화 010-1234-5678", "masked_identifier",
               "none", "", fits=lambda record: record["사망일자"] != ""),
    CellDefect("e-mail in free text", "과거력", "질환명", lambda _: "문의 hong.gildong@example.org", "masked_identifier",
               "none", "", fits=lambda record: record["질환명"] != ""),
    CellDefect("missing start", _DOSES, "시작일자", lambda _: "", "missing_required", "row", "exposure"),
    CellDefect("date in the future", "추적관찰", "최종추적일자", lambda _: "2091-01-01", "in_the_future", "none",
               "follow_up", fits=lambda record: record["사망일자"] == ""),
    CellDefect("end before start", _EVENTS, "종료일자", lambda _: "2006-12-31", "end_before_start", "none",
               "adverse_event", fits=lambda record: record["종료일자"] != ""),
)  # fmt: skip


def write_record_defects(
    folder: Path, site_id: str, clean: Path, *, seed: int
) -> tuple[list[Path], list[PlantedDefect]]:
    """Write the delivery with every defect of single records; the manifest fits it."""
    delivery = copy_delivery(folder, DEFECT_SET, site_id, clean)
    rng = np.random.default_rng([seed, 77])
    begins = sorted({defect.file for defect in _CELL_DEFECTS} | {"병변", "시술"})
    files = {begin: read_records(find_file(delivery, begin)) for begin in begins}
    names = {begin: find_file(delivery, begin).name for begin in begins}
    died_on = _deaths(files["추적관찰"])
    used: set[str] = _patients_of_oddities(files[_LABS])
    planted: list[PlantedDefect] = []

    def note(
        begin: str, record: int, column: str, planted_text: str, original: str, about: tuple[str, str, str, str]
    ) -> None:
        kind, rule, cost, table = about
        planted.append(
            PlantedDefect(
                DEFECT_SET,
                site_id,
                names[begin],
                record,
                record + 1,
                column,
                kind,
                rule,
                cost,
                table,
                planted_text,
                original,
            )
        )

    for defect in _CELL_DEFECTS:
        records = files[defect.file]
        header = records[0]
        for number in _choose(records, defect, died_on, used, rng):
            cells = records[number]
            before = dict(zip(header, cells, strict=True))
            after = defect.spoil(before)
            cells[header.index(defect.column)] = after
            note(
                defect.file,
                number,
                defect.column,
                after,
                before[defect.column],
                (defect.kind, defect.rule, defect.cost, defect.table),
            )
            if defect.partner:
                cells[header.index(defect.partner)] = before[defect.column]
                if defect.partner_rule:
                    note(
                        defect.file,
                        number,
                        defect.partner,
                        before[defect.column],
                        before[defect.partner],
                        (defect.kind, defect.partner_rule, defect.cost, defect.table),
                    )
    for begin, kind, rule, table in (
        (_PATIENTS, "duplicate patient", "duplicate_key", "patient"),
        (_LABS, "duplicate result", "duplicate_key", "lab_result"),
        (_EVENTS, "orphan event", "unknown_parent", "adverse_event"),
    ):
        for number in _choose(files[begin], None, died_on, used, rng):
            copied = list(files[begin][number])
            if rule == "unknown_parent":
                copied[files[begin][0].index(_ID)] = _UNKNOWN_NUMBER
            files[begin].append(copied)
            note(begin, len(files[begin]) - 1, "", ",".join(copied), "", (kind, rule, "row", table))
    for begin, kind in (("병변", "record with a field too few"), ("시술", "record with a field too many")):
        for number in _choose(files[begin], None, died_on, used, rng):
            original = ",".join(files[begin][number])
            files[begin][number] = files[begin][number][:-1] if begin == "병변" else [*files[begin][number], "비고"]
            note(begin, number, "", ",".join(files[begin][number]), original, (kind, "ragged_record", "row", ""))
    counts = count_in_manifest(delivery)
    for begin, records in files.items():
        write_records(delivery / names[begin], records)
        counts[names[begin]] = len(records) - 1
    seal_delivery(delivery, counts)
    return [delivery], planted


def _choose(
    records: Records, defect: CellDefect | None, died_on: dict[str, str], used: set[str], rng: np.random.Generator
) -> Iterator[int]:
    """Choose records of patients who have no other defect; the number of the record is its place after the header."""
    header = records[0]
    times = 2 if defect is None else defect.times
    for number in (rng.permutation(len(records) - 1) + 1).tolist():
        if not times:
            return
        if len(records[number]) != len(header):
            continue
        record = dict(zip(header, records[number], strict=True))
        if record[_ID] in used:
            continue
        if defect is not None and not defect.fits({"사망일자": died_on.get(record[_ID], ""), **record}):
            continue
        used.add(record[_ID])
        times -= 1
        yield number


def _deaths(follow_up: Records) -> dict[str, str]:
    header = follow_up[0]
    return {record[header.index(_ID)]: record[header.index("사망일자")] for record in follow_up[1:]}


def _patients_of_oddities(labs: Records) -> set[str]:
    """Leave alone whoever has one of the clean delivery's own oddities."""
    header = labs[0]
    odd = {"검체부족", "L999"}
    return {record[header.index(_ID)] for record in labs[1:] if odd & set(record)} | {"S999999"}
