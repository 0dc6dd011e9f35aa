# ruff: noqa: E501 (a piece of XML reads best on one line)
"""Documents to text: what a reader sees enters, what was deleted or hidden does not, nothing is lost in silence."""

import hashlib
import io
import time
import tracemalloc
import unicodedata
import zipfile
from pathlib import Path

import docx as python_docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from striprtf.striprtf import rtf_to_text

from made_documents import ODF, STRICT, deleted, docx, field, inserted, locked_pdf, mark, odt, p, pdf, r, rtf, zipped
from maillage.errors import has_errors
from maillage.intake.documents import READERS, DocumentText, read_document
from maillage.intake.extract import kept

CELL = "<w:tc>{}</w:tc>"
NAME = "Deleted Name"


def read(path: Path) -> tuple[str, dict[str, int]]:
    """The text and the counts of a file that must be readable; the file is as it was."""
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    got, findings = read_document(path)
    assert isinstance(got, DocumentText), [item.message("en") for item in findings]
    assert not has_errors(findings)
    for item in findings:
        for lang in ("en", "fr"):
            assert "{" not in item.message(lang) + item.remedy(lang)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert unicodedata.is_normalized("NFC", got.text)
    assert "\r" not in got.text
    return got.text, dict(got.notes)


def refused(path: Path) -> str:
    """The code with which a file is refused, in both languages, in time and memory."""
    tracemalloc.start()
    start = time.perf_counter()
    got, findings = read_document(path)
    assert time.perf_counter() - start < 5
    assert tracemalloc.get_traced_memory()[1] < 300_000_000
    tracemalloc.stop()
    assert got is None
    (found,) = findings
    assert found.level == "error"
    assert found.file == path.name
    for lang in ("en", "fr"):
        assert "{" not in found.message(lang) + found.remedy(lang)
        assert "?" not in found.message(lang).replace(" ?", "").replace(": ?", "")
    return found.code


# Word


def test_paragraphs_breaks_and_tabs_of_word(tmp_path: Path) -> None:
    body = p(r("un")) + p(r("deux"), "<w:r><w:tab/><w:t>trois</w:t><w:br/><w:t>quatre</w:t></w:r>") + p() + p(r("cinq"))
    assert read(docx(tmp_path / "a.docx", body)) == ("un\ndeux\ttrois\nquatre\n\ncinq\n", {})


@pytest.mark.parametrize("space", [STRICT])
def test_the_strict_name_space_is_the_same(tmp_path: Path, space: str) -> None:
    assert read(docx(tmp_path / "a.docx", p(r("un"), deleted(NAME)), space))[0] == "un\n"


def test_tracked_changes_are_accepted(tmp_path: Path) -> None:
    moved = f"<w:moveFrom>{r('parti')}</w:moveFrom><w:moveTo>{r('venu')}</w:moveTo>"
    body = p(r("avant "), deleted(NAME), inserted("après "), moved)
    assert read(docx(tmp_path / "a.docx", body)) == ("avant après venu\n", {"document_deleted": 2})


def test_text_inserted_and_then_deleted_is_deleted(tmp_path: Path) -> None:
    body = p(r("a"), f"<w:ins>{deleted(NAME)}</w:ins>", f"<w:ins>{r('b')}</w:ins>")
    assert read(docx(tmp_path / "a.docx", body))[0] == "ab\n"


def test_a_deleted_paragraph_mark_joins_and_a_deleted_row_goes(tmp_path: Path) -> None:
    joined = p(r("Gao et "), properties="<w:rPr><w:del/></w:rPr>") + p(r("Ménaka"))
    rows = "".join(
        f"<w:tr>{head}{CELL.format(p(r(text)))}</w:tr>"
        for head, text in (("<w:trPr><w:del/></w:trPr>", NAME), ("", "reste"))
    )
    assert read(docx(tmp_path / "a.docx", joined + f"<w:tbl>{rows}</w:tbl>"))[0] == "Gao et Ménaka\nreste\n"


