"""Coding projects as other programs write them: read as meant, converted aloud, or refused; never shifted silently."""

import time
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrefiqda import RefiProject
from pyrefiqda.models.project import (
    CodeBookType,
    CodeRefType,
    CodesType,
    CodeType,
    CodingType,
    PlainTextSelectionType,
    SourcesType,
    TextSourceType,
    UsersType,
    UserType,
)
from pyrefiqda.models.project import Project as Theirs

from folders import folder_hash
from made_qda import CODE, LETTERS, SOURCE, TEXT, USER, guid, project, qdpx, selection, source
from maillage.exchange import Project
from maillage.intake import refi_offsets
from maillage.intake.refi import read_codebook, read_project

EMOJI = "🙂 Le préfet 🙂 parle à Gao."
WORDS = "Le préfet"


def codes(path: Path) -> list[str]:
    return [item.code for item in read_project(path)[2]]


def spans(made: Project) -> list[str]:
    texts = dict(made.sources.select("guid", "text").iter_rows())
    rows = made.passages.sort("start").select("source", "start", "end").iter_rows()
    return [texts[name][start:end] for name, start, end in rows]


def utf16(text: str, words: str) -> tuple[int, int]:
    start = len(text[: text.index(words)].encode("utf-16-le")) // 2
    return start, start + len(words.encode("utf-16-le")) // 2


def read(folder: Path, text: str | bytes, *selections: str) -> tuple[Project, list[str]]:
    path = qdpx(folder, project(source("".join(selections))), {f"sources/{SOURCE}.txt": text})
    made, _, findings = read_project(path)
    return made, [item.code for item in findings]


def test_a_project_of_another_program_is_read_as_meant(tmp_path: Path) -> None:
    at = TEXT.index("marchand")
    coding = CodingType(guid=guid(5), code_ref=CodeRefType(target_guid=CODE))
    mark = PlainTextSelectionType(guid=guid(4), start_position=at, end_position=at + 8, coding=[coding])
    text = TextSourceType(
        guid=SOURCE, name="I1", plain_text_path=f"internal://{SOURCE}.txt", plain_text_selection=[mark]
    )
    theirs = Theirs(
        name="field",
        users=UsersType(user=[UserType(guid=USER, name="Awa")]),
        code_book=CodeBookType(codes=CodesType(code=[CodeType(guid=CODE, name="trade", is_codable=True)])),
        sources=SourcesType(text_source=[text]),
    )
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / f"{SOURCE}.txt").write_text(TEXT, "utf-8")
    RefiProject.save(theirs, tmp_path / "p.qdpx", source_media_dir=tmp_path / "media")
    made, losses, findings = read_project(tmp_path / "p.qdpx")
    assert (losses, findings) == ([], [])
    assert spans(made) == ["marchand"]
    assert (made.name, made.users.rows(), made.codes["name"].to_list()) == ("field", [(USER, "Awa")], ["trade"])


# positions


def test_utf16_positions_are_converted_where_the_quoted_words_prove_it(tmp_path: Path) -> None:
    made, said = read(tmp_path, EMOJI, selection(*utf16(EMOJI, "parle"), quote="parle"))
    assert (spans(made), said) == (["parle"], ["qda_offsets_converted"])


def test_utf16_positions_are_converted_where_only_so_they_end_within_the_text(tmp_path: Path) -> None:
    made, said = read(tmp_path, EMOJI, selection(*utf16(EMOJI, "Gao.")))
    assert (spans(made), said) == (["Gao."], ["qda_offsets_converted"])


def test_code_points_proven_by_their_words_need_no_warning(tmp_path: Path) -> None:
    at = EMOJI.index("parle")
    made, said = read(tmp_path, EMOJI, selection(at, at + 5, quote="parle"))
    assert (spans(made), said) == (["parle"], [])


def test_without_proof_there_is_a_warning_and_with_contradiction_a_refusal(tmp_path: Path) -> None:
    at = EMOJI.index("parle")
    made, said = read(tmp_path, EMOJI, selection(at, at + 5, quote="Citation 7"))
    assert (spans(made), said) == (["parle"], ["qda_offsets_unproven"])
    other = selection(*utf16(EMOJI, "préfet"), quote="préfet", number=200)
    assert read(tmp_path, EMOJI, selection(at, at + 5, quote="parle"), other)[1] == ["qda_offsets_mixed"]


