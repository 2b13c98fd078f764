"""Response by mRECIST for rows of a file: responses of visits, the best overall response, responses from lesions.

Every function reads the file as text, parses each row or gives the reason why it cannot be read, makes the input
relation of the rules from what was read, and applies the rules' own SQL.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import duckdb

from etl.own_files.cell_macros import make_cell_macros
from etl.own_files.csv_file import read_plain_file, stream_rows
from warehouse.views.rule_options import options_of
from warehouse.views.rules import apply_rule, choose_options, open_rules

DIRECTORY = Path(__file__).parent

_VISITS = ("patient_id", "visit", "day|visit_date", "target_sum_mm", "targets_measured", "non_target", "new_lesion")
_RESPONSES = ("patient_id", "day", "overall_response")
_LESIONS = (
    "patient_id", "visit", "day|visit_date", "lesion_id", "organ", "is_node", "viable_diameter_mm", "whole_diameter_mm",
    "short_axis_mm", "enhancement", "pattern",
)  # fmt: skip
_LESIONS_OPTIONAL = ("role", "arterial_phase", "non_target", "new_lesion", "treated_before", "malignant_cells")
_WORST_FIRST = "['PD', 'SD', 'IR/SD', 'PR', 'CR', 'NE']"


@dataclass(frozen=True)
class Answer:
    """A table whose rows are fetched lazily, and how many rows of the file could not be used."""

    columns: tuple[str, ...]
    rows: Iterator[Sequence[Any]]
    not_read_count: int


def response_options(file: Literal["visits", "responses", "lesions"]) -> frozenset[str]:
    """Name the study options that change the answer for a file of this kind."""
    if file == "responses":
        return options_of(("clinical.best_response",), given=("clinical.reported_response",))
    given = {
        "visits": ("clinical_step.measured_visit",),
        "lesions": ("clinical_step.imaging_day", "clinical_step.measured_lesion"),
    }[file]
    return options_of(("clinical.visit_response",), given=given)


def respond_to_visits(
    path: Path,
    *,
    options: Mapping[str, str],
    is_simplified: bool = False,
    engine: Mapping[str, str] | None = None,
    line_breaks_in: Collection[str] = (),
) -> Answer:
    """Add to every visit of a file its target response, overall response, the criterion, and what was wrong with it.

    Of several rows of one day the worst counts, and the reason of the others states it.

    Args:
        path: a CSV file with one row per visit; see `hcc respond --help`.
        options: study options that differ from the settings, by name.
        is_simplified: the overall response by the simplified rule of the paper.
        engine: settings of the engine that differ from its own.
        line_breaks_in: columns whose cells may hold several lines that look like rows.

    Raises:
        DeliveryError: the file is no such table.
        NotFoundError: there is no such file.
    """
    added = ("target_response", "overall_response", "criterion", "reason")
    con = _open(options, engine)
    header = read_plain_file(
        con, path, needed=_VISITS, optional=("targets_gone",), added=added, line_breaks_in=line_breaks_in
    )
    apply_rule(con, "clinical_step.response_option")
    _make(con, "typed_row", "visits")
    response, criterion = "visit.overall_response", "visit.criterion"
    if is_simplified:
        response = "visit.simplified_response"
        criterion = (
            "CASE WHEN NOT visit.is_baseline THEN 'simplified rule, growth from the ' "
            "|| (SELECT simplified_growth_reference FROM clinical_step.response_option) END"
        )
    _choose_worst_of_day(con, response, criterion)
    return _answer(
        con,
        (*header, *added),
        """
        SELECT file_row.* EXCLUDE (_record, _defect), answer.target_response, answer.response, answer.criterion,
            NULLIF(CONCAT_WS('; ',
                CASE
                    WHEN typed_row.is_read AND answer.record IS NULL
                        THEN 'another row of this day counts, because the worst one does'
                END,
                typed_row.reason), '')
        FROM file_row
        INNER JOIN typed_row ON file_row._record = typed_row.record
        LEFT JOIN answer ON file_row._record = answer.record
        ORDER BY file_row._record
        """,
    )


def find_best_responses(
    path: Path,
    *,
    options: Mapping[str, str],
    engine: Mapping[str, str] | None = None,
    line_breaks_in: Collection[str] = (),
) -> Answer:
    """Find the best overall response of every patient of a file, in the order of the file.

    Args:
        path: a CSV file with one row per visit and its overall response; see `hcc respond --help`.
        options: study options that differ from the settings, by name.
        engine: settings of the engine that differ from its own.
        line_breaks_in: columns whose cells may hold several lines that look like rows.

    Raises:
        DeliveryError: the file is no such table.
        NotFoundError: there is no such file.
    """
    con = _open(options, engine)
    read_plain_file(con, path, needed=_RESPONSES, optional=("new_therapy_day",), line_breaks_in=line_breaks_in)
    _make(con, "typed_row", "responses")
    # A patient without a response that can be read has one row without a day, as the rules require.
    con.execute(
        f"""
        CREATE TABLE clinical.reported_response AS
        WITH patient AS (
            SELECT patient_id, MIN(new_therapy_day) AS new_therapy_day
            FROM typed_row WHERE patient_id IS NOT NULL GROUP BY patient_id
        )
        SELECT '' AS site_id, patient.patient_id, 'reported' AS reading, typed_row.day, typed_row.response,
            patient.new_therapy_day
        FROM patient
        LEFT JOIN typed_row ON patient.patient_id = typed_row.patient_id AND typed_row.is_read
        -- "One record per date, worst wins (PD > ... ; NE loses to any)."
        QUALIFY ROW_NUMBER() OVER (
            PARTITION BY patient.patient_id, typed_row.day
            ORDER BY LIST_POSITION({_WORST_FIRST}, typed_row.response)
        ) = 1
        """
    )
    apply_rule(con, "clinical.best_response")
    return _answer(
        con,
        ("patient_id", "best_overall_response", "assessments", "criterion", "reason"),
        """
        WITH patient AS (
            SELECT typed_row.patient_id, MIN(typed_row.record) AS first_record,
                -- Which visits count is not known when the day of new therapy cannot be read.
                BOOL_OR(typed_row.is_therapy_unreadable) AS is_therapy_unreadable,
                BOOL_OR(typed_row.may_hide_progression AND COALESCE(
                    typed_row.day < milestone.last_scan_day
                    OR (typed_row.day = milestone.last_scan_day AND milestone.progression_day IS NULL),
                    typed_row.day IS NULL
                )) AS may_hide_progression,
                LIST('row ' || typed_row.record || ': ' || typed_row.reason ORDER BY typed_row.record)
                    FILTER (WHERE typed_row.reason IS NOT NULL) AS reasons,
                COUNT(DISTINCT typed_row.new_therapy_day) AS therapy_days
            FROM typed_row
            LEFT JOIN clinical_step.response_milestone AS milestone USING (patient_id)
            GROUP BY typed_row.patient_id
        )
        SELECT patient.patient_id,
            CASE
                WHEN NOT patient.is_therapy_unreadable AND NOT patient.may_hide_progression
                    THEN best.best_overall_response
            END,
            best.assessment_count, best.criterion,
            NULLIF(CONCAT_WS('; ',
                ARRAY_TO_STRING(patient.reasons[:3], '; '),
                CASE WHEN LEN(patient.reasons) > 3 THEN 'and ' || LEN(patient.reasons) - 3 || ' rows more' END,
                CASE
                    WHEN patient.may_hide_progression
                        THEN 'what is not read may be progression before the last visit that counts'
                END,
                CASE WHEN patient.therapy_days > 1 THEN 'new_therapy_day differs; the earliest counts' END,
                CASE WHEN best.is_missing THEN 'no visit that counts' END), '')
        FROM patient
        LEFT JOIN clinical.best_response AS best ON patient.patient_id = best.patient_id
        ORDER BY patient.first_record
        """,
    )


def respond_to_lesions(
    path: Path,
    *,
    options: Mapping[str, str],
    is_simplified: bool = False,
    engine: Mapping[str, str] | None = None,
    line_breaks_in: Collection[str] = (),
) -> Answer:
    """Add to every lesion of a file its role and size, its visit, and the visit's sum and responses.

    Days that lie close together are one visit (study option assessment_window_days), and so is the baseline
    (baseline_window_days). `response_on` is the day that counts: of progression the earliest that proves it.

    Args:
        path: a CSV file with one row per lesion and visit; see `hcc respond --help`.
        options: study options that differ from the settings, by name.
        is_simplified: the overall response by the simplified rule of the paper.
        engine: settings of the engine that differ from its own.
        line_breaks_in: columns whose cells may hold several lines that look like rows.

    Raises:
        DeliveryError: the file is no such table.
        NotFoundError: there is no such file.
    """
    added = (
        "lesion_role", "role_because", "size_mm", "visit_begins", "target_sum_mm", "target_response", "overall_response",
        "response_on", "criterion", "reason",
    )  # fmt: skip
    con = _open(options, engine)
    header = read_plain_file(
        con, path, needed=_LESIONS, optional=_LESIONS_OPTIONAL, added=added, line_breaks_in=line_breaks_in
    )
    apply_rule(con, "clinical_step.response_option")
    _make(con, "typed_row", "lesions")
    _make(con, "not_read", "lesions_not_read")
    con.execute(
        """
        CREATE TABLE clinical_step.imaging_day AS
        SELECT '' AS site_id, patient_id, day, BOOL_AND(can_measure_viable) AS can_measure_viable,
            CASE
                WHEN BOOL_OR(non_target_code = 'PD') THEN 'PD' WHEN BOOL_OR(non_target_code = 'IR/SD') THEN 'IR/SD'
                WHEN BOOL_OR(non_target_code = 'NE') THEN 'NE' WHEN BOOL_OR(non_target_code = 'CR') THEN 'CR'
                WHEN BOOL_OR(non_target_code = 'none') THEN 'none'
            END AS non_target_code,
            BOOL_OR(has_new_lesion) AS has_new_lesion, CAST(NULL AS VARCHAR[]) AS modality_codes,
            CAST(NULL AS BIGINT) AS new_therapy_day
        FROM (
            SELECT patient_id, day, can_measure_viable, non_target_code, has_new_lesion FROM typed_row WHERE is_read
            UNION ALL
            SELECT patient_id, day, TRUE, NULL, NULL FROM not_read WHERE day IS NOT NULL
        ) GROUP BY patient_id, day
        """
    )
    con.execute(
        """
        INSERT INTO clinical_step.lesion_set_aside
        SELECT DISTINCT '', not_read.patient_id, imaging_day.day, not_read.lesion_label
        FROM not_read
        INNER JOIN clinical_step.imaging_day AS imaging_day
            ON not_read.patient_id = imaging_day.patient_id
            AND COALESCE(not_read.day = imaging_day.day, not_read.says_baseline = (imaging_day.day <= 0))
        -- A lesion has one row a day: one without a day that can be read is on none that has its own row.
        ANTI JOIN (FROM typed_row WHERE is_read) AS read
            ON not_read.patient_id = read.patient_id AND imaging_day.day = read.day
            AND not_read.lesion_label = read.lesion_label
        """
    )
    con.execute(
        """
        CREATE TABLE clinical_step.measured_lesion AS
        SELECT '' AS site_id, patient_id, day, lesion_label, organ_code, role_code, is_node, viable_diameter_mm,
            whole_diameter_mm, short_axis_mm, enhancement_code, pattern_code, is_treated_before, has_malignant_cells
        FROM typed_row WHERE is_read
        """
    )
    apply_rule(con, "clinical.visit_response")
    response, counted = "overall_response", "COALESCE(visit.progression_day, visit.response_day)"
    if is_simplified:
        response, counted = "simplified_response", "visit.simplified_day"
    return _answer(
        con,
        (*header, *added),
        f"""
        SELECT file_row.* EXCLUDE (_record, _defect),
            CASE
                WHEN new_lesion.patient_id IS NOT NULL THEN 'new'
                WHEN baseline.is_target THEN 'target'
                WHEN baseline.patient_id IS NOT NULL THEN 'non_target'
            END,
            COALESCE(new_lesion.reason, baseline.reason), size.size_mm, {_as_given("visit.day")}, visit.target_sum_mm,
            visit.target_response,
            -- What a row that could not be read leaves open is not evaluable, where nothing proves progression.
            CASE WHEN NOT visit.is_baseline AND gap.patient_id IS NOT NULL THEN COALESCE(visit.{response}, 'NE')
                ELSE visit.{response} END,
            {_as_given(counted)}, visit.criterion,
            NULLIF(CONCAT_WS('; ',
                typed_row.reason,
                CASE
                    WHEN typed_row.is_read AND size.lacks_arterial_phase AND NOT size.is_baseline
                        THEN 'no arterial phase, so a lesion of the liver or a vessel is not measured'
                    WHEN typed_row.is_read AND NOT size.is_counted
                        THEN 'another measurement of this lesion at this visit counts, because the later one does'
                END,
                CASE
                    WHEN typed_row.has_new_lesion AND NOT visit.has_new_lesion
                        THEN 'new_lesion is not followed: the new lesions described prove no progression'
                END), '')
        FROM file_row
        INNER JOIN typed_row ON file_row._record = typed_row.record
        LEFT JOIN clinical_step.visit_day AS visit_day
            ON typed_row.is_read AND typed_row.patient_id = visit_day.patient_id AND typed_row.day = visit_day.seen_day
        LEFT JOIN clinical.visit_response AS visit
            ON visit_day.patient_id = visit.patient_id AND visit_day.day = visit.day
        LEFT JOIN (SELECT DISTINCT patient_id FROM not_read) AS gap ON visit.patient_id = gap.patient_id
        LEFT JOIN clinical_step.lesion_size AS size
            ON typed_row.is_read AND typed_row.patient_id = size.patient_id AND typed_row.day = size.seen_day
            AND typed_row.lesion_label = size.lesion_label
        LEFT JOIN clinical.baseline_lesion AS baseline
            ON typed_row.is_read AND typed_row.patient_id = baseline.patient_id
            AND typed_row.lesion_label = baseline.lesion_label
        LEFT JOIN clinical_step.new_lesion AS new_lesion
            ON typed_row.is_read AND typed_row.patient_id = new_lesion.patient_id AND typed_row.day = new_lesion.seen_day
            AND typed_row.lesion_label = new_lesion.lesion_label
        ORDER BY file_row._record
        """,
    )


def _as_given(day: str) -> str:
    """Write a day as the file writes it: a number, or a date."""
    return (
        f"CASE WHEN typed_row.is_dated THEN CAST(DATE '1970-01-01' + CAST({day} + typed_row.day_0 AS INTEGER) AS VARCHAR) "
        f"ELSE CAST({day} + typed_row.day_0 AS VARCHAR) END"
    )


def _open(options: Mapping[str, str], engine: Mapping[str, str] | None) -> duckdb.DuckDBPyConnection:
    con = open_rules(engine)
    choose_options(con, options)
    make_cell_macros(con)
    return con


def _choose_worst_of_day(con: duckdb.DuckDBPyConnection, response: str, criterion: str) -> None:
    """Make the table `answer`: the responses of the worst row of every day.

    Which row of a day is worst depends on the nadir, which depends on the rows that were chosen before. So each day
    starts with one row; where another row proves worse, it takes its place in the next round. Each round settles one more day.
    """
    con.execute("ALTER TABLE typed_row ADD COLUMN stands_for_day BOOLEAN DEFAULT FALSE")
    while True:
        _make(con, "clinical_step.measured_visit", "same_day")
        apply_rule(con, "clinical.visit_response")
        con.execute(
            f"""
            CREATE OR REPLACE TABLE answer AS
            SELECT measured.site_id, measured.record, visit.target_response, {response} AS response,
                {criterion} AS criterion
            FROM clinical_step.measured_visit AS measured
            INNER JOIN clinical.visit_response AS visit USING (site_id, patient_id, day)
            WHERE measured.site_id IN ('', CAST(measured.record AS VARCHAR))
            QUALIFY ROW_NUMBER() OVER (
                PARTITION BY visit.patient_id, visit.day
                ORDER BY LIST_POSITION({_WORST_FIRST}, {response}) NULLS LAST, measured.rank_of_day
            ) = 1
            """
        )
        if con.execute("SELECT bool_and(site_id = '') FROM answer").fetchall() != [(False,)]:
            return
        con.execute("UPDATE typed_row SET stands_for_day = record IN (SELECT record FROM answer)")
        con.execute("DROP TABLE clinical_step.measured_visit")
        con.execute("DROP TABLE clinical.visit_response")


def _make(con: duckdb.DuckDBPyConnection, table: str, name: str) -> None:
    con.execute(f"CREATE TABLE {table} AS {(DIRECTORY / f'{name}.sql').read_text(encoding='utf-8')}")


def _answer(con: duckdb.DuckDBPyConnection, columns: tuple[str, ...], sql: str) -> Answer:
    ((not_read_count,),) = con.execute(
        "SELECT COUNT(*) FILTER (WHERE NOT is_read AND reason IS NOT NULL) FROM typed_row"
    ).fetchall()
    return Answer(columns, (tuple(map(_shortest, row)) for row in stream_rows(con, sql)), not_read_count)


def _shortest(cell: Any) -> Any:
    """Write 40 for 40.000000, as in the file."""
    if not isinstance(cell, Decimal):
        return cell
    whole = cell.to_integral_value()
    return whole if cell == whole else cell.normalize()
