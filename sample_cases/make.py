"""Makes the exhibits and recordings of the sample cases: run it to make them again.

    python -m sample_cases.make

Everything in them is fictional and says so. The recordings are encoded here, so
that their bytes depend on the encoder's version; they are made once and kept.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import sample_cases
from sample_cases.form import filled_form
from sample_cases.papers import (
    incident_report,
    lines_on,
    paper,
    rows,
    scanned,
    signed_form,
    tow_receipt,
    written,
)
from sample_cases.pictures import fax, photograph, screenshot
from sample_cases.recordings import dispatch_audio, recording
from sample_cases.words import CAD, MAIL, NARRATIVE, SECOND_CAD, TRACK, statement


def felony(folder: Path) -> None:
    """Write the files of the felony sample."""
    put(folder / "exhibits/case-report.pdf", incident_report())
    put(folder / "exhibits/property-receipt.pdf", tow_receipt())
    put(folder / "exhibits/forearm photo.jpg", photograph())
    put(folder / "exhibits/messages.png", screenshot())
    put(folder / "exhibits/fax-preservation.tif", fax())
    put(
        folder / "exhibits/officer-statement.docx",
        statement(
            "Statement of Officer Łukasz Example",
            (
                "I was with the second unit to arrive, at 21:09. I saw a man on the kerb "
                "holding his arm, and a silver van with three persons in vests beside it.",
                "I did not see any blow and did not hear what was said before I arrived.",
            ),
        ),
    )
    put(folder / "exhibits/cad-event.txt", CAD.encode())
    put(folder / "exhibits/witness-mail.eml", MAIL.encode())
    put(
        folder / "exhibits/scene-plan.pdf",
        written(
            "Plan of the scene",
            rows(
                ("Point", "What", "Measured from the lamp"),
                [
                    ("1", "Silver van", "9.4 m west"),
                    ("2", "Kerb where Mr. Nowak sat", "1.2 m east"),
                    ("3", "Body-worn camera, unit 1012", "6.0 m south"),
                    ("4", "Window of Marta Example", "21 m north-east"),
                ],
            ),
            size="letter landscape",
        ),
    )
    put(folder / "exhibits/complaint-form.pdf", filled_form())
    put(folder / "exhibits/dispatch.wav", dispatch_audio())
    put(folder / "exhibits/vehicle-track.csv", TRACK.encode())
    put(
        folder / "exhibits/medical-summary.pdf",
        written(
            "Emergency department summary",
            "<p>Harbor General Hospital (fictional). Patient: Łukasz Nowak.</p>"
            + rows(
                ("Finding", "Entry"),
                [
                    ("Left forearm", "Two linear contusions, 7 cm"),
                    ("X-ray", "Hairline fracture of the ulna"),
                    ("Discharged", "15 March 2026, 00:40"),
                ],
            ),
        ),
    )
    put(folder / "statements/reporting-officer.md", NARRATIVE.encode())
    put(
        folder / "statements/second-officer.docx",
        statement(
            "Supplementary narrative, unit 1034",
            (
                "Unit 1034 arrived at 21:09 and secured the south end of the block.",
                "I spoke with Marta Example, who handed over her phone for copying at 21:40.",
            ),
        ),
    )
    footage = folder / "footage"
    put(footage / "bwc-1012.mp4", recording("BWC 1012", "21:06:10", 5, 0.0, "2026-03-15T02:06:10Z"))
    put(
        footage / "bwc-1034.mp4", recording("BWC 1034", "21:09:02", 4, 20.0, "2026-03-15T02:09:02Z")
    )
    put(
        footage / "phone-example.mp4",
        recording("PHONE", "21:03:41", 5, 40.0, "2026-03-15T02:03:41Z"),
    )
    put(
        footage / "phone-example-clip.mp4",
        recording("PHONE", "21:03:43", 3, 42.0, "2026-03-15T02:03:43Z"),
    )


def put(path: Path, content: bytes) -> None:
    """Write a file of a sample."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main() -> None:
    """Make every sample's files again."""
    root = sample_cases.folder("felony_referral").parent
    felony(root / "felony_referral")
    supplement = root / "later_supplement"
    for state in ("first", "second"):
        put(
            supplement / state / "exhibits/report.pdf",
            written(
                "Case report JX-400230",
                "<p>Officers responded to a report of an alleged battery in Harbor Point. The "
                "person reported that an agent pushed her to the ground.</p>",
            ),
        )
        put(
            supplement / state / "exhibits/call-log.txt",
            SECOND_CAD.encode(),
        )
        put(
            supplement / state / "footage/bwc-1108.mp4",
            recording("BWC 1108", "15:20:05", 4, 60.0, "2026-03-19T20:20:05Z"),
        )
    put(supplement / "second/exhibits/lab-photo.png", screenshot())
    put(
        supplement / "second/exhibits/agency-answer.pdf",
        scanned(
            [
                paper(
                    lines_on(
                        "Answer to request 26-118",
                        (
                            "Federal Interior Patrol (fictional)",
                            "The recording asked for is enclosed.",
                        ),
                    ),
                    tilt=0.3,
                )
            ]
        ),
    )
    for name in ("misdemeanor", "incomplete_record"):
        put(
            root / name / "exhibits/report.pdf",
            written(
                f"Case report, sample {name.replace('_', ' ')}",
                "<p>Fictional sample report of an alleged offense.</p>",
            ),
        )
    put(
        root / "incomplete_record/footage/bwc-1201.mp4",
        recording("BWC 1201", "10:02:00", 3, 80.0, "2026-03-02T16:02:00Z"),
    )
    for name, people in (
        (
            "felony_referral",
            (
                ("S1", "Officer Zoë Ó Briain-Đặng", 3),
                ("S2", "Officer Łukasz Example", 5),
                ("S3", "Sergeant Ada Muster", 8),
            ),
        ),
        ("later_supplement", (("S1", "Officer Jan Muster", 11), ("S2", "Sergeant Ada Muster", 8))),
    ):
        for key, person, seed in people:
            put(root / f"{name}_signed" / f"{key}.pdf", signed_form(key, person, seed))
    for path in sorted(root.glob("*/**/footage/*.mp4")):
        content = path.read_bytes()
        print(
            path.relative_to(root),
            hashlib.sha256(content).hexdigest(),
            hashlib.md5(content).hexdigest(),
        )


if __name__ == "__main__":
    main()
