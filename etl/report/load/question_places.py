"""Places of clinical questions: the cells of a delivery that a question rests on, as a person can go to them.

A question names the row that is in doubt; what the rules derived came from that row and from others. Each kind of question
declares here which columns of which rows it rests on, and the audit tables say in which cells of the delivery they stand.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import duckdb

from etl.gate.origins import is_origin
from schemas.code_list import read_code_list
from warehouse.model.columns_named import columns_named


@dataclass(frozen=True)
class RestsOn:
    """Columns of the rows of one canonical table that a question rests on.

    `where` is a condition over `row`, of `current.<table>`, and `asked`, of clinical.clinical_question; the patient is the
    same. `is_in_doubt` says that these are what the hospital reports: their cells are named even where they are empty.
    """

    table: str
    columns: tuple[str, ...]
    where: str
    is_in_doubt: bool = False


_THE_ROW = (
    "row.source_file = asked.source_file AND row.source_sheet IS NOT DISTINCT FROM asked.source_sheet "
    "AND row.source_record = asked.source_record AND row.source_ordinal = asked.source_ordinal"
)
_THE_DAY = "row.imaged_on = asked.noted_on"
_SIZES = ("viable_diameter_mm", "whole_diameter_mm", "short_axis_mm")
_LESIONS = RestsOn("lesion", _SIZES, _THE_DAY)
_TARGETS = RestsOn("lesion", ("role_code", *_SIZES), f"{_THE_DAY} AND row.role_code = 'target'", is_in_doubt=True)
_COMPONENT = (
    "EXISTS (SELECT 1 FROM clinical.child_pugh_component AS part WHERE part.site_id = row.site_id "
    "AND part.patient_id = row.patient_id AND part.noted_on = row.{day} AND {kind})"
)
_LABS = RestsOn(
    "lab_result",
    ("reported_value",),
    _COMPONENT.format(day="taken_on", kind="row.analyte_code IN (part.component, part.component || '_total')"),
)
_TOTAL = RestsOn(
    "lab_result", ("reported_value",), "row.taken_on = asked.noted_on AND row.analyte_code = 'bilirubin_total'"
)
_SIGNS = RestsOn(
    "observation", ("value_code",), _COMPONENT.format(day="observed_on", kind="row.observation_code = part.component")
)
_STATUS = RestsOn(
    "observation",
    ("value_number",),
    "EXISTS (SELECT 1 FROM clinical.performance_status AS status WHERE status.site_id = row.site_id "
    "AND status.patient_id = row.patient_id AND status.ecog_on = row.observed_on "
    "AND status.ecog_from = row.observation_code)",
)
_TUMOUR = RestsOn(
    "tumour_baseline",
    (
        "nodule_count", "largest_diameter_mm", "portal_vein_invasion_code", "has_hepatic_vein_invasion",
        "has_lymph_node_metastasis", "has_lung_metastasis", "has_bone_metastasis", "has_brain_metastasis",
        "has_adrenal_metastasis", "has_peritoneum_metastasis", "has_other_metastasis",
    ),
    "TRUE",
)  # fmt: skip


def _reported(table: str, *columns: str) -> RestsOn:
    return RestsOn(table, columns, _THE_ROW, is_in_doubt=True)


def rests_on() -> dict[str, tuple[RestsOn, ...]]:
    """Name what each kind of question rests on, the cells in doubt first."""
    points, grade = _reported("patient", "child_pugh_reported_points"), _reported("patient", "child_pugh_reported_code")
    both = RestsOn(
        "imaging_visit", ("response_physician_code", "response_radiologist_code"), _THE_DAY, is_in_doubt=True
    )
    limits, values = ("lower_limit", "upper_limit", "reported_unit"), ("reported_value", "reported_unit")
    event = _reported("adverse_event", "verbatim_text", "ctcae_term", "reported_grade", "ctcae_version", "onset_on")
    return dict.fromkeys((entry.code for entry in read_code_list("event_reason").entries), (event,)) | {
        "physician_against_lesions": (_reported("imaging_visit", "response_physician_code"), _LESIONS),
        "radiologist_against_lesions": (_reported("imaging_visit", "response_radiologist_code"), _LESIONS),
        "physician_against_radiologist": (both,),
        "new_lesion_not_followed": (_reported("imaging_visit", "has_new_lesion"), _LESIONS),
        "new_node_followed": (_reported("lesion", "short_axis_mm"),),
        "target_not_measurable": (_reported("lesion", "role_code", *_SIZES),),
        "too_many_targets_in_organ": (_TARGETS,),
        "too_many_targets": (_TARGETS,),
        "bclc_differs": (_reported("patient", "bclc_reported_code"), _TUMOUR, _STATUS, grade, _LABS, _SIGNS),
        "child_pugh_class_differs": (grade, _LABS, _SIGNS),
        "child_pugh_points_differ": (points, _LABS, _SIGNS),
        "child_pugh_class_not_of_points": (grade, points),
        "response_before_treatment": (
            _reported("imaging_visit", "imaged_on", "response_physician_code", "response_radiologist_code"),
        ),
        "limits_of_another_unit": (_reported("lab_result", "reported_value", *limits),),
        "limits_swapped": (_reported("lab_result", *limits),),
        "limits_not_positive": (_reported("lab_result", *limits),),
        "values_of_another_test": (_reported("lab_result", *values),),
        "values_impossible": (_reported("lab_result", *values),),
        "two_values_only": (_reported("lab_result", *values),),
        "file_off_by_factor": (_reported("lab_result", *values),),
        "direct_above_total": (_reported("lab_result", *values), _TOTAL),
    }


@dataclass(frozen=True)
class Place:
    """One record that a question rests on: `line` is its row in a sheet, `cells` what Excel shows, `columns` the headers."""

    file: str
    sheet: str | None
    record: int
    line: int | None
    columns: tuple[str, ...]
    cells: tuple[str, ...]


ASKED_COLUMNS = (
    "question", "patient_id", "noted_on", "source_file", "source_sheet", "source_record", "source_ordinal", "reported",
    "derived",
)  # fmt: skip
"""The columns of clinical.clinical_question that say which question it is."""

Asked = tuple[Any, ...]
"""A question, by the values of ASKED_COLUMNS."""


def read_places(con: duckdb.DuckDBPyConnection, site_id: str) -> dict[Asked, tuple[Place, ...]]:
    """Read the places of every question of a site's current load, those in doubt first."""
    kinds = {kind for (kind,) in con.execute(
        "SELECT DISTINCT question FROM clinical.clinical_question WHERE site_id = ?", [site_id]
    ).fetchall()}  # fmt: skip
    uses: defaultdict[tuple[int, RestsOn], list[str]] = defaultdict(list)
    for kind, rests in rests_on().items():
        for number, each in enumerate(rests):
            if kind in kinds:
                uses[number, each].append(kind)
    if not uses:
        return {}
    selects = [_select(each, number, asked) for (number, each), asked in uses.items()]
    rows = con.execute(_PLACES.format(cells=" UNION ALL ".join(selects)), {"site": site_id}).fetchall()
    places: defaultdict[Asked, list[Place]] = defaultdict(list)
    for row in rows:
        asked, (file, sheet, record, line, columns, letters) = row[: len(ASKED_COLUMNS)], row[len(ASKED_COLUMNS) :]
        cells = tuple(f"{each}{line}" for each in letters or ())
        places[asked].append(Place(file, sheet, record, line, tuple(columns or ()), cells))
    return {asked: tuple(found) for asked, found in places.items()}


