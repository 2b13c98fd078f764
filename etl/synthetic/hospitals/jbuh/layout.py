"""How the sheets of JBUH's workbook look: one header row, dates and numbers as typed cells."""

from etl.synthetic.writers.workbook import CellKind, Layout

_NUMBERS = frozenset(
    {
        "CP점수", "KPS", "체중(kg)", "키(cm)", "수축기", "이완기", "최대직경(cm)", "결절수", "1회량(mg)", "1일횟수", "결과값",
        "생존장경(cm)", "전체장경(cm)", "단경(cm)", "CTCAE등급",
    }
)  # fmt: skip


def layout_of(_: str) -> Layout:
    """Lay out a sheet; all of them are alike."""
    return Layout(_kind_of)


def _kind_of(column: str) -> CellKind:
    if column in _NUMBERS:
        return "number"
    return "date" if column.endswith("일") else "text"
