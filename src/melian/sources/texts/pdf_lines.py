"""From the lines of PDF pages to one text: what stands on every page goes, words cut at line ends are made whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–— ]*\d{1,4}[-–— ]*(?:(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_EDGE = 2  # lines at the top and the foot of a page in which headers and footers stand
_SHARE = 0.6  # of the pages that a line must stand on to be a header or footer
_FEWEST = 3  # pages from which on that can be told
_CUT = re.compile(r"(\w*[^\W\d_])-\n([^\W\d_][\w]*)")
_WORD = re.compile(r"\w+(?:-\w+)*")


def joined(pages: Sequence[str]) -> str:
    """The text of all pages; a line break stands where the file has one."""
    lined = [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]
    repeated = _repeated(lined)
    kept = [
        line
        for lines in lined
        for n, line in enumerate(lines)
        if not ((n < _EDGE or n >= len(lines) - _EDGE) and (_same(line) in repeated or _PAGE_NUMBER.fullmatch(line)))
    ]
    text = "\n".join(kept)
    words = {word.casefold() for word in _WORD.findall(text)}

    def mend(cut: re.Match[str]) -> str:
        return _mended(cut[1], cut[2], words)

    return _CUT.sub(mend, text)


def _repeated(pages: list[list[str]]) -> set[str]:
    """Lines at the edges of most pages, numbers in them left open."""
    if len(pages) < _FEWEST:
        return set()
    counts = Counter(same for lines in pages for same in {_same(line) for line in lines[:_EDGE] + lines[-_EDGE:]})
    return {line for line, count in counts.items() if count >= max(_FEWEST, _SHARE * len(pages))}


def _same(line: str) -> str:
    return _DIGITS.sub("0", line.casefold())


def _mended(first: str, second: str, words: set[str]) -> str:
    """A word that a line's end cut: with its hyphen where the text has it so elsewhere, or where one half is a name ("Russia-led")."""
    if f"{first}-{second}".casefold() in words:
        return f"{first}-{second}"
    if f"{first}{second}".casefold() in words:
        return f"{first}{second}"
    return f"{first}-{second}" if first[0].isupper() or second[0].isupper() else f"{first}{second}"
