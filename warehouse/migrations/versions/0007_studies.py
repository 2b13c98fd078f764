"""Studies: what their files ask, and what statistics answered."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = {
    "reference.study": "study_id VARCHAR, title VARCHAR, title_ko VARCHAR, source VARCHAR, definition_sha256 VARCHAR",
    "reference.study_population": "study_id VARCHAR, population VARCHAR, position INTEGER, label VARCHAR, label_ko VARCHAR",
    "reference.study_condition": "study_id VARCHAR, population VARCHAR, variable VARCHAR, level VARCHAR",
    "reference.study_variable": (
        "study_id VARCHAR, variable VARCHAR, position INTEGER, label VARCHAR, label_ko VARCHAR, column_name "
        "VARCHAR, is_number BOOLEAN, unit VARCHAR, divide_by DOUBLE, decimals INTEGER, onset VARCHAR"
    ),
    "reference.study_applicability": "study_id VARCHAR, variable VARCHAR, by_variable VARCHAR, level VARCHAR",
    "reference.study_level": "study_id VARCHAR, variable VARCHAR, level VARCHAR, position INTEGER, label VARCHAR, label_ko VARCHAR",
    "reference.study_level_value": (
        "study_id VARCHAR, variable VARCHAR, level VARCHAR, cell VARCHAR, lower_bound DOUBLE, "
        "is_lower_included BOOLEAN, upper_bound DOUBLE, is_upper_included BOOLEAN"
    ),
    "reference.study_table": (
        "study_id VARCHAR, table_id VARCHAR, position INTEGER, title VARCHAR, title_ko VARCHAR, population "
        "VARCHAR, group_variable VARCHAR, footnote VARCHAR, footnote_ko VARCHAR"
    ),
    "reference.study_row": (
        "study_id VARCHAR, table_id VARCHAR, position INTEGER, variable VARCHAR, label VARCHAR, label_ko "
        "VARCHAR, shown_levels VARCHAR[], summary VARCHAR, published_test VARCHAR, footnote VARCHAR, "
        "footnote_ko VARCHAR"
    ),
    "reference.study_endpoint": (
        "study_id VARCHAR, endpoint VARCHAR, label VARCHAR, label_ko VARCHAR, time_column VARCHAR, "
        "event_column VARCHAR, competing_time_column VARCHAR, competing_event_column VARCHAR"
    ),
    "reference.study_curve": (
        "study_id VARCHAR, curve VARCHAR, position INTEGER, title VARCHAR, title_ko VARCHAR, endpoint "
        "VARCHAR, population VARCHAR, by_variable VARCHAR, figure VARCHAR"
    ),
    "reference.study_model": (
        "study_id VARCHAR, model VARCHAR, position INTEGER, title VARCHAR, title_ko VARCHAR, population VARCHAR, "
        "outcome_variable VARCHAR, outcome_level VARCHAR, endpoint VARCHAR, selection VARCHAR, significant_in VARCHAR"
    ),
    "reference.published_figure": (
        "study_id VARCHAR, figure_id VARCHAR, place VARCHAR, row_label VARCHAR, printed_group VARCHAR, "
        "statistic VARCHAR, printed VARCHAR, value DOUBLE, bound VARCHAR, decimals INTEGER, unit VARCHAR, "
        "analysis_id VARCHAR, variable VARCHAR, level VARCHAR, group_level VARCHAR, operation VARCHAR, note VARCHAR"
    ),
    "study.run": (
        "study_id VARCHAR, loads VARCHAR, options_md5 VARCHAR, definition_sha256 VARCHAR, versions VARCHAR, "
        "seed INTEGER, computed_at TIMESTAMP"
    ),
    "study.result": (
        "study_id VARCHAR, analysis_id VARCHAR, population VARCHAR, variable VARCHAR, level VARCHAR, "
        "group_level VARCHAR, sequence INTEGER, method VARCHAR, operation VARCHAR, value DOUBLE, text "
        "VARCHAR, note VARCHAR"
    ),
}


def upgrade() -> None:
    """Make the tables."""
    op.execute("CREATE SCHEMA study")
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")


def downgrade() -> None:
    """Remove them."""
    for name in TABLES:
        op.execute(f"DROP TABLE {name}")
    op.execute("DROP SCHEMA study")
