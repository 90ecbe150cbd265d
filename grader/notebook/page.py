"""What a notebook or a page shows of a result: the words of the command line, as HTML and as text.

Colours are variables with a value for light and one for dark pages, by the marks that Jupyter,
VS Code and Colab put on theirs. Where such a page drops styles, the text is left.
"""

from __future__ import annotations

import io
import re
import sys
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.terminal_theme import TerminalTheme

WIDTH = 80
# By what rich calls them: on a light page, on a dark one. Each is at least 4.5 times as light or
# dark as its page (WCAG 2.2, 1.4.3).
_COLOURS = {
    "red": ("#b3261e", "#ff8a80"),
    "green": ("#1b6e2c", "#7ddc8e"),
    "yellow": ("#7a5500", "#e8c15a"),
    "magenta": ("#8e2a8b", "#ea9be6"),
    "cyan": ("#0b6672", "#6fd3e0"),
    "dim": ("#5f6368", "#b0b4b8"),
}
# What rich writes into the page for each: a number for every colour that is not seen anywhere else.
_MARKS = {name: (1, 2, 30 + place) for place, name in enumerate(_COLOURS)}
_DARK = (
    'html[theme="dark"]',
    'html[data-theme="dark"]',
    'body[data-jp-theme-light="false"]',
    "body.vscode-dark",
    "body.vscode-high-contrast",
)
_FRAME = (
    '<pre class="grader-result" style="white-space:pre-wrap;word-break:normal;'
    'overflow-wrap:anywhere;line-height:1.35;background:transparent;color:inherit">{code}</pre>'
)
_IN_TAG = re.compile(r'(?<= style=")[^"]*(?=")')


class Page:
    """What one call shows. out: where its words are written to, as on a terminal."""

    def __init__(self) -> None:
        self._printed = io.StringIO()
        self.out = Console(
            width=WIDTH, highlight=False, emoji=False, record=True, file=self._printed,
            force_terminal=True, force_jupyter=False, color_system="standard", legacy_windows=False,
        )  # fmt: skip

    def note(self, text: str) -> None:
        """A sentence that needs attention."""
        self.out.print("[yellow]note:[/]", escape(text))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        """What IPython shows: whatever the page that asks can show of it."""
        return {"text/html": self.html(), "text/plain": self.text()}

    def text(self) -> str:
        """What was written, without colours."""
        return self.out.export_text(clear=False).rstrip("\n")

    def html(self) -> str:
        """What was written, with its colours."""
        code = self.out.export_html(
            theme=_theme(), clear=False, code_format="{code}", inline_styles=True
        )
        names = {_hex(mark): f"var(--grader-{name})" for name, mark in _MARKS.items()}
        hexes = re.compile("|".join(names))
        coloured = _IN_TAG.sub(
            lambda style: hexes.sub(lambda found: names[found[0]], style[0]), code
        )
        return f"<style>{_styles()}</style>{_FRAME.format(code=coloured)}"

    def show(self) -> None:
        """Show below the cell that runs what was written since the last call of this."""
        if self._printed.getvalue():
            sys.modules["IPython"].display.display(self)
            self.out.export_text(clear=True)
            self._printed.seek(0)
            self._printed.truncate()


def as_printed() -> Console:
    """What writes lines below the cell as they come. A kernel's output is no terminal, whatever it
    says of itself."""
    return Console(
        width=WIDTH, highlight=False, emoji=False, force_terminal=False, force_jupyter=False
    )


def _styles() -> str:
    light = ";".join(f"--grader-{name}:{pair[0]}" for name, pair in _COLOURS.items())
    dark = ";".join(f"--grader-{name}:{pair[1]}" for name, pair in _COLOURS.items())
    return (
        f".grader-result{{{light}}}"
        + ",".join(f"{page} .grader-result" for page in _DARK)
        + f"{{{dark}}}"
    )


def _theme() -> TerminalTheme:
    """The marks as a theme. rich makes what is dim half of the foreground and the background."""
    named = ("red", "green", "yellow", "", "magenta", "cyan", "")
    eight = [(0, 0, 0), *(_MARKS.get(name, (0, 0, 0)) for name in named)]
    dim = _MARKS["dim"]
    return TerminalTheme(dim, dim, eight)


def _hex(mark: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in mark)
