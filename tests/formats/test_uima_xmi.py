"""UIMA XMI: files of cassis and of INCEpTION are read, ours are read by cassis, and broken ones are named."""

from pathlib import Path
from typing import Any

import pytest

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Origin, Record
from annotator.formats import layers
from annotator.formats.carrying import Feature
from annotator.formats.contract import Maker, Piece, Reading, Writing
from annotator.formats.registry import candidates
from annotator.formats.sources import FileSource, FolderSource
from annotator.formats.targets import Target
from annotator.formats.uima_xmi import UimaXmi
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, WANTED

cassis = pytest.importorskip("cassis")

# The worked example as INCEpTION exports it: tokens, an entity, a stance with links, a layer of its own.
INCEPTION = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"
    xmlns:tcas="http:///uima/tcas.ecore" xmlns:custom="http:///webanno/custom.ecore"
    xmlns:type="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore"
    xmlns:type3="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"
    xmlns:type5="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore" xmi:version="2.0">
  <cas:NULL xmi:id="0"/>
  <type3:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="35" language="x-unspecified"
      documentTitle="talks.txt" documentId="admin"/>
  <type:Sentence xmi:id="3" sofa="1" begin="0" end="35"/>
  <type:Token xmi:id="4" sofa="1" begin="3" end="9" order="0"/>
  <type5:NamedEntity xmi:id="5" sofa="1" begin="3" end="9" value="PERSON" identifier="Q58217"/>
  <custom:Actor xmi:id="6" sofa="1" begin="15" end="21" kind="GPE"/>
  <custom:Stance xmi:id="7" sofa="1" begin="22" end="34" polarity="FAVOR" parts="8 9"/>
  <custom:StancePartsLink xmi:id="8" role="Holder" target="5"/>
  <custom:StancePartsLink xmi:id="9" role="Target" target="6"/>
  <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="{TALKS}"/>
  <cas:View sofa="1" members="2 3 4 5 6 7"/>
