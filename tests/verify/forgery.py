"""A forger: changes a delivery, and covers it up as far as asked.

`Strength` says how much of the delivery the forger brings into line afterwards
with rules that are public: nothing, the bag's lists and the check page, or also
every digest in `packet.json`. What no strength reaches is what was told outside.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Name, Page, Pdf

from stamping.pages.page_digest import page_digests


class Strength(StrEnum):
    """How far the forger covers a change up."""

    NONE = "nothing covered up"
    LISTS = "lists recomputed"
    ALL = "everything recomputed"


@dataclass(frozen=True)
class Forgery:
    """A copy of a delivery in the forger's hands."""

    folder: Path
    packet: str

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def main(self) -> Path:
        return self.data / f"{self.packet}_Packet.pdf"

    @property
    def archive(self) -> Path:
        return self.data / f"{self.packet}_Packet_Archive.pdf"

    @contextmanager
    def volume(self, path: Path | None = None) -> Iterator[Pdf]:
        """Open the main volume, or another file, for a change and write it back."""
        with Pdf.open(path or self.main, allow_overwriting_input=True) as pdf:
            yield pdf
            pdf.save(
                path or self.main,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                compress_streams=False,
            )

    def first_page(self, part: str) -> int:
        """Return the page of its volume on which a part begins, counted from one."""
        values = json.loads((self.data / "packet.json").read_text("utf-8"))
        parts = [each for volume in values["volumes"] for each in volume["parts"]]
        return next(int(each["first_page"]) for each in parts if each["key"] == part)

    @contextmanager
    def statement(self) -> Iterator[Any]:
        """Open packet.json for a change and write it back."""
        path = self.data / "packet.json"
        values = json.loads(path.read_text("utf-8"))
        yield values
        text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True)
        path.write_text(text + "\n", "utf-8")

    def cover_up(self, strength: Strength) -> None:
        """Bring the rest into line, as far as `strength` goes."""
        if strength is Strength.ALL:
            self._restate()
        if strength is not Strength.NONE:
            self._relist()

    def _restate(self) -> None:
        with self.statement() as values:
            for volume in values["volumes"]:
                path = self.data / volume["file"]
                volume["sha256"], volume["bytes"] = _sha256(path), path.stat().st_size
                volume["page_sha256"] = list(page_digests(path))
            values["natives"] = [
                each for each in values["natives"] if (self.data / each["path"]).is_file()
            ]
            for each in values["natives"]:
                path = self.data / each["path"]
                each["sha256"], each["bytes"] = _sha256(path), path.stat().st_size
            for each in values["footage"]:
                if each["path"]:
                    path = self.data / each["path"]
                    each["sha256"], each["bytes"] = _sha256(path), path.stat().st_size
            for each in values["attestations"]:
                each["sha256"] = _sha256(self.data / each["path"])
                if each["scan"]:
                    each["scan_sha256"] = _sha256(self.data / each["scan"])
                    each["signed_sha256"] = each["sha256"]
            self._reload(values)
            if self.archive.is_file():
                self._restate_inside(values)
            values["files"] = [
                {"path": name, "bytes": path.stat().st_size, "sha256": _sha256(path)}
                for name, path in self._files(self.data)
                if name != "packet.json"
            ]

    def _restate_inside(self, values: Any) -> None:
        """Bring what the archive says of the main volume into line."""
        with self.volume(self.archive) as pdf:
            name = values["archive"]["values"]
            if name not in pdf.attachments:
                return
            said = json.loads(pdf.attachments[name].get_file().read_bytes())
            said |= {key: value for key, value in values.items() if key in said}
            said["volumes"] = values["volumes"][:1]
            held = values["archive"]["holds"]
            said["natives"] = [each for each in values["natives"] if each["path"] in held]
            pdf.attachments[name] = json.dumps(said).encode()

    def _reload(self, values: Any) -> None:
        """Bring the digests of originals in the DAT into line."""
        path = self.data / f"{self.packet}.dat"
        lines = path.read_bytes().decode("utf-8-sig").split("\r\n")
        names = lines[0].split("\x14")
        place, digest = names.index("þNATIVEPATHþ"), names.index("þNATIVESHA256þ")
        present = {each["path"]: each["sha256"] for each in values["natives"]}
        kept = lines[:1]
        for line in lines[1:-1]:
            fields = line.split("\x14")
            native = fields[place].strip("þ").replace("\\", "/")
            if native and native not in present:
                continue
            if native:
                fields[digest] = f"þ{present[native]}þ"
            kept.append("\x14".join(fields))
        path.write_bytes(("\ufeff" + "\r\n".join([*kept, ""])).encode())

    def _relist(self) -> None:
        payload = [(f"data/{name}", path) for name, path in self._files(self.data)]
        total = sum(path.stat().st_size for _, path in payload)
        information = self.folder / "bag-info.txt"
        text = information.read_text("utf-8")
        text = re.sub(r"Payload-Oxum: .*", f"Payload-Oxum: {total}.{len(payload)}", text)
        information.write_text(text, "utf-8")
        lines = "".join(f"{_sha256(path)}  {name}\n" for name, path in sorted(payload))
        (self.folder / "manifest-sha256.txt").write_text(lines, "utf-8")
        self._relist_page(payload)
        tags = sorted(
            path
            for path in self.folder.iterdir()
            if path.is_file() and path.name != "tagmanifest-sha256.txt"
        )
        lines = "".join(f"{_sha256(path)}  {path.name}\n" for path in tags)
        (self.folder / "tagmanifest-sha256.txt").write_text(lines, "utf-8")

    def _relist_page(self, payload: list[tuple[str, Path]]) -> None:
        page = self.folder / "verify.html"
        text = page.read_text("utf-8")
        found = re.search(r'id="manifest">(.*?)</script>', text, re.S)
        assert found
        held = json.loads(found[1])
        names = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
        files = [*payload, *((name, self.folder / name) for name in names)]
        held["files"] = [{"path": name, "sha256": _sha256(path)} for name, path in sorted(files)]
        page.write_text(text.replace(found[1], json.dumps(held)), "utf-8")

    def _files(self, folder: Path) -> list[tuple[str, Path]]:
        found = [path for path in folder.rglob("*") if path.is_file()]
        return sorted((path.relative_to(folder).as_posix(), path) for path in found)


