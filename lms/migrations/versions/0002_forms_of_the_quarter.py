"""Exams with one form for everybody in a quarter, and the certifications that ask for them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("certification") as table:
        table.add_column(sa.Column("quarterly", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("exam_version", sa.Column("form", sa.String(length=10), nullable=False, server_default="own"))


def downgrade():
    op.drop_column("exam_version", "form")
    op.drop_column("certification", "quarterly")
