"""Transcripts: pseudonyms before anything is coded, the vault for what was said, nothing where it may not come in."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from folders import folder_hash
from made_documents import deleted, docx, inserted, odt, p, pdf, r, rtf
from maillage.app.cli import group
from maillage.errors import Finding, MaillageError, has_errors
from maillage.intake.pseudonyms import OffsetMap
from maillage.study import age, log, register, transcripts, vault
from maillage.study.entries import Draft
from maillage.study.folder import Study, open_study
from maillage.study.keeping import keep
from maillage.study.merge import merge
from maillage.study.register import Named
from maillage.verbs import opening
from maillage.verbs import vault as vaults
from maillage.verbs.add import Request, add
from maillage.verbs.coding import mark
from maillage.verbs.entering import Outcome
from maillage.verbs.names import enter
from maillage.verbs.opening import unlocked
from maillage.verbs.texts import text_of
from maillage.verbs.transcripts import Imported
from maillage.verbs.verify import verify

SETTINGS = "id: practice\ntitle: P\nlanguages: [en]\npack: nexus\ncoders: [ana, bo]\n"
SAID = "Moi, Aïcha Maïga, au 76 12 34 56.\nOn paie 5000000 FCFA à AICHA-MAIGA ; écrire à a.maiga@exemple.ml.\n"
TEXT = "Moi, S014, au [tel].\nOn paie 5000000 FCFA à S014 ; écrire à [mail].\n"
SOURCES = (
    {"id": "S014", "kind": "interview", "consent": "anonymous"},
    {"id": "G02", "kind": "focus_group", "consent": "anonymous"},
    {"id": "S015", "kind": "interview", "consent": "none"},
    {"id": "D1", "kind": "document"},
)
Ask = Callable[[], str]


def ask() -> str:
    raise AssertionError("nobody is asked: the key is held")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A study with a vault that is open, four sources and one name."""
    folder = tmp_path / "practice"
    folder.mkdir()
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    secret, public = age.make()
    vault.create(open_study(folder), "ana", {"ana": public, "bo": age.make()[1]})
    monkeypatch.setattr(opening.holder, "held", lambda: secret)
    made = unlocked(folder)
    keep(made, "ana", [Draft("assert", "source", row) for row in SOURCES])
    register.enter(made, [Named("Aicha Maiga", "S014", "S014")])
    return made


def file(study: Study, text: str = SAID, name: str = "guindo.txt") -> Path:
    path = study.path.parent / name
    path.write_text(text, "utf-8")
    return path


def heard(study: Study, path: Path, source: str | None = "S014", **more: object) -> Outcome:
    return add(study.path, path, Request(kind="interview", source=source, **more))  # pyright: ignore[reportArgumentType]


def codes(done: Outcome) -> list[str]:
    return [item.code for item in done.findings]


def test_names_and_numbers_are_replaced_and_counted_never_shown(study: Study) -> None:
    done = heard(study, file(study))
    assert isinstance(done, Imported)
    assert (done.entered, done.findings, done.words) == (1, (), ())
    assert dict(done.replaced) == {"name": 2, "phone": 1, "email": 1}
    assert text_of(study, "S014") == (TEXT, transcripts.fingerprint(TEXT))
    raw = b"".join(path.read_bytes() for path in study.path.rglob("*") if path.is_file())
    assert b"Ma\xc3\xafga" not in raw
    assert transcripts.fingerprint(SAID).encode() not in raw, "whoever guesses the text could check it"
    assert transcripts.fingerprint(TEXT).encode() not in raw


def test_the_vault_keeps_the_original_and_the_way_back(study: Study) -> None:
    path = file(study)
    heard(study, path)
    secret = vault.secrets_of(study)["S014"]
    (one,) = transcripts.versions(study, "S014", secret).values()
    assert (one.clear, one.original, one.file) == (SAID, path.read_bytes(), "guindo.txt")
    start = TEXT.index("[tel]")
    old = OffsetMap(one.cuts).to_old(start, start + len("[tel]"))
    assert SAID[slice(*old)] == "76 12 34 56"
    assert vaults.read(study.path, "S014", ask) == TEXT.encode()
    assert vaults.read(study.path, "S014", ask, clear=True) == SAID.encode()


