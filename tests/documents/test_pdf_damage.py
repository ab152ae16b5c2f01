"""PDF: what is damaged, missing, hidden or laid over a page is told, and never half read."""

import base64
import hashlib
import time
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from handed import text_at

from audit_utils.documents import limits, pdf
from audit_utils.documents.pdf.content import sound
from audit_utils.errors import AuditError
from audit_utils.records import Problem

HERE = Path("x.pdf")
Made = Mapping[int, str | tuple[str, bytes]]
"""Number of an object -> its value, or the entries and bytes of a stream."""
LOST = "the page is damaged: it is not read"
PART = "the page is damaged: what it shows may be read in part"
FONTS = "fonts of the page do not tell which characters they draw"
LACKS = "the page draws with a font or picture that the file does not hold"
HIDDEN = "parts of the page are hidden (layers): it is not read; print it to a new PDF"
UNSEEN = "text that the page does not show is left out"
NOTE = "a note or stamp on the page shows text: it is not read"
FIELD = "a field has a value that the page does not show"
MANY = "".join(text_at(20, 20 + n, f"line {n} with some text") for n in range(0, 500, 10))


def written(objects: Made, trailer: str = "/Root 1 0 R", *, table: bool = True) -> bytes:
    """A PDF of these objects."""
    out, places = b"%PDF-1.7\n", {}
    for number, one in objects.items():
        places[number] = len(out)
        value = one if isinstance(one, str) else f"<< {one[0]} /Length {len(one[1])} >>"
        out += f"{number} 0 obj\n{value}\n".encode("latin-1")
        out += b"" if isinstance(one, str) else b"stream\n" + one[1] + b"\nendstream\n"
        out += b"endobj\n"
    size, start = max(objects) + 1, len(out)
    if table:
        lines = (f"{places[n]:010} 00000 n \n" if n in places else "0000000000 65535 f \n"
                 for n in range(size))  # fmt: skip
        out += f"xref\n0 {size}\n{''.join(lines)}".encode()
    return out + f"trailer << /Size {size} {trailer} >>\nstartxref\n{start}\n%%EOF".encode()


def page(
    content: str | tuple[str, bytes],
    *,
    page: str = "",
    resources: str = "",
    catalog: str = "",
    tree: str = "/Kids [4 0 R 6 0 R] /Count 2",
    more: Made | None = None,
) -> dict[int, str | tuple[str, bytes]]:
    """A document of two pages: one with this content, and a sound one behind it."""
    begins = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 600] /Resources << /Font << /F 3 0 R"
    return {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        2: f"<< /Type /Pages {tree} >>",
        3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        4: f"{begins} /G 9 0 R >> {resources} >> /Contents 5 0 R {page} >>",
        5: ("", content.encode("latin-1")) if isinstance(content, str) else content,
        6: f"{begins} >> >> /Contents 7 0 R >>",
        7: ("", text_at(20, 20, "sound").encode()),
        **(more or {}),
    }


def read(objects: Made) -> tuple[str, list[tuple[int, str]]]:
    """The text of a document, and what is told of its pages."""
    return read_bytes(written(objects))


def read_bytes(data: bytes) -> tuple[str, list[tuple[int, str]]]:
    grid, _, problems = pdf.read(data, HERE)
    return "\n".join(quote.text for quote in grid.after), [(p.page, p.message) for p in problems]


def problems(objects: Made) -> list[Problem]:
    return pdf.read(written(objects), HERE)[2]


# ---- streams


def test_a_sound_document_tells_nothing() -> None:
    for content in ("", "q Q", MANY, ("/Filter /FlateDecode", zlib.compress(MANY.encode()))):
        assert read(page(content))[1] == []


