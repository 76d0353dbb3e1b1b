"""Signatures made with a key, countersignatures, and what supervisors answered before."""

import sqlalchemy as sa
from alembic import op

from referrals.records.tables import MomentText

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add them, and let nobody change or remove an answer."""
    op.add_column(
        "signed_form", sa.Column("signatures", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column(
        "signed_form",
        sa.Column("ink_countersigner", sa.String(), nullable=False, server_default=""),
    )
    op.create_table(
        "sign_off_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("attestation", sa.String(), nullable=False),
        sa.Column("supervisor", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("cite", sa.String(), nullable=False),
        sa.Column("answered", sa.String(), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("at", MomentText(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_sign_off_answer_case_id"), "sign_off_answer", ["case_id"])
    for statement in ANSWERS_STAY[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Remove them again, guards and all."""
    op.drop_index(op.f("ix_sign_off_answer_case_id"), table_name="sign_off_answer")
    op.drop_table("sign_off_answer")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION sign_off_answer_is_append_only()")
    op.drop_column("signed_form", "ink_countersigner")
    op.drop_column("signed_form", "signatures")


ANSWERS_STAY = {
    "sqlite": (
        """CREATE TRIGGER sign_off_answer_is_not_changed BEFORE UPDATE ON sign_off_answer
        BEGIN SELECT RAISE(ABORT, 'sign-off answers are append-only'); END""",
        """CREATE TRIGGER sign_off_answer_is_not_removed BEFORE DELETE ON sign_off_answer
        BEGIN SELECT RAISE(ABORT, 'sign-off answers are append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION sign_off_answer_is_append_only() RETURNS trigger AS
        $$ BEGIN RAISE EXCEPTION 'sign-off answers are append-only'; END $$ LANGUAGE plpgsql""",
        """CREATE TRIGGER sign_off_answer_is_not_changed BEFORE UPDATE OR DELETE ON sign_off_answer
        FOR EACH ROW EXECUTE FUNCTION sign_off_answer_is_append_only()""",
    ),
}