</xmi:XMI>
"""


def read(tmp_path: Path, content: str | bytes) -> Piece:
    (tmp_path / "a.xmi").write_bytes(content if isinstance(content, bytes) else content.encode())
    (piece,) = UimaXmi().read(FileSource(tmp_path / "a.xmi"), Reading(LABELS))
    return piece


def record_of(piece: Piece) -> Record:
    assert piece.record is not None, piece.faults
    return piece.record


def entity(label: str, start: int, end: int, name: str | None = None) -> MarkRow:
    return ("entity", label, start, end, None, name, None, None, None, None, None, None)


def written(folder: Path, record: Record) -> set[Feature]:
    folder.mkdir()
    with Target(folder, None) as target:
        writer = UimaXmi().writer(target, Writing(LABELS))
        list(writer.write(record))
        list(writer.close())
        target.close()
    return {loss.feature for loss in writer.losses()}


def only_file(folder: Path) -> Path:
    (file,) = folder.glob("*.xmi")
    return file


def test_an_export_of_inception_is_read_with_its_stances(tmp_path: Path) -> None:
    piece = read(tmp_path, INCEPTION)
    record = record_of(piece)
    assert (record.article.text, record.article.title) == (TALKS, "talks.txt")
    assert record.marks == [
        entity("PERSON", *LAVROV, "Q58217"),
        entity("GPE", *RUSSIA),
        ("stance", "FAVOR", *WANTED, None, None, *LAVROV, "Q58217", *RUSSIA, None),
    ]
    assert piece.maker is Maker.UNKNOWN
    assert candidates(FileSource(tmp_path / "a.xmi"))[0].name == "uima-xmi"


def foreign(tmp_path: Path, text: str = TALKS) -> tuple[Any, Any]:
    """A CAS of cassis with a type system that we did not make."""
    types = cassis.TypeSystem()
    for name, feature, range_ in (
        (layers.ENTITY, "value", "uima.cas.String"),
        ("org.example.Claim", "label", "uima.cas.String"),
        ("org.example.Bare", "count", "uima.cas.Integer"),
    ):
        types.create_feature(types.create_type(name), feature, range_)
    relation = types.create_type("webanno.custom.Part")
    types.create_feature(relation, "role", "uima.cas.String")
    for end in ("Governor", "Dependent"):
        types.create_feature(relation, end, "uima.tcas.Annotation")
    view = types.create_type("org.example.View")
    types.create_feature(view, "polarity", "uima.cas.String")
    types.create_feature(view, "holder", "uima.tcas.Annotation")
    types.create_feature(view, "notes", "uima.cas.StringArray")
    return cassis.Cas(types, sofa_string=text), types


def test_a_file_of_cassis_is_read(tmp_path: Path) -> None:
    cas, types = foreign(tmp_path)
    lavrov = types.get_type(layers.ENTITY)(begin=2, end=8, value="PERSON")
    russia = types.get_type("org.example.Bare")(begin=14, end=20)
    stance = types.get_type("org.example.View")(begin=21, end=33, polarity="AGAINST", holder=lavrov)
    part = types.get_type("webanno.custom.Part")
    cas.add_all([lavrov, russia, stance, types.get_type("org.example.Claim")(begin=21, end=27, label="7")])
    cas.add(part(begin=14, end=20, role="target", Governor=stance, Dependent=russia))
    cas.add(part(begin=14, end=20, role="other", Governor=lavrov, Dependent=russia))
    piece = read(tmp_path, cas.to_xmi())
    assert sorted(record_of(piece).marks, key=repr) == sorted(
        [
            entity("PERSON", *LAVROV),
            entity("Bare", *RUSSIA),
            entity("7", 21, 27),
            ("stance", "AGAINST", *WANTED, None, None, *LAVROV, None, *RUSSIA, None),
        ],
        key=repr,
    )
    assert any("relations other than holder and target" in remark for remark in piece.remarks)


def test_links_in_an_array_of_their_own_are_followed(tmp_path: Path) -> None:
    array = '<cas:FSArray xmi:id="20" elements="8 9"/><cas:FSArray xmi:id="21" elements="21 20"/>'
    content = INCEPTION.replace('parts="8 9"', 'parts="20" more="21"').replace(
        "<cas:Sofa", f"{array}<cas:Sofa"
    )
    assert record_of(read(tmp_path, content)).marks[-1][6:] == (*LAVROV, "Q58217", *RUSSIA, None)


def test_what_is_in_no_view_is_no_mark_but_may_be_a_part(tmp_path: Path) -> None:
    marks = record_of(read(tmp_path, INCEPTION.replace('"2 3 4 5 6 7"', '"2 3 4 5 7"'))).marks
    assert [row[1] for row in marks] == ["PERSON", "FAVOR"]
    assert marks[1][9:11] == RUSSIA


def test_other_views_are_left_out_and_told(tmp_path: Path) -> None:
    cas, types = foreign(tmp_path)
    other = cas.create_view("translation")
    other.sofa_string = "Other"
    other.add(types.get_type(layers.ENTITY)(begin=0, end=5, value="GPE"))
    piece = read(tmp_path, cas.to_xmi())
    assert record_of(piece).marks == []
    assert any("views" in remark for remark in piece.remarks)


def test_our_file_is_read_by_cassis(tmp_path: Path) -> None:
    marks: list[MarkRow] = [
        entity("PERSON", *LAVROV, "Sergei Lavrov"),
        ("stance", "FAVOR", *WANTED, 0.1, None, *LAVROV, "Sergei Lavrov", 28, 33, "talks"),
    ]
    article = Article.of(f"{TALKS}\r\n\tUnd", title="Talks", lang="de")
    record = Record(article, marks, {1: Origin(None, "so\nhe says")}, annotator="Ana")
    assert written(tmp_path / "out", record) == set()
    with (tmp_path / "out" / "TypeSystem.xml").open("rb") as file:
        types = cassis.load_typesystem(file)
    cas = cassis.load_cas_from_xmi(only_file(tmp_path / "out"), typesystem=types)
    assert cas.typecheck() == []
    assert (cas.sofa_string, cas.document_language) == (article.text, "de")
    (lavrov,), (stance,) = cas.select(layers.ENTITY), cas.select(layers.STANCE)
    assert (lavrov.get_covered_text(), lavrov.value, lavrov.identifier) == (
        "Lavrov",
        "PERSON",
        "Sergei Lavrov",
    )
    assert (stance.get_covered_text(), stance.note, stance.score) == ("wanted talks", "so\nhe says", 0.1)
    assert stance.holder.elements[0].target is lavrov
    assert stance.target.elements[0].target.get_covered_text() == "talks"
    (file_,) = [one for one in FolderSource(tmp_path / "out").files() if one.suffix == ".xmi"]
    assert next(iter(UimaXmi().read(file_, Reading(LABELS)))).maker is Maker.PERSON


def test_characters_that_xml_cannot_hold_are_replaced_and_told(tmp_path: Path) -> None:
    record = Record(Article.of("a\x01b\ufffe c"), [entity("GPE", 2, 3, "\x0b")])
    assert written(tmp_path / "out", record) == {Feature.TEXT}
    back = record_of(next(iter(UimaXmi().read(FileSource(only_file(tmp_path / "out")), Reading(LABELS)))))
    assert back.article.text == "a\ufffdb\ufffd c"
    assert back.marks == [entity("GPE", 2, 3, "\ufffd")]


BOMB = """\
<?xml version="1.0"?>
<!DOCTYPE lol [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI">&b;</xmi:XMI>
"""


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (BOMB, 2, "declares a DOCTYPE"),
        (BOMB.replace("lol [", 'lol SYSTEM "file:///etc/passwd" ['), 2, "declares a DOCTYPE"),
        ("", 1, "the XML is broken"),
        (INCEPTION[:900], None, "the XML is broken"),
        (INCEPTION.replace('value="PERSON"', 'value="\x01"'), 12, "the XML is broken"),
        (INCEPTION.encode("utf-8").replace(b"Lavrov", b"\xff"), 17, "the XML is broken"),
        (INCEPTION.replace('"UTF-8"', '"utf-9"'), 1, "the XML"),
        ("<html/>", 1, "not XMI"),
        (INCEPTION.replace('xmi:id="5"', 'id="5"'), 12, "has no xmi:id"),
        (INCEPTION.replace('xmi:id="5"', 'xmi:id="4"'), 12, "is there twice"),
        (INCEPTION.replace("sofaString", "sofaURI"), None, "holds no text"),
        (INCEPTION.replace(TALKS, ""), None, "the text is empty"),
        (INCEPTION.replace('target="6"', 'target="66"'), None, 'the target of Stance 7 is "66"'),
        (INCEPTION.replace('polarity="FAVOR"', ""), None, "has the label null"),
        (INCEPTION.replace('end="9" value', 'end="99" value'), None, "NamedEntity 5 goes from 3 to 99"),
        (INCEPTION.replace('begin="3" end="9" value', 'begin="9" end="3" value'), None, "goes from 9 to 3"),
        (INCEPTION.replace('begin="3" end="9" value', 'begin="-3" end="9" value'), None, "from -3 to 9"),
        (INCEPTION.replace('begin="3" end="9" value', 'begin="1" end="9" value'), None, "no characters"),
        (INCEPTION.replace('begin="3" end="9" value', 'begin="3.5" end="9" value'), None, '"3.5" to 9'),
        (INCEPTION.replace('begin="3" end="9" value', 'begin="x" end="9" value'), None, '"x" to 9'),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str | bytes, line: int | None, said: str) -> None:
    piece = read(tmp_path, content)
    assert piece.record is None
    assert any(said in fault.what for fault in piece.faults), piece.faults
    assert line is None or piece.faults[0].line == line
    assert all(fault.advice for fault in piece.faults)
