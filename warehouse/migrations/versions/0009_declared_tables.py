"""From here on the tables of reference and study are declared, and made again where their columns have changed.

Their rows come from the project's own files and can be made again, so no migration after this one is about them; those
before it stay as they were. Nothing is to be done on the way up. On the way down the tables become, empty, what the
programs of revision 0008 expect.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = {
    "reference.analyte": (
        "analyte_code VARCHAR, loinc_code VARCHAR, unit VARCHAR, plausible_from DECIMAL(18,6), plausible_to "
        "DECIMAL(18,6)"
    ),
    "reference.code": (
        "code_list VARCHAR, code VARCHAR, label VARCHAR, label_ko VARCHAR, source VARCHAR, position SMALLINT"
    ),
    "reference.ctcae_term": "term VARCHAR, meddra_llt_code VARCHAR, soc VARCHAR, grades SMALLINT[]",
    "reference.event_category": "category VARCHAR, term VARCHAR, counts_if VARCHAR, source VARCHAR",
    "reference.event_criterion": (
        "term VARCHAR, measure VARCHAR, grade SMALLINT, comparator VARCHAR, limit_value DECIMAL(9,3), "
        "hours_above DECIMAL(9,3), criterion VARCHAR, source VARCHAR"
    ),
    "reference.event_measure": (
        "measure VARCHAR, unit VARCHAR, compared VARCHAR, lowest DECIMAL(9,3), highest DECIMAL(9,3), source VARCHAR"
    ),
    "reference.event_synonym": ("spelling VARCHAR, term VARCHAR, language VARCHAR, source VARCHAR, reviewer VARCHAR"),
    "reference.event_translation": (
        "version VARCHAR, term VARCHAR, grade SMALLINT, is_same BOOLEAN, reason VARCHAR, source VARCHAR"
    ),
    "reference.event_word": "kind VARCHAR, place VARCHAR, word VARCHAR, meaning VARCHAR, source VARCHAR",
    "reference.lab_criterion": (
        "lab_term VARCHAR, grade SMALLINT, basis VARCHAR, comparator VARCHAR, limit_value DECIMAL(18,6), unit "
        "VARCHAR, condition VARCHAR, criterion VARCHAR, source VARCHAR"
    ),
    "reference.lab_spelling": "kind VARCHAR, spelling VARCHAR, meaning VARCHAR",
    "reference.lab_term": (
        "lab_term VARCHAR, term VARCHAR, analyte_code VARCHAR, direction VARCHAR, normal_limit VARCHAR, "
        "limit_from DECIMAL(18,6), limit_to DECIMAL(18,6), absurd_below DECIMAL(18,6), absurd_above "
        "DECIMAL(18,6), source VARCHAR"
    ),
    "reference.published_figure": (
        "study_id VARCHAR, figure_id VARCHAR, place VARCHAR, row_label VARCHAR, printed_group VARCHAR, "
        "statistic VARCHAR, printed VARCHAR, value DOUBLE, bound VARCHAR, decimals INTEGER, unit VARCHAR, "
        "analysis_id VARCHAR, variable VARCHAR, level VARCHAR, group_level VARCHAR, operation VARCHAR, note "
        "VARCHAR"
    ),
    "reference.study": ("study_id VARCHAR, title VARCHAR, title_ko VARCHAR, source VARCHAR, definition_sha256 VARCHAR"),
    "reference.study_applicability": "study_id VARCHAR, variable VARCHAR, by_variable VARCHAR, level VARCHAR",
    "reference.study_condition": "study_id VARCHAR, population VARCHAR, variable VARCHAR, level VARCHAR",
    "reference.study_curve": (
        "study_id VARCHAR, curve VARCHAR, position INTEGER, title VARCHAR, title_ko VARCHAR, endpoint "
        "VARCHAR, population VARCHAR, by_variable VARCHAR, figure VARCHAR"
    ),
    "reference.study_endpoint": (
        "study_id VARCHAR, endpoint VARCHAR, label VARCHAR, label_ko VARCHAR, time_column VARCHAR, "
        "event_column VARCHAR, competing_time_column VARCHAR, competing_event_column VARCHAR"
    ),
    "reference.study_level": (
        "study_id VARCHAR, variable VARCHAR, level VARCHAR, position INTEGER, label VARCHAR, label_ko VARCHAR"
    ),
    "reference.study_level_value": (
        "study_id VARCHAR, variable VARCHAR, level VARCHAR, cell VARCHAR, lower_bound DOUBLE, "
        "is_lower_included BOOLEAN, upper_bound DOUBLE, is_upper_included BOOLEAN"
    ),
    "reference.study_model": (
        "study_id VARCHAR, model VARCHAR, position INTEGER, title VARCHAR, title_ko VARCHAR, population "
        "VARCHAR, outcome_variable VARCHAR, outcome_level VARCHAR, endpoint VARCHAR, selection VARCHAR, "
        "significant_in VARCHAR"
    ),
    "reference.study_option": (
        "name VARCHAR, value VARCHAR, unit VARCHAR, description VARCHAR, default_value VARCHAR, chosen_by "
        "VARCHAR, chosen_at TIMESTAMP"
    ),
    "reference.study_population": (
        "study_id VARCHAR, population VARCHAR, position INTEGER, label VARCHAR, label_ko VARCHAR"
    ),
    "reference.study_row": (
        "study_id VARCHAR, table_id VARCHAR, position INTEGER, variable VARCHAR, label VARCHAR, label_ko "
        "VARCHAR, shown_levels VARCHAR[], summary VARCHAR, published_test VARCHAR, footnote VARCHAR, "
        "footnote_ko VARCHAR"
    ),
    "reference.study_table": (
        "study_id VARCHAR, table_id VARCHAR, position INTEGER, title VARCHAR, title_ko VARCHAR, population "
        "VARCHAR, group_variable VARCHAR, footnote VARCHAR, footnote_ko VARCHAR"
    ),
    "reference.study_variable": (
        "study_id VARCHAR, variable VARCHAR, position INTEGER, label VARCHAR, label_ko VARCHAR, column_name "
        "VARCHAR, is_number BOOLEAN, unit VARCHAR, divide_by DOUBLE, decimals INTEGER, onset VARCHAR"
    ),
    "reference.unit_conversion": (
        "analyte_code VARCHAR, from_unit VARCHAR, to_unit VARCHAR, factor DECIMAL(18,9), source VARCHAR"
    ),
    "study.result": (
        "study_id VARCHAR, analysis_id VARCHAR, population VARCHAR, variable VARCHAR, level VARCHAR, "
        "group_level VARCHAR, sequence INTEGER, method VARCHAR, operation VARCHAR, value DOUBLE, text "
        "VARCHAR, note VARCHAR"
    ),
    "study.run": (
        "study_id VARCHAR, loads VARCHAR, options_md5 VARCHAR, definition_sha256 VARCHAR, versions VARCHAR, "
        "seed INTEGER, computed_at TIMESTAMP"
    ),
}


def upgrade() -> None:
    """Do nothing: the upgrade makes the declared tables afterwards."""


def downgrade() -> None:
    """Make the tables as they were, and forget what the present ones were filled from."""
    for schema in ("reference", "study"):
        op.execute(f"DROP SCHEMA {schema} CASCADE")
        op.execute(f"CREATE SCHEMA {schema}")
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    op.execute("DELETE FROM audit.derived WHERE part IN ('upgrade', 'reference', 'studies', 'views')")
