"""What was set aside, with its patient and day: rows in quarantine, and cells that became NULL.

Of loads that are there already the patients of quarantined rows are not known: these rows are nobody's until they are loaded
again, and counted as such (analysis.unassigned_row).
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.execute(
        "CREATE TABLE quality.set_aside ("
        "load_id INTEGER, table_name VARCHAR, column_name VARCHAR, patient_id VARCHAR, day DATE, "
        "source_id INTEGER, source_record BIGINT, source_ordinal INTEGER, rules VARCHAR[], readable VARCHAR)"
    )
    op.execute(
        "INSERT INTO quality.set_aside (load_id, table_name, source_id, source_record, source_ordinal, rules) "
        "SELECT load_id, table_name, source_id, source_record, source_ordinal, rules FROM quality.quarantined_row "
        "WHERE rules <> ['repeated_header']"
    )


def downgrade() -> None:
    """Forget it, and what is read from it."""
    op.execute("DROP VIEW IF EXISTS current.set_aside")
    op.execute("DROP TABLE quality.set_aside")
