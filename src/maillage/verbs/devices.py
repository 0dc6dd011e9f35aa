"""`maillage devices`: whose computers have a log in the study, and saying of one that it is its coder's."""

from collections.abc import Callable, Collection
from pathlib import Path

from maillage.errors import MaillageError
from maillage.study import devices, log, vault
from maillage.study.devices import Device
from maillage.study.folder import Study, open_study
from maillage.verbs.entering import coder_of

Ask = Callable[[Device], bool]


def never(_device: Device) -> bool:
    """The answer where nobody is asked."""
    return False


def listed(path: Path) -> list[Device]:
    """The devices of a study, by coder and name."""
    return devices.listed(open_study(path).path)


def confirm(path: Path, name: str, *, coder: str | None) -> list[Device]:
    """Enter in the coder's log that the device `name` (CODER.DEVICE) is that coder's; which were not confirmed before.

    Raises MaillageError `device_unknown`, `device_keys`, `coder_unknown`, `log_readonly` (that log is damaged).
    """
    study = open_study(path)
    me = coder_of(study, coder)
    there = [one for one in devices.listed(study.path) if one.signer.name == name]
    if not there:
        names = ", ".join(one.signer.name for one in devices.listed(study.path))
        raise MaillageError("device_unknown", value=name, devices=names)
    return enter(study, me, there)


def enter(study: Study, me: str, wanted: Collection[Device]) -> list[Device]:
    """Confirm these devices; those that are trusted already are left out. Raises as `confirm`."""
    fresh = [one for one in wanted if not one.confirmed]
    for one in fresh:
        _may_be(study, one)
    log.append(study, me, [devices.confirmation(one.signer) for one in fresh])
    return fresh


def asked(study: Study, me: str, files: Collection[str], ask: Ask) -> list[Device]:
    """Ask about each device among the log `files` that is not confirmed, and enter what was answered with yes."""
    names = {file.removesuffix(".jsonl").partition("~")[0] for file in files}
    strange = [one for one in devices.listed(study.path) if not one.confirmed and one.signer.name in names]
    return enter(study, me, [one for one in strange if one.signer.coder in study.settings.coders and ask(one)])


def _may_be(study: Study, one: Device) -> None:
    if one.signer.coder not in study.settings.coders:
        coders = ", ".join(study.settings.coders)
        raise MaillageError("coder_unknown", coder=one.signer.coder, coders=coders)
    logs = [log.read(path) for path in log.files(study.path)]
    own = [item for item in logs if devices.signer(item) == one.signer]
    problems = [item for each in own for item in log.verify(each.path, study.settings.id) if item.level == "error"]
    if problems:
        raise MaillageError("log_readonly", findings=problems, file=problems[0].file)
    told = vault.read_known(study.path)
    if any(vault.contradicts(told, item.entries) for item in own):
        raise MaillageError("device_keys", value=one.signer.name)
