"""The form that a person signs with ink, as PDF and as Word.

In: a statement. Out: two files that say the same: what is attested, paragraph
by paragraph with what each rests on, the clause, the digest that binds it, and
lines for signature, date and place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from referrals.attest.statement import Statement, must_countersign
from referrals.profiles.profile import Profile
from referrals.records.cites import Cite, pieces
from referrals.records.fields import CaseFields
from referrals.typesetting.rendering import draw, lay_out, page_environment
from referrals.typesetting.word_file import word_bytes
from referrals.typesetting.word_page import letter, lines_to_sign
from stamping.assembly.signature_fields import SignatureField

if TYPE_CHECKING:
    from docx.document import Document

VOID_NOTE = (
    "This form is bound to the digest above. If the attested facts change, the digest "
    "changes, and this form is void."
)
LINES = ("Signature", "Name and star", "Date", "Place")
COUNTERSIGNED = ("Countersignature of a supervisor", "Name and star", "Date")


@dataclass(frozen=True, slots=True)
class AttestationForm:
    """The bytes of the form: `pdf` to print, `docx` for an office's own paper."""

    pdf: bytes
    docx: bytes

    def write(self, folder: Path, stem: str) -> list[Path]:
        """Write both files into `folder` and return their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{stem}.pdf", folder / f"{stem}.docx"]
        for path, content in zip(paths, (self.pdf, self.docx), strict=True):
            path.write_bytes(content)
        return paths


def attestation_form(
    made: Statement, case: CaseFields, profile: Profile, as_of: datetime
) -> AttestationForm:
    """Return the form for a statement; the same statement gives the same bytes."""
    return AttestationForm(
        draw(lay_out(form_html(made, case, profile))),
        word_bytes(
            _word(made, case, profile),
            title=f"Attestation {made.attestation.key}, {case.number}",
            author=profile.agency.name,
            made=as_of,
        ),
    )


def form_html(
    made: Statement, case: CaseFields, profile: Profile, fields: Sequence[SignatureField] = ()
) -> str:
    """Return the form's page, with lines for ink or with a box for each of `fields`."""
    return (
        page_environment()
        .get_template("forms/attestation.html")
        .render(
            statement=made,
            case=case,
            profile=profile,
            paragraphs=[
                (each.basis.value, plain(each.text)) for each in made.attestation.paragraphs
            ],
            void_note=VOID_NOTE,
            lines=_lines(made, profile),
            fields=fields,
        )
    )


def plain(text: str) -> str:
    """Return a text with its pin-cites in words, as a form without links prints them."""
    return "".join(_words(piece) if isinstance(piece, Cite) else piece for piece in pieces(text))


def _lines(made: Statement, profile: Profile) -> tuple[str, ...]:
    """Return the lines for ink, with those of a supervisor where the profile asks for one."""
    return LINES + (COUNTERSIGNED if must_countersign(made, profile) else ())


def _words(cite: Cite) -> str:
    if cite.kind == "exhibit":
        return f"(Ex. {cite.key}{f', p. {cite.page}' if cite.page else ''})"
    if cite.kind == "footage":
        return f"(recording {cite.key}{f' at {cite.time_code}' if cite.time_code else ''})"
    return cite.written


def _word(made: Statement, case: CaseFields, profile: Profile) -> Document:
    fictional = ["FICTIONAL: sample data. No person or event in it is real."]
    document = letter(profile.agency, "Attestation", fictional if case.fictional else ())
    document.add_paragraph(f"Case RD {case.number}. Attestation {made.attestation.key}.")
    document.add_paragraph(f"{made.person.name}, {made.attestation.capacity}, states:")
    for number, paragraph in enumerate(made.attestation.paragraphs, start=1):
        document.add_paragraph(f"{number}. ({paragraph.basis.value}) {plain(paragraph.text)}")
    document.add_paragraph(made.clause)
    lines_to_sign(document, _lines(made, profile))
    document.add_paragraph()
    document.add_paragraph(f"SHA-256 of what is attested:\n{made.grouped}")
    document.add_paragraph(VOID_NOTE)
    return document
