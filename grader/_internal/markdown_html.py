"""A page of Markdown as HTML, with its formulas as MathML. Needs the staff extra."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from math_core import LatexError, LatexToMathML
from mdit_py_plugins.dollarmath import dollarmath_plugin

# Pages of the server allow no style in a tag; the style sheets have these two classes instead.
_STYLE = re.compile(r'(<[^<>]*?) style="(?:text-align: (left|right))?[^"]*"')


def markdown_html(text: str) -> str:
    """The HTML of a page. HTML in the page itself stays text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    dollarmath_plugin(parser, double_inline=True, renderer=_formula)
    return str(parser.render(text))


def _formula(latex: str, options: dict[str, Any]) -> str:
    """A formula for browsers; what is no LaTeX is shown as it is written."""
    # A converter of its own: what one formula defines or numbers does not reach another page.
    converter = LatexToMathML(allow_unreliable_rendering=True)
    try:
        mathml = converter.convert_with_local_state(
            latex, displaystyle=bool(options.get("display_mode"))
        )
    except LatexError:
        return f"<code>{escape(latex)}</code>"
    return _STYLE.sub(lambda tag: tag[1] + (f' class="{tag[2]}"' if tag[2] else ""), mathml)
