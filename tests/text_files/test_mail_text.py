"""Messages: what Python's own reader finds in a part is on the pages, or listed by name."""

from __future__ import annotations

import base64
import contextlib
import email.policy
import random
from email.message import EmailMessage

import pytest

from referrals.errors import InputError
from referrals.text_files.mail_text import mail_form
from referrals.text_files.written_form import WrittenForm

HEAD = b"From: A <a@example.org>\r\nTo: b@example.org\r\nSubject: Case\r\nMIME-Version: 1.0\r\n"


def form_of(rest: bytes) -> WrittenForm:
    return mail_form(HEAD + rest, "a.eml")


def headers(form: WrittenForm, title: str) -> list[str]:
    return [text for name, text in form.header if name == title]


def test_every_part_of_a_message_is_shown_or_listed() -> None:
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.org"
    message.set_content("PLAIN body")
    message.add_alternative("<p>PLAIN body</p><p>and MORE in the page</p>", subtype="html")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="evidence.pdf")
    message.add_attachment("TEXT behind", subtype="plain", filename="note.txt")
    form = mail_form(message.as_bytes(policy=email.policy.SMTP), "a.eml")
    assert "PLAIN body" in form.text
    assert "and MORE in the page" in form.text
    [attached] = headers(form, "Attachments")
    assert "evidence.pdf" in attached
    assert "note.txt" in attached
    assert form.account.unexplained == 0


