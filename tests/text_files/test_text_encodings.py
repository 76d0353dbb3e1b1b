"""Letters of a text: by its mark, by what is certain, else by a guess that is told."""

from __future__ import annotations

import pytest

from referrals.text_files.text_encodings import decoded_text


@pytest.mark.parametrize(
    ("text", "encoding", "label", "guessed"),
    [
        ("Zoë Łódź", "utf-8", "", False),
        ("Zoë Łódź", "utf-8-sig", "", False),
        ("Zoë Łódź", "utf-16", "", False),
        ("Łukasz saw it", "utf-16-le", "", True),
        ("Łukasz saw it", "utf-16-be", "", True),
        ("Привет, мир", "utf-16-le", "", True),
        ("Привет, мир", "utf-16-be", "", True),
        ("Γειά σου Κόσμε", "utf-16-le", "", True),
        ("목격자 안녕하세요", "utf-16-be", "", True),
        ("目撃しました。", "utf-16-le", "", True),
        ("Łukasz", "utf-32-le", "", True),
        ("목격자", "iso2022_kr", "", True),
        ("\x1b[31mred\x1b[0m, an ordinary log", "ascii", "", False),
        ("目撃しました。", "shift_jis", "", True),
        ("目撃しました。", "iso2022_jp", "", True),
        ("朱镕基", "gb18030", "gb2312", False),
        ("“x”", "cp1252", "iso-8859-1", False),
        ("x é", "cp1252", "", True),
        ("plain", "ascii", "no-such-label", False),
        ("é", "utf-8", "us-ascii", True),
    ],
)
def test_a_text_is_read_and_a_guess_is_told(
    text: str, encoding: str, label: str, guessed: bool
) -> None:
    read = decoded_text(text.encode(encoding), label)
    assert (read.text, read.guessed) == (text, guessed)


@pytest.mark.parametrize("code", range(128, 256))
def test_no_byte_is_lost_or_replaced(code: int) -> None:
    read = decoded_text(b"a" + bytes([code]), "windows-1252")
    assert len(read.text) == 2
    assert "\ufffd" not in read.text
