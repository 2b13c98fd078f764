"""What is planted into Boramae's delivery: a row holds all of a patient, so a defect must cost its own group alone."""

from collections.abc import Callable
from dataclasses import replace

from etl.synthetic.defects import spoil_bytes, spoil_sheet
from etl.synthetic.defects.answer_key import REFUSED
from etl.synthetic.defects.in_any_format import in_all_spellings, in_any_file, in_any_workbook
from etl.synthetic.defects.kinds import CellDefect, DefectPlan, FileDefect, Record, RecordDefect
from etl.synthetic.hospitals.boramae.layout import LIMITS, WIDE

_UNKNOWN_NUMBER = "R999998"
_DAY_IN_1905, _DAY_IN_2006, _DAY_IN_2015, _DAY_IN_2016, _DAY_IN_2091 = "1952", "39082", 42156, "42460", "69764"
"""Serial numbers of 1905-05-05, 2006-12-31, 2015-06-01, 2016-03-31 and 2091-01-01."""

_TUMOUR, _FOLLOW_UP, _DOSE, _EVENT = "기저종양 / ", "추적 / ", "투약1 / ", "이상반응1 / "


def _is_number(column: str) -> Callable[[Record], bool]:
    return lambda record: record[column].replace(".", "").isdigit()


def _is_filled(column: str) -> Callable[[Record], bool]:
    return lambda record: record[column] != ""


def _ten_times(column: str) -> Callable[[Record], str]:
    return lambda record: f"{float(record[column]) * 10:g}"


def _cell(
    kind: str, column: str, spoilt: str, caught: tuple[str, str, str], fits: Callable[[Record], bool] | None = None
) -> CellDefect:
    """Plant one text into a column, where it is filled if nothing else is asked; `caught` is rule, cost and table."""
    return CellDefect(kind, WIDE, column, lambda _: spoilt, *caught, fits=fits or _is_filled(column))


def _died_before_june_2015(record: Record) -> bool:
    death = record[f"{_FOLLOW_UP}사망일"]
    return death.isdigit() and int(death) < _DAY_IN_2015


_CELLS = (
    _cell("date in the future", f"{_FOLLOW_UP}최종추적일", _DAY_IN_2091, ("in_the_future", "none", "follow_up"),
          lambda record: record[f"{_FOLLOW_UP}사망일"] == ""),
    _cell("grade that the term does not have", f"{_EVENT}등급", "4", ("grade_not_in_term", "none", "adverse_event"),
          lambda record: record[f"{_EVENT}CTCAE용어"].startswith("Palmar-plantar")),
    _cell("impossible date", "7차 방문 / 방문일", "2012-13-04", ("not_a_date", "row", "lab_result")),
    _cell("unlisted code", f"{_EVENT}결과", "호전", ("unlisted_code", "cell", "adverse_event")),
    _cell("date before birth", f"{_EVENT}발생일", _DAY_IN_1905, ("before_birth", "none", "adverse_event")),
    _cell("grade out of scale", f"{_EVENT}등급", "7", ("out_of_range", "cell", "adverse_event")),
    _cell("end before start", f"{_EVENT}종료일", _DAY_IN_2006, ("end_before_start", "none", "adverse_event")),
    CellDefect("resident number in free text", WIDE, f"{_EVENT}증상",
               lambda record: f"{record[f'{_EVENT}증상']} (550312-1234567)", "masked_identifier", "none", "",
               fits=_is_filled(f"{_EVENT}증상")),
    _cell("unlisted code", "시술2 / 시술", "색전", ("unlisted_code", "row", "procedure")),
    _cell("phone in free text", f"{_FOLLOW_UP}사인상세", "보호자 통화 010-1234-5678", ("masked_identifier", "none", "")),
    CellDefect("unit mistaken: tenths of a millimetre", WIDE, "1차 방문 / 병변1 생존직경", lambda _: "523", "out_of_range",
               "cell", "lesion", fits=_is_filled("1차 방문 / 병변1 생존직경")),
    _cell("impossible date", "2차 방문 / 영상일", "0", ("not_a_date", "row", "imaging_visit")),
    _cell("date before birth", "2차 방문 / 영상일", _DAY_IN_1905, ("before_birth", "none", "imaging_visit")),
    _cell("date after death", "3차 방문 / 방문일", _DAY_IN_2016, ("after_death", "none", "lab_result"),
          _died_before_june_2015),
    CellDefect("shifted decimal", WIDE, "2차 방문 / 혈색소", _ten_times("2차 방문 / 혈색소"), "implausible_value", "none",
               "lab_result", fits=_is_number("2차 방문 / 혈색소")),
    _cell("unlisted code", "기본 / 원인", "HBV", ("unlisted_code", "cell", "patient")),
    _cell("impossible date", "기본 / 생년월일", "1955-02-30", ("not_a_date", "cell", "patient")),
    _cell("shifted decimal", f"{_DOSE}1회용량", "4000", ("out_of_range", "cell", "exposure")),
    _cell("shifted decimal", f"{_TUMOUR}최대직경", "1250", ("out_of_range", "cell", "tumour_baseline")),
    _cell("text in a number", "1차 방문 / K", "용혈", ("not_a_number", "cell", "lab_result")),
    _cell("text in a number", f"{_TUMOUR}종양개수", "다수", ("not_a_number", "cell", "tumour_baseline")),
    _cell("e-mail in free text", "과거력1 / 상병명", "문의 hong.gildong@example.org", ("masked_identifier", "none", "")),
    _cell("missing start", f"{_DOSE}시작일", "", ("missing_required", "row", "exposure")),
    CellDefect("unit mistaken: g/L written as g/dL", WIDE, "1차 방문 / 알부민", _ten_times("1차 방문 / 알부민"),
               "implausible_value", "none", "lab_result", fits=_is_number("1차 방문 / 알부민")),
    CellDefect("swapped columns", WIDE, f"{_DOSE}종료일", lambda record: record[f"{_DOSE}시작일"], "end_before_start", "none",
               "exposure", fits=lambda record: record[f"{_DOSE}시작일"] < record[f"{_DOSE}종료일"], partner=f"{_DOSE}시작일"),
    CellDefect("swapped columns", WIDE, "1차 방문 / AST", lambda record: record["1차 방문 / 복수"], "not_a_number", "cell",
               "lab_result", fits=_is_number("1차 방문 / AST"), partner="1차 방문 / 복수", partner_rule="unlisted_code"),
)  # fmt: skip
"""The rarest first: nobody has two defects, and a hospital with few patients would else run out of those who fit."""

