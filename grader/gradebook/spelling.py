"""How a name may be spelt where its letters with diacritics cannot be written."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

# Letters that Unicode does not take apart into a letter and a mark.
_ALONE = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
    "ŧ": "t", "ŋ": "n", "ə": "e",
}  # fmt: skip
# Where a language writes two letters instead.
_TWO = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "đ": "dj"}


def spellings(name: str) -> frozenset[str]:
    """The spellings of a name without diacritics: "müller" as "muller" and as "mueller".

    name: as `name_key` of the roster gives it, in which ß is ss already. Only Latin letters change:
    in another script a mark makes another name.
    """
    return frozenset({_spelt(name, _ALONE), _spelt(name, {**_ALONE, **_TWO})})


def _spelt(name: str, written: Mapping[str, str]) -> str:
    result: list[str] = []
    for char in unicodedata.normalize("NFC", name):
        if unicodedata.combining(char) and result and result[-1][-1:].isascii():
            continue  # such as the dot of a Turkish capital İ in lower case
        base = unicodedata.normalize("NFD", char)[0]
        plain = base if base.isascii() and base.isalpha() else char
        result.append(written.get(char) or written.get(base) or plain)
    return "".join(result)
