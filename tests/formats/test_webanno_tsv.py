"""WebAnno TSV as INCEpTION writes it: rows, numbers, parts of words, links, relations; wrong lines named."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.articles import Article
from annotator.domain.codec.records import MarkRow, Origin, Record
from annotator.formats.carrying import Feature
from annotator.formats.contract import Piece, Reading, Writing
from annotator.formats.offset_units import OffsetUnit
from annotator.formats.registry import candidates
from annotator.formats.sources import FileSource, FolderSource
from annotator.formats.targets import Target
from annotator.formats.webanno_rows import escape_text, escape_value, unescape_text, unescape_value
from annotator.formats.webanno_tsv import WebAnnoTsv
from tests.formats.samples import LABELS, LAVROV, RUSSIA, TALKS, TRICKY, WANTED

ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
NAMED = f"#T_SP={ENTITY}|value"
HEAD = f"#FORMAT=WebAnno TSV 3.3\n{NAMED}\n\n\n"
# As INCEpTION exports the worked example: two layers, a link of each kind, a tab behind each row.
STANCE = f"""\
#FORMAT=WebAnno TSV 3.3
{NAMED}
#T_SP=webanno.custom.Stance|polarity|ROLE_webanno.custom.Stance:parts_webanno.custom.StancePartsLink|{ENTITY}


