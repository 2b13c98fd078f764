"""The criteria of laboratory grading, as tables."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE reference.lab_term (
        lab_term VARCHAR,
        term VARCHAR,
        analyte_code VARCHAR,
        direction VARCHAR,
        normal_limit VARCHAR,
        absurd_above DECIMAL(18,6),
        source VARCHAR
    )
    """,
    """
    CREATE TABLE reference.lab_criterion (
        lab_term VARCHAR,
        grade SMALLINT,
        basis VARCHAR,
        comparator VARCHAR,
        limit_value DECIMAL(18,6),
        unit VARCHAR,
        condition VARCHAR,
        criterion VARCHAR,
        source VARCHAR
    )
    """,
    """
    CREATE TABLE reference.lab_spelling (
        kind VARCHAR,
        spelling VARCHAR,
        meaning VARCHAR
    )
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for table in TABLES:
        op.execute(table)


def downgrade() -> None:
    """Remove them."""
    for name in ("lab_spelling", "lab_criterion", "lab_term"):
        op.execute(f"DROP TABLE reference.{name}")
