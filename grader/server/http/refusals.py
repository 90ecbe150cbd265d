"""A form that was refused comes back as it was filled in, with what is wrong beside the field.

The page of the form is made anew, so that it shows what holds by now, and what was typed is put
into it. Hidden fields stay as the page makes them: what somebody agrees to is what they see. No
page can choose a file again, so that is said beside its field.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import MappingProxyType

MOST_NAMES = 5
REFUSED = "refused"  # the id of what says why
_TYPED = frozenset({"input", "select", "textarea"})
_CONTROLS = _TYPED | {"button"}
_NOT_TYPED = frozenset({"hidden", "submit", "file", "button"})
_FOCUS = 'tabindex="-1" autofocus '
Attributes = Mapping[str, str | None]


@dataclass
class _FormPart:
    """A form of a page: how many others come before it, its fields, and what it is folded into."""

    place: int
    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    folds: tuple[int, ...] = ()

    def fit(self, sent: Mapping[str, str]) -> int:
        """How well what was sent fits: one page may have the same form for each of many."""
        same = sum(1 if sent.get(name) == value else -1 for name, value in self.hidden.items())
        return same - len(sent.keys() - self.names)


class _FormFinder(HTMLParser):
    """Lists the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_FormPart] = []
        self._count = 0
        self._inside: _FormPart | None = None
        self._folds: list[int] = []
        self._folded = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "details":
            self._folds.append(self._folded)
            self._folded += 1
        if tag == "form":
            action = given.get("action") or ""
            self._inside = _FormPart(self._count, action, folds=tuple(self._folds))
            self._count += 1
            self.forms.append(self._inside)
        elif self._inside is not None and tag in _CONTROLS and (name := given.get("name")):
            self._inside.names.add(name)
            if given.get("type") == "hidden":
                self._inside.hidden[name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        if tag == "details" and self._folds:
            self._folds.pop()


class _FormFiller(HTMLParser):
    """Writes a page again as it is, but for one form. parts: its text."""

    def __init__(
        self,
        form: _FormPart,
        sent: Mapping[str, str],
        chosen: Mapping[str, Sequence[str]],
        wrong: str,
        why: str,
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._form, self._sent, self._chosen_files = form, sent, chosen
        self._wrong = wrong if wrong in form.names - form.hidden.keys() else ""
        self._why = html.escape(why)
        self._forms = self._folds = 0
        self._here = False
        self._chosen: str | None = None  # of the select that is open
        self._skips = False  # what the page has in a textarea
        self._tells_after = ""  # the tag whose end the reason follows

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        raw, given = self.get_starttag_text() or "", dict(attrs)
        if tag == "details":
            raw = _with(raw, "open" if self._folds in self._form.folds else "")
            self._folds += 1
        if tag == "form":
            self._here = self._forms == self._form.place
            self._forms += 1
        elif self._here:
            raw = self._filled(tag, raw, given)
        self.parts.append(raw)
        if tag == "form" and self._here and not self._wrong:
            self.parts.append(f"<p>{self._reason(_FOCUS)}</p>")
        elif tag == "input" and self._tells_after == tag:
            self._tell()

    def _filled(self, tag: str, raw: str, given: Attributes) -> str:
        name, kind = given.get("name"), given.get("type") or "text"
        if tag == "option" and self._chosen is not None:
            chosen = given.get("value") == self._chosen
            return _with(_without(raw, "selected", given), "selected" if chosen else "")
        if name and tag == "input" and kind == "file":
            return self._file_field(name, raw)
        if not name or tag not in _TYPED or kind in _NOT_TYPED:
            return raw
        value = self._sent.get(name, "")
        if tag == "select":
            self._chosen = value
        elif tag == "textarea":
            self._skips = True
        elif kind in ("checkbox", "radio"):
            on = name in self._sent and value == (given.get("value") or "on")
            raw = _with(_without(raw, "checked", given), "checked" if on else "")
        else:
            raw = _with(_without_value(raw), f'value="{html.escape(value)}"')
        if name == self._wrong:
            raw = _with(raw, f'aria-invalid="true" aria-describedby="{REFUSED}" autofocus')
            self._tells_after, self._wrong = tag, " "  # of several with the name, at the first
        # The first line break of a textarea belongs to its tag.
        return raw + html.escape(f"\n{value}") if tag == "textarea" else raw

    def _file_field(self, name: str, raw: str) -> str:
        """A field of files: empty again, as browsers let no page fill it in."""
        told, notes = [], ""
        if name == self._wrong:
            told.append(REFUSED)
            notes, self._wrong = self._reason(""), " "
            raw = _with(raw, 'aria-invalid="true" autofocus')
        if names := self._chosen_files.get(name):
            told.append(f"again-{name}")
            notes += f'<span class="again" id="again-{name}">{_choose_again(names)}</span>'
        return _with(raw, f'aria-describedby="{" ".join(told)}"' if told else "") + notes

    def _tell(self) -> None:
        self.parts.append(self._reason(""))
        self._tells_after = ""

    def _reason(self, more: str) -> str:
        return f'<strong class="refused" id="{REFUSED}" {more}role="alert">{self._why}</strong>'

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")
        if tag == "form":
            self._here = False
        if tag in ("select", "textarea"):
            self._chosen, self._skips = None, False
            if self._tells_after == tag:
                self._tell()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(self.get_starttag_text() or "")

    def handle_data(self, data: str) -> None:
        if not self._skips:
            self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")


def refilled(
    page: str,
    action: str,
    sent: Mapping[str, str],
    wrong: str,
    why: str,
    chosen: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str | None:
    """A page with the form that was refused as it was sent; None if the page has no such form.

    page: from one of our templates. action: to which the form was sent. sent: its fields. wrong:
    the field with which something is wrong, "" for the whole form. why: in words. chosen: by field,
    the names of the files that were chosen in it.
    """
    finder = _FormFinder()
    finder.feed(page)
    finder.close()
    forms = [form for form in finder.forms if form.action.partition("?")[0] == action]
    if not forms:
        return None
    best = max(forms, key=lambda form: form.fit(sent))
    filler = _FormFiller(best, sent, chosen, wrong, why)
    filler.feed(page)
    filler.close()
    return "".join(filler.parts)


def _choose_again(names: Sequence[str]) -> str:
    listed = ", ".join(f"<bdi>{html.escape(name)}</bdi>" for name in names[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"Choose the file{'s' if len(names) > 1 else ''} {listed}{more} again."


def _with(tag: str, more: str) -> str:
    return f"{tag[:-1]} {more}>" if more else tag


def _without(tag: str, flag: str, given: Attributes) -> str:
    head, _, tail = tag.rpartition(f" {flag}")
    return head + tail if flag in given else tag


def _without_value(tag: str) -> str:
    return re.sub(r' value="[^"]*"', "", tag, count=1)
