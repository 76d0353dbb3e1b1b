"""The words of the sample cases: logs, a mail, a track, statements, a narrative."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import docx

from referrals.typesetting.word_file import word_bytes
from sample_cases.papers import FICTIONAL

CAD = """\
FICTIONAL SAMPLE
LAKESHORE EMERGENCY COMMUNICATIONS (FICTIONAL)      EVENT 2603141877

21:02:15  CALL     Disturbance, persons in tactical vests, 2600 block Example St
21:02:58  DISP     Unit 1012
21:06:04  ONSCENE  Unit 1012
21:08:20  EMS      Ambulance 41 requested by 1012
21:09:00  ONSCENE  Unit 1034
21:15:02  ONSCENE  Ambulance 41
21:27:30  TRANSP   Ambulance 41 to Harbor General (fictional)
21:31:00  CLEAR    Unit 1012, unit 1034
"""

SECOND_CAD = """\
FICTIONAL SAMPLE
LAKESHORE EMERGENCY COMMUNICATIONS (FICTIONAL)      EVENT 2603190412

15:10:00  CALL     Person pushed to the ground, 40 block Example Ct
15:12:30  DISP     Unit 1108
15:20:00  ONSCENE  Unit 1108
15:21:00  EMS      Ambulance 12 requested by 1108
15:29:00  ONSCENE  Ambulance 12
15:48:00  CLEAR    Unit 1108
"""

MAIL = """\
From: Marta Example <marta@example.org>
To: Records Division <records@example.org>
Date: Sun, 15 Mar 2026 10:12:00 -0500
Subject: My video (FICTIONAL SAMPLE)
Message-ID: <fictional-0001@example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 8bit

I filmed from my window on the second floor. I have not cut or changed the video.
I saw a man with both hands up, and then a
person with a baton struck his left arm twice.

Marta Example
"""

TRACK = "time,latitude,longitude,note\n" + "".join(
    f"2026-03-14T21:{22 + n:02d}:00-05:00,41.{9000 + n * 3},-87.{6300 + n},FICTIONAL SAMPLE\n"
    for n in range(9)
)

NARRATIVE = """\
I was dispatched at 21:02 and arrived at 21:06 [[footage:V1 00:00:01]]. I saw three
persons in vests marked FIP beside a silver van [[ex:A p.2]].

A man, Łukasz Nowak, sat on the kerb and held his left forearm [[ex:C]]. He told me
that one of them had struck him twice with a baton after he raised both hands.

I asked the person who appeared to be in charge for a name, badge number and
credentials. The person stated: "We do not answer to you." [[footage:V1 00:00:03]]
"""


def statement(title: str, paragraphs: Sequence[str]) -> bytes:
    """A Word document."""
    document = docx.Document()
    document.add_heading(title, level=1)
    document.add_paragraph(FICTIONAL)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    made = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
    return word_bytes(document, title=title, author="Fictional sample", made=made)