def test_what_text_was_before_a_change_of_format_does_not_count(tmp_path: Path) -> None:
    was_hidden = "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"
    assert read(docx(tmp_path / "a.docx", p(r("visible", was_hidden))))[0] == "visible\n"


@pytest.mark.parametrize(
    ("run", "style"),
    [
        (r(NAME, "<w:vanish/>"), ""),
        (r(NAME, '<w:vanish w:val="true"/>'), ""),
        (r(NAME, '<w:rStyle w:val="low"/>'), ""),
        (r(NAME), '<w:pStyle w:val="low"/>'),
    ],
)
def test_hidden_text_does_not_enter(tmp_path: Path, run: str, style: str) -> None:
    styles = (
        '<w:style w:styleId="high"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="low"><w:basedOn w:val="high"/></w:style>'
    )
    path = docx(tmp_path / "a.docx", p(r("avant")) + p(run, properties=style) + p(r("après")), styles=styles)
    text, counts = read(path)
    assert text.split() == ["avant", "après"]
    assert counts == {"document_hidden": 1}


def test_text_that_is_shown_in_spite_of_its_style_enters(tmp_path: Path) -> None:
    styles = '<w:style w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="loop"><w:basedOn w:val="loop"/></w:style>'
    shown = p(r("vu", '<w:vanish w:val="0"/>'), properties='<w:pStyle w:val="h"/>')
    assert read(
        docx(tmp_path / "a.docx", shown + p(r("là"), properties='<w:pStyle w:val="loop"/>'), styles=styles)
    ) == ("vu\nlà\n", {})


def test_comments_headers_and_authors_do_not_enter(tmp_path: Path) -> None:
    body = p(
        '<w:commentRangeStart w:id="1"/>',
        r("dit"),
        '<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r>',
    )
    parts = {
        "comments": f'<w:comment w:id="1" w:author="Comment Author" w:initials="CA">{p(r("remark"))}</w:comment>',
        "header": p(r("Interview with Header Name")),
        "footer": p(),
    }
    text, counts = read(docx(tmp_path / "a.docx", body, **parts))
    assert (text, counts) == ("dit\n", {"document_comments": 1, "document_headers": 1})


def test_notes_stand_at_the_end_behind_their_marks(tmp_path: Path) -> None:
    body = p(
        r("un"), '<w:r><w:footnoteReference w:id="7"/></w:r>', r(" deux"), '<w:r><w:endnoteReference w:id="3"/></w:r>'
    )
    lost = "<w:del><w:r><w:footnoteReference w:id='8'/></w:r></w:del>"
    foot = (
        f'<w:footnote w:id="0">{p(r("separator"))}</w:footnote><w:footnote w:id="7">{p(r("note de bas"))}</w:footnote>'
    )
    foot += f'<w:footnote w:id="8">{p(r(NAME))}</w:footnote>'
    end = f'<w:endnote w:id="3">{p(r("note de fin"), deleted(NAME))}</w:endnote>'
    text, _ = read(docx(tmp_path / "a.docx", body + p(r("fin"), lost), footnotes=foot, endnotes=end))
    assert text == "un[1] deux[2]\nfin\n\n[1] note de bas\n\n[2] note de fin\n"


def test_tables_go_row_by_row_and_tables_inside_them_too(tmp_path: Path) -> None:
    inner = f"<w:tbl><w:tr>{CELL.format(p(r('x')))}{CELL.format(p(r('y')))}</w:tr></w:tbl>"
    row = CELL.format(p(r("Q")) + p(r("suite"))) + CELL.format(inner + p(r("R")))
    assert (
        read(docx(tmp_path / "a.docx", p(r("a")) + f"<w:tbl><w:tr>{row}</w:tr></w:tbl>" + p(r("b"))))[0]
        == "a\nQ\nsuite\tx\ty\nR\nb\n"
    )


