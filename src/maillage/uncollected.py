"""Long work that makes many things and few cycles, done without stopping again and again to look for cycles."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None]:
    """No search for cycles of references meanwhile (`with`, or as a decorator); then as before.

    Python looks through everything that it holds each time some hundred more things were made: a quarter of the time
    of reading a log of a hundred thousand lines.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