#Text={TALKS}
1-1\t0-2\t👨\t_\t_\t_\t_\t
1-2\t3-9\tLavrov\tPERSON\t_\t_\t_\t
1-3\t10-14\tsaid\t_\t_\t_\t_\t
1-4\t15-21\tRussia\tGPE[1]|*[2]\t_\t_\t_\t
1-5\t22-28\twanted\t_\tFAVOR[3]\tHolder;Target[3]\t1-2;1-4[1]\t
1-6\t29-34\ttalks\t_\tFAVOR[3]\tHolder;Target[3]\t1-2;1-4[1]\t
1-7\t34-35\t.\t_\t_\t_\t_\t
"""


def read(tmp_path: Path, content: str | bytes, unit: OffsetUnit | None = None) -> Piece:
    (tmp_path / "a.tsv").write_bytes(content if isinstance(content, bytes) else content.encode())
    (piece,) = WebAnnoTsv().read(FileSource(tmp_path / "a.tsv"), Reading(LABELS, unit))
    return piece


def record_of(piece: Piece) -> Record:
    assert piece.record is not None, piece.faults
    return piece.record


def entity(label: str, start: int, end: int, name: str | None = None) -> MarkRow:
    return ("entity", label, start, end, None, name, None, None, None, None, None, None)


def written(folder: Path, *records: Record) -> tuple[dict[str, str], set[Feature]]:
    folder.mkdir()
    with Target(folder, None) as target:
        writer = WebAnnoTsv().writer(target, Writing(LABELS))
        for record in records:
            list(writer.write(record))
        list(writer.close())
        target.close()
    files = {file.name: file.read_bytes().decode() for file in folder.iterdir()}
    return files, {loss.feature for loss in writer.losses()}


def test_an_export_of_inception_is_read_with_its_stances(tmp_path: Path) -> None:
    record = record_of(read(tmp_path, STANCE))
    assert record.article.text == TALKS
    assert record.marks == [
        entity("PERSON", *LAVROV),
        entity("GPE", *RUSSIA),
        entity("NamedEntity", *RUSSIA),  # without a value its layer names it
        ("stance", "FAVOR", *WANTED, None, None, *LAVROV, None, *RUSSIA, None),
    ]


def test_the_format_is_found_by_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(STANCE)
    assert candidates(FileSource(tmp_path / "a.tsv"))[0].name == "webanno-tsv"
    (tmp_path / "b.tsv").write_text("text\tlabel\n")
    assert WebAnnoTsv().sniff(FileSource(tmp_path / "b.tsv"), b"text\tlabel\n") == 0


@pytest.mark.parametrize(
    ("body", "text", "marks"),
    [
        ("#Text=Test\n1-1\t0-4\tTest\t_\n1-1.1\t0-1\tT\tA\n1-1.2\t3-4\tt\tB\n", "Test", [(0, 1), (3, 4)]),
        ("#Text=a b\n1-1\t0-1\ta\t_\n1-1.1\t1-1\t\tA\n1-2\t2-3\tb\t_\n", "a b", []),
        (
            "#Text=ab cd\n1-1\t0-2\tab\t_\n1-1.1\t1-2\tb\tA[1]\n1-2\t3-5\tcd\t_\n1-2.1\t3-4\tc\tA[1]\n",
            "ab cd",
            [(1, 4)],
        ),
        ("#Text=a\n1-1\t0-1\ta\tA[1]\n\n#Text=b\n2-1\t2-3\tb\tA[1]\n", "a\nb", [(0, 3)]),
        ("#Text=a.\n1-1\t0-1\ta\tA\n1-2\t1-2\t.\t_\n\n#Text=b\n2-1\t2-3\tb\tB\n", "a.b", [(0, 1), (2, 3)]),
        ("#Text=a\n1-1\t2-3\ta\tA\n\n#Text=b\n2-1\t6-7\tb\tB\n", "  a\n  b", [(2, 3), (6, 7)]),
        ("#Text=a\n#Text=\n#Text=b\\tc\\\\n\n1-1\t0-1\ta\t_\n1-2\t3-4\tb\tA\n", "a\n\nb\tc\\n", [(3, 4)]),
        ("#Sentence.id=s1\n#Text=a\r\n1-1\t0-1\ta\tA\r\n".replace("\r", ""), "a", [(0, 1)]),
    ],
    ids=["parts", "empty", "from part to part", "over sentences", "touching", "gaps", "line ends", "id"],
)
def test_texts_are_put_together_as_inception_does(
    tmp_path: Path, body: str, text: str, marks: list[tuple[int, int]]
) -> None:
    record = record_of(read(tmp_path, HEAD + body))
    assert record.article.text == text
    assert [row[2:4] for row in record.marks] == marks


def test_relations_named_holder_and_target_are_parts(tmp_path: Path) -> None:
    content = (
        f"#FORMAT=WebAnno TSV 3.3\n{NAMED}\n#T_SP=webanno.custom.Stance|polarity\n"
        f"#T_RL=webanno.custom.Part|role|BT_{ENTITY}\n\n\n#Text=He wants it\n"
        "1-1\t0-2\tHe\tPERSON[1]\t_\tholder\t1-2[2_1]\t\n"
        "1-2\t3-8\twants\t_\tFAVOR[2]\t_\t_\t\n"
        "1-3\t9-11\tit\tGPE[3]\t_\ttarget|other\t1-2[2_3]|1-1[1_3]\t\n"
    )
    piece = read(tmp_path, content)
    assert ("stance", "FAVOR", 3, 8, None, None, 0, 2, None, 9, 11, None) in record_of(piece).marks
    assert any("relations other than holder and target" in remark for remark in piece.remarks)


def test_layers_that_are_no_marks_are_left_out_and_told(tmp_path: Path) -> None:
    pos = "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS"
    link = "de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink"
    content = (
        f"#FORMAT=WebAnno TSV 3.2\n#T_SP={pos}|PosValue\n#T_SP=webanno.custom.Actor|kind\n"
        f"#T_CH={link}|referenceType|referenceRelation\n\n\n#Text=He\n1-1\t0-2\tHe\tPRP\thead\tpr[1]\t*->1-1\n"
    )
    piece = read(tmp_path, content)
    assert record_of(piece).marks == [entity("head", 0, 2)]
    assert any("other layers and chains" in remark for remark in piece.remarks)


def test_offsets_in_code_points_are_taken_so_and_told(tmp_path: Path) -> None:
    content = HEAD + "#Text=👨 a\n1-1\t0-1\t👨\t_\n1-2\t2-3\ta\tA\n\n#Text=b\n2-1\t4-5\tb\tB\n"
    piece = read(tmp_path, content)
    assert [row[2:4] for row in record_of(piece).marks] == [(2, 3), (4, 5)]
    assert any("code points" in remark for remark in piece.remarks)
    stated = read(tmp_path, content, OffsetUnit.UTF16)
    assert "which are no characters" in stated.faults[0].what


ROW = "#Text=He is\n1-1\t0-2\tHe\t_\n"


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("", 1, 'begins with ""'),
        ("#FORMAT=WebAnno TSV 2.0\n", 1, "begins with"),
        (HEAD + ROW.replace("\t_", ""), 6, "no row of 4 columns"),
        (HEAD + ROW.replace("1-1", "x"), 6, "no row of 4 columns"),
        (HEAD + ROW.replace("0-2", "0:2"), 6, "has the offsets"),
        (HEAD + ROW.replace("0-2", "0-99999999999999999999"), 6, "has the offsets"),
        (HEAD + ROW.replace("0-2", "2-0"), 6, "which are no characters of its sentence"),
        (HEAD + ROW.replace("0-2", "0-90"), 6, "which are no characters of its sentence"),
        (HEAD + ROW.replace("\tHe", "\tShe"), 6, 'covers "He", not "She"'),
        (HEAD + ROW.replace("0-2", "900000000-900000002"), 6, "begins at 900000000"),
        (HEAD + ROW + "\n#Text=it\n2-1\t1-3\tit\t_\n", 9, "but the text before it ends at 6"),
        (HEAD + "1-1\t0-2\tHe\t_\n", 5, "stands before any sentence"),
        (HEAD + "#Text=He\n\n", 6, "has no words"),
        (HEAD.replace("SP", "XX") + ROW, 2, "declares no layer"),
        (HEAD.replace("\n\n\n", "\n#T_SP=a.B|c\n\n\n") + ROW.replace("\t_", "\tA[1]\tB[1]"), 7, "number [1]"),
        (STANCE.replace("1-2;1-4[1]", "1-2;1-4[9]"), 12, 'leads to "1-4[9]"'),
        (STANCE.replace("1-2;1-4[1]", "1-3;1-4[1]"), 12, 'leads to "1-3"'),
        ((HEAD + ROW).encode("utf-16"), 1, "is not UTF-8"),
        (HEAD.encode() + b"#Text=\xff", 5, "is not UTF-8"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, content: str | bytes, line: int, said: str) -> None:
    piece = read(tmp_path, content)
    assert piece.record is None
    assert said in piece.faults[0].what
    assert piece.faults[0].line == line
    assert piece.faults[0].advice


@pytest.mark.parametrize(
    "value", ["a|b", "[1]", "_", "*", "->1-1", "a;b", "\t\n\r", "\\", "\\n", "", "PER[3]"]
)
def test_values_are_escaped_so_that_nothing_else_is_meant(value: str) -> None:
    assert unescape_value(escape_value(value)) == value
    assert not set("\t\n\r") & set(escape_value(value))


@given(st.text(st.sampled_from("\\tnrfb \t\r\x01\x0b\x1fü"), max_size=12))
def test_texts_are_escaped_and_back(text: str) -> None:
    assert unescape_text(escape_text(text), "3.3") == text
    assert not set("\t\r\f") & set(escape_text(text))


def test_old_versions_escape_as_java_does() -> None:
    assert unescape_text(r"\u00fc \uD83D\uDC68 \t\"\\", "3.1") == 'ü 👨 \t"\\'


def test_a_file_is_written_as_inception_reads_it(tmp_path: Path) -> None:
    marks: list[MarkRow] = [
        entity("PERSON", *LAVROV, "Sergei|Lavrov"),
        entity("GPE", 14, 17),
        ("stance", "FAVOR", *WANTED, 0.5, None, *LAVROV, "Sergei|Lavrov", 28, 33, None),
    ]
    record = Record(Article.of(f"{TALKS}\r\n\nYes"), marks, {2: Origin(None, "so\nhe says")})
    files, lost = written(tmp_path / "out", record)
    assert lost == set()
    stance = "webanno.custom.Stance"
    expected = [
        "#FORMAT=WebAnno TSV 3.3",
        f"#T_SP={ENTITY}|value|identifier",
        "#T_SP=webanno.custom.Phrase|",
        f"#T_SP={stance}|polarity|note|score|ROLE_{stance}:holder_{stance}HolderLink|uima.tcas.Annotation"
        f"|ROLE_{stance}:target_{stance}TargetLink|uima.tcas.Annotation",
        *("", ""),
        f"#Text={TALKS}\\r",
        "#Text=",
        "1-1\t0-2\t👨\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t",
        "1-2\t3-9\tLavrov\tPERSON[1]\tSergei\\|Lavrov[1]\t_\t_\t_\t_\t_\t_\t_\t_\t",
        "1-3\t10-14\tsaid\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t",
        "1-4\t15-21\tRussia\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t",
        "1-4.1\t15-18\tRus\tGPE[2]\t*[2]\t_\t_\t_\t_\t_\t_\t_\t_\t",
        *(
            f"{unit}\t_\t_\t{phrase}\tFAVOR[4]\tso\\nhe says[4]\t0.5[4]"
            "\tholder[4]\t1-2[1]\ttarget[4]\t1-6[3]\t"
            for unit, phrase in (("1-5\t22-28\twanted", "_"), ("1-6\t29-34\ttalks", "*[3]"))
        ),
        "1-7\t34-35\t.\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t",
        "",
        "#Text=Yes",
        "2-1\t38-41\tYes\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t",
        "",
    ]
    assert files["00001-lavrov-said-russia-wanted-talks.tsv"].split("\n") == expected
    assert "<name>webanno.custom.StanceHolderLink</name>" in files["TypeSystem.xml"]


def back(folder: Path) -> list[Record]:
    sources = [one for one in FolderSource(folder).files() if one.suffix == ".tsv"]
    return [record_of(piece) for one in sources for piece in WebAnnoTsv().read(one, Reading(LABELS))]


def test_only_white_space_before_the_first_word_is_changed(tmp_path: Path) -> None:
    texts = ["a\r\nb", " a", "a\n\n\n b \t\n\tc\rd", "a\u2028b\x85", "a \n", "\ufeffa", "\n\ta", "\u00a0 \n"]
    files, lost = written(tmp_path / "out", *(Record(Article.of(text)) for text in texts))
    assert lost == {Feature.TEXT}
    assert [record.article.text for record in back(tmp_path / "out")] == [*texts[:6], "  a"]
    assert len(files) == 8


def test_marks_lose_the_white_space_at_their_ends(tmp_path: Path) -> None:
    marks = [entity("PERSON", 0, 4), entity("PERSON", 1, 3), entity("GPE", 3, 4), entity("GPE", 0, 3)]
    stance: MarkRow = ("stance", "FAVOR", 1, 3, None, None, 3, 4, None, 2, 4, None)
    _, lost = written(tmp_path / "out", Record(Article.of(" ab c"), [*marks, stance], {2: Origin(None, "x")}))
    assert lost == {Feature.BORDERS}
    (record,) = back(tmp_path / "out")
    assert record.marks == [
        entity("PERSON", 1, 3),
        entity("GPE", 1, 3),
        ("stance", "FAVOR", 1, 3, None, None, None, None, None, 2, 3, None),
    ]
    assert record.origins == {}


@given(st.lists(st.sampled_from(TRICKY), min_size=1, max_size=12).map(lambda pieces: "x" + "".join(pieces)))
@settings(max_examples=50, deadline=None)
def test_every_text_that_begins_with_a_word_comes_back(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("tsv") / "out"
    written(folder, Record(Article.of(text)))
    assert [record.article.text for record in back(folder)] == [text]