def test_field_codes_and_fields_that_print_a_person_do_not_enter(tmp_path: Path) -> None:
    asked = field('HYPERLINK "http://x" ', "lien") + r(" ") + field("AUTHOR \\* MERGEFORMAT", NAME) + field("PAGE", "3")
    simple = f'<w:fldSimple w:instr=" LASTSAVEDBY ">{r(NAME)}</w:fldSimple><w:fldSimple w:instr=" REF a ">{r("voir")}</w:fldSimple>'
    nested = f"{mark('begin')}<w:r><w:instrText> IF </w:instrText></w:r>{field('REF b', 'code')}{mark('separate')}{r('oui')}{mark('end')}"
    assert read(docx(tmp_path / "a.docx", p(asked, simple, nested))) == ("lien voiroui\n", {"document_fields": 3})


def test_a_field_that_never_ends_is_told(tmp_path: Path) -> None:
    assert read(
        docx(
            tmp_path / "a.docx",
            p(r("a"), mark("begin")) + p(r("b"), mark("end"), mark("end"), r("c")) + p(mark("begin"), r("d")),
        )
    )[1] == {"document_fields": 1}


def test_a_text_box_is_read_once_after_its_paragraph(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p(r('boîte'))}</w:txbxContent>"
    both = f"<w:r><mc:AlternateContent><mc:Choice><wps:txbx>{box}</wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    assert read(docx(tmp_path / "a.docx", p(r("a "), both, r("b")) + p(r("c"))))[0] == "a b\nboîte\nc\n"


def test_controls_show_their_text_unless_they_wait_or_name_the_author(tmp_path: Path) -> None:
    author = '<w:dataBinding w:xpath="/ns1:coreProperties[1]/ns0:creator[1]"/>'
    controls = "".join(
        f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{p(r(text))}</w:sdtContent></w:sdt>"
        for properties, text in (("", "dedans"), ("<w:showingPlcHdr/>", "Click here"), (author, NAME))
    )
    assert read(docx(tmp_path / "a.docx", controls))[0] == "dedans\n"


def test_signs_and_soft_hyphens_of_word(tmp_path: Path) -> None:
    run = '<w:r><w:t>sous</w:t><w:noBreakHyphen/><w:t>pré</w:t><w:softHyphen/><w:t>fec\u00adture e\u0301</w:t><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    assert read(docx(tmp_path / "a.docx", p(run))) == ("sous\u2011préfecture é\ufffd\n", {"document_symbols": 1})


def test_pictures_and_objects_are_counted(tmp_path: Path) -> None:
    body = p(r("a"), "<w:r><w:drawing><a:blip/></w:drawing><w:object><w:x/></w:object></w:r>") + "<w:altChunk/>"
    assert read(docx(tmp_path / "a.docx", body))[1] == {"document_pictures": 1, "document_objects": 2}


def test_a_file_of_another_writer_of_word_files(tmp_path: Path) -> None:
    made = python_docx.Document()
    made.core_properties.author = "Author Property"
    made.add_heading("Entretien", 1)
    made.add_paragraph("Q : où ?").add_run(" R : à Gao.").bold = True
    table = made.add_table(2, 2)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(number)
    made.sections[0].header.paragraphs[0].text = "Header Name"
    made.save(str(tmp_path / "a.docx"))
    assert read(tmp_path / "a.docx") == ("Entretien\nQ : où ? R : à Gao.\n0\t1\n2\t3\n", {"document_headers": 1})


# OpenDocument


def test_paragraphs_blanks_and_lists_of_opendocument(tmp_path: Path) -> None:
    body = (
        "<text:h>Titre</text:h>\n  <text:p>  un\n <text:span>deux</text:span><text:s text:c='2'/>trois<text:tab/>q<text:line-break/>r</text:p>"
        "<text:list>\n <text:list-item><text:p>point</text:p></text:list-item>\n</text:list>"
    )
    assert read(odt(tmp_path / "a.odt", body))[0] == "Titre\nun deux  trois\tq\nr\npoint\n"


