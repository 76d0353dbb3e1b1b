"""The preflight of a set of files as a page: every ground, found or not.

In: what preflight found and the court that it was made for. Out: a tagged PDF, the
same bytes for the same result. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from referrals.findings import Severity
from referrals.preflight.preflight import Preflight
from referrals.profiles.court import Court
from referrals.profiles.filing_rules import RejectionRule
from referrals.typesetting.rendering import draw, lay_out, page_environment

CLEAR, NOT_LOOKED_FOR = "clear", "not looked for"
"""The word is not `met`, which of a duty in a packet is good news."""

WEIGHTS = {Severity.BLOCKING: "sent back", Severity.WARNING: "doubtful"}
"""What an objection of each severity does to a set."""


def preflight_page(result: Preflight, court: Court, *, case: str = "", head: str = "") -> bytes:
    """Return the pages that tell what was looked for and what was found.

    `case` is the case's number; `head` stands above each page.

    Raises:
        MachineError: a system library is missing.
    """
    template = page_environment().get_template("filing/preflight.html")
    html = template.render(
        result=result,
        court=court,
        case=case,
        head=head or (f"Case {case}" if case else court.title),
        verdict=verdict(result),
        weights={each.value: words for each, words in WEIGHTS.items()},
        grounds=list(_grounds(result)),
    )
    return draw(lay_out(html))


def verdict(result: Preflight) -> str:
    """Return the result as a sentence."""
    blocking = sum(each.severity is Severity.BLOCKING for each in result.objections)
    doubtful = len(result.objections) - blocking
    if not result.objections:
        told = f"None of {len(result.looked_for)} grounds of rejection was found."
    else:
        told = f"{_count(blocking, 'objection')} for which the court would send the files back, "
        told += f"{doubtful:,} doubtful."
    if result.not_looked_for:
        told += f" {_count(len(result.not_looked_for), 'ground')} not looked for."
    return told


def _count(number: int, noun: str) -> str:
    return f"{number or 'No'} {noun}" + ("" if number == 1 else "s")


def _grounds(result: Preflight) -> Iterator[tuple[RejectionRule, str]]:
    for rejection in result.looked_for:
        met = result.of(rejection.ground)
        gravest = min((list(Severity).index(each.severity) for each in met), default=None)
        state = CLEAR if gravest is None else f"found: {WEIGHTS[list(Severity)[gravest]]}"
        yield rejection, state
    for rejection in result.not_looked_for:
        yield rejection, NOT_LOOKED_FOR
