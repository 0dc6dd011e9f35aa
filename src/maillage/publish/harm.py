"""The harm screen: whom an action may hurt, how, what makes it less, which risk stays.

Required of actions that ask people to inform, to watch, or that deal with armed groups (`asks` in the pack). What
study.yml says of an action goes before what the pack says.
"""

from collections.abc import Mapping
from typing import Any

from maillage.errors import Finding, finding
from maillage.evidence import Settings
from maillage.pack import Pack

TEXTS = ("who", "how", "mitigation")


def screens(settings: Settings, pack: Pack) -> Mapping[str, Mapping[str, Any]]:
    """Action -> its harm screen (who, how, mitigation by language; residual a level), in the order of the pack."""
    told = {code: settings.care.harm.get(code) or action.get("screen") for code, action in pack.actions.items()}
    return {code: screen for code, screen in told.items() if screen}


def check(settings: Settings, pack: Pack) -> list[Finding]:
    """Actions that need a screen and have none, as every action of the pack is printed; screens of no action."""
    known = screens(settings, pack)
    lost = [code for code in settings.care.harm if code not in pack.actions]
    bare = [code for code, action in pack.actions.items() if action.get("asks") and code not in known]
    return [
        *(finding("harm_action_unknown", file="study.yml", field=f"harm.{code}", value=code,
                  known=", ".join(pack.actions)) for code in lost),
        *(finding("harm_screen_missing", file="study.yml", field="harm", value=code) for code in bare),
    ]  # fmt: skip
