"""What files of a source are called: its id where every system can hold a file of that name, else its hash.

An id comes from a table of somebody else: it may be a path, a device of Windows, a name that another file needs.
"""

import re
from hashlib import sha256
from pathlib import Path

TEXTS = "documents"
LONGEST = 180  # bytes: room for what stands before and after it, within the 255 that disks allow
DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|:|\Z)", re.IGNORECASE)
PLAIN = re.compile(r"(?![\s.=])[^\x00-\x1f\x7f<>:\"/\\|?*~]+(?<![\s.])\Z")


def stem(source: str) -> str:
    """The name of a file of a source, without its ending. Two sources never share one."""
    plain = PLAIN.match(source) and not DEVICE.match(source) and len(source.encode("utf-8", "replace")) <= LONGEST
    return source if plain else hashed(source)


def hashed(source: str) -> str:
    """A name that no id has: `=` and half of the SHA-256 of the id."""
    return f"={sha256(source.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def text_file(study: Path, source: str) -> Path:
    """Where the text of a source lies that may be kept in clear."""
    return study / TEXTS / f"{stem(source)}.txt"
