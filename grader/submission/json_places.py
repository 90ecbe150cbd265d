"""Where the values of a JSON text stand, without making objects of them.

A notebook of 30 MB may hold ten million empty dictionaries in its outputs, which Python would need
gigabytes for. Only the code is wanted: everything else is stepped over as bytes, and no object is
made of it. What is stepped over is not checked, so a fault in an output costs nothing.

Bound: a text of more than MAX_TOKENS lists, objects and strings is not walked through; counting
them takes milliseconds. Values up to _SHALLOW_DEPTH deep are stepped over by one match, and what
is deeper by runs of opening and of closing brackets: 4 million of them took 0.5 to 3 s of CPU, by
how they were nested. No memory is taken beyond a copy of the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

MAX_TOKENS = 4_000_000

_SPACE = re.compile(rb"[ \t\r\n]*+")
# Possessive (`*+`): a string of millions of escapes is matched without a stack of ways back.
_STRING_PATTERN = rb'"(?:[^"\\]++|\\.)*+"'
_STRING = re.compile(_STRING_PATTERN, re.DOTALL)
_SOUND = re.compile(rb'(?:[^"]++|' + _STRING_PATTERN + rb")*+", re.DOTALL)
_STRINGS = re.compile(
    rb"\[\s*+(?:%b\s*+,\s*+)*+%b\s*+\]" % (_STRING_PATTERN, _STRING_PATTERN), re.DOTALL
)
_SCALAR = re.compile(rb"[^\s,:\"\[\]{}]++")
_WORD = re.compile(rb"(?:true|false|null|-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?)(?![^\s,\]}])")
_DECODER = json.JSONDecoder(strict=False)  # a text may hold a tab or a line end as it is
_SHALLOW_DEPTH = 8
_PATIENCE = 20
# What no opening or no closing bracket stands in, so much of it as is copied at once.
_RISING = re.compile(rb'(?:[^"\]}]++|' + _STRING_PATTERN + rb"){0,5000}+", re.DOTALL)
_FALLING = re.compile(rb'(?:[^"\[{]++|' + _STRING_PATTERN + rb"){0,5000}+", re.DOTALL)
_STRING_OR_CLOSING = re.compile(rb"[\]}]|" + _STRING_PATTERN, re.DOTALL)


def _values(depth: int) -> bytes:
    """The pattern of values, with what stands between them, that are less than `depth` deep."""
    inner = rb"|[\[{]" + _values(depth - 1) + rb"[\]}]" if depth > 1 else b""
    return rb'(?:[^"\[\]{}]++|' + _STRING_PATTERN + inner + b")*+"


_SHALLOW_VALUES = re.compile(_values(_SHALLOW_DEPTH), re.DOTALL)


class BrokenJson(ValueError):
    """The text is not JSON from this byte on. `at`: which."""

    def __init__(self, at: int) -> None:
        super().__init__(f"broken at byte {at}")
        self.at = at


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
        self._last = (-1, -1)  # the place that was asked for last, and its end

    @property
    def too_many(self) -> bool:
        """Whether the text holds more lists, objects and strings than are stepped over."""
        text = self._text
        return text.count(b"{") + text.count(b"[") + text.count(b'"') // 2 > MAX_TOKENS

    @cached_property
    def _last_sound(self) -> int:
        """Where a string begins that does not end, lest each list around it is matched up to the
        text's end; else the text's end."""
        return _end_of_match(_SOUND, self._text, 0, len(self._text))

    def start(self) -> int:
        """The place of the whole text's value."""
        return self._space(0)

    def kind(self, at: int) -> str:
        """The first character of the value at a place: "{", "[", '"', or of a word or number."""
        return chr(self._text[at]) if at < len(self._text) else ""

    def members(self, at: int) -> Iterator[tuple[str, int]]:
        """The keys of the object at a place, each with the place of its value.

        Raises BrokenJson at a fault that is come across on the way, and OtherJson where there is
        another kind of value.
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
        after = self._space(self._end(at))
        if self._text[after : after + 1] == closing:
            return after
        self._expect(after, b",")
        return self._space(after + 1)

    def _space(self, at: int) -> int:
        return _end_of_match(_SPACE, self._text, at, len(self._text))

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
        """Where the list or object at a place ends: shallow values inside of it by one match, and
        the brackets of deeper ones run by run."""
        text, last, depth, place = self._text, self._last_sound, 1, at + 1
        runs = 0  # to step over before shallow values are looked for again
        while True:
            if runs == 0:
                behind = _end_of_match(_SHALLOW_VALUES, text, place, last)
                # A look that finds little may have gone through much that proved too deep.
                runs = 0 if behind - place > 100 else _PATIENCE
                place = behind
            else:
                runs -= 1
            rising = _end_of_match(_RISING, text, place, last)
            depth += _brackets(text[place:rising], b"[", b"{")
            falling = _end_of_match(_FALLING, text, rising, last)
            closed = _brackets(text[rising:falling], b"]", b"}")
            if closed >= depth:
                marks = _STRING_OR_CLOSING.finditer(text, rising, last)
                closing = (mark.end() for mark in marks if mark[0] in (b"]", b"}"))
                return next(islice(closing, depth - 1, None))
            if falling == last:
                raise BrokenJson(last)  # the text ends, or a string does not
            depth, place = depth - closed, falling


def _end_of_match(pattern: re.Pattern[bytes], text: bytes, at: int, last: int) -> int:
    found = pattern.match(text, at, last)
    return at if found is None else found.end()


def _brackets(part: bytes, either: bytes, other: bytes) -> int:
    """How many brackets of two kinds stand in a part of a text, outside of its strings."""
    if b'"' in part:
        part = _STRING.sub(b"", part)
    return part.count(either) + part.count(other)