def test_what_was_deleted_hidden_or_remarked_does_not_enter(tmp_path: Path) -> None:
    gone = f"<text:tracked-changes><text:changed-region><text:deletion><text:p>{NAME}</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    remark = "<office:annotation><text:p>remark by Comment Author</text:p></office:annotation>"
    body = (
        f"{gone}<text:p>dit<text:change text:change-id='1'/>{remark} oui<text:span text:style-name='T1'> {NAME}</text:span></text:p>"
        f"<text:p text:style-name='P2'>{NAME}</text:p><text:section text:display='none'><text:p>{NAME}</text:p></text:section>"
        f"<text:p>{NAME}<text:hidden-paragraph text:is-hidden='true'/></text:p><text:p>x<text:hidden-text text:is-hidden='true'>{NAME}</text:hidden-text></text:p>"
        f"<text:p>de <text:author-name>{NAME}</text:author-name><text:page-number>3</text:page-number></text:p>"
    )
    automatic = (
        "<style:style style:name='T1'><style:text-properties text:display='none'/></style:style>"
        "<style:style style:name='P2' style:parent-style-name='P1'/>"
    )
    styles = (
        "<style:style style:name='P1'><style:text-properties text:display='none'/></style:style>"
        "<style:header><text:p>Header Name</text:p></style:header><style:footer><text:p/></style:footer>"
    )
    text, counts = read(odt(tmp_path / "a.odt", body, automatic, styles))
    assert text == "dit oui\nx\nde \n"
    assert counts == {
        "document_deleted": 1,
        "document_hidden": 5,
        "document_comments": 1,
        "document_fields": 2,
        "document_headers": 1,
    }


def test_tables_notes_and_boxes_of_opendocument(tmp_path: Path) -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    note = "<text:note><text:note-citation>9</text:note-citation><text:note-body><text:p>de bas</text:p></text:note-body></text:note>"
    box = "<draw:frame><draw:text-box><text:p>boîte</text:p></draw:text-box><draw:image/></draw:frame>"
    body = (
        f"<table:table><table:table-row>{cell.format('a')}{cell.format('b')}<table:covered-table-cell/></table:table-row></table:table>"
        f"<text:p>un{note}{box} deux</text:p>"
    )
    assert read(odt(tmp_path / "a.odt", body)) == ("a\tb\nun[1] deux\nboîte\n\n[1] de bas\n", {"document_pictures": 1})


def test_a_locked_opendocument_says_so(tmp_path: Path) -> None:
    manifest = "<m:manifest xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    path = odt(tmp_path / "a.odt", "<text:p>x</text:p>", **{"META-INF__manifest.xml": manifest})
    assert refused(path) == "zip_locked"


# PDF


def test_pages_ligatures_and_words_broken_at_line_ends(tmp_path: Path) -> None:
    source = (
        '#set page(width: 9cm, height: 8cm, numbering: "1", header: [Interview with Header Name])\n#set par(justify: true)\n'
        '#set text(lang: "fr", hyphenate: true)\n'
        "L'office efficace du fief. " + "Les représentants internationalement anticonstitutionnels communiquent. " * 14
    )
    text, counts = read(pdf(tmp_path / "a.pdf", source))
    assert "office efficace du fief" in text
    assert text.replace("\n", " ").split().count("représentants") == 14
    assert "Header Name" not in text
    assert counts["document_page_numbers"] == counts["document_headers"] >= 3
    assert counts["pdf_joined"] > 0
    assert not any(line.strip().isdigit() for line in text.splitlines())


