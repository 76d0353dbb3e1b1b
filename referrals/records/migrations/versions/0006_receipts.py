"""Prosecutors' answers, which nobody changes; nor does anybody change an issued packet."""

import sqlalchemy as sa
from alembic import op

from referrals.records.tables import MomentText

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the two tables; guard them, issued packets, and numbers that are given away."""
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("packet_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in TEXTS),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("recorded_at", MomentText(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["packet_id"], ["packet.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_receipt_packet_id"), "receipt", ["packet_id"])
    op.create_table(
        "receipt_withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("withdrawn_at", MomentText(), nullable=False),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("receipt_id"),
    )
    for statement in PROTECTION.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    """Undo `upgrade`."""
    dialect = op.get_bind().dialect.name
    for table in ISSUED:
        if dialect == "sqlite":
            for done in ("changed", "removed"):
                op.execute(f"DROP TRIGGER {table}_is_not_{done}")
        elif dialect == "postgresql":
            op.execute(f"DROP TRIGGER {table}_is_not_changed ON {table}")
    op.drop_table("receipt_withdrawal")
    op.drop_table("receipt")
    if dialect == "postgresql":
        for function in (
            "receipts_are_append_only",
            *(f"{each}_is_append_only" for each in ISSUED),
        ):
            op.execute(f"DROP FUNCTION {function}()")


TEXTS = ("outcome", "answered_on", "answered_by")
TABLES = ("receipt", "receipt_withdrawal")
ISSUED = {
    "packet": "OLD.state = 'issued'",
    "packet_part": (
        "EXISTS (SELECT 1 FROM packet WHERE packet.id = OLD.packet_id AND packet.state = 'issued')"
    ),
    "bates_range": "OLD.state IN ('start', 'committed', 'void')",
}
"""Tables whose rows may change until a packet is issued, and which rows no longer may."""
PROTECTION = {
    "sqlite": (
        *(
            f"""CREATE TRIGGER {table}_is_not_{done} BEFORE {act} ON {table}
            BEGIN SELECT RAISE(ABORT, 'receipts are append-only'); END"""
            for table in TABLES
            for done, act in (("changed", "UPDATE"), ("removed", "DELETE"))
        ),
        *(
            f"""CREATE TRIGGER {table}_is_not_{done} BEFORE {act} ON {table} WHEN {final}
            BEGIN SELECT RAISE(ABORT, 'what was issued is append-only'); END"""
            for table, final in ISSUED.items()
            for done, act in (("changed", "UPDATE"), ("removed", "DELETE"))
        ),
    ),
    "postgresql": (
        """CREATE FUNCTION receipts_are_append_only() RETURNS trigger AS
        $$ BEGIN RAISE EXCEPTION 'receipts are append-only'; END $$ LANGUAGE plpgsql""",
        *(
            f"""CREATE TRIGGER {table}_is_not_changed BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION receipts_are_append_only()"""
            for table in TABLES
        ),
        *(
            f"""CREATE FUNCTION {table}_is_append_only() RETURNS trigger AS $$ BEGIN
            IF {final} THEN RAISE EXCEPTION 'what was issued is append-only'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW; END $$ LANGUAGE plpgsql"""
            for table, final in ISSUED.items()
        ),
        *(
            f"""CREATE TRIGGER {table}_is_not_changed BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()"""
            for table in ISSUED
        ),
    ),
}
