"""The parts of a Word file around its text: styles, numbering, footnotes, pictures, header and footer, properties."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from maillage.blocks import Document
from maillage.publish import paper
from maillage.publish.edited import MEMORY, Figures, read
from maillage.publish.ooxml import HEAD, OFFICE, SPACES, clean, field, packed, paragraph, relations, run, w

PARTS = Path(__file__).parent / "templates" / "docx"
LOCALES = {"en": "en-GB", "fr": "fr-FR"}
CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
PROPERTIES = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
STATIC = {"rStyles": "styles", "rNumbering": "numbering", "rSettings": "settings", "rFootnotes": "footnotes"}
PAGE = (
    '<w:headerReference w:type="default" r:id="rHeader"/><w:footerReference w:type="default" r:id="rFooter"/>'
    + w("pgSz", w=11906, h=16838)
    + w("pgMar", top=1418, right=1418, bottom=1418, left=1418, header=680, footer=680, gutter=0)
)
SEPARATORS = w("footnote", w("p", w("r", w("separator"))), type="separator", id=-1) + w(
    "footnote", w("p", w("r", w("continuationSeparator"))), type="continuationSeparator", id=0
)
ITEM = "{6D61696C-6C61-4765-8000-72656C656173}"  # names the part of the memory, the same in every file


class Package:
    """Everything but the text; grows while the text is written."""

    def __init__(self, document: Document) -> None:
        self.doc = document
        self.links: dict[str, tuple[str, str]] = {ident: (kind, f"{kind}.xml") for ident, kind in STATIC.items()}
        self.links |= {"rHeader": ("header", "header1.xml"), "rFooter": ("footer", "footer1.xml")}
        self.links |= {"rMemory": ("customXml", "../customXml/item1.xml")}
        self.images: dict[str, bytes] = {}
        self.notes: list[str] = []
        self.lists = 0

    def image(self, content: bytes) -> str:
        """Keep a picture; the id of its relationship."""
        name = f"image{len(self.images) + 1}.png"
        self.images[name] = content
        self.links[f"r{name}"] = ("image", f"media/{name}")
        return f"r{name}"

    def address(self, target: str) -> str:
        """A public address; the id of its relationship."""
        known = {found: ident for ident, (_, found) in self.links.items()}
        ident = known.get(target, f"rLink{len(self.links)}")
        self.links[ident] = ("hyperlink", target)
        return ident

    def new_list(self) -> int:
        """A numbered list that counts from one; its number."""
        self.lists += 1
        return self.lists + 2  # after the two of the styles

    def footnote(self, inner: str) -> str:
        """Keep a footnote; the run that refers to it."""
        ident = len(self.notes) + 1
        mark = w("r", w("rPr", w("rStyle", val="FootnoteReference")), w("footnoteRef"))
        self.notes.append(w("footnote", paragraph("FootnoteText", mark, run(" "), inner), id=ident))
        style = w("rPr", w("rStyle", val="FootnoteReference"))
        return w("r", style, w("footnoteReference", id=ident))

    def content(self, body: str, printed: Figures) -> bytes:
        """The file with this text; it remembers the figures that were printed and every other digit."""
        text = f"{HEAD}<w:document{SPACES}><w:body>{body}{w('sectPr', PAGE)}</w:body></w:document>"
        notes = f"{HEAD}<w:footnotes{SPACES}>{SEPARATORS}{''.join(self.notes)}</w:footnotes>"
        head, foot = f"{HEAD}<w:hdr{SPACES}>{self.header()}</w:hdr>", f"{HEAD}<w:ftr{SPACES}>{self.footer()}</w:ftr>"
        printed.digits |= read(*map(ET.fromstring, (text, notes, head, foot))).digits  # our own marks
        return packed({
            "[Content_Types].xml": _static("content_types"),
            "_rels/.rels": relations({"rDocument": ("officeDocument", "word/document.xml"),
                                      "rCore": (CORE, "docProps/core.xml")}),
            "docProps/core.xml": self.core(),
            "word/document.xml": text,
            "word/styles.xml": self.filled("styles"),
            "word/numbering.xml": _static("numbering").replace("%LISTS%", self.numbered()),
            "word/settings.xml": self.filled("settings"),
            "word/footnotes.xml": notes,
            "word/header1.xml": head,
            "word/footer1.xml": foot,
            "word/_rels/document.xml.rels": relations(self.links),
            "customXml/item1.xml": printed.part(self.about()),
            "customXml/itemProps1.xml": _properties(),
            "customXml/_rels/item1.xml.rels": relations({"rProperties": ("customXmlProps", "itemProps1.xml")}),
            **{f"word/media/{name}": content for name, content in self.images.items()},
        })  # fmt: skip

    def about(self) -> dict[str, str]:
        """Of which release the report is."""
        return {"language": self.doc.lang, "date": self.doc.date, "of": " / ".join(self.doc.meta.values())}

    def filled(self, name: str) -> str:
        """A part of the house in the document's language."""
        return _static(name).replace("%LANG%", LOCALES[self.doc.lang])

    def numbered(self) -> str:
        """The numbered lists, each from one."""
        again = w("lvlOverride", w("startOverride", val=1), ilvl=0)
        return "".join(w("num", w("abstractNumId", val=1), again, numId=ident + 3) for ident in range(self.lists))

    def header(self) -> str:
        """How far the document has come and that it is synthetic, on every page."""
        warning = paper.synthetic(self.doc)
        marks = [run(paper.status(self.doc), w("b"))]
        marks += [run(" · "), run(warning, w("b"), w("color", val="0F5C63"))] if warning else []
        return paragraph("Header", *marks) + paragraph("Header", run(self.doc.title))

    def footer(self) -> str:
        """Of which day, and the page."""
        page = self.words("report_page_word")
        here = [run(f"{page} "), field("PAGE", run("1")), run(" / "), field("NUMPAGES", run("1"))]
        return paragraph("Footer", run(paper.dated(self.doc)), w("r", w("tab")), *here)

    def words(self, key: str) -> str:
        """A sentence of the frame."""
        return paper.Words(self.doc.lang).say(key)

    def core(self) -> str:
        """Title, language and day; nobody's name."""
        made = paper.day(self.doc.date) or (1980, 1, 1)
        day = "{:04}-{:02}-{:02}T00:00:00Z".format(*made)
        created, modified = (
            f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}</dcterms:{name}>' for name in ("created", "modified")
        )
        return (
            f'{HEAD}<cp:coreProperties xmlns:cp="{PROPERTIES}"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{escape(clean(self.doc.title))}</dc:title><dc:creator></dc:creator>"
            f"<dc:language>{LOCALES[self.doc.lang]}</dc:language>{created}{modified}</cp:coreProperties>"
        )


@cache
def _static(name: str) -> str:
    return (PARTS / f"{name}.xml").read_text("utf-8")


def _properties() -> str:
    space = f"{OFFICE}/customXml"
    schema = f'<ds:schemaRefs><ds:schemaRef ds:uri="{MEMORY}"/></ds:schemaRefs>'
    return f'{HEAD}<ds:datastoreItem ds:itemID="{ITEM}" xmlns:ds="{space}">{schema}</ds:datastoreItem>'
