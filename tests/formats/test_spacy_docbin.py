"""DocBin: spaCy reads what is written, what spaCy writes is read, broken files are faults."""

import zlib
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span, SpanGroup

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Origin, Record
from annotator.domain.errors import FormatError
from annotator.domain.marks import Source as MarkSource
from annotator.formats.contract import Piece, Reading, Writing
from annotator.formats.docbin_process import DocBinProcess
from annotator.formats.registry import candidates, format_named
from annotator.formats.sources import FileSource
from annotator.formats.targets import Target
from annotator.suggest.stance_spans import StanceSpan, set_stances, stances_of
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED

SPACY = format_named("spacy")
NLP = spacy.blank("en")


def entity(start: int, end: int, label: str = "PERSON", name: str | None = None) -> MarkRow:
    return ("entity", label, start, end, None, name, None, None, None, None, None, None)


STANCE: MarkRow = ("stance", "FAVOR", *WANTED, 0.5, None, *RUSSIA, "Russia", None, None, None)
TALKED: MarkRow = (*STANCE[:9], *LAVROV, "Sergei Lavrov")


def written(path: Path, *records: Record, **options: str) -> Path:
    with Target(path.parent, path.name) as target:
        writer = SPACY.writer(target, Writing(LABELS, options=options))
        for record in records:
            writer.write(record)
        writer.close()
        target.close()
    return path


def read(path: Path) -> list[Piece]:
    return list(SPACY.read(FileSource(path), Reading(LABELS)))


def faults(path: Path) -> list[str]:
    return [str(fault) for piece in read(path) for fault in piece.faults]


def docs(path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(NLP.vocab))


def test_spacy_reads_entities_nested_ones_and_stances(tmp_path: Path) -> None:
    marks = [entity(2, 20, "GPE"), entity(*LAVROV, name="Sergei Lavrov"), TALKED, STANCE]
    (doc,) = docs(written(tmp_path / "o.spacy", Record(Article.of(TALKS), marks)))
    assert doc.text == TALKS
    assert [(span.text, span.label_) for span in doc.ents] == [("Lavrov said Russia", "GPE")]
    assert [(span.text, span.label_, span.id_) for span in doc.spans["sc"]] == [
        ("Lavrov said Russia", "GPE", ""),
        ("Lavrov", "PERSON", "Sergei Lavrov"),
    ]
    whole, lacking = stances_of(doc)
    assert (whole.evidence.text, whole.polarity, whole.score) == ("wanted talks", "FAVOR", 0.5)
    assert (whole.holder.text, whole.holder_name) == ("Russia", "Russia")
    assert (whole.target.text, whole.target_name) == ("Lavrov", "Sergei Lavrov")
    assert len(lacking.target) == 0


def test_several_documents_are_what_spacy_itself_would_write(tmp_path: Path) -> None:
    articles = [Article.of(f"{TALKS} {n}\r\n\u2028שלום") for n in range(20)]
    path = written(tmp_path / "o.spacy", *(Record(article, [entity(*LAVROV)]) for article in articles))
    found = docs(path)
    assert [doc.text for doc in found] == [article.text for article in articles]
    again = DocBin(store_user_data=True, docs=found).to_bytes()
    (tmp_path / "again.spacy").write_bytes(again)
    pieces = [piece.record for piece in read(tmp_path / "again.spacy")]
    assert [record and record.marks for record in pieces] == [[entity(*LAVROV)]] * 20


@pytest.mark.parametrize(("borders", "span"), [("expand", (2, 8)), ("contract", None)])
def test_a_mark_within_a_word_grows_or_goes_and_that_is_told(
    borders: str, span: tuple[int, int] | None, tmp_path: Path
) -> None:
    with Target(tmp_path, "o.spacy") as target:
        writer = SPACY.writer(target, Writing(LABELS, options={"borders": borders}))
        writer.write(Record(Article.of(TALKS), [entity(2, 7)]))
        (loss,) = writer.losses()
        writer.close()
        target.close()
    assert (loss.feature.value, loss.changed) == ("misaligned", span is not None)
    (piece,) = read(tmp_path / "o.spacy")
    assert piece.record is not None
    assert [row[2:4] for row in piece.record.marks] == [span] * (span is not None)


def test_notes_and_ways_are_left_out_when_spacy_changed_the_marks(tmp_path: Path) -> None:
    record = Record(Article.of(TALKS), [entity(*LAVROV)], {0: Origin(MarkSource.ADDED, "why")})
    path = written(tmp_path / "o.spacy", record)
    (kept,) = read(path)
    assert kept.record is not None
    assert kept.record.origins[0].note == "why"
    (doc,) = docs(path)
    doc.spans["sc"].append(Span(doc, 3, 4, label="GPE"))
    DocBin(store_user_data=True, docs=[doc]).to_disk(path)
    (changed,) = read(path)
    assert changed.record is not None
    assert [row[1] for row in changed.record.marks] == ["PERSON", "GPE"]
    assert not any(origin.note for origin in changed.record.origins.values())
    assert any("were changed" in remark for remark in changed.remarks)


