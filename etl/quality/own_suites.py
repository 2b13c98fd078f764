"""The suites of a hospital's own expectations, as its mapping states them: rows counted, filled cells, values, rows per patient.

Each is a column that is true, false, or NULL where it judges nothing; only the number of a table's rows is asked of the table.
"""

from collections.abc import Mapping, Sequence

from etl.mapping.language.expectation_forms import Expectation, Span
from etl.quality.suites import Check, Suite
from schemas.catalogue import ColumnFacts, table_facts
from warehouse.quoting import quote_name, quote_text

ROWS = "rows"


def own_suites(expectations: Mapping[str, Sequence[Expectation]], load_id: int) -> tuple[Suite, ...]:
    """Write the suites for one load: one for each table's rows, one for each count of rows."""
    suites = []
    for table, stated in expectations.items():
        numbered = list(enumerate(stated, start=1))
        in_rows = [(number, each) for number, each in numbered if each.kind in {"filled_percent", "values"}]
        if in_rows:
            columns = ", ".join(f"({_condition(table, each)}) AS {_alias(number)}" for number, each in in_rows)
            query = f"SELECT {columns}\nFROM core.{table} this\nWHERE this.load_id = {load_id:d}"
            suites.append(Suite(table, query, tuple(_check(table, number, each) for number, each in in_rows)))
        for number, each in numbered:
            if each.rows is not None:
                suites.append(_count_of_rows(table, each, load_id))
            elif each.rows_per_patient is not None:
                query = _per_patient(table, each, load_id, alias=_alias(number))
                suites.append(Suite(table, query, (_check(table, number, each),)))
    return tuple(suites)


def _alias(number: int) -> str:
    return f"own_{number}"


def _check(table: str, number: int, each: Expectation) -> Check:
    alias = _alias(number)
    return Check(
        table,
        each.column or "patient_id",
        f"own_{each.kind}",
        {"column": alias, "value_set": [True]},
        "plausibility" if each.values is not None else "completeness",
        each.severity,
        _threshold(each),
        _describe(table, each),
    )


def _threshold(each: Expectation) -> float:
    stated = each.filled_percent if each.filled_percent is not None else each.percent
    return 100.0 if stated is None else stated


def _condition(table: str, each: Expectation) -> str:
    """Write the condition on a row, NULL for a row that it does not judge."""
    column = f"this.{quote_name(str(each.column))}"
    if each.values is not None:
        condition = _within(column, each.values, is_date=_column(table, each).sql_type == "DATE")
    else:
        condition = f"{column} IS NOT NULL"
    return f"CASE WHEN {_narrowed(table, each)} THEN {condition} END" if each.where else condition


def _count_of_rows(table: str, each: Expectation, load_id: int) -> Suite:
    assert each.rows is not None
    bounds = {"min_value": each.rows.at_least, "max_value": each.rows.at_most}
    arguments = {name: bound for name, bound in bounds.items() if bound is not None}
    description = _describe(table, each)
    check = Check(table, None, f"own_{ROWS}", arguments, "completeness", each.severity, 100.0, description)
    narrowed = f" AND {_narrowed(table, each)}" if each.where else ""
    return Suite(
        table, f"SELECT this.load_id\nFROM core.{table} this\nWHERE this.load_id = {load_id:d}{narrowed}", (check,)
    )


def _per_patient(table: str, each: Expectation, load_id: int, *, alias: str) -> str:
    """Write whether each patient of the load has as many rows as are expected; a patient without any has 0."""
    assert each.rows_per_patient is not None
    narrowed = f" AND {_narrowed(table, each)}" if each.where else ""
    within = _within("count(this.patient_id)", each.rows_per_patient, is_date=False)
    return (
        f"SELECT {within} AS {alias}\nFROM core.patient patient\n"
        f"LEFT JOIN core.{table} this ON this.load_id = patient.load_id AND this.patient_id = patient.patient_id{narrowed}\n"
        f"WHERE patient.load_id = {load_id:d}\nGROUP BY patient.patient_id"
    )


def _narrowed(table: str, each: Expectation) -> str:
    facts = table_facts(table)
    return " AND ".join(
        f"CAST(this.{quote_name(facts.column(name).name)} AS VARCHAR) IS NOT DISTINCT FROM {quote_text(code)}"
        for name, code in each.where.items()
    )


def _within(value: str, span: Span, *, is_date: bool) -> str:
    ends = ((span.at_least, ">="), (span.at_most, "<="))
    bounds = [(bound, sign) for bound, sign in ends if bound is not None]
    return " AND ".join(
        f"{value} {sign} {f'DATE {quote_text(str(bound))}' if is_date else repr(bound)}" for bound, sign in bounds
    )


def _describe(table: str, each: Expectation) -> str:
    """Write an expectation as a sentence that says whose it is."""
    which = f" where {' and '.join(f'{name} is {code}' for name, code in each.where.items())}" if each.where else ""
    if each.values is not None:
        said = f"{_column(table, each).title} lies {_between(each.values)}{which}"
    elif each.filled_percent is not None:
        said = f"{_column(table, each).title} is filled in {each.filled_percent:g} % of rows{which}"
    elif each.rows_per_patient is not None:
        said = f"a patient has {_between(each.rows_per_patient)} rows{which}"
    else:
        assert each.rows is not None
        said = f"there are {_between(each.rows)} rows{which}"
    return f"{f'{each.name}: ' if each.name else ''}the mapping expects that {said}."


def _column(table: str, each: Expectation) -> ColumnFacts:
    return table_facts(table).column(str(each.column))


def _between(span: Span) -> str:
    if span.at_least is None:
        return f"at most {span.at_most}"
    return f"at least {span.at_least}" if span.at_most is None else f"between {span.at_least} and {span.at_most}"
