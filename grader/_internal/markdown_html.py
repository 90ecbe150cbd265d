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

# A formula in a line, by Pandoc's rule: "$5 | $6" is none.
_FORMULA = re.compile(r"(?<![\\$])(\$\$?)(?![\s$])(?:\\.|[^$\\`\n])*?(?<!\s)\1(?![\d$])")
_BAR = "\ufdd0"  # stands for "|" in a formula; no character of any text


def markdown_html(text: str) -> str:
    """The HTML of a page. HTML in the page itself stays text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    dollarmath_plugin(parser, double_inline=True, renderer=_formula)
    # A table is cut into cells at each "|", also in a norm, and would take the backslash from "\|".
    hidden = _FORMULA.sub(lambda formula: formula[0].replace("|", _BAR), text)
    return str(parser.render(hidden)).replace(_BAR, "|")


def _formula(latex: str, options: dict[str, Any]) -> str:
    """A formula for browsers; what is no LaTeX is shown as it is written."""
    latex = latex.replace(_BAR, "|")
    # A converter of its own: what one formula defines or numbers does not reach another page.
    converter = LatexToMathML(allow_unreliable_rendering=True)
    try:
        mathml = converter.convert_with_local_state(
            latex, displaystyle=bool(options.get("display_mode"))
        )
    except LatexError:
        return f"<code>{escape(latex)}</code>"
    return _STYLE.sub(lambda tag: tag[1] + (f' class="{tag[2]}"' if tag[2] else ""), mathml)
