"""Referral packets: from a case record and its evidence to a delivery anyone can check.

    from referrals import Office, Settings, check, take_in

`docs/api.md` shows the public functions at work: each takes an `Office` first, then plain
values, and returns a value; what stands in the way comes as findings. Everything else is
internal. `stamping` and `referrals.verify` have public names of their own.

The packages are the steps of the way. An import only ever points to a lower step, and
never in a circle (`docs/contributor.md`).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.2.0"

_PUBLIC = {
    "Office": "referrals.office.office",
    "Settings": "referrals.settings",
    "settings": "referrals.settings",
    "take_in": "referrals.office.intake",
    "cases": "referrals.office.cases",
    "deliveries": "referrals.office.cases",
    "show": "referrals.office.case_overview",
    "check": "referrals.office.checks",
    "find": "referrals.office.found_page",
    "retention": "referrals.office.retention",
    "PacketOrder": "referrals.office.issue",
    "draft_packet": "referrals.office.issue",
    "issue_packet": "referrals.office.issue",
    "build_again": "referrals.office.rebuilds",
    "rebuild": "referrals.office.rebuilds",
    "audit_entries": "referrals.office.audit_log",
    "audit_report": "referrals.office.audit_log",
    "propose_redactions": "referrals.office.redactions",
    "list_redactions": "referrals.office.redactions",
    "decide_redactions": "referrals.office.redactions",
    "add_redaction": "referrals.office.redactions",
    "build_redacted": "referrals.office.redactions",
    "build_filing": "referrals.office.court_sets",
    "stamp_files": "referrals.office.stamp_files",
    "Finding": "referrals.findings",
    "Severity": "referrals.findings",
    "ExitCode": "referrals.errors",
    "ReferralsError": "referrals.errors",
    "BlockedError": "referrals.errors",
    "DigestMismatchError": "referrals.errors",
    "InputError": "referrals.errors",
    "MachineError": "referrals.errors",
    "UsageError": "referrals.errors",
}
"""Each public name and the module that holds it, which is loaded when the name is asked for."""

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'referrals' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
