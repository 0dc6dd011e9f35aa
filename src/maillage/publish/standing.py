"""What is told as a list stays as it went out until enough people have come or gone: routes, reported legs.

One entry more than last time would be what the one person who came told of, one fewer what the one who went did. So a
list stands, entry by entry, while fewer people than the threshold make the difference; where somebody went it cannot,
since their word is in it, and nothing of what people say is told. Which of these follows from who came and went alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: its columns, and who told of it (nobody where it is public evidence)."""

    row: Mapping[str, Any]
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Lists:
    """What an earlier release told as lists; None where nobody wrote that down, or there was none. reported: ids."""

    routes: Mapping[str, Entry] | None = None
    reported: Mapping[str, Entry] | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """A list as an earlier release told it. people: who was heard then; now: who of such is heard today. own: whether
    it went to the same readers; public: whether everybody has it."""

    told: Mapping[Any, Entry] | None
    people: frozenset[str]
    now: frozenset[str]
    own: bool
    public: bool = False

    def few(self, least: int) -> bool:
        """Whether few came or went since."""
        return 0 < len(self.people ^ self.now) < least

    @property
    def left(self) -> Mapping[Any, Entry]:
        """What of it stands: nothing once somebody went."""
        return {} if self.told is None or self.people - self.now else self.told


@dataclass(frozen=True, slots=True)
class Stands:
    """What a list must be: as it was (`told`), or where that is None as it is now, less some of it."""

    told: Mapping[Any, Entry] | None
    pasts: Sequence[Past] = field(default=())
    least: int = 0

    def of(self, fresh: Mapping[Any, Entry]) -> dict[Any, Entry]:
        """The list as it may be told. fresh: as it is now; what rests on nobody who is protected is told as it is."""
        public = {key: entry for key, entry in fresh.items() if not entry.asked}
        if self.told is not None:
            return public | dict(self.told)
        return {key: entry for key, entry in fresh.items() if key in public or self._may(key, entry)}

    def _may(self, key: Any, entry: Entry) -> bool:
        """Whether an entry rests on the same people as whenever it was told, or on enough others, if nobody went."""
        for past in self.pasts:
            before = (past.told or {}).get(key)
            changed = len(before.asked ^ entry.asked) if before else self.least
            if changed < self.least and (changed or past.people - past.now):
                return False
        return True


def stands(pasts: Sequence[Past], least: int, *, public: bool) -> Stands:
    """How a list is held against what earlier releases told, the oldest first.

    public: whether it is for everybody, of whom fewer know what others were told. Those who have the newest list from
    which few came or went since read it again; where others were told something then, the list is theirs if all have
    it, else empty.
    """
    own = [past for past in pasts if past.own]
    base: Past | None = None
    for past in own:
        if base is None or not 0 < len(past.people ^ base.people) < least:
            base = past
    if base is not None and base.few(least):
        return Stands(base.left)
    others = [past for past in pasts if not past.own and past.few(least)]
    if not others:
        return Stands(None, own, least)
    known = [past for past in others if past.public and not public]
    return Stands(known[-1].left if known else {})
