"""Commands about one hospital's deliveries: ingest, report, findings, questions, quarantine, synthesize."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from etl.commands.connections import asking
from etl.commands.options import AsJson, Output, Site, read_settings
from etl.commands.progress_bar import ProgressBar
from etl.commands.show import out, print_on_stderr, show_answer, show_json
from etl.findings import Audience
from warehouse.errors import HccError


def ingest(
    site: Site,
    delivery: Annotated[str | None, typer.Option(help="The delivery's folder; the newest when not named.")] = None,
    is_accepted: Annotated[
        bool,
        typer.Option("--accept", help="Publish although much was quarantined or set aside, or the delivery shrank."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a hospital's delivery into the warehouse, publish it and write its report.

    A hospital that has sent nothing gets a synthetic delivery first, as long as the warehouse holds no real one. A
    delivery that is in already, unchanged, is not brought in again; one that was rolled back only when it is named.

    Example:
    hcc ingest snuh
    hcc ingest snuh --delivery 2026-11 --accept
    """
    from etl.commands.summary import outcome_as_dict, show_outcome, show_synthetic
    from etl.mapping.read_mapping import read_mapping
    from etl.pipeline import ingest as run_ingest
    from etl.pipeline import record_apart
    from etl.synthetic.first_delivery import make_first_delivery

    settings = read_settings()
    with ProgressBar() as progress:
        try:  # an unknown hospital or a faulty mapping is reported before anything is made
            read_mapping(settings.mappings_dir, site)
        except HccError as error:
            record_apart(site, error, delivery=delivery, settings=settings, progress=progress)
            raise
        made = make_first_delivery(site, settings, progress=progress) if delivery is None else None
        if made is not None:
            show_synthetic(made)
        outcome = run_ingest(site, delivery=delivery, accept=is_accepted, settings=settings, progress=progress)
    if as_json:
        show_json(outcome_as_dict(outcome, settings))
    else:
        show_outcome(outcome, settings)


