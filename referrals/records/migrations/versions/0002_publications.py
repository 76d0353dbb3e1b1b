"""The publication ledger, and what the prosecutor did with a referral."""

import sqlalchemy as sa
from alembic import op

from referrals.records.fields import ProsecutorOutcome
from referrals.records.tables import Choice, MomentText

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the ledger, whose rows nobody changes, and add the outcome's columns."""
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", MomentText(), nullable=False),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("program_version", sa.String(), nullable=False),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.Column("snapshot_sha256", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("edition_sha256", sa.String(), nullable=False),
        sa.Column("versions", sa.String(), nullable=False),
        sa.Column("sums_sha256", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("profile", "sequence"),
        sa.UniqueConstraint("profile", "month", "number"),
    )
    op.add_column("referral", sa.Column("outcome", Choice(ProsecutorOutcome), nullable=True))
    op.add_column("referral", sa.Column("outcome_on", sa.Date(), nullable=True))
    for statement in PROTECTION.get(op.get_bind().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    """Undo `upgrade`."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION publication_is_append_only() CASCADE")
    op.drop_column("referral", "outcome_on")
    op.drop_column("referral", "outcome")
    op.drop_table("publication")


PROTECTION = {
    "sqlite": (
        """CREATE TRIGGER publication_is_not_changed BEFORE UPDATE ON publication
        BEGIN SELECT RAISE(ABORT, 'the publication ledger is append-only'); END""",
        """CREATE TRIGGER publication_is_not_removed BEFORE DELETE ON publication
        BEGIN SELECT RAISE(ABORT, 'the publication ledger is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION publication_is_append_only() RETURNS trigger AS
        $$ BEGIN RAISE EXCEPTION 'the publication ledger is append-only'; END $$
        LANGUAGE plpgsql""",
        """CREATE TRIGGER publication_is_not_changed BEFORE UPDATE OR DELETE ON publication
        FOR EACH ROW EXECUTE FUNCTION publication_is_append_only()""",
    ),
}
