"""The Child-Pugh class of the points, as a reference table."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it is filled from the files of schemas/."""
    op.execute(
        "CREATE TABLE reference.child_pugh_class "
        "(points_from SMALLINT, points_to SMALLINT, class_code VARCHAR, source VARCHAR)"
    )


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE reference.child_pugh_class")
