"""What a report is called: its title, else the first line of its text that is a headline or a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from melian.crisis.tellings import squeeze
from melian.views.marks import paragraphs
from melian.views.wording import table

UNTITLED = "Report without a title"
OPENING = 1500  # characters of a text in which its heading is looked for
OPENING_SQL = f"CASE WHEN trim(coalesce(d.title, '')) = '' THEN substr(d.text, 1, {OPENING}) END AS opening"
"""SQL for what `heading` needs of a document `d` beside its title."""

_LONGEST, _FEWEST = 90, 4  # characters that are shown; words of a headline
_END = '.!?…”"’'
_DASH = re.compile(r"\s*[—–]\s*|\s+--?\s+")
_SHOUTED = re.compile(r"[^\W\d_a-zß-öø-ÿ]{3,}(?![^\W\d_])")
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
_SENTENCE = re.compile(r".{35,}?[.!?…][\"'”’)\]]*(?=\s|$)")


def heading(source: Mapping[str, Any]) -> str:
    """What a report is called.

    Args:
        source: a mapping with `title`, and with `opening` or `text`, the beginning of the text.
    """
    if title := squeeze(source.get("title") or ""):
        return title
    text = (source.get("opening") or source.get("text") or "")[:OPENING]
    lines = [squeeze(text[start:end]) for start, end in paragraphs(text)]
    found = next((told for line in lines if (told := _told(line))), None)
    return _shortened(found or next((line for line in lines if line), UNTITLED))


def _told(line: str) -> str | None:
    """The headline or sentence of a line, without its dateline; None for a byline, a rubric, a bare dateline."""
    dash = _DASH.search(line[:_LONGEST])
    if dash and _SHOUTED.match(line) and line[-1] in _END:
        line = line[dash.end() :]
    elif (len(line) <= _LONGEST or line[-1] not in _END) and (
        _DATED.search(line) or any(word in line.lower() for word in table("bylines"))
    ):
        return None
    return line if len(line.split(" ")) >= _FEWEST else None


def _shortened(line: str) -> str:
    """The first sentence, cut between words."""
    sentence = _SENTENCE.match(line)
    first = sentence[0] if sentence else line
    if len(first) <= _LONGEST:
        return first.removesuffix(".")
    return first[:_LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:—–-") + " …"
