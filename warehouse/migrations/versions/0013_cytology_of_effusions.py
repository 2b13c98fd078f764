"""The cytology of an effusion: by mRECIST a new one is progression only with malignant cells.

Of loads that are there already nothing is known; an effusion without it proves nothing, as before.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what the model has."""
    op.execute("ALTER TABLE core.lesion ADD COLUMN has_malignant_cells BOOLEAN")


def downgrade() -> None:
    """Make it as it was."""
    op.execute("ALTER TABLE core.lesion DROP COLUMN has_malignant_cells")