PACKED = zlib.compress(MANY.encode())
CHANGED = bytearray(PACKED)
CHANGED[len(PACKED) // 2] ^= 0x10


@pytest.mark.parametrize(
    ("entries", "data"),
    [
        ("/Filter /FlateDecode", PACKED[: len(PACKED) // 2]),
        ("/Filter /FlateDecode", PACKED[:-6]),
        ("/Filter /FlateDecode", bytes(CHANGED)),
        ("/Filter /FlateDecode", PACKED[:-1] + bytes([PACKED[-1] ^ 1])),
        ("/Filter /FlateDecode", b"\0" * 40),
        ("/Filter /FlateDecode", b""),
        ("/Filter [/ASCII85Decode /FlateDecode]", b"GhQ7~>"),
        ("/Filter /ASCII85Decode", b"s8W-#~>"),
        ("/Filter /ASCIIHexDecode", b"4x>"),
    ],
    ids=["cut in the middle", "cut near the end", "a bit", "sum", "zeros", "empty",
         "packed twice", "no number", "no digit"],
)  # fmt: skip
def test_a_stream_that_does_not_unpack_is_told_and_its_page_not_read(
    entries: str, data: bytes
) -> None:
    assert read(page((entries, data))) == ("sound", [(1, LOST)])


@pytest.mark.parametrize("filters", ["/FlateDecode", "/Fl"])
def test_a_stream_without_its_sum_is_whole(filters: str) -> None:
    assert "line 490" in read(page((f"/Filter {filters}", PACKED[:-3])))[0]


HERE_IT_IS = text_at(20, 90, "here").encode()


@pytest.mark.parametrize(
    ("filters", "data"),
    [
        ("[/A85 /Fl]", base64.a85encode(zlib.compress(HERE_IT_IS)) + b"~>"),
        ("[/ASCII85Decode]", base64.a85encode(HERE_IT_IS + b"\0\0\0\0") + b"~>"),
        ("/ASCIIHexDecode", HERE_IT_IS.hex().encode() + b">"),
        ("/RunLengthDecode", bytes([len(HERE_IT_IS) - 1]) + HERE_IT_IS + b"\xf0 \x80"),
    ],
)
def test_other_ways_to_pack(filters: str, data: bytes) -> None:
    assert read(page((f"/Filter {filters}", data))) == ("here\nsound", [])


def test_a_page_whose_stream_is_not_there() -> None:
    objects = page("")
    del objects[5]
    assert read(objects) == ("sound", [(1, LOST)])


def test_a_document_of_damaged_pages_is_refused_as_damaged() -> None:
    objects = page(("/Filter /FlateDecode", PACKED[:99]), tree="/Kids [4 0 R] /Count 1")
    with pytest.raises(AuditError, match="damaged: what its pages show cannot be read"):
        read(objects)


@pytest.mark.parametrize(
    "content",
    [
        MANY[:-20],
        MANY + "BT /F 10 Tf 20 550 Td (open",
        MANY.replace("Tj", "Tx", 1),
        MANY.replace("Td", "", 1),
        MANY.replace("ET", "", 1),
        MANY.replace("(line 490", "line 490", 1),
        "q " + MANY,
        "q (Q) pop " + MANY,
        "1 2 3 re f " + MANY,
        "[(a) 3 (b] TJ " + MANY,
        MANY + "\x00\x01\x80\xff",
    ],
)
def test_instructions_that_are_damaged(content: str) -> None:
    text, told = read(page(content))
    assert "sound" in text
    assert told == [(1, PART)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"% a remark ( \nq 1 0 0 1 0 0 cm /Im1 Do Q Q",
        b'BT/F 1 Tf(a\\)b(c(d)))Tj[(x)-3.5<41 42>]TJ 1 2(y)" T* ET',
        b"/OC /P BDC /Span << /Lang (a) /B [1 [/c true]] /D << /E null >> >> BDC EMC EMC",
        b"0.1 0.2 .3 -.4 5. scn /P1 scn 0 0 0 1 /P2 SCN /Cs8 cs [1 2]0 d 0 i -1-2 3 --4 5 6 7 cm",
        b"q 9 0 0 9 0 0 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00(EI<\xff EI Q",
        b"BX whatever this is EX",
        b"12 w\r\n3 4 m 5 6 l\rh S 1 2 3 4 5 6 c f* W n b* B* sh".replace(b"sh", b"/S sh"),
    ],
)
def test_what_pages_may_be_told(content: bytes) -> None:
    assert sound(content)


def test_a_drawing_inside_of_a_page_is_looked_at() -> None:
    form = "/Subtype /Form /BBox [0 0 400 600] /Resources << /Font << /F 3 0 R >> >>"
    use = {"resources": "/XObject << /X 8 0 R >>"}
    whole = text_at(20, 90, "drawn").encode()
    assert "drawn" in read(page("/X Do", **use, more={8: (form, whole)}))[0]
    cut = (form + " /Filter /FlateDecode", zlib.compress(whole * 9)[:40])
    assert read(page("/X Do", **use, more={8: cut})) == ("sound", [(1, LOST)])
    assert read(page("/X Do"))[1] == [(1, LACKS)]
    assert read(page(text_at(9, 9, "x").replace("/F", "/H")))[1] == [(1, LACKS)]


# ---- pages


def test_pages_that_the_tree_does_not_count() -> None:
    text, told = read(page(text_at(9, 9, "first"), tree="/Kids [4 0 R 6 0 R 6 0 R] /Count 1"))
    assert text == "first"
    assert told == [(1, "the list of pages is damaged: pages may be missing")]


def test_pages_that_are_lost_with_their_list() -> None:
    objects = page(text_at(9, 9, "first"), tree="/Kids [6 0 R] /Count 1")
    assert read_bytes(written(objects)) == ("sound", [])  # taken out on purpose
    told = read_bytes(written(objects, table=False))[1]
    assert told == [(1, "the list of pages is damaged: pages may be missing")]


def test_a_page_that_is_not_there() -> None:
    assert read(page("", tree="/Kids [4 0 R 99 0 R 6 0 R] /Count 3")) == ("sound", [(2, LOST)])


def test_a_tree_that_bites_its_tail() -> None:
    objects = page("", tree="/Kids [6 0 R 2 0 R 8 0 R] /Count 3",
                   more={8: "<< /Type /Pages /Kids [8 0 R 2 0 R] /Count 9 >>"})  # fmt: skip
    told = read(objects)[1]
    assert (1, "the list of pages is damaged: pages may be missing") in told


def test_a_tree_whose_branches_meet_again() -> None:
    more = {n: f"<< /Type /Pages /Count 2 /Kids [{n + 1} 0 R {n + 1} 0 R] >>" for n in range(8, 40)}
    more[40] = "<< /Type /Pages /Count 1 /Kids [8 0 R] >>"
    told = read(page("", tree="/Kids [6 0 R 8 0 R] /Count 2", more=more))[1]
    assert (1, "the list of pages is damaged: pages may be missing") in told


# ---- fonts


def composite(table: str = "", encoding: str = "/Identity-H") -> Made:
    font = f"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding {encoding} {table}"
    return {
        9: font + " /DescendantFonts [10 0 R] >>",
        10: "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /FontDescriptor 11 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >> >>",
        11: "<< /Type /FontDescriptor /FontName /A /Flags 4 >>",
    }


COMPOSITE = text_at(20, 90, "many words that can be read") + "BT /G 9 Tf 20 50 Td <4E2D4E2D> Tj ET "
TABLE = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange "
    b"1 beginbfchar <4E2D> <6587> endbfchar endcmap end end"
)


def test_a_font_that_does_not_tell_one_character() -> None:
    text, told = read(page(COMPOSITE, more=composite()))
    assert "中" not in text
    assert "\ufffd" in text
    assert told == [(1, FONTS)]


def test_a_font_with_the_table_of_its_characters() -> None:
    more = {**composite("/ToUnicode 12 0 R"), 12: ("", TABLE)}
    text, told = read(page(COMPOSITE, more=more))
    assert "文" in text
    assert told == []
    more[12] = ("/Filter /FlateDecode", zlib.compress(TABLE)[:-20])
    assert (1, FONTS) in read(page(COMPOSITE, more=more))[1]


def test_a_font_without_any_shapes() -> None:
    content = text_at(20, 90, "a few words") + "BT /G 9 Tf 20 50 Td <4E2D> Tj ET "
    message = "text in a font that the file does not hold may be missing"
    assert (1, message) in read(page(content, more=composite()))[1]
    spaces = text_at(20, 90, "a few words") + text_at(20, 60, " ") + text_at(20, 60, "")
    assert read(page(spaces))[1] == []


def test_a_font_that_is_damaged() -> None:
    more = {**composite(), 10: "<< /Type /Font"}
    assert (1, FONTS) in read(page(COMPOSITE, more=more))[1]


# ---- what is not shown


def test_text_without_ink_or_cropped_is_left_out() -> None:
    content = text_at(20, 90, "seen") + "3 Tr " + text_at(20, 60, "secret") + "0 Tr "
    assert read(page(content)) == ("seen\nsound", [(1, UNSEEN)])
    content = text_at(20, 90, "seen") + text_at(20, 20, "below")
    assert read(page(content, page="/CropBox [0 50 400 600]")) == ("seen\nsound", [(1, UNSEEN)])
    assert read(page(content, page="/CropBox [0 0 400 600]")) == ("seen\nbelow\nsound", [])


def test_text_that_runs_over_the_edge_of_the_paper_is_read() -> None:
    content = text_at(20, 9, "first line") + text_at(20, -4, "second line")
    assert read(page(content)) == ("first line\nsecond line\nsound", [])


def test_a_scan_with_recognised_text_behind_it_is_a_scan() -> None:
    content = "q 400 0 0 600 0 0 cm /I Do Q BT 3 Tr /F 10 Tf 20 90 Td (guessed) Tj ET"
    picture = ("/Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
               b"\xff")  # fmt: skip
    text, told = read(page(content, resources="/XObject << /I 8 0 R >>", more={8: picture}))
    assert text == "sound"
    assert (1, "the page shows no text, only a picture: it is not read") in told


@pytest.mark.parametrize(
    ("drawn", "given", "text", "told"),
    [
        ("50 yuan", "100 yuan", "50 yuan", True),
        ("office", "o\\357\\254\\203ce", "office", True),
        ("60yuan", "60 yuan", "60 yuan", False),
        ("70 yuan", "", "70 yuan", False),
    ],
)
def test_texts_that_are_given_for_others(drawn: str, given: str, text: str, told: bool) -> None:
    given = f"/Span << /ActualText ({given}) >> BDC "
    objects = page(given + text_at(20, 90, drawn) + "EMC " + text_at(20, 60, "rest"))
    message = "the page gives other texts than it draws: those it draws are read"
    assert read(objects) == (f"{text}\nrest\nsound", [(1, message)] if told else [])


LAYERS = "/OCProperties << /OCGs [8 0 R] /D << {} >> >>"
LAYER = "<< /Type /OCG /Name (a) >>"


@pytest.mark.parametrize(
    ("state", "hidden"),
    [("", False), ("/OFF [8 0 R]", True), ("/BaseState /OFF", True),
     ("/BaseState /OFF /ON [8 0 R]", False)],
)  # fmt: skip
def test_pages_with_hidden_layers_are_not_read(state: str, hidden: bool) -> None:
    content = text_at(20, 90, "seen") + "/OC /P BDC " + text_at(20, 60, "layer") + "EMC"
    for layer in ("/P 8 0 R", "/P << /Type /OCMD /OCGs [8 0 R] >>"):
        objects = page(content, resources=f"/Properties << {layer} >>",
                       catalog=LAYERS.format(state), more={8: LAYER})  # fmt: skip
        assert read(objects) == (("sound", [(1, HIDDEN)]) if hidden else ("seen\nlayer\nsound", []))


# ---- what lies on a page

LOOK = "/Subtype /Form /BBox [0 0 100 20] /Resources << /Font << /F 3 0 R >> >>"


def note(kind: str, look: str | None, rest: str = "") -> dict[int, str | tuple[str, bytes]]:
    shows = "/AP << /N 12 0 R >>" if look is not None else ""
    made: dict[int, str | tuple[str, bytes]] = {
        11: f"<< /Type /Annot /Subtype /{kind} /Rect [20 90 120 110] /F 4 {shows} {rest} >>"
    }
    return made if look is None else {**made, 12: (LOOK, look.encode())}


def with_note(more: Made) -> tuple[str, list[tuple[int, str]]]:
    catalog = "/AcroForm << /Fields [11 0 R] >>"
    return read(page(text_at(20, 60, "page"), page="/Annots [11 0 R]", catalog=catalog, more=more))


FILLED = text_at(2, 5, "1,234.00")


def test_a_filled_in_field_is_read_where_it_stands() -> None:
    assert with_note(note("Widget", FILLED, "/FT /Tx /V (1234)")) == ("1,234.00\npage\nsound", [])


@pytest.mark.parametrize("look", [None, "", text_at(2, 5, "old")])
def test_a_value_that_the_page_does_not_show_is_told(look: str | None) -> None:
    text, told = with_note(note("Widget", look, "/FT /Tx /V (new value)"))
    assert "page" in text
    assert told == [(1, FIELD)]


def test_an_empty_or_hidden_field_is_nothing() -> None:
    assert with_note(note("Widget", "", "/FT /Tx /V ()")) == ("page\nsound", [])
    hidden = note("Widget", FILLED, "/FT /Tx /V (1234)")
    hidden[11] = str(hidden[11]).replace("/F 4", "/F 2")
    assert with_note(hidden) == ("page\nsound", [])


def test_a_field_inherits_its_kind_and_value() -> None:
    made = note("Widget", FILLED, "/Parent 13 0 R") | {13: "<< /FT /Tx /V (9) /Kids [11 0 R] >>"}
    assert with_note(made) == ("1,234.00\npage\nsound", [(1, FIELD)])


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (note("Stamp", FILLED), True),
        (note("FreeText", None, "/Contents (typed over the page)"), True),
        (note("Stamp", "0 0 9 9 re f"), False),
        (note("Text", None, "/Contents (a remark that opens)"), False),
        (note("Link", None), False),
    ],
)
def test_notes_on_a_page_are_told_where_they_show_text(made: Made, told: bool) -> None:
    assert with_note(made) == ("page\nsound", [(1, NOTE)] if told else [])


# ---- the whole


def test_an_xfa_form_is_refused() -> None:
    catalog = "/NeedsRendering true /AcroForm << /Fields [] /XFA [(template) 8 0 R] >>"
    with pytest.raises(AuditError, match="XFA form"):
        read(page("", catalog=catalog, more={8: ("", b"<x/>")}))


def test_files_inside_of_the_file_are_told() -> None:
    files = "/Collection << >> /Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (a) "
    objects = page("", catalog=files + "/EF << /F 8 0 R >> >>] >> >>", more={8: ("", b"%PDF-")})
    assert read(objects)[1] == [(1, "other files are packed in this one: they are not read")]


def encrypted(key: bytes, number: int, data: bytes) -> bytes:
    """RC4 with the key of an object, or with the key itself for number 0."""
    own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
    key = own if number else key
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def locked(objects: Made, password: bytes = b"") -> bytes:
    """The document with its streams encrypted, for everybody who knows the password."""
    filling = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    owner = bytes(range(32))
    known = (password + filling)[:32] + owner + (-4).to_bytes(4, "little", signed=True) + b"id"
    key = hashlib.md5(known).digest()[:5]
    made = {
        number: one if isinstance(one, str) else (one[0], encrypted(key, number, one[1]))
        for number, one in objects.items()
    }
    check = encrypted(key, 0, filling).hex()
    lock = f"/Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}> /U <{check}>"
    return written(made, f"/Root 1 0 R /ID [<6964> <6964>] /Encrypt << {lock} >>")


def test_a_document_that_everybody_may_open_is_read() -> None:
    whole = page(("/Filter /FlateDecode", zlib.compress(text_at(20, 90, "open").encode())))
    assert read_bytes(locked(whole)) == ("open\nsound", [])
    assert read_bytes(locked(page(("/Filter /FlateDecode", PACKED[:99])))) == (
        "sound",
        [(1, LOST)],
    )
    with pytest.raises(AuditError, match="locked with a password; save it without one"):
        read_bytes(locked(whole, b"secret"))


# ---- limits


def test_a_page_that_unpacks_to_too_much_is_not_read() -> None:
    bomb = ("/Filter /FlateDecode", zlib.compress(b" " * ((limits.CONTENT_MB + 1) * limits.MB)))
    message = f"the page draws more than {limits.CONTENT_MB} MB, the limit: it is not read"
    assert read(page(bomb)) == ("sound", [(1, message)])


@pytest.mark.parametrize(
    ("kind", "data"),
    [("ASCII85Decode", b"z" * (6 * limits.MB)), ("RunLengthDecode", b"\x81 " * limits.MB)],
)
def test_other_ways_to_pack_too_much(kind: str, data: bytes) -> None:
    started = time.monotonic()
    assert "draws more than" in read(page((f"/Filter /{kind}", data)))[1][0][1]
    assert time.monotonic() - started < 10


def test_a_document_of_such_pages_is_refused_with_the_limit() -> None:
    bomb = ("/Filter /FlateDecode", zlib.compress(b" " * ((limits.CONTENT_MB + 1) * limits.MB)))
    with pytest.raises(AuditError, match="more than 20 MB of drawing on a page, the limit"):
        read(page(bomb, tree="/Kids [4 0 R] /Count 1"))


@pytest.mark.parametrize(
    ("limit", "most", "message"),
    [("GLYPHS", 99, "99 characters on a page"), ("DRAWN", 9, "9 things drawn on a page")],
)
def test_what_one_page_may_show(
    limit: str, most: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, limit, most)
    with pytest.raises(AuditError, match=f"has more than {message}, the limit"):
        read(page(MANY))


def test_a_path_to_nowhere_is_no_puzzle() -> None:
    """Whether instructions are sound is found in one go, whatever they are."""
    started = time.monotonic()
    for one in (b"BI " + b"ID " * 99_999, b"BI /A 1 ID " + b" EI(" * 99_999, b"(" * 99_999,
                b"/a <<" * 99_999, b"[" * 99_999, b"/a 1 " * 99_999, b"1 " * 99_999):  # fmt: skip
        assert not sound(one)
    assert time.monotonic() - started < 5


def test_drawings_that_call_each_other_again_and_again() -> None:
    more: dict[int, str | tuple[str, bytes]] = {}
    for n in range(20, 50):
        calls = f"/Subtype /Form /Resources << /XObject << /A {n + 1} 0 R /B {n + 1} 0 R >> >>"
        more[n] = (calls, b"/A Do /B Do")
    more[50] = ("/Subtype /Form", b"0 0 9 9 re f")
    text, told = read(page("/X Do", resources="/XObject << /X 20 0 R >>", more=more))
    assert text == "sound"
    assert "draws more than" in told[0][1]
    circle = {20: ("/Subtype /Form /Resources << /XObject << /X 20 0 R >> >>", b"/X Do")}
    assert read(page("/X Do", resources="/XObject << /X 20 0 R >>", more=circle))[0] == "sound"
