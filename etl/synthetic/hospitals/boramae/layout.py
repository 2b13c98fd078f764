"""How Boramae's sheets look: a title, two merged header rows, serial days and results as plain numbers."""

from etl.synthetic.hospitals.boramae.words import ANALYTE
from etl.synthetic.writers.workbook import JOINT, CellKind, Layout

WIDE, LIMITS = "환자별", "참고치"
_TITLES = ("간세포암 소라페닙 코호트 환자별 정리 (보라매병원)", "추출일 2016-04-15, 크기 mm, 날짜는 엑셀 일련번호")
_TEXTS = frozenset({"성명", "담당의", "CP등급", "BCLC", "상병코드", "상병명"})
_NUMBER_ENDS = ("일", "직경", "단경", "용량", "횟수", "점수", "개수", "등급", "혈압", "하한", "상한")
_NUMBERS = frozenset({"순번", "ECOG", "체중", "신장", *ANALYTE.values()})


def layout_of(sheet: str) -> Layout:
    """Lay out a sheet by its name: the wide one, or the table of limits, which has neither title nor groups."""
    return Layout(_kind_of, _TITLES, has_groups=True) if sheet == WIDE else Layout(_kind_of)


def _kind_of(column: str) -> CellKind:
    item = column.rpartition(JOINT)[2]
    is_number = item not in _TEXTS and (item in _NUMBERS or item.endswith(_NUMBER_ENDS))
    return "number" if is_number else "text"
