"""A Word report comes back: `verify` says which figures are no longer as they were printed, and misses none."""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn

from maillage.app.commands.verify import command
from maillage.errors import MaillageError
from maillage.publish.edited import Figures, compare, tag_of
from maillage.verbs.verify import verify

SHARE = "published/ML07/coopetition/unodc-unicri"
Change = Callable[[list], None]


@pytest.fixture
def copy(mali_release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(mali_release / "report.en.docx", tmp_path / "edited.docx"))


def edit(path: Path, change: Change) -> None:
    """Work on the controls of a file as a word processor would."""
    pages = Document(str(path))
    change(list(pages.element.body.iter(qn("w:sdt"))))
    pages.save(str(path))


def tag(control) -> str:
    return control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val"))


def texts(control) -> list:
    return list(control.iter(qn("w:t")))


def codes(path: Path, release: Path | None = None) -> list[tuple[str, str | None]]:
    return [(item.code, item.value) for item in verify(path, release)]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("known", [True, False], ids=["release", "memory"])
def test_a_report_as_it_was_printed_is_sound(mali_release: Path, lang: str, known: bool) -> None:
    assert codes(mali_release / f"report.{lang}.docx", mali_release if known else None) == []


def test_a_report_saved_by_another_program_is_sound(copy: Path, mali_release: Path) -> None:
    edit(copy, lambda controls: None)
    assert codes(copy) == []
    assert codes(copy, mali_release) == []


@pytest.mark.parametrize("known", [True, False], ids=["release", "memory"])
def test_every_figure_that_is_changed_is_found(copy: Path, mali_release: Path, known: bool) -> None:
    def change(controls: list) -> None:
        for control in controls:
            texts(control)[0].text += " indeed"

    tags: set[str] = set()
    edit(copy, lambda controls: tags.update(map(tag, controls)))
    edit(copy, change)
    found = verify(copy, mali_release if known else None)
    assert {tag_of(str(item.value)) for item in found if item.code == "figure_changed"} == tags
    assert {item.code for item in found} == {"figure_changed"}


def test_a_figure_that_is_changed_is_named_with_both_texts(copy: Path) -> None:
    def change(controls: list) -> None:
        first = next(control for control in controls if tag(control) == SHARE)
        texts(first)[0].text = texts(first)[0].text.replace("60%", "65%")

    edit(copy, change)
    (found,) = verify(copy)
    assert (found.code, found.value, found.file) == ("figure_changed", SHARE, "edited.docx")
    assert "65%" in found.message("en")
    assert "60%" in found.message("fr")


def test_texts_of_a_figure_stand_in_the_marks_of_the_language() -> None:
    printed, seen = Figures(), Figures()
    for text in ("6 of 16", "six"):
        printed.note(printed.printed(SHARE, "share", text), text)
    seen.note(SHARE, "7 of 16")
    (found,) = compare(seen, printed, "edited.docx")
    assert "“6 of 16” / “six”" in found.message("en")
    assert "«\u00a06 of 16\u00a0» / «\u00a0six\u00a0»" in found.message("fr").replace("« ", "«\u00a0").replace(
        " »", "\u00a0»"
    )


def test_spaces_and_split_runs_are_no_change(copy: Path) -> None:
    def change(controls: list) -> None:
        for control in controls:
            (text,) = texts(control)
            text.text = text.text.replace("\u00a0", " ").replace("\u202f", " ")

    edit(copy, change)
    assert codes(copy) == []


def test_text_that_was_struck_out_does_not_count_and_what_was_written_in_does(copy: Path) -> None:
    def change(controls: list) -> None:
        first = next(control for control in controls if tag(control) == SHARE)
        run = first.find(f"{qn('w:sdtContent')}/{qn('w:r')}")
        struck = run.makeelement(qn("w:del"), {qn("w:id"): "9001", qn("w:author"): "E"})
        run.addprevious(struck)
        struck.append(run)

    edit(copy, change)
    assert codes(copy) == [("figure_changed", SHARE)]


def unwrapped(path: Path, old: bytes = b"", new: bytes = b"") -> None:
    """Every control gives way to its words, as on a way through another format; `old` in them to `new`."""
    control = re.compile(rb"<w:sdt>(?:(?!<w:sdt>).)*?<w:sdtContent>(.*?)</w:sdtContent></w:sdt>", re.DOTALL)
    parts = zipped(path)
    for name in ("word/document.xml", "word/footnotes.xml"):
        parts[name] = control.sub(lambda found: found[1].replace(old, new), parts[name])
        assert b"<w:sdt>" not in parts[name]
    write(path, parts)


def test_figures_whose_controls_were_dropped_are_found_by_their_words(copy: Path, mali_release: Path) -> None:
    unwrapped(copy)
    assert codes(copy, mali_release) == []


def test_a_figure_that_was_changed_without_its_control_is_named(copy: Path, mali_release: Path) -> None:
    unwrapped(copy, b"60%", b"65%")
    found = codes(copy, mali_release)
    assert ("figure_gone", SHARE) in found
    assert ("figure_typed", "65") in found


