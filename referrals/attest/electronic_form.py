"""The form that is signed with a key: the paper form with fields in place of lines.

In: a statement. Out: a PDF/A-2a and PDF/UA-1 file with an empty, tagged field
for the officer and one for a supervisor, the same bytes for the same statement.
"""

from __future__ import annotations

from datetime import datetime

from referrals.attest.form import form_html
from referrals.attest.statement import Statement
from referrals.profiles.profile import Profile
from referrals.records.fields import CaseFields
from referrals.typesetting.rendering import boxes, draw, lay_out
from stamping.assembly.signature_fields import PlacedField, SignatureField, place_fields
from stamping.values import Conformance, Document

OFFICER = SignatureField("officer", "Signature", "Signature of the person who attests")
SUPERVISOR = SignatureField("supervisor", "Countersignature", "Countersignature of a supervisor")
FIELDS = (OFFICER, SUPERVISOR)


def electronic_form(made: Statement, case: CaseFields, profile: Profile, as_of: datetime) -> bytes:
    """Return the form for a statement, ready to be signed with a key."""
    page = lay_out(form_html(made, case, profile, FIELDS))
    where = boxes(page, [field.name for field in FIELDS])
    return place_fields(
        draw(page),
        [PlacedField(field, *where[field.name]) for field in FIELDS],
        Document(
            title=f"Attestation {made.attestation.key}, {case.number}",
            author=profile.agency.name,
            created=as_of,
            identity=made.sha256,
            conformance=Conformance.PDF_A_2A_UA_1,
        ),
    )