def test_a_number_that_is_said_is_no_page_number(tmp_path: Path) -> None:
    text, _ = read(pdf(tmp_path / "a.pdf", "Combien ?\n\n50\n#pagebreak()\nEt après ?\n\n20"))
    assert text.split() == ["Combien", "?", "50", "Et", "après", "?", "20"]


def test_a_pdf_of_pictures_is_refused_and_one_empty_page_is_told(tmp_path: Path) -> None:
    assert refused(pdf(tmp_path / "a.pdf", "#rect(width: 5cm)\n#pagebreak()\n#rect()")) == "pdf_no_text"
    assert read(pdf(tmp_path / "b.pdf", "mots\n#pagebreak()\n#rect()"))[1] == {"pdf_empty_pages": 1}


def test_a_pdf_with_a_password_says_so(tmp_path: Path) -> None:
    assert refused(locked_pdf(tmp_path / "a.pdf")) == "zip_locked"


# RTF


def test_signs_and_encodings_of_rtf(tmp_path: Path) -> None:
    fonts = r"{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fswiss\fcharset204 Arial;}{\f2\fcharset2 Symbol;}}{\info{\author Author Property}}"
    body = (
        fonts
        + r"M\'e9naka \u8217?a\~b\_c\-d \f1\'cf\f0  \{x\}\emdash\par"
        + "\n"
        + r"{\uc2\u233\'65\'65t\uc0\u233 }\tab\u-10179?\u-8704?\line fin{\f2\'b7\'61}"
    )
    assert read(rtf(tmp_path / "a.rtf", body)) == (
        "Ménaka ’a\u00a0b\u2011cd П {x}—\nété\t😀\nfin•\ufffd\n",
        {"document_symbols": 1},
    )


def test_deleted_hidden_and_remarked_rtf_does_not_enter(tmp_path: Path) -> None:
    body = (
        rf"dit {{\deleted {NAME}}}{{\revised plus}}{{\v {NAME}}} \v {NAME}\v0 fin{{\*\atnid CA}}{{\*\annotation Remark}}"
        rf"{{\header \pard Header Name\par}}{{\footer \pard\par}}{{\*\unknown {NAME}}}{{\object{{\*\objdata 0102}}{{\result {NAME}}}}}"
        rf"{{\field{{\*\fldinst AUTHOR}}{{\fldrslt {NAME}}}}}{{\field{{\*\fldinst{{HYPERLINK x}}}}{{\fldrslt lien}}}}{{\listtext 1.\tab}}{{\upr{{no}}{{\*\ud yes}}}}"
    )
    text, counts = read(rtf(tmp_path / "a.rtf", body))
    assert text == "dit plus finlienyes\n"
    assert counts == {
        "document_deleted": 1,
        "document_hidden": 2,
        "document_comments": 1,
        "document_headers": 1,
        "document_objects": 1,
        "document_fields": 1,
    }


def test_notes_tables_and_boxes_of_rtf(tmp_path: Path) -> None:
    box = r"{\shp{\*\shpinst{\sp{\sn x}{\sv y}}{\shptxt bo\'eete\par}}{\shprslt twice}}"
    body = rf"un{{\footnote\ftnalt de bas{{\deleted {NAME}}}}} deux{box}\par\trowd a\cell b\cell\row fin\pict"
    assert read(rtf(tmp_path / "a.rtf", body))[0] == "un[1] deux\nboîte\na\tb\nfin\n\n[1] de bas\n"


