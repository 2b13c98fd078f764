"""The command `hcc ingest-all`: ingest the deliveries of all hospitals, one after the other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from etl.commands.options import AsJson, read_settings
from etl.commands.progress_bar import ProgressBar
from etl.commands.show import out, print_on_stderr, show_json, show_rows

if TYPE_CHECKING:
    from etl.ingest_all.run import SiteEnd
    from etl.report.verdict import Verdict
    from etl.settings import Settings

# A load in figures: records read, rows loaded and quarantined, findings.
FIGURES_SQL = """
SELECT
    load.load_id,
    (SELECT coalesce(sum(record_count), 0)::BIGINT FROM audit.source_file f WHERE f.load_id = load.load_id) AS records,
    (SELECT coalesce(sum(staged), 0)::BIGINT FROM audit.ledger l WHERE l.load_id = load.load_id)
        * (load.state <> 'refused')::INTEGER AS loaded,
    (SELECT count(*) FROM quality.quarantined_row q WHERE q.load_id = load.load_id) AS quarantined,
    (SELECT count(*) FROM quality.source_finding f WHERE f.load_id = load.load_id) AS findings
FROM audit.load AS load
WHERE load.load_id IN ({load_ids})
"""
FIGURES = ("records", "loaded", "quarantined", "findings")


def ingest_all(
    sites: Annotated[
        list[str] | None,
        typer.Argument(help="The hospitals; all that have a mapping when none is named.", metavar="[SITE]..."),
    ] = None,
    is_accepted: Annotated[
        bool, typer.Option("--accept", help="Publish although much was quarantined or set aside, or a delivery shrank.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring in the newest delivery of every hospital, publish all that pass together, and write their reports.

    One hospital's refusal does not stop the others; the exit code is then the gravest of theirs, in the order 1, 10,
    11, 12, 13, 7, 6, 3, 5, 4, 8. What is in already, unchanged, is not brought in again. A hospital that has sent nothing
    gets a synthetic delivery first, as long as no real one is there.

    Example:
    hcc ingest-all
    hcc ingest-all snuh snubh --json
    """
    from etl.commands.failures import gravest
    from etl.ingest_all.run import ingest_all as run_all

    settings = read_settings()
    explained = _Explained()
    with ProgressBar() as progress:
        ends = run_all(
            sites or (),
            accept=is_accepted,
            settings=settings,
            progress=progress,
            on_end=lambda end: progress.say(_line(end, explained.sentence(end))),
        )
    figures = _read_figures(ends, settings)
    verdicts = _read_verdicts(ends, settings)
    if as_json:
        show_json([_as_dict(end, figures, verdicts, explained=explained) for end in ends])
    else:
        _show(ends, figures, verdicts, settings=settings, explained=explained)
    raise typer.Exit(gravest(explained.code(end) for end in ends))


class _Explained:
    """Error messages of failures, each reported and logged once however many hospitals share it."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, int]] = {}
        self._told: set[str] = set()

    def sentence(self, end: "SiteEnd") -> str:
        """Explain why a hospital's delivery is not in, or its report missing; '' when nothing failed."""
        sentence = self._explain(end)[0]
        self._told.add(sentence)
        return sentence

    def code(self, end: "SiteEnd") -> int:
        """Return the exit code of a hospital."""
        return self._explain(end)[1]

    def is_told(self, end: "SiteEnd") -> bool:
        """Return whether a hospital's sentence was asked for before."""
        return self._explain(end)[0] in self._told

    def _explain(self, end: "SiteEnd") -> tuple[str, int]:
        from etl.commands.failures import explain_failure, log_dir

        if end.error is None:
            return "", 0
        if id(end.error) not in self._known:
            self._known[id(end.error)] = explain_failure(end.error, log_dir=log_dir())
        return self._known[id(end.error)]


def _line(end: "SiteEnd", sentence: str) -> str:
    """Write the outcome of a hospital in one line."""
    name = " ".join(part for part in (end.site_id, end.delivery) if part)
    if end.error is not None:
        return f"{name}: {end.ending}. {sentence}"
    if end.note is not None:
        return end.note
    if end.ending == "in already":
        return f"{name}: in already, unchanged, as load {end.load_id}."
    return f"{name}: assessed as load {end.load_id}, to be published with the others."


def _read_figures(ends: Sequence["SiteEnd"], settings: "Settings") -> dict[int, dict[str, int]]:
    """Read the figures of the hospitals' loads, by load."""
    from warehouse.reading.query import run_query

    load_ids = [end.load_id for end in ends if end.load_id is not None]
    if not load_ids:
        return {}
    answer = run_query(settings.warehouse_path, FIGURES_SQL.format(load_ids=", ".join(map(str, load_ids))))
    return {load_id: dict(zip(FIGURES, figures, strict=True)) for load_id, *figures in answer.rows}


def _read_verdicts(ends: Sequence["SiteEnd"], settings: "Settings") -> "dict[int, Verdict]":
    """Read the verdicts on the hospitals' loads, by load."""
    from etl.report.read_verdicts import read_verdicts
    from warehouse.reading.query import reading

    load_ids = [end.load_id for end in ends if end.load_id is not None]
    if not load_ids:
        return {}
    with reading(settings.warehouse_path) as con:
        return read_verdicts(con, load_ids)


def _show(
    ends: Sequence["SiteEnd"],
    figures: dict[int, dict[str, int]],
    verdicts: "dict[int, Verdict]",
    *,
    settings: "Settings",
    explained: _Explained,
) -> None:
    """Print the table of all hospitals, and what was not reported when a hospital ended."""
    columns = ("site", "delivery", "outcome", "verdict", "records", "rows loaded", "quarantined", "findings", "seconds")
    rows = [
        (
            end.site_id,
            end.delivery,
            end.ending,
            verdicts[end.load_id].grade if end.load_id in verdicts else None,
            *(figures.get(end.load_id or 0, {}).get(name) for name in FIGURES),
            round(end.seconds, 1),
        )
        for end in ends
    ]
    show_rows(columns, rows, as_json=False)
    for end in ends:
        if end.load_id in verdicts and end.error is None:
            out().print(Text(f"{end.site_id}: ", style="bold") + Text(verdicts[end.load_id].line), soft_wrap=True)
        if end.error is not None and not explained.is_told(end):
            print_on_stderr(explained.sentence(end), style="red")
    index = settings.reports_dir / "index.html"
    if index.is_file():
        out().print(Text("Side by side: ", style="bold") + Text(str(index)), soft_wrap=True)
    synthetic = [end.site_id for end in ends if end.is_synthetic]
    if synthetic:
        print_on_stderr(f"SYNTHETIC, every patient made up: {', '.join(synthetic)}.", style="yellow")


def _as_dict(
    end: "SiteEnd",
    figures: dict[int, dict[str, int]],
    verdicts: "dict[int, Verdict]",
    *,
    explained: _Explained,
) -> dict[str, Any]:
    verdict = verdicts.get(end.load_id or 0)
    return {
        "site_id": end.site_id,
        "delivery": end.delivery,
        "outcome": end.ending,
        "load_id": end.load_id,
        "verdict": verdict and verdict.grade,
        "verdict_sentence": verdict and verdict.sentence,
        "is_synthetic": end.is_synthetic,
        **{name: figures.get(end.load_id or 0, {}).get(name) for name in FIGURES},
        "seconds": round(end.seconds, 3),
        "exit_code": explained.code(end),
        "message": explained.sentence(end) or end.note,
    }
