"""Imports of questions: what a file said, its pictures, and which questions came of it."""

import sqlalchemy as sa
from alembic import op

from lms.db import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "bank_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("defaults", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("total_count", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('reading', 'preview', 'writing', 'done', 'undone', 'cancelled', 'failed')",
            name=op.f("ck_bank_import_state"),
        ),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_bank_import_bank_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bank_import_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_import")),
    )
    op.create_index(op.f("ix_bank_import_bank_id"), "bank_import", ["bank_id"], unique=False)
    op.create_table(
        "bank_import_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("base", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("flaw", sa.String(length=8), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "flaw IN ('none', 'warning', 'draft', 'error')", name=op.f("ck_bank_import_item_flaw")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["bank_import.id"], name=op.f("fk_bank_import_item_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_import_item")),
        sa.UniqueConstraint("import_id", "position", name=op.f("uq_bank_import_item_import_id_position")),
    )
    op.create_index("ix_bank_import_item_base", "bank_import_item", ["import_id", "base"], unique=False)
    op.create_index("ix_bank_import_item_slug", "bank_import_item", ["import_id", "slug"], unique=False)
    op.create_table(
        "bank_import_media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["bank_import.id"], name=op.f("fk_bank_import_media_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_import_media")),
        sa.UniqueConstraint("import_id", "name", name=op.f("uq_bank_import_media_import_id_name")),
    )
    op.create_index(op.f("ix_bank_import_media_name"), "bank_import_media", ["name"], unique=False)
    op.create_table(
        "bank_import_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.CheckConstraint("kind IN ('added', 'translated')", name=op.f("ck_bank_import_question_kind")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["bank_import.id"], name=op.f("fk_bank_import_question_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_bank_import_question_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_bank_import_question_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_import_question")),
        sa.UniqueConstraint(
            "import_id", "question_id", name=op.f("uq_bank_import_question_import_id_question_id")
        ),
    )
    op.create_index(
        op.f("ix_bank_import_question_question_id"), "bank_import_question", ["question_id"], unique=False
    )


def downgrade():
    op.drop_index(op.f("ix_bank_import_question_question_id"), table_name="bank_import_question")
    op.drop_table("bank_import_question")
    op.drop_index(op.f("ix_bank_import_media_name"), table_name="bank_import_media")
    op.drop_table("bank_import_media")
    op.drop_index("ix_bank_import_item_slug", table_name="bank_import_item")
    op.drop_index("ix_bank_import_item_base", table_name="bank_import_item")
    op.drop_table("bank_import_item")
    op.drop_index(op.f("ix_bank_import_bank_id"), table_name="bank_import")
    op.drop_table("bank_import")
