"""What a reviewer asks for next to the models: other fits, what begins after time zero, hospitals, assumptions."""

from collections.abc import Iterable
from dataclasses import dataclass

from etl.study.report.document import Block, Cell, Column, Fold, Heading, Number, Prose, Row, Section, Table
from etl.study.report.method_names import is_hazard, method_name
from etl.study.report.models import PREFIX
from etl.study.report.numbers import Numbers
from etl.study.report.outline import Outline
from etl.study.report.setting import Footnotes, label_cell, limits_cell, number_cell, sentence


@dataclass(frozen=True)
class _Term:
    """A variable, or a level of it, in a model."""

    variable: str
    level: str | None
    label: str
    indent: int = 0


def sensitivity_section(numbers: Numbers, *, outline: Outline) -> Section:
    """Set every sensitivity analysis that the study asks for."""
    blocks: list[Block] = []
    onsets = [_onset_table(numbers, endpoint, outline=outline) for endpoint in _endpoints(numbers)]
    if onsets:
        blocks += [Heading("What begins after time zero", "onsets"), *_said(_ONSETS), *onsets]
    variants = [_variant_table(numbers, name, outline=outline) for name in _varied(numbers, outline)]
    if variants:
        blocks += [Heading("The models fitted in other ways", "variants"), *variants]
    hospitals = [
        block
        for analysis in numbers.analyses("heterogeneity.")
        for block in _hospital_tables(numbers, analysis, outline=outline)
    ]
    if hospitals:
        blocks += [Heading("Hospitals", "hospitals"), *_said(_HOSPITALS), *hospitals]
    assumptions = [
        *(_assumption_table(numbers, analysis, outline=outline) for analysis in _hazard_checks(numbers)),
        *_linearity(numbers, outline=outline),
    ]
    if assumptions:
        blocks += [Heading("Assumptions", "assumptions"), *assumptions]
    lead = "The publication's own analyses stand in the sections above. These stand next to them; none replaces a number above."
    return Section("sensitivity", "Sensitivity", lead, tuple(blocks))


_ONSETS = (
    "An adverse event, a salvage treatment or a response can only happen to a patient who lives long enough. Counted as "
    "known at time zero (naive), the time before it is immortal and favours those who have it. A landmark compares only "
    "those alive and under observation at a month, by what had begun until then; a time-dependent model lets each patient "
    "change group on the day. Neither removes confounding."
)
_HOSPITALS = (
    "Each term is estimated in every hospital and compared by Cochran's Q; I² is the share of the spread that is not chance. "
    "The interaction is the likelihood ratio of the model with a term for every hospital against the one without."
)


def _said(text: str) -> tuple[Prose, ...]:
    return (Prose((text,), is_soft=True),)


def _endpoints(numbers: Numbers) -> list[str]:
    return [name.removeprefix("naive.") for name in numbers.analyses("naive.")]


def _onset_table(numbers: Numbers, endpoint: str, *, outline: Outline) -> Table:
    notes = Footnotes()
    naive, landmark, dependent = f"naive.{endpoint}", f"landmark.{endpoint}", f"time_dependent.{endpoint}"
    months = sorted(numbers.distinct(landmark, "group_level"), key=float)
    label = next((curve.endpoint_label for curve in outline.curves if curve.endpoint == endpoint), endpoint)
    columns = [Column("Begins after time zero", is_number=False)]
    sides: list[tuple[str, str | None]] = [(naive, None), *((landmark, month) for month in months), (dependent, None)]
    overs = ["Naive", *(f"Landmark at {month} months" for month in months), "Time-dependent"]
    for over in overs:
        columns += [
            Column("Exposed / patients", over=over),
            Column("Hazard ratio (95%\u00a0CI)", over=over),
            Column("P", over=over),
        ]
    rows = []
    known = {name for side, _ in sides for name in numbers.distinct(side, "variable")}
    for name in (name for name in outline.variables if name in known):
        cells: list[Cell] = [label_cell(outline.variable_label(name))]
        for side, group in sides:
            cells += _onset_cells(numbers, side, variable=name, group=group, notes=notes)
        rows.append(Row(tuple(cells)))
    notes.say("Each on its own, by Cox regression, ties by Breslow.")
    return Table(
        f"onsets_{endpoint}",
        "",
        f"{label}: naive, landmark and time-dependent",
        tuple(columns),
        tuple(rows),
        notes.finish(),
    )


