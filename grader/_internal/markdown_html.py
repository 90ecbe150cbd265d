"""A page of Markdown as HTML, with its formulas as MathML. Needs the staff extra."""

from __future__ import annotations

from html import escape
from typing import Any

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin


def markdown_html(text: str) -> str:
    """The HTML of a page. HTML in the page itself stays text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    dollarmath_plugin(parser, double_inline=True, renderer=_formula)
    return str(parser.render(text))


def _formula(latex: str, options: dict[str, Any]) -> str:
    """A formula for browsers; what is no LaTeX is shown as it is written."""
    display = "block" if options.get("display_mode") else "inline"
    try:
        return convert(latex, display=display)
    except Exception:  # its errors have no common base
        return f"<code>{escape(latex)}</code>"