def rewrite(pdf: Pdf, page: Page, old: str, new: str) -> None:
    """Make a written page say `new` where it says `old`, in its own font."""
    fonts = {name: _glyphs(font) for name, font in page.obj.Resources.Font.items()}
    instructions = []
    changed = 0
    shown: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            shown = fonts[str(operands[0])]
        if str(operator) in ("TJ", "Tj") and shown and old in (said := _said(operands, shown)):
            glyphs = {character: code for code, character in shown.items()}
            text = said.replace(old, new)
            codes = b"".join(glyphs[each].to_bytes(2, "big") for each in text)
            operands, operator = [Array([pikepdf.String(codes)])], pikepdf.Operator("TJ")
            changed += 1
        instructions.append((operands, operator))
    assert changed, f"the page does not say {old!r} in one piece"
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))


def draw(pdf: Pdf, page: Page, content: bytes) -> None:
    """Draw `content` on a page after all else, with Helvetica as /Forged."""
    font = pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    resources = page.obj.Resources
    if "/Font" not in resources:
        resources.Font = pikepdf.Dictionary()
    resources.Font["/Forged"] = pdf.make_indirect(font)
    page.contents_add(b"q " + content + b" Q", prepend=False)


def edit_json(path: Path, change: Callable[[Any], None]) -> None:
    """Change a canonical JSON file and write it canonically again."""
    values = json.loads(path.read_text("utf-8"))
    change(values)
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, "utf-8")


def _glyphs(font: Any) -> dict[int, str]:
    """Return the character that each code of a written page's font shows."""
    if "/ToUnicode" not in font:
        return {}
    text = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"^<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>$", text, re.M)
    return {int(code, 16): bytes.fromhex(shown).decode("utf-16-be") for code, shown in pairs}


def _said(operands: Any, shown: dict[int, str]) -> str:
    held = operands[0] if isinstance(operands[0], Array) else operands
    codes = b"".join(bytes(each) for each in held if isinstance(each, pikepdf.String))
    return "".join(
        shown.get(int.from_bytes(codes[at : at + 2], "big"), "\ufffd")
        for at in range(0, len(codes), 2)
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
