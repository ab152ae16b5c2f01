"""Small documents as bytes, made for what a test wants to show of them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def relations(links: str) -> str:
    """A part of relations with these."""
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{links}</Relationships>'


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def xlsx(
    sheets: Mapping[str, str],
    *,
    styles: str = "",
    states: Mapping[str, str] | None = None,
    texts: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook; each sheet is the XML inside its `<worksheet>`, `styles` that of its styles."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="s{n}" '
        f'state="{(states or {}).get(name, "visible")}"/>'
        for n, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="s{n}" Type="r/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    links += '<Relationship Id="a" Type="r/styles" Target="styles.xml"/>'
    links += '<Relationship Id="b" Type="r/sharedStrings" Target="sharedStrings.xml"/>'
    strings = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return packed(
        {
            "xl/workbook.xml": f"<workbook {S} {R}><sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations(links),
            "xl/styles.xml": f"<styleSheet {S}>{styles}</styleSheet>",
            "xl/sharedStrings.xml": f"<sst {S}>{strings}</sst>",
            **{
                f"xl/worksheets/sheet{n}.xml": f"<worksheet {S}>{body}</worksheet>"
                for n, body in enumerate(sheets.values(), 1)
            },
            **(more or {}),
        }
    )


def rows(*table: Sequence[str]) -> str:
    """Rows of inline texts; an empty text is no cell."""
    cells = (
        "".join(
            f'<c r="{chr(65 + place)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
            for place, text in enumerate(line)
            if text
        )
        for row, line in enumerate(table, 1)
    )
    return (
        "<sheetData>"
        + "".join(f'<row r="{row}">{line}</row>' for row, line in enumerate(cells, 1))
        + "</sheetData>"
    )


def docx(
    body: str,
    more: Mapping[str, str] | None = None,
    *,
    parts: Mapping[str, str] | None = None,
) -> bytes:
    """A text document with this XML in its body; `parts` are kinds of parts that it refers to."""
    document = f"<w:document {W} {R}><w:body>{body}</w:body></w:document>"
    links = "".join(
        f'<Relationship Id="{kind}" Type="r/{kind.rstrip("0123456789")}" Target="{kind}.xml"/>'
        for kind in parts or ()
    )
    return packed(
        {
            "word/document.xml": document,
            "word/_rels/document.xml.rels": relations(links),
            **{f"word/{kind}.xml": part for kind, part in (parts or {}).items()},
            **(more or {}),
        }
    )


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(content: str, properties: str = "") -> str:
    """A cell of a table of Word; text, or XML that begins with a tag."""
    inner = content if content.startswith("<") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*lines: Sequence[str]) -> str:
    made = (
        "".join(one if one.startswith("<w:tc>") else cell(one) for one in line) for line in lines
    )
    return "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in made) + "</w:tbl>"


def pdf(*pages: str, page: str = "", trailer: str = "", catalog: str = "") -> bytes:
    """A PDF; each page is its content stream, Latin text in font /F at hand."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, content in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 600] /Contents {5 + 2 * n} 0 R "
            f"/Resources << /Font << /F 3 0 R >> >> {page} >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, places = "%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    out += "".join(f"{place:010} 00000 n \n" for place in places)
    out += (
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF"
    )
    return out.encode("latin-1")


def text_at(x: float, y: float, text: str, size: float = 10) -> str:
    return f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET "


def box(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} {x1 - x0} {y1 - y0} re S "