def test_the_size_of_a_closed_file_does_not_tell_how_long_somebody_spoke(study: Study) -> None:
    heard(study, file(study, "Peu.\n"), "S014")
    heard(study, file(study, "Beaucoup de choses. " * 60), "G02")
    sizes = {path.stat().st_size // 1024 for name in ("S014", "G02") for path in vault.files_of(study.path, name)}
    assert len(sizes) == 1


def _word(path: Path) -> Path:
    hidden = r("Hidden Informant", "<w:vanish/>")
    remark = '<w:comment w:author="Remark Writer"><w:p><w:r><w:t>Remark of Somebody</w:t></w:r></w:p></w:comment>'
    return docx(path, p(r("Je paie. "), deleted("Deleted Name"), inserted("Oui."), hidden), comments=remark)


def _open(path: Path) -> Path:
    changes = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        "<text:p>Deleted Name</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    )
    body = "<text:p>Je paie. Oui.<office:annotation><text:p>Remark of Somebody</text:p></office:annotation></text:p>"
    return odt(path, changes + body, meta__xml="<x>Author Property</x>")


def _rich(path: Path) -> Path:
    return rtf(path, r"{\info{\author Author Property}}Je paie. {\deleted Deleted Name}{\v Hidden Informant}Oui.")


@pytest.mark.parametrize(("name", "make"), [("a.docx", _word), ("a.odt", _open), ("a.rtf", _rich)])
def test_what_a_file_hides_is_in_no_text(study: Study, name: str, make: Callable[[Path], Path]) -> None:
    done = heard(study, make(study.path.parent / name))
    assert not done.refused
    (one,) = transcripts.versions(study, "S014", vault.secrets_of(study)["S014"]).values()
    assert one.text == one.clear == "Je paie. Oui.\n"


@pytest.mark.parametrize("name", ["a.pdf", "a.md"])
def test_the_other_formats_come_in_too(study: Study, name: str) -> None:
    path = study.path.parent / name
    if name == "a.pdf":
        pdf(path, "Aicha Maiga paie.")
    else:
        path.write_text("Aicha Maiga paie.\n", "utf-8")
    assert heard(study, path).entered == 1
    assert text_of(study, "S014")[0].strip() == "S014 paie."


def test_the_same_again_is_skipped_and_a_new_version_comes_only_before_coding(study: Study) -> None:
    path = file(study)
    heard(study, path)
    before = {one.name for one in (study.path / "vault").iterdir()}
    assert heard(study, path).same == 1
    assert {one.name for one in (study.path / "vault").iterdir()} == before
    path.write_text("Rien.\n", "utf-8")
    assert heard(study, path).changed == 1
    assert text_of(study, "S014")[0] == "Rien.\n"
    mark(study.path, "S014", (0, 4), "levies", coder="ana")
    path.write_text("Rien du tout.\n", "utf-8")
    assert codes(heard(study, path)) == ["transcript_coded"]
    assert text_of(study, "S014")[0] == "Rien.\n"


def test_names_entered_later_are_replaced_until_somebody_codes(study: Study) -> None:
    path = file(study, "Fanta a dit que Boubou paie.\n")
    heard(study, path)
    register.enter(study, [Named("Fanta", "T01")])
    assert heard(study, path).changed == 1
    assert text_of(study, "S014")[0] == "T01 a dit que Boubou paie.\n"
    mark(study.path, "S014", (0, 3), "levies", coder="ana")
    register.enter(study, [Named("Boubou", "T02")])
    done = heard(study, path)
    assert (done.same, codes(done)) == (1, ["transcript_names_later"])
    assert text_of(study, "S014")[0] == "T01 a dit que Boubou paie.\n"


def test_a_row_entered_again_keeps_its_text(study: Study) -> None:
    heard(study, file(study))
    table = file(study, "id,kind,consent\nS014,interview,attributed\n", "sources.csv")
    assert add(study.path, table, Request(kind="sources")).changed == 1
    assert text_of(study, "S014")[0] == TEXT
    assert heard(study, file(study)).same == 1


def test_many_files_come_by_a_table_or_by_their_names(study: Study) -> None:
    table = file(study, "file,source\nguindo.txt,S014\n", "whose.csv")
    assert heard(study, file(study), None, card=table).entered == 1
    assert heard(study, file(study, name="G02.txt"), None).entered == 1
    assert codes(heard(study, file(study, name="x.txt"), None, card=table)) == ["transcript_unlisted"]
    for text in ("file,source\na.txt,S014\nb.txt,S014\n", "file,who\na.txt,S014\n"):
        assert codes(heard(study, file(study), None, card=file(study, text, "whose.csv"))) == ["transcript_table"]


@pytest.mark.parametrize(
    ("source", "code"),
    [("S14", "transcript_source"), ("D1", "transcript_kind"), ("S015", "transcript_consent")],
)
def test_a_source_that_may_have_no_transcript(
    study: Study, hash_of: Callable[[Path], str], source: str, code: str
) -> None:
    before = hash_of(study.path)
    done = heard(study, file(study), source)
    assert codes(done) == [code]
    assert "S014" in done.findings[0].remedy("fr") or source != "S14", "the nearest is named"
    assert hash_of(study.path) == before


def _zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 60_000_000)


