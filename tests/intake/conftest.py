"""A small case folder, written new for each test; all people are fictional."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

RECORD = """\
case:
  number: JX-400112
  event_number: "2607312345"
  title: Alleged battery, 2600 block of Example Street
  profile: sample
  prepared_by: R. Sample, Records Division
  prepared_by_title: Records clerk
  prepared_by_qualification: Trained in digital evidence
  fictional: true
incident:
  began: 2026-03-14T21:05:00-05:00
  ended: 2026-03-14T21:25:00-05:00
  how_learned: observed
  learned_at: 2026-03-14T21:05:00-05:00
  address: 2600 block of Example Street
  community_area: Lakeshore East
  federal_agency: Example Federal Agency
  summary: "A person was reportedly struck [[ex:A p.1]] [[footage:V1 00:00:02]]."
  force_used: true
  injury_reported: true
referral:
  determination: felony
  determined_by: P2
  determined_at: 2026-03-15T09:00:00-05:00
  recipient: felony-review
  none_known_exculpatory: true
  stated_by: P2
persons:
  - key: P1
    name: Jordan Example
    role: reporting_officer
    star: "00123"
  - key: P2
    name: Ada Beispiel
    role: supervisor
  - key: P3
    name: Zoë Łódź
    role: alleged_victim
    birth_date: 1990-02-03
federal_personnel:
  - key: F1
    agency: Example Federal Agency
    is_supervisor: true
    description: Tall, grey vest
credential_checks:
  - federal_person: F1
    asked_by: P1
    at: 2026-03-14T21:07:00-05:00
    method: Asked aloud
    outcome: refused
    footage: V1
    time_code: 00:00:02
units:
  - key: 0012
    officers: P1
    arrived: 2026-03-14T21:04:00-05:00
force:
  - by: F1
    on: P3
    kind: baton strike
    at: 2026-03-14T21:06:00-05:00
    description: A strike to the arm is reported [[ex:A]].
injuries:
  - person: P3
    description: Swelling of the left forearm
    observed_by: P1
medical_aid:
  - person: P3
    ems_called: 2026-03-14T21:08:00-05:00
    ems_arrived: 2026-03-14T21:15:00-05:00
    aid_by: Ambulance 99
    outcome: transported
    destination: Example Hospital
allegations:
  - key: A1
    statute: 720 ILCS 5/12-3.05(a)(1)
    title: Aggravated battery
    offense_class: felony
    against: F1
    elements:
      - text: causes great bodily harm
        facts: "Reported at [[footage:V1 00:00:02]]"
exhibits:
  - designator: A
    title: Original case report
    file: exhibits/report.pdf
    dated: 2026-03-14
    source: Records Division
    custodian: Records Division
footage:
  - key: V1
    title: Body-worn video
    file: footage/v1.mp4
    kind: body_worn
    evidence_uuid: 6f1c0d3e-0000-4000-8000-000000000001
    unit: 0012
    operator: P1
    device: Example Cam 3
    source_system: Example Evidence System
    began: 2026-03-14T21:04:30-05:00
    acquired_at: 2026-03-15T08:00:00-05:00
    acquired_by: R. Sample
    acquired_how: Download from the evidence system
    lodged: Records Division
    flagged: true
    flag_ground: evidentiary-value
    flagged_by: P2
    flagged_at: 2026-03-15T09:05:00-05:00
    key_moments:
      - time_code: 00:00:02
        text: A person is seen raising an arm
custody:
  - item: footage:V1
    at: 2026-03-15T08:00:00-05:00
    action: received
    to_holder: R. Sample
narratives:
  - title: Narrative of the reporting officer
    author: P1
    file: statements/narrative.md
attestations:
  - key: S1
    person: P1
    capacity: Reporting officer
    paragraphs:
      - basis: knowledge
        text: I was present and saw what the narrative states.
"""

WriteCase = Callable[..., Path]


@pytest.fixture
def write_case(tmp_path: Path) -> WriteCase:
    """Write the small case with texts replaced; an old text must occur in it."""

    def write(*changes: tuple[str, str]) -> Path:
        folder = tmp_path / "case folder ü"
        record = RECORD
        for old, new in changes:
            assert old in record, f"{old!r} is not in the record"
            record = record.replace(old, new, 1)
        for name in ("exhibits", "footage", "statements"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "case.yaml").write_text(record, encoding="utf-8")
        (folder / "exhibits/report.pdf").write_bytes(b"%PDF-1.7 not read by intake")
        (folder / "footage/v1.mp4").write_bytes(b"not read by the reader of the folder")
        (folder / "statements/narrative.md").write_text(
            "# Narrative\n\nI was on foot patrol.\n\nI saw [[ex:A p.1]].\n", encoding="utf-8"
        )
        return folder

    return write


@pytest.fixture
def word_narrative(tmp_path: Path) -> Path:
    """A narrative in Word, with a heading, a table and an empty paragraph."""
    document = Document()
    document.add_heading("Narrative", level=1)
    document.add_paragraph("  I was on   foot patrol. ")
    document.add_paragraph("")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Time", "Event", "21:05", "Arrival"), strict=True):
        cell.text = text
    document.add_paragraph("I left at 21:25.")
    path = tmp_path / "narrative.docx"
    document.save(str(path))
    return path