def test_passages_before_the_first_emoji_are_in_no_doubt(tmp_path: Path) -> None:
    assert read(tmp_path, "Le préfet parle 🙂", selection(0, 9))[1] == []


def test_bytes_and_line_ends_counted_once_are_recognised(tmp_path: Path) -> None:
    start = len(TEXT[: TEXT.index("marchand")].encode())
    made, said = read(tmp_path, TEXT, selection(start, start + 8, quote="marchand"))
    assert (spans(made), said) == (["marchand"], ["qda_offsets_converted"])
    lines = "un\r\ndeux\r\ntrois quatre"
    start = lines.replace("\r\n", "\n").index("trois")
    made, said = read(tmp_path, lines, selection(start, start + 5, quote="trois"))
    assert (spans(made), said) == (["trois"], ["qda_offsets_converted"])


@pytest.mark.parametrize("head", ["", "\ufeff"])
def test_crlf_and_byte_order_marks_move_nothing(tmp_path: Path, head: str) -> None:
    lines = "un\r\ndeux\r\ntrois quatre"
    start = lines.index("trois")
    xml = head.encode() + project(source(selection(start, start + 5, quote="trois"))).encode()
    path = qdpx(tmp_path, xml, {f"sources/{SOURCE}.txt": (head + lines).encode()})
    made, _, findings = read_project(path)
    assert (spans(made), findings) == (["trois"], [])
    assert made.sources["text"].to_list() == ["un\ndeux\ntrois quatre"]
    sixteen = qdpx(tmp_path, xml, {f"sources/{SOURCE}.txt": lines.encode("utf-16")})
    assert spans(read_project(sixteen)[0]) == ["trois"]


