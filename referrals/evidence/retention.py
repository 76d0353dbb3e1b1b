"""How long a recording is kept, and when that must be told.

In: what the record says of a recording, the profile's rule, an instant. Out: a
countdown, and findings where a flag rests on no ground. Only body-worn and
in-car recordings of the agency are under the rule (50 ILCS 706/10-20).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from referrals.findings import Finding, Severity
from referrals.profiles.profile import Retention
from referrals.records.case_record import CaseRecord
from referrals.records.fields import FootageFields, FootageKind

UNDER_THE_RULE = frozenset({FootageKind.BODY_WORN, FootageKind.IN_CAR})


@dataclass(frozen=True, slots=True)
class Countdown:
    """Until when a recording is kept: `ground` is empty for ordinary retention."""

    recorded_on: date
    kept_until: date
    days_left: int
    day: int
    flagged: bool
    ground: str

    def words(self) -> str:
        """Return the countdown as a sentence fragment."""
        kind = f"flagged ({self.ground})" if self.flagged else "not flagged"
        if self.days_left < 0:
            return f"{kind}; retention ended {self.kept_until}"
        return f"{kind}; kept until {self.kept_until}, {self.days_left} days left"


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """A recording of the agency as the list of retention shows it.

    `warned_since` is the day of the last warning that was due, `next_warning` of
    the one that comes; a flagged recording has neither.
    """

    case: str
    key: str
    title: str
    left: Countdown
    warned_since: date | None
    next_warning: date | None

    @property
    def warning(self) -> str:
        """The warning that is due or comes, in words."""
        if self.left.flagged:
            return ""
        if self.left.days_left < 0:
            return "retention has ended"
        if self.warned_since is not None:
            return f"since {self.warned_since}, day {self.left.day}"
        return f"from {self.next_warning}" if self.next_warning else ""

    def as_json(self) -> dict[str, Any]:
        """Return the line as plain values."""
        return {
            "case": self.case,
            "recording": self.key,
            "title": self.title,
            "recorded_on": self.left.recorded_on,
            "kept_until": self.left.kept_until,
            "days_left": self.left.days_left,
            "flagged": self.left.flagged,
            "ground": self.left.ground,
            "warned_since": self.warned_since,
            "next_warning": self.next_warning,
        }


def retention_lines(record: CaseRecord, rule: Retention, as_of: datetime) -> list[RetentionLine]:
    """Return a line for each recording of a case that is under the rule."""
    zone = ZoneInfo(record.incident.time_zone)
    found = []
    for footage in record.footage:
        left = countdown(footage, rule, as_of, zone)
        if left is None:
            continue
        days = [] if left.flagged else sorted(rule.warn_on_days)
        due = [left.recorded_on + timedelta(days=day) for day in days if day <= left.day]
        coming = [left.recorded_on + timedelta(days=day) for day in days if day > left.day]
        found.append(
            RetentionLine(
                record.case.number,
                footage.key,
                footage.title,
                left,
                due[-1] if due else None,
                coming[0] if coming else None,
            )
        )
    return found


def countdown(
    footage: FootageFields, rule: Retention, as_of: datetime, zone: ZoneInfo
) -> Countdown | None:
    """Return the countdown of a recording, or None where the rule does not apply."""
    if footage.kind not in UNDER_THE_RULE or footage.derived_from:
        return None
    recorded = footage.began.astimezone(zone).date()
    today = as_of.astimezone(zone).date()
    days = rule.flagged_days if footage.flagged else rule.days
    until = recorded + timedelta(days=days)
    grounds = {ground.key: ground.text for ground in rule.grounds}
    return Countdown(
        recorded_on=recorded,
        kept_until=until,
        days_left=(until - today).days,
        day=(today - recorded).days,
        flagged=footage.flagged,
        ground=grounds.get(footage.flag_ground, footage.flag_ground) if footage.flagged else "",
    )


def retention_findings(
    footage: FootageFields, rule: Retention, as_of: datetime, zone: ZoneInfo
) -> list[Finding]:
    """Return what must be told of a recording's retention."""
    left = countdown(footage, rule, as_of, zone)
    if left is None:
        return []
    where = f"footage {footage.key}"
    keys = [ground.key for ground in rule.grounds]
    if footage.flagged and footage.flag_ground not in keys:
        return [
            Finding(
                Severity.BLOCKING,
                "retention-ground",
                f"{footage.title} is flagged without a ground of the profile.",
                where=where,
                remedy=f"Write flag_ground as one of: {', '.join(keys)}.",
            )
        ]
    if left.days_left < 0 and not footage.flagged:
        return [_told(Severity.BLOCKING, "retention-ended", footage, left, where)]
    reached = [day for day in rule.warn_on_days if left.day >= day]
    if reached and not footage.flagged:
        return [_told(Severity.WARNING, "retention-running-out", footage, left, where)]
    return []


def _told(
    severity: Severity, code: str, footage: FootageFields, left: Countdown, where: str
) -> Finding:
    return Finding(
        severity,
        code,
        f"{footage.title}: day {left.day} since it was made; {left.words()}.",
        where=where,
        remedy="Flag the original in its evidence system, and record ground, person and time.",
    )