def _onset_cells(
    numbers: Numbers, analysis: str, *, variable: str, group: str | None, notes: Footnotes
) -> tuple[Cell, Cell, Cell]:
    exposed = numbers.find(analysis, "exposed", variable=variable, group=group)
    patients = numbers.find(analysis, "patients", variable=variable, group=group)
    levels = sorted({key[2] for key in numbers.keys(analysis) if key[1] == variable and key[2] is not None})
    level = levels[-1] if levels else None

    def find(operation: str) -> Number | None:
        return numbers.find(analysis, operation, variable=variable, level=level, group=group)

    counts = Cell((exposed, " / ", patients)) if exposed is not None and patients is not None else number_cell(patients)
    return (
        counts,
        limits_cell(find("estimate"), find("low"), find("high"), notes=notes, why="Not estimated."),
        number_cell(find("p")),
    )


def _varied(numbers: Numbers, outline: Outline) -> list[str]:
    """Models that were fitted in another way, too."""
    kinds = [kind for kind in outline.fits if kind != "model"]
    return [
        asked.name
        for asked in outline.models
        if any(f"{kind}.{asked.name}" in numbers.populations for kind in kinds)
        and f"{PREFIX}{asked.name}" in numbers.populations
    ]


def _variant_table(numbers: Numbers, name: str, *, outline: Outline) -> Table:
    notes = Footnotes()
    sides = [(kind, f"{kind}.{name}") for kind in outline.fits if f"{kind}.{name}" in numbers.populations]
    is_cox = any(is_hazard(numbers.by_key[key].method) for key in numbers.keys(f"{PREFIX}{name}"))
    ratio = "Hazard ratio (95%\u00a0CI)" if is_cox else "Odds ratio (95%\u00a0CI)"
    columns = [Column("Factor", is_number=False)]
    for kind, _ in sides:
        columns += [Column(ratio, over=outline.fits[kind]), Column("P", over=outline.fits[kind])]
    rows: list[Row] = []
    for term in _terms(numbers, [side for _, side in sides], outline):
        cells: list[Cell] = [label_cell(term.label, indent=term.indent)]
        for _, side in sides:
            cells += _term_cells(numbers, side, term, notes)
        rows.append(Row(tuple(cells)))
    for operation, label in _FIT.items():
        found = [numbers.find(side, operation) for _, side in sides]
        if any(number is not None for number in found):
            cells = [label_cell(label)]
            for number in found:
                cells += [number_cell(number), Cell()]
            rows.append(Row(tuple(cells), tone="foot"))
    for _, side in sides:
        methods = dict.fromkeys(numbers.by_key[key].method for key in numbers.keys(side) if key[5] == "low")
        notes.say(f"{outline.fits[side.split('.')[0]]}: {', '.join(map(method_name, methods))}.")
    title = next(asked.title for asked in outline.models if asked.name == name)
    return Table(f"variants_{name}", "", title, tuple(columns), tuple(rows), notes.finish())


_FIT = {
    "patients": "Patients",
    "outcomes": "Outcomes or events",
    "incomplete": "Left out: a value is missing",
    "censored_before": "Censored before the horizon",
    "imputations": "Imputations",
}


def _terms(numbers: Numbers, sides: Iterable[str], outline: Outline) -> list[_Term]:
    known: dict[str, set[str | None]] = {}
    for side in sides:
        for key in numbers.keys(side):
            if key[1] is not None and key[5] == "estimate" and key[3] is None:
                known.setdefault(key[1], set()).add(key[2])
    terms: list[_Term] = []
    for name in sorted(
        known, key=lambda name: list(outline.variables).index(name) if name in outline.variables else 999
    ):
        levels = [level for level in known[name] if level is not None]
        variable = outline.variables.get(name)
        order = list(variable.levels) if variable else []
        levels.sort(key=lambda level: order.index(level) if level in order else len(order))
        if not levels:
            terms.append(_Term(name, None, outline.variable_label(name)))
            continue
        terms.append(_Term(name, "", outline.variable_label(name)))
        terms += [_Term(name, level, outline.level_label(name, level), 1) for level in levels]
    return terms


def _term_cells(numbers: Numbers, side: str, term: _Term, notes: Footnotes) -> tuple[Cell, Cell]:
    if term.level == "":
        return Cell(), number_cell(numbers.find(side, "whole_p", variable=term.variable))
    estimate, low, high, p = (
        numbers.find(side, operation, variable=term.variable, level=term.level)
        for operation in ("estimate", "low", "high", "p")
    )
    return limits_cell(estimate, low, high, notes=notes), number_cell(p)


