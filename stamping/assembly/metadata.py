"""What a file says of itself: document information and XMP that agree.

In: a `Document`. Out: both written, and nothing from the clock (ISO 32000-2
§ 14.3; ISO 16684-1 for XMP).
"""

from __future__ import annotations

from datetime import UTC, datetime

from stamping.objects.object_writer import ObjectWriter
from stamping.objects.pdf_syntax import Ref, Value, text_string
from stamping.pages.colour_profile import srgb_profile
from stamping.values import Conformance, Document

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
{properties}</rdf:Description>
{claims}</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_PART = {Conformance.PDF_A_2A_UA_1: 2, Conformance.PDF_A_3A_UA_1: 3}

# PDF/A-2 and -3 have PDF/UA's property described where it is used (ISO 19005-2 § 6.6.2.3).
_CLAIMS = """<rdf:Description rdf:about=""
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>{part}</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def write_metadata(writer: ObjectWriter, document: Document) -> tuple[Ref, dict[str, Value]]:
    """Write information dictionary and XMP; return the first and the catalog's entries.

    Conformance is written as `document` claims it; nothing is checked here.
    """
    information: dict[str, Value] = {
        "Title": text_string(document.title),
        "Producer": text_string(document.producer),
    }
    if document.author:
        information["Author"] = text_string(document.author)
    if document.subject:
        information["Subject"] = text_string(document.subject)
    if document.created is not None:
        moment = document.created.astimezone(UTC)
        date = f"D:{moment:%Y%m%d%H%M%S}+00'00'".encode("ascii")
        information |= {"CreationDate": date, "ModDate": date}
    # Not compressed: programs that know no PDF look for it in the bytes.
    packet = writer.add_stream(
        {"Type": "Metadata", "Subtype": "XML"}, xmp_packet(document).encode()
    )
    entries: dict[str, Value] = {"Lang": text_string(document.language), "Metadata": packet}
    if document.conformance in _PART:
        entries["OutputIntents"] = [_output_intent(writer)]
    return writer.add(information), entries


def _output_intent(writer: ObjectWriter) -> Ref:
    """Say that device colours are sRGB (ISO 19005-2 § 6.2.3)."""
    return writer.add(
        {
            "Type": "OutputIntent",
            "S": "GTS_PDFA1",
            "OutputConditionIdentifier": b"sRGB",
            "Info": b"sRGB IEC61966-2.1",
            "DestOutputProfile": writer.add_compressed({"N": 3}, srgb_profile()),
        }
    )


def xmp_packet(document: Document) -> str:
    """Return the XMP that a file of `document` bears (ISO 16684-1)."""
    properties = [_alternatives("dc:title", document.title)]
    if document.author:
        properties.append(_list("dc:creator", "Seq", document.author))
    if document.subject:
        properties.append(_alternatives("dc:description", document.subject))
    properties.append(_list("dc:language", "Bag", document.language))
    properties.append(f"<pdf:Producer>{_escaped(document.producer)}</pdf:Producer>\n")
    if document.created is not None:
        moment = _moment(document.created)
        properties.append(f"<xmp:CreateDate>{moment}</xmp:CreateDate>\n")
        properties.append(f"<xmp:ModifyDate>{moment}</xmp:ModifyDate>\n")
        properties.append(f"<xmp:MetadataDate>{moment}</xmp:MetadataDate>\n")
    part = _PART.get(document.conformance)
    claims = _CLAIMS.format(part=part) if part else ""
    return _PACKET.format(properties="".join(properties), claims=claims)


def _alternatives(name: str, text: str) -> str:
    entry = f'<rdf:li xml:lang="x-default">{_escaped(text)}</rdf:li>'
    return f"<{name}><rdf:Alt>{entry}</rdf:Alt></{name}>\n"


def _list(name: str, kind: str, text: str) -> str:
    return f"<{name}><rdf:{kind}><rdf:li>{_escaped(text)}</rdf:li></rdf:{kind}></{name}>\n"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def _escaped(text: str) -> str:
    return text.translate(_ENTITIES)
