"""Alembic's entry: runs the migrations on the connection that is handed over."""

from alembic import context
from sqlmodel import SQLModel

from referrals.records import tables  # noqa: F401 – fills SQLModel.metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
context.run_migrations()
