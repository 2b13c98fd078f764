"""What a file itself says of its codes: value labels, and codes declared as missing."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.execute(
        """
        CREATE TABLE audit.source_label (
            source_id INTEGER,
            "column" VARCHAR,
            code VARCHAR,
            label VARCHAR,
            is_missing BOOLEAN
        )
        """
    )


def downgrade() -> None:
    """Remove the table."""
    op.execute("DROP TABLE audit.source_label")
