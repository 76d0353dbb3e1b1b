"""What a file says of itself: document information and XMP that agree.

In: a `Document`. Out: both written, and nothing from the clock (ISO 32000-2
§ 14.3; ISO 16684-1 for XMP).
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from pikepdf import Dictionary, Name, Pdf, Stream, String

from stamping.values import Document

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
{properties}</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def write_metadata(pdf: Pdf, document: Document) -> None:
    """Write the information dictionary, XMP and language of `pdf`."""
    information = Dictionary(Title=String(document.title), Producer=String(document.producer))
    if document.author:
        information.Author = String(document.author)
    if document.subject:
        information.Subject = String(document.subject)
    if document.created is not None:
        moment = document.created.astimezone(UTC)
        information.CreationDate = information.ModDate = String(f"D:{moment:%Y%m%d%H%M%S}+00'00'")
    pdf.trailer.Info = pdf.make_indirect(information)
    pdf.Root.Lang = String(document.language)
    stream = Stream(pdf, _xmp(document).encode())
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = pdf.make_indirect(stream)


def _xmp(document: Document) -> str:
    properties = [_alternatives("dc:title", document.title)]
    if document.author:
        properties.append(_list("dc:creator", "Seq", document.author))
    if document.subject:
        properties.append(_alternatives("dc:description", document.subject))
    properties.append(_list("dc:language", "Bag", document.language))
    properties.append(f"<pdf:Producer>{escape(document.producer)}</pdf:Producer>\n")
    if document.created is not None:
        moment = _moment(document.created)
        properties.append(f"<xmp:CreateDate>{moment}</xmp:CreateDate>\n")
        properties.append(f"<xmp:ModifyDate>{moment}</xmp:ModifyDate>\n")
        properties.append(f"<xmp:MetadataDate>{moment}</xmp:MetadataDate>\n")
    return _PACKET.format(properties="".join(properties))


def _alternatives(name: str, text: str) -> str:
    entry = f'<rdf:li xml:lang="x-default">{escape(text)}</rdf:li>'
    return f"<{name}><rdf:Alt>{entry}</rdf:Alt></{name}>\n"


def _list(name: str, kind: str, text: str) -> str:
    return f"<{name}><rdf:{kind}><rdf:li>{escape(text)}</rdf:li></rdf:{kind}></{name}>\n"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
