"""The tables that profiles and lists of rules are made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A table: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(Section):
    """A table that says where it comes from; `confirmed = false` marks what no source shows."""

    source: str = Field(min_length=1)
    confirmed: bool = True


class Recipient(Section):
    """One office that may receive a packet or a filing."""

    key: str
    name: str
    unit: str = ""
    address: tuple[str, ...] = ()
    confirmed: bool = True
