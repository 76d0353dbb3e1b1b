"""Which standards a file claims to keep, read from its XMP.

In: a PDF's path. Out: flavours (`2a`, `ua1`). Reads with pypdf, and judges
nothing (ISO 19005-2 § 6.6.4; ISO 14289-1 § 5).
"""

from __future__ import annotations

from pathlib import Path
from xml.dom.minidom import Element

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_PDF_A = "http://www.aiim.org/pdfa/ns/id/"
_PDF_UA = "http://www.aiim.org/pdfua/ns/id/"


def claims(path: Path) -> tuple[str, ...] | None:
    """Return the flavours that the file claims, PDF/A first; None if unreadable."""
    try:
        metadata = PdfReader(path).xmp_metadata
    # pypdf lets these through where a file is damaged or locked.
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if metadata is None:
        return ()
    found = []
    if part := _property(metadata.rdf_root, _PDF_A, "part"):
        found.append(part + _property(metadata.rdf_root, _PDF_A, "conformance").lower())
    if part := _property(metadata.rdf_root, _PDF_UA, "part"):
        found.append(f"ua{part}")
    return tuple(found)


def _property(root: Element, namespace: str, name: str) -> str:
    """Return a simple property, written as an element or as an attribute; else ''."""
    for element in root.getElementsByTagNameNS(namespace, name):
        text = "".join(node.data for node in element.childNodes if node.nodeType == node.TEXT_NODE)
        return text.strip()
    for element in root.getElementsByTagName("*"):
        if element.hasAttributeNS(namespace, name):
            return str(element.getAttributeNS(namespace, name)).strip()
    return ""