@pytest.mark.parametrize(
    ("rest", "shown"),
    [
        (b"Content-Type: text/calendar\r\n\r\nSUMMARY:Meeting at dock 4", "Meeting at dock 4"),
        (b"Content-Type: text/html\r\n\r\n<p>One.</p></script><p>PLATE</p>", "PLATE"),
        (
            b"Content-Type: text/html\r\n\r\n<table><tr><td>12</td><td>50</td></tr></table>",
            "12      50",
        ),
        (b"Content-Type: text/plain; charset=windows-874\r\n\r\nHello there", "Hello there"),
        (b"Content-Type: text/plain; charset=no-such-thing\r\n\r\nHello there", "Hello there"),
        (b"Content-Type: text/plain; charset=gb2312\r\n\r\n\xd6\xec\xe9F\xbb\xf9", "朱镕基"),
        (b"Content-Type: text/plain\r\n\r\nZo\xc3\xab", "Zoë"),
        (b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n\x93quoted\x94", "“quoted”"),
        (
            b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-odd\r\n\r\nas it is",
            "as it is",
        ),
    ],
)
def test_the_text_of_a_part_is_read_as_mail_programs_do(rest: bytes, shown: str) -> None:
    form = form_of(rest)
    assert shown in form.text
    assert "\ufffd" not in form.text


def test_eight_bits_that_nobody_declared_are_read_with_a_warning() -> None:
    form = form_of(b"Content-Type: text/plain\r\n\r\nStra\xdfe")
    assert "Straße" in form.text
    assert "encoding-guessed" in {notice.code for notice in form.notices}


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'Content-Type: application/pdf; name="scan.pdf"', "scan.pdf"),
        (b"Content-Type: application/pdf\r\nContent-Disposition: inline; filename=a.pdf", "a.pdf"),
        (
            b"Content-Type: application/pdf\r\nContent-Disposition: attachment; "
            b"filename*=utf-8''Zo%C3%AB.pdf",
            "Zoë.pdf",
        ),
        (b"Content-Type: application/pdf", "part 1.pdf, named by nobody (application/pdf"),
        (b"Content-Type: application/pkcs7-signature", "a signature"),
    ],
)
def test_a_message_that_is_a_file_names_it(head: bytes, name: str) -> None:
    form = form_of(head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=")
    [attached] = headers(form, "Attachments")
    assert name in attached


def test_text_behind_an_attachment_is_shown() -> None:
    rest = (
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: "
        b"text/plain\r\n\r\nFIRST\r\n"
        b"--B\r\nContent-Type: image/png; name=photo.png\r\n\r\nx\r\n"
        b"--B\r\nContent-Type: text/plain\r\n\r\nSECOND\r\n--B--\r\n"
    )
    form = form_of(rest)
    assert "FIRST" in form.text
    assert "SECOND" in form.text
    assert "photo.png" in headers(form, "Attachments")[0]


def test_a_forwarded_message_is_shown_with_its_headers() -> None:
    inner = (
        b"From: c@example.org\r\nSubject: Inner\r\nContent-Type: text/plain\r\n\r\nINNER TEXT\r\n"
    )
    rest = b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
    rest += b"Content-Type: message/rfc822\r\n\r\n"
    form = form_of(rest + inner + b"--B--\r\n")
    assert "INNER TEXT" in form.text
    assert "From: c@example.org" in form.text


def test_every_header_is_printed_also_the_second_of_its_name() -> None:
    content = (
        b"From: a@example.org\r\nTo: one@example.org\r\nTo: two@example.org\r\nBcc: "
        b"three@example.org\r\n"
        b"Reply-To: four@example.org\r\nDate: not a date\r\nMessage-ID: <abc@[>\r\nX-Odd: kept\r\n"
        b"Subject: =?utf-8?q?Zo=C3=AB?= and =?x?b?broken\r\n\r\nHi"
    )
    form = mail_form(content, "a.eml")
    assert headers(form, "To") == ["one@example.org", "two@example.org"]
    for word in (
        "three@example.org",
        "four@example.org",
        "not a date",
        "<abc@[>",
        "X-Odd: kept",
        "Zoë",
    ):
        assert word in form.text


def test_what_would_be_loaded_is_named_and_not_loaded() -> None:
    form = form_of(
        b'Content-Type: text/html\r\n\r\n<p>x</p><img src="https://spy.example.org/a.gif" '
        b'alt="pixel">'
    )
    assert headers(form, "Not loaded") == ["https://spy.example.org/a.gif"]
    assert "[pixel]" in form.text


def test_a_message_of_endless_parts_is_refused_with_a_sentence() -> None:
    rest = b""
    for _ in range(40):
        rest = b"Content-Type: message/rfc822\r\n\r\nFrom: x\r\n" + rest
    with pytest.raises(InputError, match="more parts"):
        mail_form(HEAD + rest + b"\r\nend", "a.eml")


@pytest.mark.parametrize("seed", range(60))
def test_no_bytes_end_in_anything_but_a_form_or_a_sentence(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(
        HEAD + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/html; "
        b"charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+\r\n--B--\r\n"
    )
    for _ in range(chance.randrange(1, 12)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    with contextlib.suppress(InputError):
        assert mail_form(bytes(content), "a.eml").account.unexplained == 0


def test_text_within_an_alternative_behind_its_attachment_is_shown() -> None:
    form = form_of(
        b"Content-Type: multipart/alternative; boundary=A\r\n\r\n--A\r\nContent-Type: "
        b"text/plain\r\n\r\nSee.\r\n"
        b"--A\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: "
        b"application/pdf; "
        b"name=evidence.pdf\r\nContent-Disposition: inline; filename=evidence.pdf\r\n\r\nx\r\n"
        b"--B\r\nContent-Type: text/html\r\n\r\n<p>Second half.</p>\r\n--B--\r\n--A--\r\n"
    )
    assert "Second half." in form.text
    assert "evidence.pdf" in headers(form, "Attachments")[0]


def test_comments_and_quotes_of_a_page_are_no_obstacle() -> None:
    form = form_of(
        b"Content-Type: text/html\r\n\r\n<blockquote>Q</blockquote><!-- C -->TAIL<p>10<sup>6</sup> "
        b"I <del>did not</del> see</p>"
    )
    assert "Q" in form.text
    assert "TAIL" in form.text
    assert "10^(6) I [struck through: did not] see" in form.text


def test_an_endless_header_is_cut_above_and_whole_below() -> None:
    form = mail_form(b"From: a@example.org\r\nSubject: " + b"s" * 9_000 + b"\r\n\r\nHi", "a.eml")
    [subject] = headers(form, "Subject")
    assert len(subject) < 1_100
    assert sum(block.text.count("s") for block in form.blocks) >= 9_000


def test_the_same_words_in_another_order_are_another_text() -> None:
    form = form_of(
        b"Content-Type: multipart/alternative; boundary=A\r\n\r\n--A\r\nContent-Type: "
        b"text/plain\r\n\r\nB struck A\r\n--A\r\nContent-Type: text/html\r\n\r\n"
        b"<p>A struck B</p>\r\n--A--\r\n"
    )
    assert "B struck A" in form.text
    assert "A struck B" in form.text


def test_a_form_that_says_nothing_more_is_counted_and_not_repeated() -> None:
    form = form_of(
        b"Content-Type: multipart/alternative; boundary=A\r\n\r\n--A\r\nContent-Type: "
        b"text/plain\r\n\r\nA struck B\r\n--A\r\nContent-Type: text/html\r\n\r\n"
        b"<p>A <b>struck</b> B</p>\r\n--A--\r\n"
    )
    assert form.text.count("struck") == 1
    [tally] = [each for each in form.account.tallies if each.what == "alternative forms"]
    assert (tally.held, tally.shown) == (1, 0)
    assert tally.why


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        (b"<p>a</p></body></html>\r\nAFTER THE END", "AFTER THE END"),
        (b"<img src><p>VALUELESS", "VALUELESS"),
        (b"<form><input value='TYPED IN'></form>", "TYPED IN"),
        (b"<select><option>CHOICE</select>", "CHOICE"),
        (b"<noscript>WITHOUT SCRIPT</noscript>", "WITHOUT SCRIPT"),
        (b"<?xml version='1.0' encoding='utf-16'?><html><p>DECLARED", "DECLARED"),
        (b"<textarea>LEFT OPEN", "LEFT OPEN"),
        (b'<a href="https://example.org/evil">bank</a>', "bank: https://example.org/evil"),
    ],
)
def test_a_page_shows_its_text_whatever_its_marks_are(markup: bytes, seen: str) -> None:
    form = form_of(b"Content-Type: text/html\r\n\r\n" + markup)
    assert seen in form.text
    assert form.account.unexplained == 0


def test_text_that_the_pages_parser_loses_shows_in_the_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("referrals.text_files.html_text._tidy", lambda lines: "")
    form = form_of(b"Content-Type: text/html\r\n\r\n<p>lost words</p>")
    assert form.account.unexplained == len("lostwords")


def test_what_a_mail_server_reports_is_shown() -> None:
    form = form_of(
        b"Content-Type: multipart/report; boundary=B\r\n\r\n--B\r\nContent-Type: "
        b"message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nFinal-Recipient: "
        b"rfc822; gone@example.org\r\nAction: failed\r\n\r\n--B--\r\n"
    )
    for words in ("Reporting-MTA: dns; a", "gone@example.org", "Action: failed"):
        assert words in form.text


def test_a_forwarded_message_that_was_encoded_is_shown() -> None:
    inner = base64.encodebytes(b"From: c@example.org\r\nSubject: Inner\r\n\r\nENCODED TEXT\r\n")
    rest = b'Content-Type: message/rfc822; name="it.eml"\r\n'
    form = form_of(rest + b"Content-Transfer-Encoding: base64\r\n\r\n" + inner)
    assert "ENCODED TEXT" in form.text
    assert "Forwarded message: Inner (it.eml)" in form.text


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n\r\n"])
def test_what_stands_before_the_first_header_hides_none(before: bytes) -> None:
    assert headers(mail_form(before + HEAD + b"\r\nHi", "a.eml"), "From") == ["A <a@example.org>"]


def test_text_outside_the_parts_is_shown() -> None:
    form = form_of(
        b"Content-Type: multipart/mixed; boundary=B\r\n\r\nBEFORE\r\n--B\r\n\r\nInside\r\n"
        b"--B--\r\nBEHIND\r\n"
    )
    for word in ("BEFORE", "Inside", "BEHIND"):
        assert word in form.text


def test_a_text_with_a_name_is_shown_and_listed() -> None:
    form = form_of(
        b"Content-Type: text/plain; name=note.txt\r\nContent-Disposition: inline\r\n\r\nTOLD"
    )
    assert "TOLD" in form.text
    assert "note.txt" in headers(form, "Attachments")[0]


def test_a_label_in_pieces_is_a_label() -> None:
    form = form_of(b"Content-Type: text/plain; charset*=us-ascii'en'windows-1252\r\n\r\n\x93x\x94")
    assert "“x”" in form.text
    assert "encoding-guessed" not in {notice.code for notice in form.notices}


def test_an_endless_name_of_an_attachment_is_cut_and_said_to_be() -> None:
    form = form_of(b'Content-Type: application/pdf; name="' + b"n" * 9_000 + b'"\r\n\r\nx')
    [attached] = headers(form, "Attachments")
    assert "a name of 9,000 characters" in attached
    assert len(attached) < 500
