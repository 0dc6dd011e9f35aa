"""The interview guide as a Word document for print: consent, questions with probes, tables to fill in, codes."""

# python-docx gives header rows, fields and shades only through its elements:
# pyright: reportPrivateUsage=false

import io
from collections.abc import Iterable, Sequence

from docx import Document
from docx.document import Document as Pages
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from maillage import numbers
from maillage.guides import Ask, Guide, Text
from maillage.labels import Labels
from maillage.publish.form_items import COLON, STATES, chosen
from maillage.publish.xlsform import timeless
from maillage.tables import codes, table

LOCALES = {"en": "en-GB", "fr": "fr-FR"}
INK, SHADE = RGBColor(0x1D, 0x4E, 0x5F), "E3ECEF"
BOX, ENTRIES, FONT = "\N{BALLOT BOX}", 3, "Arial"
TO_WRITE, MANY = Cm(0.75), 14
SIZES = {"Normal": 10, "Title": 24, "Subtitle": 12, "Heading 1": 15, "Heading 2": 11, "Caption": 8.5, "Footer": 8,
         "List Bullet": 10, "Intense Quote": 10}  # fmt: skip


def guide(about: Guide, labels: Labels, *, title: str) -> bytes:
    """The guide in the language of `labels`, titled for a study or a pack; the same guide gives the same bytes."""
    return _Printed(about, labels, title).content()


