"""From a text to a Parse: words, sentences, tags, trees, entities, roles and the coder's scores, with exact offsets."""

from __future__ import annotations

from melian.language.parse import Parse, read

__all__ = ["Parse", "read"]
