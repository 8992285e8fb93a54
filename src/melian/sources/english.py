"""Whether a text is in English, and if not, in which language.

Two looks: the share of English function words, which settles nearly every English report at once, however many foreign
names stand in it; and only for the rest the n-gram model of py3langid (loaded then: half a second, 120 MB).
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

# A letter of a script without word spaces (Thai, Lao, Burmese, Khmer, Japanese, Chinese) counts as a word.
_WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff]|[^\W\d_]+")
_LOOKED_AT = 20_000  # characters, from the start
_MODEL_LOOKS_AT = 4_000  # characters; its verdict no longer changes after that
_ENGLISH_SHARE = 0.15  # of words that are function words; English news has 0.3, other languages under 0.1
_SURE = 0.5  # probability that the model must give a language before a text is called by it

# Labels of the model that do not say "another language": no language at all, and the creole nearest to headline English.
_NO_VERDICT = frozenset({"en", "zxx", "pcm"})


def other_language(text: str) -> str | None:
    """English name of the language that `text` is in, or None when it is English or too short to tell.

    A text in several languages counts as what most of it is in.
    """
    words = _WORD.findall(text[:_LOOKED_AT].lower())
    known = _function_words()
    if words and sum(word in known for word in words) >= _ENGLISH_SHARE * len(words):
        return None
    code, probability = _model().classify(" ".join(text[:_MODEL_LOOKS_AT].split()))
    if code in _NO_VERDICT or probability < _SURE:
        return None
    return _names().get(code, f"another language ({code})")


def _data(name: str) -> Any:
    return json.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def _function_words() -> frozenset[str]:
    # Kept out of the file: words that other languages have too ("at" and "for" in Danish, "as" in Portuguese).
    return frozenset(_data("english_words.json"))


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = _data("languages.json")
    return names


@cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