def _select(rests: RestsOn, number: int, kinds: list[str]) -> str:
    """Select a line for each question, row and column that it rests on."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    asked = ", ".join(f"asked.{name}" for name in ASKED_COLUMNS)
    columns = ", ".join(f"{{'name': '{column}', 'is_filled': row.{column} IS NOT NULL}}" for column in rests.columns)
    return f"""
        SELECT {asked}, {number} AS rank, '{rests.table}' AS table_name, unnest([{columns}]) AS read,
            {rests.is_in_doubt} AS is_in_doubt, row.load_id, row.source_file AS file, row.source_sheet AS sheet,
            row.source_record AS record, row.source_ordinal AS ordinal
        FROM clinical.clinical_question AS asked
        INNER JOIN current.{rests.table} AS row
            ON row.site_id = asked.site_id AND row.patient_id = asked.patient_id AND {rests.where}
        WHERE asked.site_id = $site AND asked.question IN ({listed})"""


_PLACES = f"""
    WITH cell AS ({{cells}}),
    read AS (
        SELECT cell.* EXCLUDE (read), file.source_id, origin.source_column
        FROM cell
        LEFT JOIN audit.source_file AS file
            ON file.load_id = cell.load_id AND file.file = cell.file AND file.sheet IS NOT DISTINCT FROM cell.sheet
        LEFT JOIN audit.column_origin AS origin
            ON origin.load_id = cell.load_id AND origin.table_name = cell.table_name
            AND origin.column_name = cell.read.name AND {is_origin("origin", "cell.ordinal")}
        WHERE cell.read.is_filled OR cell.is_in_doubt
    ),
    wanted_text AS (SELECT DISTINCT source_id, source_column FROM read WHERE source_column IS NOT NULL),
    own_column AS ({columns_named("wanted_text")}),
    own_part AS (
        SELECT source_id, source_column, flatten(list(string_split(name, ', '))) AS parts FROM own_column GROUP BY ALL
    ),
    header AS (
        SELECT source_id, source_column, name, position, letters FROM own_column
        UNION ALL BY NAME
        SELECT source_id, source_column, unnest(list_filter(
            string_split(source_column, ', '), lambda part: NOT list_contains(coalesce(own_part.parts, []), part)
        )) AS name  -- what a look-up brought from another file
        FROM wanted_text LEFT JOIN own_part USING (source_id, source_column)
    ),
    placed AS (
        SELECT read.*, run.from_line + read.record - run.from_record AS line
        FROM read ASOF LEFT JOIN audit.record_run AS run
            ON run.source_id = read.source_id AND read.record >= run.from_record
    ),
    lettered AS (
        SELECT placed.* EXCLUDE (source_column), header.name AS header, header.letters, header.position
        FROM placed LEFT JOIN header
            ON header.source_id = placed.source_id AND header.source_column = placed.source_column
    )
    SELECT {", ".join(ASKED_COLUMNS)}, file, sheet, record, any_value(line),
        list(header ORDER BY first_rank, position, header) FILTER (WHERE header IS NOT NULL),
        list(letters ORDER BY first_rank, position, header) FILTER (WHERE letters IS NOT NULL)
    FROM (
        SELECT * EXCLUDE (rank, table_name, is_in_doubt, ordinal), min(rank) AS first_rank
        FROM lettered GROUP BY ALL
    )
    GROUP BY ALL
    ORDER BY min(first_rank), file, sheet, record
"""
