"""The summary that `hcc ingest` prints: the verdict, the ledger, what needs attention, what to ask, where the report is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.panel import Panel
from rich.text import Text

from etl.commands.show import err, out, plain, print_on_stderr, show_rows
from etl.findings import RULES, SEVERITIES

if TYPE_CHECKING:
    from etl.publishing import Outcome
    from etl.report.verdict import Verdict
    from etl.settings import Settings
    from warehouse.reading.query import Answer

# A file that fills a table in several parts has one line; its records are the same records in every part.
LEDGER_SQL = """
SELECT
    f.file AS "file",
    coalesce(l.table_name, '(none)') AS "table",
    max(l.source_records) AS records,
    max(l.contributing) AS contributing,
    max(l.excluded) AS excluded,
    max(l.unused) AS unused,
    max(l.unreadable) AS unreadable,
    sum(l.produced) AS produced,
    sum(l.staged) AS loaded,
    sum(l.quarantined) AS quarantined,
    sum(l.merged) AS merged,
    sum(l.empty_slots) AS empty
FROM audit.ledger l JOIN audit.source_file f USING (source_id)
WHERE l.load_id = {load_id}
GROUP BY ALL
ORDER BY ALL
"""

FINDINGS_SQL = """
SELECT
    rule,
    count(*) AS times,
    list_sort(list_distinct(flatten(list(
        CASE
            WHEN rule = 'unused_file' THEN [found]
            WHEN touches IS NULL THEN [coalesce(source_column, '')]
            ELSE list_transform(touches, lambda touch: concat_ws('.', touch.table, coalesce(touch.column, source_column)))
        END
    )))) AS columns
FROM quality.source_finding
WHERE load_id = {load_id}
GROUP BY rule
ORDER BY times DESC, rule
"""

QUESTIONS = (
    "select curve, stratum, value, low, high from analysis.survival_summary where measure = 'median' order by all",
    "select analyte_code, unit, count(*), median(value) from current.lab_result group by all order by all",
    "select rule, file, source_column, count(*) from quality.source_finding group by all order by 4 desc",
)
TONE_STYLES = {"good": "bold green", "warning": "bold yellow", "error": "bold red"}
STYLES = {"fatal": "bold red", "error": "red", "warning": "yellow", "note": "dim"}
MOST_PLACES = 4


def show_synthetic(path: Path) -> None:
    """Print a prominent warning that the following data are synthetic."""
    text = f"No delivery was found, so a SYNTHETIC one was made: {path}\nEvery patient in it is made up."
    err().print(Panel.fit(Text(text, style="bold"), title="SYNTHETIC DATA", border_style="yellow", style="yellow"))


def show_outcome(outcome: "Outcome", settings: "Settings") -> None:
    """Print the summary of an ingest."""
    verdict, ledger, findings, asked = _read(outcome, settings)
    console = out()
    console.print(Text(headline(outcome), style="bold"), soft_wrap=True)
    console.print(Text(verdict.grade, style=TONE_STYLES[verdict.tone]) + Text(f": {verdict.sentence}"), soft_wrap=True)
    console.print()
    show_rows(ledger.columns, ledger.rows, as_json=False)
    console.print()
    console.print(Text("What needs attention" if findings.rows else "Nothing needs attention.", style="bold"))
    for severity, line in sorted(
        (attention_line(*row) for row in findings.rows), key=lambda each: SEVERITIES.index(each[0])
    ):
        console.print(Text(f"  {severity:8}", style=STYLES[severity]) + plain(line), soft_wrap=True)
    if asked:
        console.print(
            Text("Clinical questions: ", style="bold") + Text(f"{asked:,}; see hcc questions {outcome.site_id}"),
            soft_wrap=True,
        )
    console.print()
    console.print(Text("Report: ", style="bold") + Text(str(outcome.report_path)), soft_wrap=True)
    console.print(Text("Questions to try:", style="bold"))
    for question in QUESTIONS:
        console.print(Text(f'  make query Q="{question}"'), soft_wrap=True)
    if outcome.is_synthetic:
        print_on_stderr("This delivery is SYNTHETIC: every patient in it is made up.", style="yellow")


def headline(outcome: "Outcome") -> str:
    """Write the outcome of an ingest in one line."""
    name = f"{outcome.site_id} {outcome.delivery}"
    if outcome.is_noop:
        return f"{name} is in already, unchanged, as load {outcome.load_id}: nothing to do."
    return f"{name} is published as load {outcome.load_id}."


def attention_line(rule: str, times: int, columns: list[str]) -> tuple[str, str]:
    """Write how often a rule was met, where, and what the data manager can do: (severity, sentence)."""
    known = RULES.get(rule)
    columns = [column for column in columns if column]
    others = len(columns) - MOST_PLACES
    places = ", ".join(columns[:MOST_PLACES]) + (f" and {others} more" if others > 0 else "")
    what = f"{times:,} x {rule.replace('_', ' ')}" + (f" ({places})." if places else ".")
    return (known.severity, f"{what} {known.for_data_manager or known.for_hospital}") if known else ("error", what)


def outcome_as_dict(outcome: "Outcome", settings: "Settings") -> dict[str, Any]:
    """Put the summary into plain values for JSON."""
    verdict, ledger, findings, asked = _read(outcome, settings)
    return {
        "site_id": outcome.site_id,
        "delivery": outcome.delivery,
        "load_id": outcome.load_id,
        "is_noop": outcome.is_noop,
        "is_synthetic": outcome.is_synthetic,
        "verdict": verdict.grade,
        "verdict_sentence": verdict.sentence,
        "report": str(outcome.report_path),
        "ledger": [dict(zip(ledger.columns, row, strict=True)) for row in ledger.rows],
        "findings": [dict(zip(findings.columns, row, strict=True)) for row in findings.rows],
        "clinical_questions": asked,
    }


def _read(outcome: "Outcome", settings: "Settings") -> "tuple[Verdict, Answer, Answer, int]":
    from etl.report.load.clinical import count_clinical
    from etl.report.read_verdicts import read_verdict
    from warehouse.reading.query import ask, reading

    with reading(settings.warehouse_path) as con:
        ledger = ask(con, LEDGER_SQL.format(load_id=outcome.load_id))
        findings = ask(con, FINDINGS_SQL.format(load_id=outcome.load_id))
        verdict = read_verdict(con, outcome.load_id)
        return verdict, ledger, findings, count_clinical(con).get(outcome.site_id, 0)