def _hospital_tables(numbers: Numbers, analysis: str, *, outline: Outline) -> list[Block]:
    name = analysis.removeprefix("heterogeneity.")
    title = next((asked.title for asked in outline.models if asked.name == name), name)
    notes = Footnotes()
    columns = (
        Column("Factor", is_number=False),
        Column("Q"),
        Column("df"),
        Column("P of Q"),
        Column("I²"),
        Column("P of the interaction"),
    )
    terms = [
        (variable, level)
        for _, variable, level, group, _, operation in numbers.keys(analysis)
        if operation == "q_p" and group is None and variable is not None
    ]
    order = list(outline.variables)
    terms.sort(key=lambda term: (order.index(term[0]) if term[0] in order else 999, str(term[1])))
    rows = []
    for variable, level in terms:
        label = outline.variable_label(variable) + (f": {outline.level_label(variable, level)}" if level else "")
        q_p = numbers.find(analysis, "q_p", variable=variable, level=level)
        marks = notes.mark(sentence(q_p.note)) if q_p is not None and q_p.note else ()
        rows.append(
            Row(
                (
                    label_cell(label, marks=marks),
                    *(
                        number_cell(numbers.find(analysis, operation, variable=variable, level=level))
                        for operation in ("q", "q_df", "q_p", "i_squared")
                    ),
                    number_cell(numbers.find(analysis, "interaction_p", variable=variable)),
                )
            )
        )
    table = Table(
        f"hospitals_{name}", "", f"{title}: heterogeneity between hospitals", columns, tuple(rows), notes.finish()
    )
    return [table, Fold("Every hospital", (_by_hospital(numbers, analysis, terms=terms, outline=outline, name=name),))]


def _by_hospital(
    numbers: Numbers, analysis: str, *, terms: list[tuple[str, str | None]], outline: Outline, name: str
) -> Table:
    notes = Footnotes()
    hospitals = numbers.distinct(analysis, "group_level")
    columns = [Column("Factor", is_number=False), *(Column(hospital) for hospital in hospitals)]
    rows = []
    for variable, level in terms:
        label = outline.variable_label(variable) + (f": {outline.level_label(variable, level)}" if level else "")
        cells = []
        for hospital in hospitals:
            estimate, low, high = (
                numbers.find(analysis, operation, variable=variable, level=level, group=hospital)
                for operation in ("estimate", "low", "high")
            )
            cells.append(limits_cell(estimate, low, high, notes=notes, why="Not estimated in this hospital."))
        rows.append(Row((label_cell(label), *cells)))
    return Table(
        f"by_hospital_{name}", "", "Ratios (95%\u00a0CI) in each hospital", tuple(columns), tuple(rows), notes.finish()
    )


def _hazard_checks(numbers: Numbers) -> list[str]:
    return [name for name in numbers.analyses(PREFIX) if name.endswith(".proportional_hazards")]


def _assumption_table(numbers: Numbers, analysis: str, *, outline: Outline) -> Table:
    name = analysis.removeprefix(PREFIX).removesuffix(".proportional_hazards")
    title = next((asked.title for asked in outline.models if asked.name == name), name)
    rows = _test_rows(numbers, analysis, outline=outline, whole="All terms together")
    notes = Footnotes()
    method = next((numbers.by_key[key].method for key in numbers.keys(analysis)), "")
    notes.say(f"By the {method_name(method)}. A small P means that the ratio changes with time.")
    return Table(f"hazards_{name}", "", f"Proportional hazards: {title}", _TEST_COLUMNS, tuple(rows), notes.finish())


_TEST_COLUMNS = (Column("Factor", is_number=False), Column("χ²"), Column("df"), Column("P"))


def _test_rows(numbers: Numbers, analysis: str, *, outline: Outline, whole: str) -> list[Row]:
    known = numbers.distinct(analysis, "variable")
    ordered: list[str | None] = [name for name in outline.variables if name in known]
    rows = []
    for variable in [*ordered, None]:
        p = numbers.find(analysis, "p", variable=variable)
        if p is None:
            continue
        label = whole if variable is None else outline.variable_label(variable)
        found = [numbers.find(analysis, operation, variable=variable) for operation in ("statistic", "df")]
        rows.append(Row((label_cell(label), *(number_cell(number) for number in found), number_cell(p))))
    return rows


def _linearity(numbers: Numbers, *, outline: Outline) -> list[Table]:
    tables = []
    for analysis in numbers.analyses("linearity."):
        name = analysis.removeprefix("linearity.")
        title = next((asked.title for asked in outline.models if asked.name == name), name)
        rows = _test_rows(numbers, analysis, outline=outline, whole="All")
        notes = Footnotes()
        notes.say(
            "Likelihood ratio of a restricted cubic spline against a straight line; a small P speaks against the line."
        )
        tables.append(Table(f"linearity_{name}", "", f"Linearity: {title}", _TEST_COLUMNS, tuple(rows), notes.finish()))
    return tables
