"""Recordings: what their files state, stills wherever their clock begins, coverage, retention."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import av
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import sample_cases
from referrals.evidence.content_credentials import content_credentials
from referrals.evidence.coverage import NOTICED, Lane, RecordedSpan, Span, coverage
from referrals.evidence.footage import probe
from referrals.evidence.recordings import created_at
from referrals.evidence.retention import retention_lines
from referrals.evidence.stills import stills
from referrals.intake.case_yaml import read_case_folder
from referrals.packet.coverage_chart import coverage_chart, description
from referrals.profiles.profile_files import load
from referrals.records.case_record import CaseRecord

FELONY = sample_cases.folder("felony_referral")
FOOTAGE = FELONY / "footage/bwc-1012.mp4"
BEGAN = datetime(2026, 3, 15, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Chicago")


@pytest.fixture(scope="module")
def record() -> CaseRecord:
    return read_case_folder(FELONY).record


def write_video(
    path: Path, seconds: int, begins: int = 0, metadata: dict[str, str] | None = None
) -> Path:
    """Write a recording, each second 20 grey levels lighter, whose clock begins at `begins`."""
    options = {"movflags": "use_metadata_tags"} if path.suffix == ".mov" else {}
    with av.open(str(path), "w", options=options) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.time_base = Fraction(1, 10)
        for number in range(seconds * 10):
            picture = Image.new("RGB", (64, 48), (20 * (number // 10) + 20,) * 3)
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = number + begins * 10, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def grey(png: bytes) -> int:
    with Image.open(io.BytesIO(png)) as picture:
        return round(picture.convert("L").getpixel((30, 20)) / 20)


@pytest.mark.parametrize(("name", "begins"), [("a.mkv", 0), ("b.mkv", 3600), ("c.ts", 50)])
def test_stills_are_found_wherever_the_clock_begins(tmp_path: Path, name: str, begins: int) -> None:
    path = write_video(tmp_path / name, 6, begins)
    facts = probe(path, "0" * 64, name)
    assert facts.duration == pytest.approx(6.0, abs=0.2)
    shown = stills(path, [0.5, 2.5, 4.5])
    assert [still.time for still in shown] == [0.5, 2.5, 4.5]
    assert [grey(still.png) for still in shown] == [1, 3, 5]


def test_a_recording_that_breaks_off_gives_fewer_stills(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.ts", 9)
    cut = tmp_path / "cut.ts"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert len(stills(whole, [1, 4, 8])) == 3
    assert 0 < len(stills(cut, [1, 4, 8])) < 3


def test_device_serial_and_zone_are_taken_where_the_file_states_them(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "phone.mov",
        1,
        metadata={
            "com.apple.quicktime.make": "Sample",
            "com.apple.quicktime.model": "Phone 9 (fictional)",
            "com.apple.quicktime.creationdate": "2026-03-14T21:06:10-0500",
            "serial_number": "SN-77",
        },
    )
    facts = probe(path, "0" * 64, "phone.mov")
    assert (facts.device, facts.serial) == ("Sample Phone 9 (fictional)", "SN-77")
    assert facts.created == "2026-03-14T21:06:10-0500"
    assert created_at(facts.created) == datetime(2026, 3, 15, 2, 6, 10, tzinfo=UTC)
    plain = probe(FOOTAGE, "0" * 64, "v")
    assert (plain.device, plain.serial, plain.credentials) == ("", "", "")
    for nothing in ("", "yesterday", "2026-03-14T21:06:10", "1970-01-01T00:00:00Z"):
        assert created_at(nothing) is None


def _span(began: float, ended: float) -> Span:
    return Span(BEGAN + timedelta(seconds=began), BEGAN + timedelta(seconds=ended))


@given(
    st.lists(st.tuples(st.integers(-300, 900), st.integers(0, 600)), max_size=8),
    st.integers(0, 600),
)
def test_gaps_and_recordings_make_up_the_whole_time_on_the_event(
    runs: list[tuple[int, int]], length: int
) -> None:
    recordings = tuple(
        RecordedSpan(f"V{n}", _span(began, began + long)) for n, (began, long) in enumerate(runs)
    )
    lane = Lane("1012", _span(0, length), recordings)

    def covers(spans: list[Span], second: int) -> int:
        moment = BEGAN + timedelta(seconds=second, milliseconds=500)
        return sum(span.began <= moment < span.ended for span in spans)

    spans = [each.span for each in recordings]
    for second in range(-310, 1510):
        inside = 0 <= second < length
        assert covers(lane.gaps, second) == (inside and not covers(spans, second))
        assert bool(covers(lane.overlaps, second)) == (covers(spans, second) > 1)


def test_the_shortest_gap_that_is_told_is_a_second() -> None:
    near = Lane("1", _span(0, 10), (RecordedSpan("V1", _span(0.9, 9.1)),))
    assert near.gaps == []
    assert Lane("1", _span(0, 10), (RecordedSpan("V1", _span(0, 9)),)).gaps == [_span(9, 10)]
    assert timedelta(seconds=1) == NOTICED


def test_the_chart_holds_every_unit_and_recording(record: CaseRecord) -> None:
    first, second = RecordedSpan("V1", _span(10, 300)), RecordedSpan("V2", _span(200, 900))
    lanes = [
        Lane("1012", _span(0, 600), (first, second)),
        Lane("10<34", _span(60, 700), (), "The camera was being charged"),
        Lane("bystander", None, (RecordedSpan("V3", _span(-60, -59)),)),
    ]
    svg = coverage_chart(lanes, _span(0, 500), ZONE)
    root = ElementTree.fromstring(svg)
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Unit 1012", "Unit 10<34", "Bystander", "V1", "V2", "V3"} <= set(texts)
    width = float(root.get("viewBox", "").split()[2])
    bars = list(root.iter("{http://www.w3.org/2000/svg}rect"))
    assert len(bars) == 1 + 2 + 3
    tops = {}
    for bar in bars:
        left, wide = float(bar.get("x", "")), float(bar.get("width", ""))
        assert left >= 0
        assert left + wide <= width
        if bar.get("fill") == "#222":
            tops[bar.get("y")] = left
    assert len(tops) == 3, "recordings that overlap stand in rows of their own"
    assert "2 units on the event and 3 recordings" in description(lanes)
    assert coverage_chart([], _span(0, 1), ZONE) == ""


def test_retention_tells_the_ground_and_the_days_of_warning(record: CaseRecord) -> None:
    rule = load("sample").retention
    plain = record.footage[0].model_copy(update={"flagged": False, "flag_ground": ""})
    case = record.model_copy(update={"footage": [plain, *record.footage[1:]]})
    made = plain.began.astimezone(ZONE).date()
    expected = [
        *((0, None, 30), (29, None, 30), (30, 30, 60), (59, 30, 60)),
        *((60, 60, 80), (79, 60, 80), (80, 80, None), (90, 80, None), (95, 80, None)),
    ]
    for day, since, following in expected:
        lines = retention_lines(case, rule, plain.began + timedelta(days=day))
        assert [line.key for line in lines] == ["V1", "V2"]
        assert lines[0].warned_since == (made + timedelta(days=since) if since else None)
        assert lines[0].next_warning == (made + timedelta(days=following) if following else None)
        assert lines[1].left.ground.startswith("Death or great bodily harm occurred")
        assert lines[1].warning == ""
    assert lines[0].warning == "retention has ended"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording with Content Credentials of a fictional camera."""
    import c2pa

    now = datetime.now(UTC)

    def name(words: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Fictional Camera Works"),
                x509.NameAttribute(NameOID.COMMON_NAME, words),
            ]
        )

    def certificate(words: str, key: ec.EllipticCurvePrivateKey, by: ec.EllipticCurvePrivateKey):
        root = key is by
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "crl_sign", "encipher_only", "decipher_only"), False,
        )  # fmt: skip
        made = (
            x509.CertificateBuilder()
            .subject_name(name(words))
            .issuer_name(name("root"))
            .public_key(key.public_key())
            .serial_number(1 if root else 2)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(digital_signature=not root, key_cert_sign=root, **usage),
                critical=True,
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()),
                critical=False,
            )
        )
        if not root:
            made = made.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
            )
        return made.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    chain = certificate("camera", key, root_key) + certificate("root", root_key, root_key)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    action = {
        "action": "c2pa.created",
        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
    }
    manifest = {
        "claim_generator_info": [{"name": "Sample Camera (fictional)", "version": "3"}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": [action]}}],
    }
    path = tmp_path_factory.mktemp("signed") / "signed.mp4"
    information = c2pa.C2paSignerInfo(
        alg=b"es256", sign_cert=chain, private_key=secret, ta_url=None
    )
    c2pa.Builder(json.dumps(manifest)).sign_file(
        str(FOOTAGE), str(path), c2pa.Signer.from_info(information)
    )
    return path


def test_content_credentials_are_recorded_and_a_changed_file_is_told(
    signed: Path, tmp_path: Path
) -> None:
    said = probe(signed, "0" * 64, "v").credentials
    assert said.startswith(
        "Signed by Fictional Camera Works, made with Sample Camera (fictional) 3; "
        "the file is as it was signed"
    )
    content = bytearray(signed.read_bytes())
    content[-200] ^= 1
    changed = tmp_path / "changed.mp4"
    changed.write_bytes(content)
    assert content_credentials(changed).endswith("the file is not as it was signed")
    assert content_credentials(FOOTAGE) == ""


def test_the_parts_of_a_recording_cover_nothing_of_their_own(record: CaseRecord) -> None:
    from referrals.records.snapshot import EvidenceFile, MediaFacts, Snapshot

    files = [
        EvidenceFile(path=each.file, sha256=f"{n:064x}", bytes=1, taken_in_at=BEGAN)
        for n, each in enumerate(record.footage)
    ]
    media = tuple(MediaFacts(sha256=each.sha256, container="MP4", duration=5.0) for each in files)
    lanes = coverage(Snapshot(as_of=BEGAN, record=record, evidence=tuple(files), media=media))
    keys = {each.key for lane in lanes for each in lane.recordings}
    assert keys == {each.key for each in record.footage if not each.derived_from}
    first = lanes[0].recordings[0].span
    offset = timedelta(seconds=record.footage[0].clock_offset_seconds)
    assert first == Span(
        record.footage[0].began + offset,
        record.footage[0].began + offset + timedelta(seconds=5),
    )


def _recording(path: Path, aspect: Fraction) -> Path:
    with av.open(str(path), "w") as made:
        stream = made.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.codec_context.sample_aspect_ratio = aspect
        for _ in range(5):
            made.mux(stream.encode(av.VideoFrame(160, 120, "yuv420p")))
        made.mux(stream.encode())
    return path


def test_a_still_has_the_shape_that_a_player_shows(tmp_path: Path) -> None:
    [still] = stills(_recording(tmp_path / "wide.mp4", Fraction(4, 3)), [0.4])
    assert still.width / still.height == pytest.approx(160 * 4 / 3 / 120, rel=0.02)


def test_a_cover_is_not_a_picture_track(tmp_path: Path) -> None:
    cover = io.BytesIO()
    Image.new("RGB", (64, 40), "blue").save(cover, "PNG")
    sound = tmp_path / "sound.mp3"
    with av.open(str(sound), "w") as made:
        stream = made.add_stream("mp3", rate=44100)
        frame = av.AudioFrame(format="s16p", layout="mono", samples=1152)
        frame.sample_rate = 44100
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        for _ in range(40):
            made.mux(stream.encode(frame))
        made.mux(stream.encode())
    picture = b"\0image/png\0\3\0" + cover.getvalue()
    held = b"APIC" + len(picture).to_bytes(4, "big") + b"\0\0" + picture
    size = bytes(len(held) >> shift & 127 for shift in (21, 14, 7, 0))
    sound.write_bytes(b"ID3\3\0\0" + size + held + sound.read_bytes())
    facts = probe(sound, "0" * 64, "sound.mp3")
    assert (facts.video_codec, facts.width, facts.audio_tracks) == ("", 0, 1)
    assert stills(sound, [0.1]) == []