class _Printed:
    """One document while it is written."""

    def __init__(self, about: Guide, labels: Labels, title: str) -> None:
        self.about, self.labels, self.lang = about, labels, labels.lang
        self.pages: Pages = Document()
        self.lists: dict[str, list[str]] = {}
        self.number = 0
        self.styles = {name: _style(self.pages, name) for name in SIZES}  # by name each look-up walks all styles
        _set_up(self.pages, self._colon(about.title[self.lang], title), self.lang)
        self.pages.add_paragraph(about.title[self.lang], style=self.styles["Title"])
        self.pages.add_paragraph(f"{title}, {labels.phrase('guide_for')}", style=self.styles["Subtitle"])
        _footer(self.pages, title, labels)

    def content(self) -> bytes:
        """All parts in the order of an interview."""
        self._before()
        self._person()
        self._consent()
        self._states()
        for theme in self.about.themes:
            self._head(theme.title[self.lang])
            for ask in theme.questions:
                self._question(ask)
        self._codes()
        raw = io.BytesIO()
        self.pages.save(raw)
        return timeless(raw.getvalue())

    def _head(self, text: str, style: str = "Heading 1") -> None:
        self.pages.add_paragraph(text, style=self.styles[style]).paragraph_format.keep_with_next = True

    def _before(self) -> None:
        self._head(self.labels.phrase("guide_before"))
        for note in self.about.before:
            self.pages.add_paragraph(note[self.lang], style=self.styles["List Bullet"])

    def _person(self) -> None:
        self._head(self.labels.phrase("guide_person"))
        offered = {"stakeholder": "stakeholders", "sex": "sex", "age_band": "age_band"}
        rows: list[tuple[str, str]] = []
        for name, text in self.about.person.items():
            few = self._boxes(codes()[name], name) if name in ("sex", "age_band") else ""
            if offered.get(name) == "stakeholders":
                self._note_list("stakeholders")
            rows.append((text[self.lang], few))
        self._table([self.labels.phrase("guide_field"), self.labels.phrase("guide_answer")], rows, [9, 8])

    def _consent(self) -> None:
        phrase, said = self.labels.phrase, self.about.said
        self._head(phrase("guide_consent"))
        self.pages.add_paragraph(phrase("guide_read"))
        for text in self.about.read:
            self.pages.add_paragraph(text[self.lang], style=self.styles["Intense Quote"])
        for name, options in (("consent", self.about.levels), ("use", self.about.uses), ("quotes", codes()["flags"])):
            self._titled_boxes(said[name], options.values())
        self._titled_boxes(said["refusal"], codes()["refusals"].values())
        stop = self.pages.add_paragraph()
        stop.add_run(said["thanks"][self.lang]).bold = True

    def _titled_boxes(self, title: Text, options: Iterable[Text]) -> None:
        rows = [(option[self.lang], BOX) for option in options]
        self._table([title[self.lang], self.labels.phrase("guide_tick")], rows, [15, 2])
        self.pages.add_paragraph()

    def _states(self) -> None:
        phrase = self.labels.phrase
        self._head(phrase("guide_states"))
        self.pages.add_paragraph(phrase("guide_states_why"))
        rows = [(self._state(state), phrase(f"guide_{state}")) for state in STATES]
        self._table([phrase("guide_answer"), phrase("guide_meaning")], rows, [5, 12])

    def _state(self, state: str) -> str:
        return self.labels.code("status_answers", state)

    def _question(self, ask: Ask) -> None:
        self.number += 1
        self._head(f"{self.number}. {ask.ask[self.lang]}", "Heading 2")
        if ask.probes:
            line = self.pages.add_paragraph(self.labels.phrase("guide_probes"), style=self.styles["Caption"])
            line.paragraph_format.keep_with_next = True
        for probe in ask.probes:
            line = self.pages.add_paragraph(probe[self.lang], style=self.styles["List Bullet"])
            line.paragraph_format.keep_with_next = ask.form != "talk"
        if ask.form in ("several", "rows"):
            self._line(STATES)
        writers = {"one": self._one, "grid": self._grid, "several": self._several, "rows": self._rows}
        if ask.form in writers:
            writers[ask.form](ask)
        told = ", ".join(self.labels.code("questions", question) for question in ask.asks)
        self.pages.add_paragraph(self.labels.phrase("guide_records", questions=told), style=self.styles["Caption"])

    def _line(self, states: Sequence[str], first: str = "") -> None:
        """Boxes for what is no answer of substance, in one line."""
        boxes = "    ".join(f"{BOX} {self._state(state)}".replace(" ", "\N{NO-BREAK SPACE}") for state in states)
        line = self.pages.add_paragraph(f"{first}    {boxes}" if first else boxes)
        line.paragraph_format.keep_with_next = True

    def _one(self, ask: Ask) -> None:
        answers = self.labels.pack.questions[ask.asks[0]].answers or ""
        scale = "  ".join(f"{BOX}\N{NO-BREAK SPACE}{self.labels.code(answers, code)}" for code in self._list(answers))
        self._line(STATES, scale)

    def _grid(self, ask: Ask) -> None:
        """A row a code; the answers of each question to circle, then the four states."""
        pack = self.labels.pack
        answers = [pack.questions[question].answers or "" for question in ask.asks]
        heads = [ask.columns[question][self.lang] for question in ask.asks]
        offered = [
            " \N{MIDDLE DOT} ".join(self.labels.code(name, code) for code in self._list(name)) for name in answers
        ]
        rows = [
            (self.labels.code(ask.of or "", code), *offered, *(BOX for _ in STATES))
            for code in pack.codes(ask.of or "")
        ]
        first = pack.list_labels[ask.of or ""][self.lang]
        self._table(
            [first, *heads, *map(self._state, STATES)], rows, [2.8, 1.7, 2.1, 2, 2.1, 1.5, 1.5, 1.6, 1.7], small=True
        )
        for question in ask.asks:
            levels = pack.levels.get(question, {})
            said = numbers.between(self.lang).join(f"{level} {text[self.lang]}" for level, text in levels.items())
            if said:
                self.pages.add_paragraph(
                    self._colon(self.labels.code("questions", question), said), style=self.styles["Caption"]
                )

    def _colon(self, head: str, text: str) -> str:
        return f"{head}{COLON[self.lang]}{text}"

    def _several(self, ask: Ask) -> None:
        name = self.labels.pack.questions[ask.asks[0]].answers or ""
        marks = [f"{BOX}\N{NO-BREAK SPACE}{self.labels.code(name, code)}" for code in chosen(self.labels.pack, ask)]
        half = (len(marks) + 1) // 2
        rows = [(left, right) for left, right in zip(marks[:half], [*marks[half:], ""], strict=False)]
        self._table([self.labels.phrase("guide_named")] * 2, rows, [8.5, 8.5])

    def _rows(self, ask: Ask) -> None:
        """A line a column, so that three entries fit beside each other on a page."""
        rows: list[tuple[str, ...]] = []
        for name in ask.fields:
            column = table("observations")[name]
            listed = self.labels.pack.questions[ask.asks[0]].answers if name == "answer" else column.codes
            if listed and listed != "flags":
                self._note_list(listed)
            rows.append((self.about.label(ask, name)[self.lang], *[""] * ENTRIES))
        heads = [self.labels.phrase("guide_field"), *map(str, range(1, ENTRIES + 1))]
        self._table(heads, rows, [5, *[4] * ENTRIES])

    def _codes(self) -> None:
        """What the lists hold, so that the sheet can be filled in without a computer."""
        phrase = self.labels.phrase
        self._head(phrase("guide_area"))
        self.pages.add_paragraph(phrase("guide_area_why"))
        rows = [(self._list_name(name), numbers.between(self.lang).join(self.labels.code(name, code) for code in found))
                for name, found in self.lists.items()]  # fmt: skip
        self._table([phrase("guide_list"), phrase("guide_codes")], rows, [4, 13])

    def _list_name(self, name: str) -> str:
        label = self.labels.pack.list_labels.get(name)
        if label:
            return label[self.lang]
        meaning = next(column.meaning for column in table("observations").columns if column.codes == name)
        return meaning[self.lang].split(";")[0].rstrip(" .\N{NO-BREAK SPACE}")

    def _note_list(self, name: str) -> None:
        self.lists.setdefault(name, self._list(name))

    def _list(self, name: str) -> list[str]:
        return list(codes().get(name) or self.labels.pack.codes(name))

    def _boxes(self, options: Iterable[str], name: str) -> str:
        return "   ".join(f"{BOX}\N{NO-BREAK SPACE}{self.labels.code(name, code)}" for code in options)

    def _table(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], *, small: bool = False
    ) -> None:
        """A table whose header is repeated on each page and whose rows are not broken between pages."""
        made = self.pages.add_table(rows=len(rows) + 1, cols=len(heads), style="Table Grid")
        made.autofit = False
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Cm(width)
        for number, (line, texts) in enumerate(zip(made.rows, [heads, *rows], strict=True)):
            properties = line._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit" if number else "w:tblHeader"))
            if not all(texts):
                line.height = TO_WRITE
            for part, text, width in zip(line._tr.tc_lst, texts, widths, strict=True):
                cell = _Cell(part, made)  # row.cells walks the whole table for each row
                cell.width = Cm(width)
                _write(cell, text, small=small, head=not number, last=number == len(rows) or len(rows) > MANY)


def _set_up(pages: Pages, title: str, lang: str) -> None:
    """Page, fonts and language; a document that names no author."""
    section = pages.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    pages.core_properties.title, pages.core_properties.author = title, ""
    pages.core_properties.comments, pages.core_properties.language = "", LOCALES[lang]
    for name, size in SIZES.items():
        style = _style(pages, name)
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.bold = name.startswith("Heading")
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{key}"), None)
        fonts.set(qn("w:hAnsi"), FONT)
        if name != "Normal" and not name.startswith("List"):
            style.font.color.rgb = INK
    _style(pages, "Normal").paragraph_format.space_after = Pt(4)
    defaults = pages.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), LOCALES[lang])


def _style(pages: Pages, name: str) -> ParagraphStyle:
    style = pages.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _footer(pages: Pages, title: str, labels: Labels) -> None:
    line = pages.sections[0].footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run(f"{title}  |  {labels.phrase('guide_page')} ")
    _field(line, "PAGE")
    line.add_run(f" {labels.phrase('guide_of')} ")
    _field(line, "NUMPAGES")


def _field(line: Paragraph, code: str) -> None:
    """A number that the word processor fills in."""
    run = line.add_run()
    for kind, text in (("begin", None), (None, code), ("separate", None), (None, "1"), ("end", None)):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText" if text == code else "w:t")
            part.text = text
        run._r.append(part)


def _write(cell: _Cell, text: str, *, small: bool, head: bool, last: bool) -> None:
    line = cell.paragraphs[0]
    run = line.add_run(text)
    run.bold, run.font.size = head or None, Pt(7.5 if small else 9.5)
    line.paragraph_format.space_after = Pt(2)
    line.paragraph_format.keep_with_next = not last and not small
    if text == BOX:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if head:
        shade = OxmlElement("w:shd")
        for key, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
            shade.set(qn(f"w:{key}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
