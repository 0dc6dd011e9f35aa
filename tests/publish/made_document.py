"""A small document made by hand that holds every kind of block, in both languages."""

from maillage.blocks import (
    Block,
    Document,
    Explanation,
    Figure,
    Gap,
    Heading,
    Items,
    KeyFinding,
    Link,
    Literal,
    Note,
    Number,
    Paragraph,
    Section,
    Statement,
    Table,
    Text,
)

WORDS = {
    "en": {
        "title": "Mali: armed groups and illicit markets", "subtitle": "What is said, by how many, and how sure it is",
        "notice": "An independent re-reading of a published summary and of public sources, not by or for the organisations "
        "that published it. It is not a measure of crime.",
        "first": "In Gao, ", "share": "3 of 5", "said": " of the people interviewed speak of armed groups and traffickers who work "
        "together in one trade and fight over another.", "levy": "XOF 5,000 to 250,000 a week",
        "because": "one published source, whose own sources we do not have", "map": "Where ties are reported",
        "region": "Region", "ties": "Ties", "nothing": "no data", "key": "Key findings", "markets": "Markets", "method": "Method",
        "long": "Interviews were held in six regions, but the study does not say which, nor how many people were heard in each. "
        "A share printed without its number of people can stand for several counts, and each of them is listed in the note.",
        "gap": "What armed groups earn from gold cannot be added up.", "missing": "the number of sites and of miners who pay",
        "how": "count sites and payers in two communes for one month",
        "items": ["cattle theft in the centre", "gold in the north and the south-west", "migrant smuggling on the road to Gao"],
    },
    "fr": {
        "title": "Mali : groupes armés et marchés illicites", "subtitle": "Ce qui est dit, par combien de personnes, et avec quelle certitude",
        "notice": "Relecture indépendante d'un résumé publié et de sources publiques, ni par ni pour les organisations qui l'ont "
        "publié. Ce n'est pas une mesure de la criminalité.",
        "first": "À Gao, ", "share": "3 sur 5", "said": " des personnes interrogées parlent de groupes armés et de trafiquants qui "
        "coopèrent dans un commerce et s'affrontent dans un autre.", "levy": "de 5 000 à 250 000 FCFA par semaine",
        "because": "une seule source publiée, dont nous n'avons pas les sources", "map": "Où des liens sont rapportés",
        "region": "Région", "ties": "Liens", "nothing": "pas de données", "key": "Constats principaux", "markets": "Marchés", "method": "Méthode",
        "long": "Les entretiens ont eu lieu dans six régions, mais l'étude ne dit ni lesquelles, ni combien de personnes y ont été "
        "entendues. Une part publiée sans son effectif peut correspondre à plusieurs décomptes ; la note les donne tous.",
        "gap": "Ce que l'or rapporte aux groupes armés ne peut pas être additionné.", "missing": "le nombre de sites et d'orpailleurs qui paient",
        "how": "compter les sites et les payeurs dans deux communes pendant un mois",
        "items": ["le vol de bétail dans le centre", "l'or au nord et au sud-ouest", "le trafic illicite de migrants sur la route de Gao"],
    },
}  # fmt: skip
ID, LEVY, WEAK = "published/ML07/coopetition/unodc-unicri", "levies/ML/gold/unstated/week", "levy_totals/ML/gold"


def drawing(name: str) -> str:
    """A bar chart of three regions, with the hatching of a region without data."""
    bars = "".join(
        f'<rect class="{role}" x="90" y="{20 + 40 * i}" width="{width}" height="24"/><text class="ink" x="84" y="{37 + 40 * i}" '
        f'text-anchor="end" font-size="15">{place}</text>'
        for i, (place, width, role) in enumerate(
            (("Gao", 260, "accent"), ("Kidal", 180, "c2"), ("Mopti", 300, "nodata"))
        )
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 150" width="420" height="150">'
        f'<defs><pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse"><path class="line" d="M0 6L6 0" fill="none"/></pattern></defs>'
        f'<line class="grid" x1="90" x2="90" y1="10" y2="140"/>{bars}<rect x="90" y="100" width="300" height="24" fill="url(#{name}-hatch)"/></svg>'
    )