def test_a_figure_that_is_gone_is_named(copy: Path) -> None:
    def change(controls: list) -> None:
        for control in controls:
            if tag(control) == "figures/ML/interviews/2024":
                control.getparent().remove(control)

    edit(copy, change)
    assert codes(copy) == [("figure_gone", "figures/ML/interviews/2024")]


def test_a_report_of_another_release_is_said_to_be(copy: Path, mali_release: Path) -> None:
    parts = zipped(copy)
    memory = parts["customXml/item1.xml"]
    assert codes(copy, mali_release) == []
    write(copy, parts | {"customXml/item1.xml": re.sub(rb' of="[^"]*"', b' of="mali / partners / 0000"', memory)})
    assert codes(copy, mali_release) == [("report_of_another", "mali / partners / 0000")]
    assert codes(copy) == [], "against itself it is of its own release"


def test_a_figure_of_another_study_is_unmatched(copy: Path) -> None:
    def change(controls: list) -> None:
        controls[0].find(f"{qn('w:sdtPr')}/{qn('w:tag')}").set(qn("w:val"), "links/XX01/cooperation")

    edit(copy, change)
    assert ("figure_unmatched", "links/XX01/cooperation") in codes(copy)


def test_a_number_typed_into_the_text_is_said_but_is_no_error(copy: Path) -> None:
    pages = Document(str(copy))
    pages.add_paragraph("As many as 7,777 people pay, we think.")
    pages.save(str(copy))
    (found,) = verify(copy)
    assert (found.code, found.value, found.level) == ("figure_typed", "7,777", "warning")


def test_a_control_taken_off_leaves_a_number_that_is_said(copy: Path) -> None:
    """The words stay, the control goes: the figure is gone for us."""

    def change(controls: list) -> None:
        for control in controls:
            inner = control.find(qn("w:sdtContent"))
            for child in list(inner):
                control.addprevious(child)
            control.getparent().remove(control)

    edit(copy, change)
    found = codes(copy)
    assert ("figure_gone", "figures/ML/interviews/2024") in found
    assert ("figure_typed", "130,000") in found


def test_controls_whose_tag_was_dropped_are_found_by_their_label(copy: Path, mali_release: Path) -> None:
    def dropped(controls: list) -> None:
        for control in controls:
            marks = control.find(qn("w:sdtPr"))
            marks.remove(marks.find(qn("w:tag")))

    def changed(controls: list) -> None:
        texts(controls[0])[0].text = "70%"

    edit(copy, dropped)
    assert codes(copy) == []
    assert codes(copy, mali_release) == []
    edit(copy, changed)
    assert [code for code, _ in codes(copy)] == ["figure_changed"]


def test_a_file_that_forgot_its_release_needs_it(copy: Path, mali_release: Path) -> None:
    parts = {name: data for name, data in zipped(copy).items() if not name.startswith("customXml")}
    links = parts["word/_rels/document.xml.rels"].decode()
    start = links.index('<Relationship Id="rMemory"')
    parts["word/_rels/document.xml.rels"] = (links[:start] + links[links.index("/>", start) + 2 :]).encode()
    write(copy, parts)
    with pytest.raises(MaillageError) as caught:
        verify(copy)
    assert caught.value.code == "docx_foreign"
    assert codes(copy, mali_release) == []


def test_a_memory_that_was_written_anew_does_not_help_against_the_release(copy: Path, mali_release: Path) -> None:
    parts = zipped(copy)
    for name in ("word/document.xml", "word/footnotes.xml", "customXml/item1.xml"):
        parts[name] = re.sub(rb"(?<!at most )39(\xc2\xa0| )people", b"390 people", parts[name])
    write(copy, parts)
    assert codes(copy) == []
    assert codes(copy, mali_release) == [("figure_changed", "figures/ML/interviews/2024")]


def test_a_release_that_is_damaged_is_no_measure(copy: Path, mali_release: Path, tmp_path: Path) -> None:
    broken = shutil.copytree(mali_release, tmp_path / "broken")
    (broken / "report.en.docx").write_bytes(copy.read_bytes() + b"x")
    assert codes(copy, broken) == [("file_changed", None)]


def test_a_folder_is_held_against_itself_and_not_against_a_release(mali_release: Path) -> None:
    done = CliRunner().invoke(command, [str(mali_release), "--release", str(mali_release)])
    assert done.exit_code == 2
    assert CliRunner().invoke(command, [str(mali_release)]).exit_code == 0


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\0" * 100])
def test_what_is_no_word_file_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.docx"
    file.write_bytes(content)
    done = CliRunner().invoke(command, [str(file)])
    assert done.exit_code == 1
    assert "Traceback" not in done.output


def test_the_command_leaves_with_one_and_lists_them(copy: Path, mali_release: Path) -> None:
    sound = CliRunner().invoke(command, [str(copy), "--release", str(mali_release)])
    assert (sound.exit_code, sound.output.strip()) == (0, "Every figure is as the release printed it.")
    edit(copy, lambda controls: setattr(texts(controls[0])[0], "text", "70%"))
    done = CliRunner().invoke(command, [str(copy), "--json"])
    assert done.exit_code == 1
    assert [item["code"] for item in json.loads(done.output)] == ["figure_changed"]


def zipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, parts: dict[str, bytes]) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    path.write_bytes(raw.getvalue())
