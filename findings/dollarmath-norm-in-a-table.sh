#!/usr/bin/env bash
# mdit-py-plugins 0.7.0 with markdown-it-py 4.3.0: tables are cut into cells before dollarmath sees a
# formula. `$\|x\|_2$`, a norm, becomes the formula |x|_2, and `$|x|$` ends the cell, so that what
# stands behind it is not on the page. nbconvert 7.17.2 leaves the norm as it is, and makes no table
# of one with `$|x|$`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q mdit-py-plugins==0.7.0 markdown-it-py==4.3.0 nbconvert==7.17.2
"$folder/venv/bin/python" - <<'PYTHON'
import re

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbconvert.filters.markdown_mistune import markdown2html_mistune

parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=lambda tex, _: tex)


def cells(html):
    """What the cells of the table say; nothing, if it is no table."""
    return [re.sub(r"<[^>]*>|\n", "", cell) for cell in re.findall(r"<td>.*?</td>", html, re.DOTALL)]


seen = {}
for formula in (r"$\|x\|_2$", "$|x|$"):
    table = f"| formula | its value |\n|---|---|\n| {formula} | 5 |\n"
    seen[formula] = cells(parser.render(table)), cells(markdown2html_mistune(table))
    print(formula, "| dollarmath:", *seen[formula][0], "| nbconvert:", *seen[formula][1])
assert seen == {
    r"$\|x\|_2$": (["|x|_2", "5"], [r"$\|x\|_2$", "5"]),
    "$|x|$": (["$", "x"], []),
}, seen
PYTHON
# Seen:
#   $\|x\|_2$ | dollarmath: |x|_2 5 | nbconvert: $\|x\|_2$ 5
#   $|x|$ | dollarmath: $ x | nbconvert:
