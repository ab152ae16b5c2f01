"""Damages documents at random and reads them: `make fuzz`.

Every kind of document is changed in its bytes, or in the parts that it packs; whatever
comes out of that has to end as a document or as a refusal, soon, and a sound document read
beside it has to come out as ever.  What the damaged document still shows of the form is in
its cells, or something is told: nothing is lost in silence.  The same seed makes the same
damage.

    python tests/fuzz.py                  200 of each kind
    python tests/fuzz.py --seed 7 --rounds 1000 --kind pdf
"""

import argparse
import io
import random
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import streams
from truth import read_truth

from audit_utils import reading
from audit_utils.records import Document

CORPUS = Path(__file__).resolve().parent / "data" / "corpus"
SOUND = CORPUS / "013" / "raw.xlsx"
KINDS = {
    "xlsx": CORPUS / "013" / "raw.xlsx",
    "docx": CORPUS / "013" / "raw.docx",
    "pdf": CORPUS / "013" / "raw.pdf",
    "text": CORPUS / "013" / "raw.txt",
}
DRAWN = ("html", "csv", "pipes", *streams.WAYS)
"""Kinds that are made from the cells of the workbook, or from its transcription."""
INTERESTING = (b"\x00", b"\xff", b"0", b"-1", b"99999999999", b"<", b">", b"&", b'"', b"\n" * 9,
               b"<td rowspan=65534 colspan=1000>", b"<table>" * 40, b"|", b",", b" R ", b"endobj",
               b"/Kids [2 0 R]", b"<w:tbl>", b'r="XFD1048576"', b"&e9;",
               b"\xe2\x80\xae")  # fmt: skip
WHOLE = 4
"""Characters that make a text of its own."""
SLOW = 20.0
"""Seconds that nothing as small as this may take."""


def seeds() -> dict[str, bytes]:
    """A sound document of each kind."""
    made = {kind: path.read_bytes() for kind, path in KINDS.items()}
    rows = drawn_rows()
    made["html"] = (
        b"<html><body><table>"
        + b"".join(
            b"<tr>" + b"".join(b"<td>" + cell.encode() + b"</td>" for cell in row) + b"</tr>"
            for row in rows
        )
        + b"</table></body></html>"
    )
    made["csv"] = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows).encode()
    made["pipes"] = "".join("| " + " | ".join(row) + " |\n" for row in rows).encode()
    form = read_truth(SOUND.with_name("truth.json"))[0]
    for way in streams.WAYS:
        made[way] = streams.document([([], streams.laid_out(form))], way).encode()
    return made


def drawn_rows() -> list[list[str]]:
    """The cells of the workbook as rows of one length."""
    from audit_utils.documents import xlsx

    grid, _, _ = xlsx.read(SOUND.read_bytes(), SOUND)
    cells = grid.tables[0].cells
    rows = [[""] * max(cell.right for cell in cells) for _ in range(max(c.bottom for c in cells))]
    for cell in cells:
        rows[cell.row - 1][cell.column - 1] = cell.text.replace("\n", "")
    return rows