_RECORDS = (
    RecordDefect("duplicate patient", WIDE, list, True, "duplicate_key", "patient"),
    RecordDefect(
        "orphan event", WIDE, lambda cells: [cells[0], "추가", _UNKNOWN_NUMBER, *cells[3:]], True, "unknown_parent",
        "adverse_event", fits=_is_filled(f"{_EVENT}증상"),
    ),
)  # fmt: skip

_FILES = (
    FileDefect("truncated", "file cut in half", WIDE, REFUSED, spoil_bytes=spoil_bytes.cut_in_half, manifest="none"),
    FileDefect(
        "shortened", "file cut between two records, after a full delivery", WIDE, REFUSED,
        spoil_sheet=spoil_sheet.cut_at_record, manifest="none", is_second=True,
    ),
    FileDefect("missing_sheet", "a sheet under another name", LIMITS, REFUSED, spoil_sheet=spoil_sheet.rename_sheet),
    FileDefect("duplicate_header", "a column named twice", WIDE, REFUSED, spoil_sheet=spoil_sheet.double_header),
    FileDefect("header_only", "a header and no record", LIMITS, REFUSED, spoil_sheet=spoil_sheet.keep_header, manifest="none"),
    FileDefect("empty_file", "a file of no bytes", WIDE, REFUSED, spoil_bytes=spoil_bytes.empty, manifest="none"),
    FileDefect("missing_file", "a file that did not come", WIDE, REFUSED, spoil_bytes=spoil_bytes.remove, manifest="none"),
    FileDefect("missing_column", "a column that is mapped and did not come", LIMITS, REFUSED,
               spoil_sheet=spoil_sheet.remove_column),
    FileDefect("error_page", "a web page in place of the file", WIDE, REFUSED, spoil_bytes=spoil_bytes.send_page,
               manifest="none"),
    FileDefect("repeated_header", "the header again in the middle", WIDE, "repeated_header",
               spoil_sheet=spoil_sheet.repeat_stacked_header, cost="row", records=2),
    FileDefect("added_column", "a column that nobody knows", WIDE, "unused_column", spoil_sheet=spoil_sheet.add_column,
               cost="none", column="비고"),
    FileDefect("reordered_columns", "columns in another order", WIDE, "", spoil_sheet=spoil_sheet.reorder_columns),
    FileDefect("decomposed_name", "a file name in decomposed Hangul", WIDE, "", spoil_bytes=spoil_bytes.decompose_name,
               manifest="sent"),
)  # fmt: skip

PLAN = DefectPlan(
    tuple(replace(defect, times=1) for defect in (*_CELLS, *in_all_spellings(_CELLS))),  # it has few patients
    _RECORDS,
    (
        *_FILES,
        *in_any_file(WIDE, patient_column="연구번호", is_one_of_many=True),
        *in_any_workbook(WIDE, column="기본 / CP점수", letters="N"),
    ),
    patient_column="연구번호",
    follow_up=WIDE,
    death_column=f"{_FOLLOW_UP}사망일",
    oddities=frozenset({"소계", "합계"}),
    header_lines=4,
)
