"""Survival curves with their medians, and the cumulative incidence of competing events."""

from typing import TYPE_CHECKING

from etl.study.report.document import Block, Cell, Column, Heading, Number, Prose, Row, Section, Table
from etl.study.report.numbers import Numbers
from etl.study.report.outline import Curve, Outline
from etl.study.report.setting import Footnotes, label_cell, limits_cell, number_cell, sentence

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from etl.study.figures.drawing import Drawing, Setting
    from etl.study.report.pictures import Pictures

ALL = "all"


def survival_section(
    con: "duckdb.DuckDBPyConnection", numbers: Numbers, *, outline: Outline, pictures: "Pictures"
) -> Section:
    """Set every curve of the study: the figure, then a table with a row for each stratum."""
    blocks: list[Block] = []
    for place, curve in enumerate(outline.curves, start=1):
        frame = _steps(con, outline.study_id, curve)
        number = f"Figure {curve.figure}" if curve.figure else f"Figure S{place}"
        blocks += [
            Heading(curve.title, f"curve_{curve.name}"),
            _figure(frame, numbers, outline=outline, curve=curve, pictures=pictures, number=number),
            _table(numbers, outline=outline, curve=curve),
        ]
    for analysis in numbers.analyses("incidence."):
        blocks += _incidence(numbers, analysis, outline=outline, pictures=pictures)
    return Section("survival", "Survival", _lead(numbers, outline), tuple(blocks))


def _lead(numbers: Numbers, outline: Outline) -> str:
    """Who is in the curves, and what the study's own curves count as known too early."""
    populations = dict.fromkeys(curve.population for curve in outline.curves)
    labels = "; ".join(outline.populations.get(name, name) for name in populations)
    said = [f"Kaplan-Meier curves. Population: {labels}."]
    if any(table.population not in populations for table in outline.tables):
        said.append(
            "It is not that of every table: one that is chosen by the outcome would condition the curves on their own end."
        )
    late = [curve for curve in outline.curves if curve.by in outline.variables and outline.variables[curve.by].onset]
    if late:
        said.append("What begins after time zero is counted here as known at time zero.")
        if numbers.analyses("naive."):
            said.append("The section on sensitivity shows what that does.")
    return " ".join(said)


def _steps(con: "duckdb.DuckDBPyConnection", study_id: str, curve: Curve) -> "pd.DataFrame":
    return con.execute(
        "SELECT stratum, time_months, at_risk, events, censored, survival, low, high FROM analysis.kaplan_meier "
        "WHERE study_id = ? AND curve = ? ORDER BY stratum_position, time_days",
        [study_id, curve.name],
    ).df()


def _figure(
    steps: "pd.DataFrame",
    numbers: Numbers,
    *,
    outline: Outline,
    curve: Curve,
    pictures: "Pictures",
    number: str,
) -> Block:
    import pandas as pd

    from etl.study.figures.kaplan_meier import kaplan_meier

    analysis = f"curve.{curve.name}"
    strata = list(dict.fromkeys(steps["stratum"]))
    p = numbers.find(analysis, "p", variable=curve.by)

    def draw(setting: "Setting", *, is_korean: bool) -> "Drawing":
        def label(stratum: str) -> str | None:
            if stratum == ALL:
                return None
            known = outline.korean.get((curve.by or "", stratum)) if is_korean else None
            return known or outline.level_label(curve.by, stratum)

        summary = pd.DataFrame(
            [
                {
                    "stratum": label(stratum),
                    **{
                        part: _raw(numbers.find(analysis, part, group=stratum))
                        for part in ("median", "median_low", "median_high")
                    },
                }
                for stratum in strata
            ],
            columns=["stratum", "median", "median_low", "median_high"],
        )
        test = "로그순위 검정" if is_korean else "Log-rank test"
        said = [f"{test}: p {_p_text(p)}"] if p is not None and not p.is_missing else []
        return kaplan_meier(
            steps.assign(stratum=[label(stratum) for stratum in steps["stratum"]]),
            summary,
            setting=setting,
            name=f"curve_{curve.name}",
            title=curve.title_ko if is_korean else curve.title,
            y_label=curve.endpoint_label_ko if is_korean else curve.endpoint_label,
            sentences=said,
        )

    return pictures.draw(
        f"curve_{curve.name}",
        f"{number}. {curve.title}: Kaplan-Meier curve with 95% limits and numbers at risk.",
        lambda setting: draw(setting, is_korean=False),
        korean=lambda setting: draw(setting, is_korean=True),
    )


def _table(numbers: Numbers, *, outline: Outline, curve: Curve) -> Table:
    analysis = f"curve.{curve.name}"
    notes = Footnotes()
    months = sorted(
        {
            int(operation.split("_")[1])
            for operation in numbers.distinct(analysis, "operation")
            if operation.startswith("survival_") and operation.split("_")[1].isdecimal()
        }
    )
    columns = [
        Column(outline.variable_label(curve.by) if curve.by else "", is_number=False),
        Column("Patients"),
        Column("Events"),
        Column("Median, months (95%\u00a0CI)"),
        *(Column(f"At {month} months (95%\u00a0CI)") for month in months),
        Column("Follow-up, months (95%\u00a0CI)", is_quiet=True),
    ]
    known = numbers.distinct(analysis, "group_level")
    order = [ALL, *(outline.variables[curve.by].levels if curve.by in outline.variables else [])]
    strata = sorted(known, key=lambda stratum: order.index(stratum) if stratum in order else len(order))

    def find(operation: str, stratum: str) -> Number | None:
        return numbers.find(analysis, operation, group=stratum)

    def interval(measure: str, stratum: str) -> Cell:
        return limits_cell(
            find(measure, stratum),
            find(f"{measure}_low", stratum),
            find(f"{measure}_high", stratum),
            notes=notes,
            why="The curve does not reach it.",
        )

    rows = [
        Row(
            (
                label_cell("All" if stratum == ALL else outline.level_label(curve.by, stratum)),
                number_cell(find("patients", stratum)),
                number_cell(find("events", stratum)),
                interval("median", stratum),
                *(interval(f"survival_{month}", stratum) for month in months),
                interval("median_follow_up", stratum),
            )
        )
        for stratum in strata
    ]
    rows += _test_rows(numbers, analysis, curve=curve, width=len(columns))
    notes.say("Follow-up is the median by reverse Kaplan-Meier. Shares at a month are of 1.")
    return Table(
        f"curve_{curve.name}_table",
        "",
        f"{curve.title}: medians and shares",
        tuple(columns),
        tuple(rows),
        notes.finish(),
    )


