"""Named random streams that give the same draws with every version of Python, on every computer."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of draws. Only `random()` is used: its sequence for a seed is what Python promises to keep."""

    def __init__(self, seed: int, name: str) -> None:
        self._next = random.Random(f"practice/{seed}/{name}").random

    def share(self) -> float:
        """A number from 0 to below 1."""
        return self._next()

    def happens(self, probability: float) -> bool:
        """True with this probability."""
        return self._next() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._next() * (high - low + 1))

    def one(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[int(self._next() * len(items))]

    def weighed(self, weights: Mapping[T, float]) -> T:
        """One of the keys, each with its weight."""
        left = self._next() * sum(weights.values())
        for item, weight in weights.items():
            left -= weight
            if left < 0:
                return item
        return list(weights)[-1]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        order = sorted((self._next(), place) for place in range(len(items)))
        return [items[place] for _, place in order]
