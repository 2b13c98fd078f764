"""What a number and a limit of normal can be, for every laboratory term."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BEFORE = (
    "lab_term VARCHAR, term VARCHAR, analyte_code VARCHAR, direction VARCHAR, normal_limit VARCHAR, "
    "absurd_above DECIMAL(18,6), source VARCHAR"
)
AFTER = (
    "lab_term VARCHAR, term VARCHAR, analyte_code VARCHAR, direction VARCHAR, normal_limit VARCHAR, "
    "limit_from DECIMAL(18,6), limit_to DECIMAL(18,6), absurd_below DECIMAL(18,6), absurd_above DECIMAL(18,6), "
    "source VARCHAR"
)


def upgrade() -> None:
    """Make the table anew with the columns; it is filled from the files of schemas/."""
    _make_anew(AFTER)


def downgrade() -> None:
    """Make it as it was."""
    _make_anew(BEFORE)


def _make_anew(columns: str) -> None:
    op.execute("DROP TABLE reference.lab_term")
    op.execute(f"CREATE TABLE reference.lab_term ({columns})")