def _test_rows(numbers: Numbers, analysis: str, *, curve: Curve, width: int) -> list[Row]:
    rows = []
    for prefix, label in (("", "Log-rank test"), ("stratified_", "Log-rank test, stratified by hospital")):
        p = numbers.find(analysis, f"{prefix}p", variable=curve.by)
        if curve.by is None or p is None:
            continue
        statistic = numbers.find(analysis, f"{prefix}statistic", variable=curve.by)
        df = numbers.find(analysis, f"{prefix}df", variable=curve.by)
        said: tuple[object, ...] = ("p ", p)
        if statistic is not None and df is not None and not p.is_missing:
            said = ("p ", p, "; χ² ", statistic, ", df ", df)
        cells = [label_cell(label), Cell(), Cell(), Cell(said, why=p.note or "")]  # type: ignore[arg-type]
        rows.append(Row((*cells, *(Cell() for _ in range(width - len(cells))))))
    missing = numbers.find(analysis, "missing", variable=curve.by)
    if curve.by and missing is not None:
        rows.append(
            Row((label_cell("Patients left out: not known"), Cell((missing,)), *(Cell() for _ in range(width - 2))))
        )
    return rows


def _incidence(numbers: Numbers, analysis: str, *, outline: Outline, pictures: "Pictures") -> list[Block]:
    import pandas as pd

    from etl.study.figures.cumulative_incidence import cumulative_incidence

    endpoint = analysis.removeprefix("incidence.")
    curve = next((each for each in outline.curves if each.name == endpoint), None)
    label = curve.title if curve else endpoint.replace("_", " ")
    causes = {
        "en": {"event": curve.endpoint_label if curve else "Event", "competing": "Competing event first"},
        "ko": {"event": curve.endpoint_label_ko if curve else "사건", "competing": "경쟁 사건 선행"},
    }
    by = curve.by if curve else None
    rows: dict[tuple[str, str, int], dict[str, object]] = {}
    for _, variable, level, group, sequence, operation in numbers.keys(analysis):
        if variable is None and group is not None and level in causes["en"]:  # what has a variable is Gray's test
            number = numbers.find(analysis, operation, level=level, group=group, sequence=sequence)
            rows.setdefault((group, level, sequence), {"group": group, "level": level})[operation] = _raw(number)
    if not rows:
        return []
    groups = list(outline.variables[by].levels) if by in outline.variables else []
    places = {group: place for place, group in enumerate(groups)}
    ordered = sorted(rows, key=lambda key: (places.get(key[0], -1), list(causes["en"]).index(key[1]), key[2]))
    frame = pd.DataFrame([rows[key] for key in ordered]).rename(columns={"incidence": "estimate"})

    def draw(setting: "Setting") -> "Drawing":
        def group_label(group: str) -> str | None:
            if group == ALL:
                return None
            known = outline.korean.get((by or "", group)) if setting.language == "ko" else None
            return known or outline.level_label(by, group)

        return cumulative_incidence(
            frame.assign(
                group=[group_label(group) for group in frame["group"]],
                cause=[causes[setting.language][level] for level in frame["level"]],
            ),
            setting,
            name=f"incidence_{endpoint}",
        )

    figure = pictures.draw(
        f"incidence_{endpoint}",
        f"Cumulative incidence, {label.lower()}: the competing event is not counted as censoring (Aalen-Johansen).",
        draw,
    )
    return [
        Heading(f"Cumulative incidence: {label.lower()}", f"incidence_{endpoint}"),
        Prose(
            (
                (
                    "One minus a Kaplan-Meier curve would treat a death before the event as if the event could still follow; "
                    "the cumulative incidence does not."
                ),
            ),
            is_soft=True,
        ),
        figure,
        *_tests_of_incidence(numbers, analysis, causes=causes["en"]),
    ]


def _tests_of_incidence(numbers: Numbers, analysis: str, *, causes: dict[str, str]) -> list[Block]:
    said: list[Block] = []
    for _, variable, level, group, sequence, operation in numbers.keys(analysis):
        if operation == "p":
            p = numbers.find(analysis, "p", variable=variable, level=level, group=group, sequence=sequence)
            if p is not None:
                cause = causes.get(level or "", "").lower()
                lead = f"Gray's test, {cause}: p " if cause else "Gray's test: p "
                said.append(Prose((lead, p, f". {sentence(p.note)}" if p.note else ".")))
    return said


def _raw(number: Number | None) -> float | None:
    return None if number is None else number.raw_value


def _p_text(p: Number) -> str:
    return p.shown if p.shown.startswith("<") else f"= {p.shown}"