def document(lang: str, evil: str = "") -> Document:
    """The document; `evil` is a text put into every field that a study can fill."""
    words = {key: (text + evil if isinstance(text, str) else text) for key, text in WORDS[lang].items()}
    share, levy = Number(ID, str(words["share"]), 0.6), Number(LEVY, str(words["levy"]))
    table = Table(
        "regions" + "-data", str(words["map"]), [str(words["region"]), str(words["ties"])],
        [[[Text("Gao" + evil)], [share]], [[Text("Kidal")], [Text(str(words["nothing"]))]], [[Text("=1+1" + evil)], [levy]]], align=["left", "right"],
    )  # fmt: skip
    figure = Figure(
        "regions",
        str(words["map"]),
        str(words["subtitle"]),
        drawing("regions"),
        str(words["map"]),
        "UCDP GED 21.1" + evil,
        table,
    )
    wide = Figure(
        "years", str(words["map"]), "", drawing("years"), str(words["map"]), "UCDP GED 21.1", table, wide=True
    )
    finding = [Text(str(words["first"])), share, Text(str(words["said"]))]
    key: list[Block] = [
        *(
            KeyFinding(f"finding-{i}", finding, word, str(words["because"]), [ID])
            for i, word in enumerate(("low", "medium", None, "very_low", "high"))
        ),
        figure,
    ]
    wrong = Link("javascript" + evil, "javascript:alert(1)")
    text: list[Block] = [
        Paragraph([*finding, Text(" "), Text(str(words["long"])), Text(" "), levy, Text(", "), Literal("39" + evil, "unodc-unicri"), Text(". "), wrong]),
        Heading(3, "gold", [Text(str(words["markets"]))]),
        Items([[Text(item + evil), Text(" "), Number(WEAK, "-")] for item in words["items"]]),
        Note([Text(str(words["long"]))]),
        Paragraph([Text(str(words["long"]), "em"), Text(" "), Text(str(words["gap"]), "strong"), Link("maillage", "#method")]),
        Gap([Text(str(words["gap"]))], str(words["missing"]), str(words["how"])),
        wide,
        Table("levies", str(words["markets"]), [str(words["region"]), *[str(words["ties"])] * 5], [[[Text("Gao")], *[[share]] * 5]] * 4, str(words["long"]), "UNODC" + evil),
        Heading(4, "gold-more", [Text(str(words["gap"]))]),
        Items([[Text(str(words["gap"]))], [levy]], ordered=True),
    ]  # fmt: skip
    method: list[Block] = [
        Heading(3, "method-published", [Text("published" + evil)]),
        Paragraph([Text(str(words["long"]))]),
    ]
    return Document(
        lang, str(words["title"]), str(words["subtitle"]), str(words["notice"]), "draft", False, "2026-11-20", {str(words["method"]): "nexus 1.0" + evil},
        [Section("key_findings", str(words["key"]), key), Section("markets", str(words["markets"]), text), Section("method", str(words["method"]), method)],
        {ident: explanation(ident, words) for ident in (ID, LEVY, WEAK)}, {"fr" if lang == "en" else "en": f"report.{'fr' if lang == 'en' else 'en'}.html"},
    )  # fmt: skip


def explanation(ident: str, words: dict[str, object]) -> Explanation:
    """A full explanation, statements included."""
    return Explanation(
        ident, str(words["map"]), str(words["share"]), "", "60 %", "published v1", "#method-published", "low", str(words["because"]), str(words["how"]),
        [(str(words["markets"]), 3, 1)], [Statement("C001", "unodc-unicri", "p. 3", str(words["said"]), "for")],
    )  # fmt: skip