def report(
    site: Annotated[
        str | None, typer.Argument(help="The hospital, as its folder under site_mappings/ is called.", metavar="SITE")
    ] = None,
    is_all: Annotated[
        bool, typer.Option("--all", help="Every hospital's report, and the page of all of them.")
    ] = False,
    with_cells: Annotated[
        bool, typer.Option("--cells", help="The cells of refused records in the JSON next to the page: patients' own.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the report of a hospital's newest load again, a refused one too; or of every hospital's.

    Example:
    hcc report snuh
    hcc report --all
    """
    from etl.report.all_hospitals.write import write_index
    from etl.report.load.lists import find_load, reported_sites
    from etl.report.load.write import write_report

    if (site is None) == (not is_all):
        raise typer.BadParameter("Name one hospital, or say --all.", param_hint="SITE")
    settings = read_settings()
    with ProgressBar() as progress, asking(settings) as con:
        progress.begin("Writing the report")
        paths = [
            write_report(
                con, each, load_id=find_load(con, each), reports_dir=settings.reports_dir, with_cells=with_cells
            )
            for each in ([site] if site is not None else reported_sites(con))
        ]
        index = write_index(con, reports_dir=settings.reports_dir)
    paths += [index] if is_all else []
    if as_json:
        show_json({"reports": [str(path) for path in paths]} if is_all else {"report": str(paths[0])})
    else:
        for path in paths:
            out().print(str(path), soft_wrap=True)


def findings(
    site: Site,
    rule: Annotated[str | None, typer.Option(help="Only findings of this rule, e.g. unlisted_code.")] = None,
    *,
    audience: Annotated[
        Audience | None,
        typer.Option(
            "--for",
            help="Only what this reader (hospital or data-manager) can do something about, with that sentence alone.",
            metavar="READER",
        ),
    ] = None,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """List what is amiss in a hospital's newest load: each bad cell once, with its place, and what to do about it.

    With --for hospital the list is what to send to the hospital: it says what can be done there, and nothing of mappings.

    Example:
    hcc findings snuh
    hcc findings snuh --rule unlisted_code --json
    hcc findings snuh --for hospital -o questions.xlsx
    """
    from etl.report.load.lists import list_findings
    from etl.report.sentences import write_advice

    field = None if audience is None else audience.field
    with asking(read_settings()) as con:
        found = list_findings(con, site, rule=rule, audience=audience)
    if as_json and output is None:
        show_json(found)
        return
    if output is not None:
        told = ("for_hospital", "for_data_manager") if field is None else (field,)
        columns = (*PLACE_COLUMNS, "source_column", "found", "expected", "sentence", *told)
        columns = ("severity", *columns) if audience is Audience.HOSPITAL else ("severity", "rule", *columns, "touches")
        rows = [[_in_a_cell(each[name]) for name in columns] for each in found]
        show_answer(columns, rows, output=output, as_json=as_json)
        return
    lines = [
        (
            each["severity"],
            f"{each['sentence']} {write_advice(each['rule']) if field is None else each[field]}".rstrip(),
        )
        for each in found
    ]
    show_answer(("severity", "finding"), lines, output=None, as_json=False)
    print_on_stderr(f"{len(found):,} findings{_by_rule(each['rule'] for each in found)}.")


def _by_rule(rules: Iterable[str]) -> str:
    """Count the findings of each rule, the most frequent first, as a list may hide a rare one among many alike."""
    counts = Counter(rules).most_common()
    if not counts[1:]:
        return ""
    return f": {', '.join(f'{rule} {count:,}' for rule, count in counts)}; --rule lists those of one rule"


PLACE_COLUMNS = ("file", "sheet", "record", "line", "cell")


def _in_a_cell(value: Any) -> Any:
    """Write what a finding touches as one text: `lab_result.value (12), patient.sex (1)`."""
    if not isinstance(value, list):
        return value
    return ", ".join(
        f"{touch['table']}{'.' + touch['column'] if touch['column'] else ''} ({touch['rows']})" for touch in value
    )


def questions(
    site: Site,
    question: Annotated[
        str | None, typer.Option(help="Only questions of this kind, e.g. physician_against_lesions.")
    ] = None,
    *,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """List the clinical questions to a hospital about its current load: reported and derived do not agree.

    Each says where every cell stands that it rests on: file, sheet, line, and in a workbook the cell as Excel shows it.

    Example:
    hcc questions snuh
    hcc questions snuh --question physician_against_lesions --json
    hcc questions snuh -o questions.xlsx
    """
    from etl.report.load.clinical import list_clinical
    from etl.report.load.lists import find_load

    with asking(read_settings()) as con:
        find_load(con, site)
        asked = list_clinical(con, site, question=question)
    if as_json and output is None:
        show_json(asked)
        return
    told = ("place", "patient_id", "noted_on", "reported", "derived")
    # A file goes to the hospital: what is asked, and what to do, in words.
    columns = ("question", *told) if output is None else ("sentence", *told, "question")
    rows = [[row[name] for name in columns] for row in asked]
    show_answer(columns, rows, output=output, as_json=as_json)
    print_on_stderr(f"{len(asked):,} questions.")


def quarantine(
    site: Site,
    table: Annotated[str | None, typer.Option(help="Only rows of this canonical table, e.g. lab_result.")] = None,
    *,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """List the rows of a hospital's newest load that were quarantined, with address and rules.

    With --json also the cells of the source record, as they were landed.

    Example:
    hcc quarantine snuh
    hcc quarantine snuh --table lab_result --json
    """
    from etl.report.load.lists import list_quarantined

    with asking(read_settings()) as con:
        refused = list_quarantined(con, site, table=table, with_cells=as_json)
    if as_json and output is None:
        show_json(refused)
        return
    columns = ("file", "sheet", "record", "line", "table", "rules")
    rows = [[*(row[column] for column in columns[:-1]), ", ".join(row["rules"])] for row in refused]
    show_answer(columns, rows, output=output, as_json=as_json)
    print_on_stderr(f"{len(refused):,} rows were quarantined; --json shows their cells.")


def synthesize(  # noqa: PLR0917  # options, which a caller names
    sites: Annotated[
        list[str] | None, typer.Argument(help="Hospitals; all when none is named.", metavar="[SITE]...")
    ] = None,
    has_defects: Annotated[
        bool, typer.Option("--defects", help="Also write deliveries with planted defects and their answer key.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed makes the same patients.")] = 2021,
    scale: Annotated[float, typer.Option(help="How many times the study's patients.", min=0.01)] = 1.0,
    to: Annotated[
        Path | None, typer.Option(help="The folder that gets <site>/<delivery>/; data/raw when not named.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make synthetic deliveries; every patient in them is made up, and each is marked by a file SYNTHETIC.txt.

    Into data/raw only as long as the warehouse holds no real delivery.

    Example:
    hcc synthesize snuh
    hcc synthesize --scale 2 --to /tmp/large
    hcc synthesize snuh --defects --to /tmp/defects
    """
    from etl.synthetic.first_delivery import refuse_beside_real_data
    from etl.synthetic.synthesize import synthesize as make

    settings = read_settings()
    if to is None:
        refuse_beside_real_data(settings)
    with ProgressBar() as progress:
        made = make(
            to or settings.raw_dir, sites=sites or (), seed=seed, scale=scale, defects=has_defects, progress=progress
        )
    if as_json:
        show_json([{"delivery": str(path)} for path in made])
    else:
        for path in made:
            out().print(str(path), soft_wrap=True)