# --- damage ----------------------------------------------------------------------------


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The document with a few changes, in its bytes or in a part that it packs."""
    if data.startswith(b"PK") and chance.random() < 0.8:
        return repacked(data, chance)
    if data.startswith(b"%PDF") and chance.random() < 0.6:
        return restreamed(data, chance)
    out = changed(data, chance)
    if data.startswith((b"PK", b"%PDF")) or chance.random() < 0.2:
        return out
    return out.replace(b"\x00", b"").decode("utf-8", "ignore").encode()  # text all the same


def changed(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 20))):
        at = chance.randrange(len(out) + 1)
        length = min(len(out) - at, chance.choice((1, 4, 40, 400)))
        match chance.randrange(5):
            case 0:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del out[at : at + length]
            case 2:
                out[at:at] = chance.choice(INTERESTING)
            case 3:
                out[at:at] = out[at : at + length] * chance.choice((1, 3))
            case 4:
                other = chance.randrange(len(out) + 1)
                out[at:at] = out[other : other + length]
    return bytes(out[: len(out) if chance.random() < 0.9 else chance.randrange(len(out) + 1)])


def repacked(data: bytes, chance: random.Random) -> bytes:
    """One or two parts of a zip file changed, left out, or named like another."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in chance.sample(sorted(parts), min(2, len(parts))):
        if chance.random() < 0.15:
            parts[chance.choice(sorted(parts))] = parts.pop(name)
        else:
            parts[name] = changed(parts[name], chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def restreamed(data: bytes, chance: random.Random) -> bytes:
    """A packed stream of a PDF changed in what it unpacks to; PDFium finds the objects again."""
    starts = [at for at in range(len(data)) if data.startswith(b"stream\n", at)]
    for start in chance.sample(starts, len(starts)):
        begin = start + len(b"stream\n")
        end = data.find(b"endstream", begin)
        try:
            content = zlib.decompress(data[begin:end])
        except zlib.error:
            continue
        return data[:begin] + zlib.compress(changed(content, chance)) + b"\n" + data[end:]
    return changed(data, chance)


# --- reading ---------------------------------------------------------------------------


def read(data: bytes, folder: Path, sound: Sequence[str] = ()) -> tuple[str, float, list[str]]:
    """How a document ended, how long that took, and what is wrong with that.

    `sound` are the cells of the document before it was damaged.
    """
    path, beside = folder / "damaged", folder / "sound.xlsx"
    path.write_bytes(data)
    if not beside.exists():
        beside.write_bytes(SOUND.read_bytes())
    started = time.monotonic()
    usable, refused = reading.read([path, beside], jobs=1)
    seconds = time.monotonic() - started
    wrong = []
    if [len(document.forms) for document in usable if document.name == beside.name] != [1]:
        wrong.append("the document beside it was lost")
    if len(usable) + len(refused) != 2:
        wrong.append("it came back neither as a document nor as a refusal")
    if seconds > SLOW:
        wrong.append(f"it took {seconds:.1f} s")
    if error := refused.get(path.name):
        if "in the reader" in error.message or "ended the process" in error.message:
            wrong.append(error.message)
        return "refused", seconds, wrong
    document = next(one for one in usable if one.name == path.name)
    if gone := silently_lost(document, sound):
        wrong.append(f"{len(gone)} cells were lost in silence, such as {gone[0]!r}")
    return ended(document), seconds, wrong


def cells_of(data: bytes, folder: Path) -> list[str]:
    """The texts in the cells of a document."""
    path = folder / "whole"
    path.write_bytes(data)
    (document,), _ = reading.read([path], jobs=1)
    return printed(document)


def printed(document: Document) -> list[str]:
    rows = (
        row for one in document.forms for row in (one.head, *one.funds.values(), *one.indicators)
    )
    return [cell.printed for row in rows for cell in row.values() if cell.printed]


def silently_lost(document: Document, sound: Sequence[str]) -> list[str]:
    """The cells that a document still shows and does not hold, if nothing is told.

    Short texts are left out, as they are parts of others; so are the rows of a form that
    has lost every label that makes it one.
    """
    if document.problems:
        return []
    held = squeezed(printed(document))
    shown = squeezed(quote.text for quote in document.lines)
    before = squeezed(sound)
    return [
        text
        for text in dict.fromkeys(map(squeezed, ([one] for one in sound)))
        if len(text) >= WHOLE and held.count(text) < min(before.count(text), shown.count(text))
    ]


def squeezed(texts: Iterable[str]) -> str:
    return "".join("".join(texts).split())


def ended(document: Document) -> str:
    forms = "forms" if document.forms else "no form"
    return f"{forms}, told" if document.problems else forms


def failures(kind: str, data: bytes, seed: int, rounds: int, folder: Path) -> Iterator[str]:
    """What went wrong in so many rounds; says at the end how the documents ended."""
    counted: Counter[str] = Counter()
    slowest = 0.0
    sound = cells_of(data, folder)
    for number in range(rounds):
        chance = random.Random(f"{seed} {kind} {number}")
        found, seconds, wrong = read(damaged(data, chance), folder, sound)
        counted[found] += 1
        slowest = max(slowest, seconds)
        yield from (f"{kind}, seed {seed}, round {number}: {one}" for one in wrong)
    told = ", ".join(f"{count} {how}" for how, count in sorted(counted.items()))
    print(f"{kind}: {told}; slowest {slowest:.2f} s", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=200, help="of each kind")
    parser.add_argument("--kind", choices=(*KINDS, *DRAWN), action="append")
    options = parser.parse_args()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        made = seeds()
        for kind in options.kind or made:
            wrong += failures(kind, made[kind], options.seed, options.rounds, Path(folder))
    for one in wrong:
        print(one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
