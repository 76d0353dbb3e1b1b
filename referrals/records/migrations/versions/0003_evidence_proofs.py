"""Evidence in place, proofs of it, what recordings say of themselves, custody that stays."""

import sqlalchemy as sa
from alembic import op

from referrals.records.tables import MomentText

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns and tables, and let nobody change or remove a custody event."""
    for table, column in NEW_TEXTS:
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))
    op.add_column(
        "footage", sa.Column("in_place", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "evidence_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", MomentText(), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("finished_at", MomentText(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "evidence_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("at", MomentText(), nullable=False),
        sa.ForeignKeyConstraint(["scan_id"], ["evidence_scan.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scan_id", "sha256", "location"),
    )
    for column in ("scan_id", "sha256"):
        op.create_index(op.f(f"ix_evidence_proof_{column}"), "evidence_proof", [column])
    for statement in CUSTODY_STAYS[op.get_context().dialect.name]:
        op.execute(statement)


NEW_TEXTS = (
    ("evidence", "location"),
    ("evidence", "modified"),
    ("media", "device"),
    ("media", "serial"),
    ("media", "credentials"),
)

# An event's place in the record's list may change, since the list may be written
# in another order; what it says may not.
KEPT = "case_id, item, at, action, from_holder, to_holder, place, note"

CUSTODY_STAYS = {
    "sqlite": (
        f"""CREATE TRIGGER custody_event_is_not_changed BEFORE UPDATE OF {KEPT} ON custody_event
        BEGIN SELECT RAISE(ABORT, 'custody events are append-only'); END""",
        """CREATE TRIGGER custody_event_is_not_removed BEFORE DELETE ON custody_event
        BEGIN SELECT RAISE(ABORT, 'custody events are append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION custody_event_is_append_only() RETURNS trigger AS
        $$ BEGIN RAISE EXCEPTION 'custody events are append-only'; END $$ LANGUAGE plpgsql""",
        f"""CREATE TRIGGER custody_event_is_not_changed BEFORE UPDATE OF {KEPT} ON custody_event
        FOR EACH ROW EXECUTE FUNCTION custody_event_is_append_only()""",
        """CREATE TRIGGER custody_event_is_not_removed BEFORE DELETE ON custody_event
        FOR EACH ROW EXECUTE FUNCTION custody_event_is_append_only()""",
    ),
}
