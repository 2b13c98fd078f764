"""The place of a record and of a column in the file itself: the line or row, and the letters that a spreadsheet shows.

Of loads that are there already neither is known: their findings keep the lines that they have.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the runs of records, and the letters of columns."""
    op.execute("CREATE TABLE audit.record_run (source_id INTEGER, from_record BIGINT, from_line BIGINT)")
    op.execute("ALTER TABLE audit.source_column ADD COLUMN letters VARCHAR")


def downgrade() -> None:
    """Forget both, and what is read from them."""
    op.execute("DROP VIEW IF EXISTS quality.source_finding")
    op.execute("ALTER TABLE audit.source_column DROP COLUMN letters")
    op.execute("DROP TABLE audit.record_run")
