"""Titles that files carry in their properties."""

from __future__ import annotations

import re

# What programs write there by themselves.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|office)\b.*|(?:untitled|document|word document|presentation|slide|page|print)[\s_-]*\d*"
    r"|\S*\.(?:docx?|pdf|rtf|odt|indd|qxd|wpd|tmp|html?)|[\W\d_]*)",
    re.IGNORECASE,
)


def title_of(value: object) -> str | None:
    """A title from a file's properties, or None where a program and not a person wrote it."""
    title = " ".join(str(value or "").split())
    return None if _NO_TITLE.fullmatch(title) else title
