"""Where the values of a JSON text stand, without making objects of them.

A notebook of 30 MB may hold ten million empty dictionaries in its outputs, which Python would need
gigabytes for. Only the code is wanted: everything else is stepped over as bytes, and no object is
made of it. What is stepped over is not checked, so a fault in an output costs nothing.

Bounds: a text of more than MAX_TOKENS lists, objects and strings is not looked at; counting them
takes milliseconds. What is stepped over is cut into pieces whose brackets are counted together, so
that its time grows with its length alone, however it is nested: 30 MB took up to 2 s of CPU.
Walking into values is slower, so no more than MAX_STEPS of them are walked through. No memory is
taken beyond a copy of the text.
"""

from __future__ import annotations

import contextlib
import json
import operator
import re
from collections.abc import Iterator
from itertools import accumulate, chain, islice, repeat

MAX_TOKENS = 4_000_000
MAX_STEPS = 150_000  # each of some 10 microseconds

_SPACE = re.compile(rb"[ \t\r\n]*+")
# Possessive (`*+`): a string of millions of escapes is matched without a stack of ways back.
_STRING_PATTERN = rb'"(?:[^"\\]++|\\.)*+"'
_STRING = re.compile(_STRING_PATTERN, re.DOTALL)
_STRINGS = re.compile(
    rb"\[\s*+(?:%b\s*+,\s*+)*+%b\s*+\]" % (_STRING_PATTERN, _STRING_PATTERN), re.DOTALL
)
_SCALAR = re.compile(rb"[^\s,:\"\[\]{}]++")
_WORD = re.compile(rb"(?:true|false|null|-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?)(?![^\s,\]}])")
_DECODER = json.JSONDecoder(strict=False)  # a text may hold a tab or a line end as it is
# Pieces of text that end outside of strings: short ones first, because most values are short.
_PIECES = tuple(
    re.compile(rb'(?:[^"]{1,64}+|%b){0,%d}+' % (_STRING_PATTERN, count), re.DOTALL)
    for count in (4, 32, 256, 2048)
)
_STRING_OR_BRACKET = re.compile(rb"[\[\]{}]|" + _STRING_PATTERN, re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_DEPTHS = bytes.maketrans(b"[{]}", b"\1\1\xff\xff")  # as signed numbers: 1 up, 1 down


class BrokenJson(ValueError):
    """The text is not JSON from this byte on. `at`: which."""

    def __init__(self, at: int) -> None:
        super().__init__(f"broken at byte {at}")
        self.at = at


class TooManyValues(ValueError):
    """More values would have to be walked through than are."""


class OtherJson(ValueError):
    """A value is of another kind than is wanted. at: its first byte. wanted: such as "a list"."""

    def __init__(self, at: int, wanted: str) -> None:
        super().__init__(f"not {wanted} at byte {at}")
        self.at = at
        self.wanted = wanted


class Places:
    """A JSON text to walk through. A place is the number of the byte that a value begins at.

    Whoever walks into a value while it is handed out pays for it once: its end is then known.
    """

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._known_ends: dict[int, int] = {}
        self._steps = 0
        self._last = (-1, -1)  # the place that was asked for last, and its end

    @property
    def too_many(self) -> bool:
        """Whether the text holds more lists, objects and strings than are stepped over."""
        text = self._text
        return text.count(b"{") + text.count(b"[") + text.count(b'"') // 2 > MAX_TOKENS

    def start(self) -> int:
        """The place of the whole text's value."""
        return self._space(0)

    def kind(self, at: int) -> str:
        """The first character of the value at a place: "{", "[", '"', or of a word or number."""
        return chr(self._text[at]) if at < len(self._text) else ""

    def members(self, at: int) -> Iterator[tuple[str, int]]:
        """The keys of the object at a place, each with the place of its value.

        Raises BrokenJson at a fault that is come across on the way, OtherJson where there is
        another kind of value, and TooManyValues.
        """
        self._expect_kind(at, "{", "an object")
        place = self._space(at + 1)
        while self._text[place : place + 1] != b"}":
            self._expect(place, b'"')
            end = self._end(place)
            colon = self._space(end)
            self._expect(colon, b":")
            value = self._space(colon + 1)
            yield self._text[place + 1 : end - 1].decode("utf-8", "replace"), value
            place = self._next(value, b"}")
        self._known_ends[at] = place + 1

    def items(self, at: int) -> Iterator[int]:
        """The places of the values of the list at a place. Raises BrokenJson, as `members` does."""
        self._expect_kind(at, "[", "a list")
        place = self._space(at + 1)
        while self._text[place : place + 1] != b"]":
            yield place
            place = self._next(place, b"]")
        self._known_ends[at] = place + 1

    def size(self, at: int) -> int:
        """How many bytes the value at a place takes."""
        return self._end(at) - at

    def text(self, at: int) -> str:
        """The string at a place. Raises BrokenJson, or OtherJson for another kind of value."""
        self._expect_kind(at, '"', "a text")
        end = self._end(at)
        inside = self._text[at + 1 : end - 1].decode("utf-8", "replace")
        if "\\" not in inside:
            return inside
        try:
            value = _DECODER.decode(f'"{inside}"')
        except ValueError:
            raise BrokenJson(at) from None
        assert isinstance(value, str)
        return value

    def texts(self, at: int) -> list[str]:
        """The strings of the list at a place. Raises as `items` and `text` do.

        A list of strings alone is decoded at once, because code comes in hundreds of thousands.
        """
        end = self._end(at)
        if _STRINGS.fullmatch(self._text, at, end):
            try:
                return list(_DECODER.decode(self._text[at:end].decode("utf-8", "replace")))
            except ValueError:
                pass  # the walk tells at which string
        return [self.text(item) for item in self.items(at)]

    def number(self, at: int) -> int | None:
        """The whole number at a place; None for anything else."""
        found = re.compile(rb"\d{1,6}\b").match(self._text, at)
        return int(found[0]) if found else None

    def line(self, at: int) -> int:
        """The line of the text that a place is in, counted from 1."""
        return self._text.count(b"\n", 0, at) + 1

    def _next(self, at: int, closing: bytes) -> int:
        """The place after the value at a place and its comma; that of the closing bracket."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise TooManyValues
        after = self._space(self._end(at))
        if self._text[after : after + 1] == closing:
            return after
        self._expect(after, b",")
        return self._space(after + 1)

    def _space(self, at: int) -> int:
        return _end_of_match(_SPACE, self._text, at)

    def is_whole(self) -> bool:
        """Whether the text is one value of JSON, so far as that shows without looking into it."""
        try:
            return self._is_value(self.start()) and (
                self._space(self._end(self.start())) == len(self._text)
            )
        except BrokenJson:
            return False

    def _expect_kind(self, at: int, first: str, wanted: str) -> None:
        if self.kind(at) != first:
            raise OtherJson(at, wanted) if self._is_value(at) else BrokenJson(at)

    def _is_value(self, at: int) -> bool:
        return self.kind(at) in ("{", "[", '"') or _WORD.match(self._text, at) is not None

    def _expect(self, at: int, char: bytes) -> None:
        if self._text[at : at + 1] != char:
            raise BrokenJson(at)

    def _end(self, at: int) -> int:
        """Where the value at a place ends."""
        if at != self._last[0]:
            self._last = at, self._end_of(at)
        return self._last[1]

    def _end_of(self, at: int) -> int:
        """The same, looked for. Iterative: depth costs no stack."""
        if at in self._known_ends:
            return self._known_ends[at]
        first = self._text[at : at + 1]
        if first not in (b"{", b"["):
            found = (_STRING if first == b'"' else _SCALAR).match(self._text, at)
            if found is None:
                raise BrokenJson(at)
            return found.end()
        return self._end_of_list(at)

    def _end_of_list(self, at: int) -> int:
        """Where the list or object at a place ends, piece by piece."""
        text, depth, place = self._text, 1, at + 1
        for pattern in chain(_PIECES, repeat(_PIECES[-1])):
            end = _end_of_match(pattern, text, place)
            if end == place:
                raise BrokenJson(place)  # the text ends, or a string does not
            piece = text[place:end]
            if b'"' in piece:
                piece = _STRING.sub(b"", piece)
            brackets = piece.translate(None, _NO_BRACKETS)
            closing = brackets.count(b"]") + brackets.count(b"}")
            if closing >= depth:
                depths = memoryview(brackets.translate(_DEPTHS)).cast("b")
                with contextlib.suppress(ValueError):
                    count = operator.indexOf(accumulate(depths, initial=depth), 0)
                    return _end_of_bracket(text, place, count)
            depth, place = depth + len(brackets) - 2 * closing, end
        raise AssertionError("repeat has no end")


def _end_of_match(pattern: re.Pattern[bytes], text: bytes, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()


def _end_of_bracket(text: bytes, at: int, count: int) -> int:
    """Where the `count`-th bracket outside of strings ends, behind a place outside of one."""
    marks = _STRING_OR_BRACKET.finditer(text, at)
    ends = (mark.end() for mark in marks if not mark[0].startswith(b'"'))
    return next(islice(ends, count - 1, None))
