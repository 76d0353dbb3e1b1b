"""Redactions and the decisions on them, neither of which anybody changes."""

import sqlalchemy as sa
from alembic import op

from referrals.records.tables import MomentText

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the two tables and let nobody change or remove a row."""
    op.create_table(
        "redaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("redaction_list", "place")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("exhibit", "exhibit_sha256")),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("boxes", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in TEXTS),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("proposed_at", MomentText(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "redaction_list", "place"),
    )
    op.create_index(op.f("ix_redaction_case_id"), "redaction", ["case_id"])
    op.create_table(
        "redaction_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("redaction_id", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("decided_at", MomentText(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["redaction_id"], ["redaction.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_redaction_decision_redaction_id"), "redaction_decision", ["redaction_id"]
    )
    for statement in PROTECTION.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    """Undo `upgrade`."""
    op.drop_table("redaction_decision")
    op.drop_table("redaction")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION redactions_are_append_only()")


TEXTS = ("section", "text", "person", "identifier", "label", "reason", "source", "snippet")
TABLES = ("redaction", "redaction_decision")
PROTECTION = {
    "sqlite": tuple(
        f"""CREATE TRIGGER {table}_is_not_{done} BEFORE {act} ON {table}
        BEGIN SELECT RAISE(ABORT, 'redactions are append-only'); END"""
        for table in TABLES
        for done, act in (("changed", "UPDATE"), ("removed", "DELETE"))
    ),
    "postgresql": (
        """CREATE FUNCTION redactions_are_append_only() RETURNS trigger AS
        $$ BEGIN RAISE EXCEPTION 'redactions are append-only'; END $$ LANGUAGE plpgsql""",
        *(
            f"""CREATE TRIGGER {table}_is_not_changed BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION redactions_are_append_only()"""
            for table in TABLES
        ),
    ),
}