def _xxe(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')


BAD: dict[str, Callable[[Path], object]] = {
    "empty.txt": lambda path: path.write_bytes(b""),
    "blank.txt": lambda path: path.write_bytes(b" \n"),
    "locked.docx": lambda path: path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    ),
    "scan.pdf": lambda path: pdf(path, "#rect(width: 9pt, height: 9pt)"),
    "bomb.docx": _zip_bomb,
    "xxe.docx": _xxe,
    "lie.docx": lambda path: path.write_bytes(b"%PDF-1.4"),
    "nul.txt": lambda path: path.write_bytes(b"a\0b"),
    "large.txt": lambda path: path.write_bytes(b"a" * 20_971_521),
    "sheet.xlsx": lambda path: path.write_bytes(b"PK\x03\x04"),
    "gone.txt": lambda path: None,
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_is_a_coded_problem_and_writes_nothing(
    study: Study, hash_of: Callable[[Path], str], name: str
) -> None:
    path = study.path.parent / name
    BAD[name](path)
    before = hash_of(study.path)
    done = heard(study, path)
    assert has_errors(done.findings)
    for item in done.findings:
        assert item.message("en") != item.message("fr")
    assert hash_of(study.path) == before


def test_without_a_vault_nothing_comes_in_unless_nobody_real_was_heard(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    folder.mkdir()
    (folder / "study.yml").write_text(SETTINGS, "utf-8")
    study = open_study(folder)
    keep(study, "ana", [Draft("assert", "source", row) for row in SOURCES])
    assert codes(heard(study, file(study))) == ["transcript_no_vault"]
    assert not (folder / "documents").exists()
    (folder / "study.yml").write_text(f"{SETTINGS}sealed: none\n", "utf-8")
    assert heard(study, file(study)).entered == 1
    assert heard(study, file(study)).same == 1
    clear = SAID.replace("76 12 34 56", "[tel]").replace("a.maiga@exemple.ml", "[mail]")
    assert text_of(open_study(folder), "S014")[0] == clear
    assert [path.name for path in (folder / "documents").rglob("*")] == ["S014.txt"], "no original beside it"
    vault.create(open_study(folder), "ana", {"ana": age.make()[1], "bo": age.make()[1]})
    assert codes(heard(study, file(study), "G02")) == ["transcript_in_clear"]


def test_a_locked_vault_refuses(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    heard(study, file(study))
    monkeypatch.setattr(opening.holder, "held", lambda: None)
    for work in (lambda: heard(study, file(study)), lambda: text_of(unlocked(study.path), "S014")):
        with pytest.raises(MaillageError, match="vault_locked"):
            work()


def test_erasing_takes_every_version_the_names_and_what_was_coded(study: Study) -> None:
    path = file(study, "Une.\n")
    heard(study, path)
    path.write_text("Deux.\n", "utf-8")
    heard(study, path)
    mark(study.path, "S014", (0, 4), "levies", coder="ana")
    copies = [one.read_bytes() for one in vault.files_of(study.path, "S014")]
    assert len(copies) == 2
    lost = vaults.erase(study.path, "S014", "asked", ask, "ana")
    assert (lost.passages, lost.statements) == (1, 0)
    assert vault.files_of(study.path, "S014") == []
    now = vault.unlock(study, study.key or "", coder="ana")
    keys = [*now.ring.sources.values(), now.ring.field_key, study.key or ""]
    assert not [raw for raw in copies for key in keys if age.unclose(raw, key) is not None]
    assert register.names(now) == []
    with pytest.raises(MaillageError, match="text_erased"):
        text_of(study, "S014")
    assert codes(heard(study, path)) == ["transcript_erased"]


def test_a_withdrawn_informant_is_not_read_and_gets_no_text(study: Study) -> None:
    heard(study, file(study))
    keep(study, "ana", [Draft("withdraw", "source", {"id": "S014"}, of="S014", why="asked")])
    assert codes(heard(study, file(study))) == ["transcript_erased"]
    with pytest.raises(MaillageError, match="text_withdrawn"):
        text_of(study, "S014")


def test_a_file_that_was_swapped_is_seen_locked_and_open(study: Study) -> None:
    heard(study, file(study))
    (path,) = vault.files_of(study.path, "S014")
    public = vault.read_known(study.path).informants["S014"]
    path.write_bytes(age.close(b'{"text":"forged"}\n', [public]))
    assert [item.code for item in transcripts.check(study.path)] == ["transcript_gone"]
    assert "transcript_gone" in {item.code for item in verify(study.path)}
    with pytest.raises(MaillageError, match="transcript_gone"):
        text_of(study, "S014")
    assert heard(study, file(study)).changed == 1, "the original mends it"
    assert text_of(study, "S014")[0] == TEXT


def test_copies_unite_without_conflict(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other" / "practice"
    other.mkdir(parents=True)
    (other / "study.yml").write_text(SETTINGS, "utf-8")
    merge(open_study(other), study.path, "bo")
    heard(study, file(study))
    add(other, file(study, "Autre.\n", "b.txt"), Request(kind="interview", source="G02", coder="bo"))
    merge(unlocked(study.path), other, "ana")
    merge(unlocked(other), study.path, "bo")
    for folder in (study.path, other):
        assert text_of(unlocked(folder), "S014")[0] == TEXT
        assert text_of(unlocked(folder), "G02")[0] == "Autre.\n"
        assert not (folder / "conflicts").exists()


@pytest.mark.parametrize("source", ["keyring", "out-x", "field-1", "names-1", "..", "a:b", "Œil 7"])
def test_no_id_of_a_source_takes_a_file_of_the_vault(study: Study, source: str) -> None:
    keep(study, "ana", [Draft("assert", "source", {"id": source, "kind": "interview", "consent": "anonymous"})])
    heard(study, file(study), source)
    assert text_of(study, source)[0] == TEXT
    vaults.erase(study.path, source, "asked", ask, "ana")
    assert vault.exists(study.path)
    assert {path.name for path in (study.path / "vault").iterdir() if not path.name.startswith("names-")} == {
        "keyring.age"
    }


def test_lists_of_names_are_held_to_rows(study: Study) -> None:
    def entered(text: str) -> list[Finding]:
        return list(enter(study.path, file(study, text, "names.csv"), ask, "ana").findings)

    assert [item.code for item in entered("who,pseudonym\nX,Y\n")] == ["names_table"]
    wrong = entered("name,pseudonym,source\nA,T1,\nFanta,,\nFanta,,D1\nFanta,T1,\n")
    assert [(item.code, item.row) for item in wrong] == [("names_row", 1), ("names_row", 2), ("names_row", 3)]
    assert not [item for item in wrong if "Fanta" in item.message("en")]
    assert (
        enter(study.path, file(study, "name,source\nAicha Maiga,S014\nLa Vieille,S014\n", "n.csv"), ask, "ana").count
        == 1
    )
    assert b"Vieille" not in b"".join(path.read_bytes() for path in (study.path / "vault").iterdir())


def test_a_name_of_two_people_stands_for_both_and_a_part_is_counted(study: Study) -> None:
    register.enter(study, [Named("Aicha Maiga", "G02", "G02")])
    done = heard(study, file(study, "Aïcha Maïga et Madame Maïga.\n"))
    assert text_of(study, "S014")[0] == "G02/S014 et Madame Maïga.\n"
    assert codes(done) == ["transcript_parts"]


def test_unknown_words_are_listed_only_when_asked(study: Study) -> None:
    told = CliRunner().invoke(
        group,
        ["add", str(file(study, "Le chef Zeynabou paie, dit Aïcha Maïga.\n")), "--as", "interview", "--source", "S014",
         "--study", str(study.path), "--check-names"],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    assert "Zeynabou" in told.output
    assert "1 name(s)" in told.output
    assert not {"Aïcha", "Maïga"} & set(told.output.replace(",", " ").split())
    again = CliRunner().invoke(group, ["add", str(file(study)), str(file(study, name="b.txt")), "--as", "interview",
                                       "--source", "S014", "--study", str(study.path)])  # fmt: skip
    assert again.exit_code == 2


def test_the_log_names_closed_files_by_their_hash(study: Study) -> None:
    heard(study, file(study))
    entries = [entry for path in log.files(study.path) for entry in log.read(path).entries]
    named = [entry.sealed["blob"] for entry in entries if entry.sealed and "blob" in entry.sealed]
    (path,) = vault.files_of(study.path, "S014")
    assert named == [vault.sha256(path.read_bytes()).hexdigest()]


def test_a_text_of_unsaid_kind_is_asked_about_once_there_are_informants(study: Study, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Le préfet a parlé.", "utf-8")
    before = folder_hash(study.path)
    done = add(study.path, tmp_path / "notes.txt", Request())
    assert [item.code for item in done.findings] == ["document_or_interview"]
    assert folder_hash(study.path) == before
    assert add(study.path, tmp_path / "notes.txt", Request("document")).entered == 1