def test_decomposed_letters_are_composed_and_passages_never_cut_them(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", "Le préfet à Ségou")
    at = text.index("a\u0300")
    path = qdpx(tmp_path, project(source(selection(at + 1, len(text)))), {f"sources/{SOURCE}.txt": text})
    made, losses, _ = read_project(path)
    assert spans(made) == ["à Ségou"]
    assert [(loss.what, loss.why) for loss in losses] == [("passage", "widened")]


@given(text=LETTERS, data=st.data())
def test_a_place_between_two_whole_letters_stays_there(text: str, data: st.DataObject) -> None:
    settled, starts, ends = refi_offsets.normal(text)
    assert settled == unicodedata.normalize("NFC", text)
    cut = data.draw(st.integers(0, len(text)))
    start, end = (cut, cut) if starts is None or ends is None else (int(starts[cut]), int(ends[cut]))
    assert start <= end
    assert unicodedata.normalize("NFD", settled[:start]) + unicodedata.normalize("NFD", settled[start:]) == (
        unicodedata.normalize("NFD", text)
    )
    if start == end and all(not unicodedata.combining(char) for char in text[cut : cut + 1]):
        assert unicodedata.normalize("NFD", settled[:start]) == unicodedata.normalize("NFD", text[:cut])


@given(text=st.text(max_size=40), unit=st.sampled_from(["utf16", "utf8", "lf", "utf16_lf"]))
def test_units_count_what_they_say(text: str, unit: str) -> None:
    def counted(part: str) -> int:
        whole = part.replace("\r\n", "\n") if unit.endswith("lf") else part
        sizes = {"utf16": len(whole.encode("utf-16-le")) // 2, "utf8": len(whole.encode())}
        return sizes.get(unit.removesuffix("_lf"), len(whole))

    marks = refi_offsets.ticks(text, unit)
    assert marks[-1] == counted(text)
    whole = [cut for cut in range(len(text) + 1) if text[cut - 1 : cut + 1] != "\r\n"]
    assert [int(marks[cut]) for cut in whole] == [counted(text[:cut]) for cut in whole]


# forgiven


def test_guids_in_braces_and_upper_case_are_the_same_guids(tmp_path: Path) -> None:
    xml = project(source(selection(0, 9))).replace(f'targetGUID="{CODE}"', f'targetGUID="{{{CODE.upper()}}}"')
    made, losses, findings = read_project(qdpx(tmp_path, xml))
    assert (losses, findings, made.passages["code"].to_list()) == ([], [], [CODE])


@pytest.mark.parametrize(
    ("path", "member"),
    [
        (f"{SOURCE}.txt", f"sources/{SOURCE}.txt"),
        (f"internal://{SOURCE}.txt", f"Sources/{SOURCE.upper()}.TXT"),
        (f"sources\\{SOURCE}.txt", f"sources/{SOURCE}.txt"),
    ],
)
def test_texts_are_found_whatever_the_spelling_of_their_path(tmp_path: Path, path: str, member: str) -> None:
    made, _, findings = read_project(qdpx(tmp_path, project(source(selection(0, 9), path=path)), {member: TEXT}))
    assert (spans(made), findings) == ([WORDS], [])


@pytest.mark.parametrize("inner", ["project.qde", "Étude 3.qde", "folder/project.qde", "Project.QDE"])
def test_the_inner_file_may_have_any_name_and_folder(tmp_path: Path, inner: str) -> None:
    folder = inner.rpartition("/")[0]
    texts: dict[str, str | bytes] = {f"{folder}/sources/{SOURCE}.txt".lstrip("/"): TEXT}
    made, _, findings = read_project(qdpx(tmp_path, project(source(selection(0, 9))), texts, inner=inner))
    assert (spans(made), findings) == ([WORDS], [])


def test_the_draft_is_read_and_an_unknown_version_is_named(tmp_path: Path) -> None:
    assert codes(qdpx(tmp_path, project(source(""), space="urn:QDA-XML:project:0:10"))) == []
    assert codes(qdpx(tmp_path, project(source(""), space="urn:QDA-XML:project:9"))) == ["qda_namespace"]


def test_what_the_schema_forbids_is_read_where_it_is_plain(tmp_path: Path) -> None:
    nested = f'<Code guid="{CODE}"><Code name="tax"/><Code name="tax" color="#fff"/></Code>'
    inline = f'<NoteRef targetGUID="{guid(7)}"/><PlainTextContent>abc\n</PlainTextContent>'
    inline = f'<TextSource guid="{SOURCE}">{inline}</TextSource>'
    xml = project(inline, codes=nested, rest='<Surprise name="x"/>').replace("<Users>", "<Users/><Users>")
    made, losses, findings = read_project(qdpx(tmp_path, xml))
    assert [item.code for item in findings] == ["qda_losses"]
    assert [(loss.what, loss.where, loss.why) for loss in losses] == [("Surprise", "x", "unknown_element")]
    assert made.sources.select("name", "text").rows() == [(SOURCE, "abc\n")]
    assert made.codes["parent"].to_list() == [None, CODE, CODE]
    assert made.codes["guid"].n_unique() == 3


def test_whole_documents_memos_cases_and_values_are_kept(tmp_path: Path) -> None:
    inside = selection(0, 9).replace("</Coding>", f'<NoteRef targetGUID="{guid(7)}"/></Coding>')
    inside += f'<Coding guid="{guid(6)}"><CodeRef targetGUID="{CODE}"/></Coding>'
    value = f'<VariableValue><VariableRef targetGUID="{guid(8)}"/><IntegerValue>41</IntegerValue></VariableValue>'
    rest = (
        f'<Cases><Case guid="{guid(9)}" name="A">{value}<SourceRef targetGUID="{SOURCE}"/></Case></Cases>'
        f'<Notes><Note guid="{guid(7)}" name="m"><PlainTextContent>pourquoi ?</PlainTextContent></Note></Notes>'
    )
    made, losses, _ = read_project(qdpx(tmp_path, project(source(inside), rest=rest)))
    assert losses == []
    assert made.passages.filter(made.passages["start"].is_null())["guid"].to_list() == [guid(6)]
    assert made.notes.select("text", "about").rows() == [("pourquoi ?", [guid(101)])]
    assert made.cases["sources"].to_list() == [[SOURCE]]
    assert made.values.rows() == [(guid(9), guid(8), "41")]


def test_pictures_recordings_links_and_graphs_are_in_the_loss_report(tmp_path: Path) -> None:
    points = f'<SyncPoint guid="{guid(31)}" timeStamp="0" position="0"/><SyncPoint guid="{guid(32)}" position="9"/>'
    coding = f'<Coding guid="{guid(34)}"><CodeRef targetGUID="{CODE}"/></Coding>'
    ends = f'fromSyncPoint="{guid(31)}" toSyncPoint'
    heard = f'<TranscriptSelection guid="{guid(33)}" {ends}="{guid(32)}">{coding}</TranscriptSelection>'
    lost = f'<TranscriptSelection guid="{guid(35)}" {ends}="{guid(39)}"/>'
    path = f'plainTextPath="internal://{SOURCE}.txt"'
    media = (
        f'<PictureSource guid="{guid(20)}"><PictureSelection guid="{guid(21)}"/></PictureSource>'
        f'<PDFSource guid="{guid(22)}" name="report"><PDFSelection guid="{guid(23)}"/>'
        f'<Representation guid="{SOURCE}" {path}>{selection(0, 9)}</Representation></PDFSource>'
        f'<AudioSource guid="{guid(24)}" name="tape">'
        f'<Transcript guid="{guid(25)}" {path}>{points}{heard}{lost}</Transcript>'
        f'<AudioSelection guid="{guid(26)}"/></AudioSource>'
        f'<TextSource guid="{guid(27)}" richTextPath="internal://x.docx">{selection(0, 3, number=50)}</TextSource>'
    )
    rest = f'<Links><Link guid="{guid(28)}"/></Links><Graphs><Graph guid="{guid(29)}"/></Graphs>'
    made, losses, findings = read_project(qdpx(tmp_path, project(media, rest=rest)))
    assert [item.code for item in findings] == ["qda_losses"]
    assert {(loss.what, loss.why) for loss in losses} == {
        ("picture", "not_text"), ("PictureSelection", "not_text"), ("pdf", "only_its_text"),
        ("PDFSelection", "not_text"), ("audio", "only_its_text"), ("AudioSelection", "not_text"),
        ("sync_point", "no_time"), ("TranscriptSelection", "no_position"), ("text", "rich_text_only"),
        ("passage", "no_text"), ("link", "not_kept"), ("graph", "not_kept"),
    }  # fmt: skip
    assert made.sources.select("name", "kind").rows() == [("report", "pdf"), ("tape", "audio")]
    assert spans(made) == [WORDS, WORDS]


def test_references_to_nothing_are_lost_not_guessed(tmp_path: Path) -> None:
    inside = selection(0, 9, code=guid(77)) + selection(10, 10, number=300) + selection(3, 9, number=400)
    xml = project(source(inside)).replace(f'<User guid="{USER}" name="Awa"/>', f'<User guid="{guid(1)}" name="Bo"/>')
    made, losses, _ = read_project(qdpx(tmp_path, xml))
    assert {(loss.what, loss.why) for loss in losses} == {
        ("coding", "code_missing"),
        ("passage", "empty"),
        ("user", "user_missing"),
    }
    assert made.passages.select("start", "user").rows() == [(3, None)]


def test_a_codebook_of_the_draft_and_of_the_standard(tmp_path: Path) -> None:
    for space in ("urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:0:4"):
        inner = f'<Code guid="{{{CODE.upper()}}}" name="a"><Code guid="{guid(2)}" name="a"/></Code>'
        text = f'<CodeBook xmlns="{space}"><Codes>{inner}</Codes></CodeBook>'
        (tmp_path / "b.qdc").write_text(text, "utf-8")
        made, losses, findings = read_codebook(tmp_path / "b.qdc")
        assert (losses, findings) == ([], [])
        assert made.codes.select("guid", "parent").rows() == [(CODE, None), (guid(2), CODE)]


# refused


def bomb(folder: Path) -> Path:
    return qdpx(folder, project(source("")), {f"sources/{SOURCE}.txt": b"0" * 300_000_000})


def twice(folder: Path) -> Path:
    path = qdpx(folder, project(source("")))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("project.qde", "x")
    return path


def doctype(folder: Path) -> Path:
    xml = project(source("")).replace("<Project", '<!DOCTYPE Project [<!ENTITY a "aaaa">]><Project', 1)
    return qdpx(folder, xml)


def no_zip(folder: Path) -> Path:
    (folder / "p.qdpx").write_bytes(b"not a zip")
    return folder / "p.qdpx"


BAD = {
    "zip_bomb": bomb,
    "zip_name": lambda folder: qdpx(folder, project(source("")), {"sources/../../evil.txt": "x"}),
    "zip_twice": twice,
    "zip_damaged": no_zip,
    "xml_doctype": doctype,
    "xml_damaged": lambda folder: qdpx(folder, project(source(""))[:-9]),
    "file_missing": lambda folder: folder / "absent.qdpx",
    "qda_no_project": lambda folder: qdpx(folder, "x", {}, inner="notes.txt"),
    "qda_root": lambda folder: qdpx(folder, "<html/>"),
    "qda_source_missing": lambda folder: qdpx(folder, project(source(selection(0, 1))), {}),
    "qda_source_outside": lambda folder: qdpx(folder, project(source("", path="absolute:///etc/passwd"))),
    "qda_text_encoding": lambda folder: qdpx(
        folder, project(source("")), {f"sources/{SOURCE}.txt": "é".encode("latin-1")}
    ),
    "qda_position": lambda folder: qdpx(folder, project(source(selection("٣", 9)))),
    "qda_end_before_start": lambda folder: qdpx(folder, project(source(selection(9, 3)))),
    "qda_offset_outside": lambda folder: qdpx(folder, project(source(selection(0, 999)))),
    "qda_guid_twice": lambda folder: qdpx(folder, project(source("") * 2)),
}


@pytest.mark.parametrize("code", BAD)
def test_bad_files_are_refused_with_a_code_and_leave_no_trace(code: str, tmp_path: Path) -> None:
    path = BAD[code](tmp_path)
    before, start = folder_hash(tmp_path), time.process_time()
    made, _, findings = read_project(path)
    assert time.process_time() - start < 5
    assert code in [item.code for item in findings]
    assert all(item.level == "error" and "?" not in item.message("fr").replace(" ?", "") for item in findings)
    assert (made.sources.height, made.codes.height) == (0, 0)
    assert folder_hash(tmp_path) == before


def test_all_problems_of_a_file_come_at_once(tmp_path: Path) -> None:
    missing = f'<TextSource guid="{guid(3)}" name="II" plainTextPath="internal://no.txt"/>'
    path = qdpx(tmp_path, project(source(selection(9, 3)) + missing))
    assert sorted(codes(path)) == ["qda_end_before_start", "qda_source_missing"]


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ('<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Code name="a"/></CodeBook>', []),
        ('<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><c:Codes xmlns:c="x"><c:Code name="a"/></c:Codes></CodeBook>', []),
        ('<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Item name="a"/></Codes></CodeBook>', []),
        ('<CodeBook xmlns="http://other.example/codes"><Codes/></CodeBook>', ["qda_namespace"]),
        ("<CodeBook/>", ["qda_namespace"]),
    ],
)
def test_a_codebook_of_another_schema_is_an_error_and_not_empty(tmp_path: Path, text: str, more: list[str]) -> None:
    (tmp_path / "b.qdc").write_text(text, "utf-8")
    made, losses, findings = read_codebook(tmp_path / "b.qdc")
    assert (made.codes.height, losses) == (0, [])
    assert [item.code for item in findings] == [*more, "qda_codebook"]
    assert findings[-1].level == "error"


def test_a_codebook_without_codes_is_one(tmp_path: Path) -> None:
    (tmp_path / "b.qdc").write_text('<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes/></CodeBook>', "utf-8")
    assert read_codebook(tmp_path / "b.qdc")[2] == []


def test_a_codebook_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.qdc").write_text(project(""), "utf-8")
    assert [item.code for item in read_codebook(tmp_path / "b.qdc")[2]] == ["qda_root"]
    assert [item.code for item in read_codebook(tmp_path / "none.qdc")[2]] == ["file_missing"]