@given(
    st.lists(
        st.sampled_from(["mot ", "é\u2014", r"{\b gras}", r"\par ", r"\tab ", r"\'e9", r"\u8364?", "{", "}", r"\{"]),
        max_size=30,
    )
)
def test_another_reader_of_rtf_agrees(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    body = "".join(pieces)
    path = tmp_path_factory.mktemp("rtf") / "a.rtf"
    path.write_bytes(rb"{\rtf1\ansi\ansicpg1252 x" + body.encode("cp1252") + b"}")
    if body.count("{") - body.count(r"\{") == body.count("}"):
        assert read(path)[0].strip() == kept(rtf_to_text(path.read_bytes().decode("cp1252"))).strip()


def test_binary_data_and_a_cut_file_of_rtf(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1 a{\pict\bin4 }}}}}b\par c{\b d")
    assert read(path) == ("ab\ncd\n", {"document_pictures": 1, "document_cut": 1})
    path.write_bytes(rb"{\rtf1 a} after" + b"{" * 9)
    assert read(path) == ("a\n", {})


def test_no_depth_of_groups_is_too_deep_but_their_number_is_limited(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1 " + b"{" * 50_000 + b"a" + b"}" * 50_001)
    assert read(path)[0] == "a\n"
    for word in (b"{}", b"\\b", b"\\'e9"):
        path.write_bytes(rb"{\rtf1 " + word * 2_000_000 + b"}")
        assert refused(path) == "document_large"


# Plain text

FRENCH = "Les marchés sont contrôlés, d'après ce qu'on m'a dit à Ménaka. Où ça ?\r\nL'été à Gao.\r"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_that_says_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(FRENCH.encode(encoding))
    assert read_document(path)[1] == []
    assert read(path)[0] == FRENCH.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(FRENCH, name) for name in ("cp1252", "mac_roman", "cp850", "utf-16-le", "utf-16-be", "iso-8859-15")]
    + [("Interrogé à Ménaka, il a nié.", name) for name in ("cp1252", "mac_roman", "cp850")]
    + [("ENTRETIEN RÉALISÉ À SÉGOU", name) for name in ("cp1252", "mac_roman", "cp850")]
    + [("He said “no” – the naïve café owner’s answer.", name) for name in ("cp1252", "mac_roman")]
    + [("El señor dijo que no había más niños.", "cp1252"), ("Они контролируют рынки в Гао, как сказали.", "cp1251")]
    + [("قال لي إن الأسواق تحت سيطرة الجماعات المسلحة في غاو", "cp1256")]
    + [("Żołnierze mówili, że rynek jest pod kontrolą grup zbrojnych, część z nich wyjechała.", "cp1250")],
)
def test_text_that_does_not_is_read_right_and_the_guess_is_told(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    got, findings = read_document(path)
    assert got is not None
    assert got.text == kept(text)
    (found,) = findings
    assert found.code == "document_encoding"
    assert found.value == got.encoding
    assert str(found.facts["sample"]) in got.text or found.facts["sample"] == "-"


def test_letters_spoilt_before_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# dÃ©jÃ\u00a0 gâté, l’œuvre \ufffd", "utf-8")
    assert read(path)[1] == {"document_mojibake": 2, "document_symbols": 1}


def test_marks_that_hide_or_turn_letters_do_not_enter_and_joiners_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a\u202eb\u2066c\u200bd\ufeffe\u00adf\x07g\U000e0041 می\u200cروم\u2028h", "utf-8")
    assert read(path)[0] == "abcdefg می\u200cروم\nh"


# What is refused

XXE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LAUGHS = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@pytest.mark.parametrize("doctype", [XXE, LAUGHS])
@pytest.mark.parametrize("part", ["word/document.xml", "_rels/.rels", "word/styles.xml"])
def test_a_doctype_in_any_part_that_is_read_is_refused(tmp_path: Path, doctype: str, part: str) -> None:
    sound = docx(tmp_path / "a.docx", p(r("avant")), styles="")
    with zipfile.ZipFile(sound) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = doctype.encode() + parts[part]
    assert refused(zipped(tmp_path / "b.docx", dict(parts))) == "xml_doctype"


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        *((f"a.{kind}", b"", "document_blank") for kind in READERS),
        ("a.txt", b" \n\t\n", "document_blank"),
        ("a.txt", b"a\nb\0c", "file_nul"),
        ("a.txt", b"\xef\xbb\xbfa\0b", "file_nul"),
        ("a.txt", b"\xff\xfea", "document_damaged"),
        ("a.rtf", rb"{\rtf1{\v hidden}}", "document_blank"),
        ("a.rtf", b"plain", "document_other"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "zip_locked"),
        ("a.docx", OLE, "document_other"),
        ("a.docx", b"<!DOCTYPE html><html></html>", "document_other"),
        ("a.docx", rb"{\rtf1 a}", "document_other"),
        ("a.docx", b"PK\x03\x04 and no more", "zip_damaged"),
        ("a.odt", b"%PDF-1.4", "document_other"),
        ("a.pdf", b"<html><body>login</body></html>", "document_other"),
        ("a.pdf", b"%PDF-1.4\njunk", "document_damaged"),
        ("a.doc", b"anything", "document_format"),
        ("a.mp3", b"anything", "document_format"),
    ],
)
def test_what_is_no_document_is_refused_with_the_reason(tmp_path: Path, name: str, raw: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(raw)
    assert refused(tmp_path / name) == code


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.txt") == "file_missing"


def test_archives_that_hold_no_text_document(tmp_path: Path) -> None:
    no_part = zipped(tmp_path / "a.docx", {"[Content_Types].xml": "<x/>"})
    sheet = zipped(tmp_path / "b.docx", {"word/document.xml": "<workbook/>"})
    presentation = zipped(tmp_path / "c.odt", {"content.xml": f"<office:document-content {ODF}/>"})
    assert [refused(path) for path in (no_part, sheet, presentation)] == ["document_part"] * 3


def test_traps_in_the_archive_are_refused(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "a.docx", {"word/document.xml": b"<a>" + b" " * 60_000_000})
    slip = zipped(tmp_path / "b.docx", {"word/document.xml": "<a/>", "../../evil": "x"})
    deep = docx(tmp_path / "c.docx", "<w:sdt>" * 20_000 + "</w:sdt>" * 20_000)
    assert [refused(path) for path in (bomb, slip, deep)] == ["zip_bomb", "zip_name", "xml_large"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "b.docx", "c.docx"]


def test_a_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    for name, size in (("a.txt", 100_000_000), ("b.docx", 101_000_000)):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(size)
        assert refused(tmp_path / name) == "document_large"


def test_nesting_that_is_allowed_is_read(tmp_path: Path) -> None:
    body = "<w:sdt><w:sdtContent>" * 60 + p(r("au fond")) + "</w:sdtContent></w:sdt>" * 60
    assert read(docx(tmp_path / "a.docx", body))[0] == "au fond\n"
    assert (
        read(odt(tmp_path / "a.odt", "<text:section>" * 120 + "<text:p>au fond</text:p>" + "</text:section>" * 120))[0]
        == "au fond\n"
    )


@given(st.binary(max_size=300), st.sampled_from(sorted(READERS)))
def test_random_bytes_are_text_or_a_coded_problem(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, kind: str
) -> None:
    path = tmp_path_factory.mktemp("random") / f"a.{kind}"
    path.write_bytes({"rtf": rb"{\rtf1 ", "pdf": b"%PDF-1.7\n"}.get(kind, b"") + raw)
    got, findings = read_document(path)
    assert (got is None) == has_errors(findings)


@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(["docx", "odt", "rtf"]))
    folder = tmp_path_factory.mktemp("damaged")
    made = {
        "docx": lambda path: docx(path, p(r("un"))),
        "odt": lambda path: odt(path, "<text:p>un</text:p>"),
        "rtf": lambda path: rtf(path, r"u{\b n}"),
    }
    raw = bytearray(made[kind](folder / f"a.{kind}").read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path = folder / f"b.{kind}"
    path.write_bytes(io.BytesIO(raw).read()[: data.draw(st.integers(1, len(raw)))])
    got, findings = read_document(path)
    assert (got is None) == has_errors(findings)