def test_a_file_that_spacy_wrote_is_read(tmp_path: Path) -> None:
    doc = NLP(TALKS)
    doc.set_ents([Span(doc, 1, 2, label="PER", kb_id="Q58217")])
    doc.spans["other"] = SpanGroup(doc, spans=[Span(doc, 1, 4, label="EVENT"), Span(doc, 0, 1)])
    set_stances(doc, [StanceSpan(doc[4:6], "FAVOR", doc[3:4], doc[1:2], 0.25, "Russia")])
    DocBin(docs=[doc]).to_disk(tmp_path / "o.spacy")
    (piece,) = read(tmp_path / "o.spacy")
    assert piece.record is not None
    assert piece.record.marks == [
        ("entity", "EVENT", 2, 20, None, None, None, None, None, None, None, None),
        entity(*LAVROV, "PER", "Q58217"),
        ("stance", "FAVOR", *WANTED, 0.25, None, *RUSSIA, "Russia", *LAVROV, None),
    ]
    assert any("without a label" in remark for remark in piece.remarks)


def test_what_a_document_says_beside_its_marks_is_told(tmp_path: Path) -> None:
    sorted_, other, unknown, plain = (NLP(f"{TALKS} {n}") for n in range(4))
    for doc in (sorted_, other, plain):
        doc.set_ents([], default="outside")
    sorted_.cats = {"politics": 1.0}
    other.spans["people"] = [Span(other, 1, 2, label="PERSON")]
    DocBin(docs=[sorted_, other, unknown, plain]).to_disk(tmp_path / "o.spacy")
    remarks = ["".join(piece.remarks) for piece in read(tmp_path / "o.spacy")]
    assert "doc.cats" in remarks[0]
    assert "spans of 'people' were taken as entities" in remarks[1]
    assert "does not say of some words" in remarks[2]
    assert remarks[3] == ""


def test_words_without_blanks_are_joined_and_that_is_told(tmp_path: Path) -> None:
    doc = Doc(NLP.vocab, words=["Lavrov", "said", "."])
    DocBin(docs=[doc]).to_disk(tmp_path / "o.spacy")
    (piece,) = read(tmp_path / "o.spacy")
    assert piece.record is not None
    assert piece.record.article.text == "Lavrov said . "
    assert any("joined by blanks" in remark for remark in piece.remarks)


def test_it_is_known_by_its_content(tmp_path: Path) -> None:
    path = written(tmp_path / "o.spacy", Record(Article.of(TALKS)))
    other = path.rename(tmp_path / "data.bin")
    assert candidates(FileSource(other))[0] is SPACY


def test_a_language_that_spacy_lacks_is_named() -> None:
    with pytest.raises(FormatError, match="language 'qq'"), Target(Path(), "o.spacy") as target:
        SPACY.writer(target, Writing(LABELS, options={"language": "qq"}))


@pytest.fixture
def good(tmp_path: Path) -> bytes:
    return written(tmp_path / "good.spacy", Record(Article.of(TALKS), [entity(*LAVROV)])).read_bytes()


def test_broken_files_are_faults(good: bytes, tmp_path: Path) -> None:
    unpacked = zlib.decompress(good)
    broken = {
        "empty": b"",
        "text": b"no DocBin",
        "cut": good[: len(good) // 2],
        "other": zlib.compress(b"\x93\x01\x02\x03"),
        "nothing": zlib.compress(b""),
        "map": zlib.compress(b"\x80"),
        "deep": zlib.compress(b"\x81" + b"\xa5attrs" + b"\x91" * 100_000 + b"\xc0"),
        "endless": zlib.compress(b"\xdf\xff\xff\xff\xff" + unpacked[1:]),
        "short": zlib.compress(unpacked[: len(unpacked) // 2]),
        "attrs": zlib.compress(unpacked.replace(b"\xa5attrs", b"\xa5attrz")),
        "bomb": zlib.compress(bytes(100 * 2**20)),
    }
    for name, data in broken.items():
        path = tmp_path / f"{name}.spacy"
        path.write_bytes(data)
        (said,) = faults(path)
        assert str(path) in said, name


def test_every_byte_may_be_wrong(good: bytes, tmp_path: Path) -> None:
    unpacked = zlib.decompress(good)
    path = tmp_path / "o.spacy"
    for at in range(0, len(unpacked), 7):
        path.write_bytes(zlib.compress(unpacked[:at] + bytes([unpacked[at] ^ 0x51]) + unpacked[at + 1 :]))
        read(path)


def test_a_document_that_makes_no_sense_leaves_the_others(tmp_path: Path) -> None:
    first, second = NLP(TALKS), NLP("Oslo talks.")
    first.spans["sc"] = SpanGroup(first, spans=[Span(first, 1, 2, label="PERSON")])
    both = DocBin(docs=[first, second])
    both.span_groups[0] = both.span_groups[0][:-8]
    both.to_disk(tmp_path / "o.spacy")
    wrong, right = read(tmp_path / "o.spacy")
    assert "document 1" in str(wrong.faults[0])
    assert right.record is not None
    assert right.record.article == Article.of("Oslo talks.")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_told_as_one() -> None:
    process = DocBinProcess()
    process.send(do="begin")
    with pytest.raises(OSError, match="No space left"):
        process.ask(do="write", path="/dev/full")
    process.close()
