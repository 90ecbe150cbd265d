#!/usr/bin/env bash
# latex2mathml 3.81.1: `\mathbb{R}` becomes the letter of that shape, and `\mathbb R`, which TeX reads
# alike, `mathvariant`, of which MathML Core (and so Chromium) keeps only "normal": a plain R. So do
# `\mathbf x`, bold digits, `\bm` and `\boldsymbol` everywhere. `aligned` loses its rows and shows its
# `&`. Nothing of it is an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q latex2mathml==3.81.1
"$folder/venv/bin/python" - <<'PYTHON'
import re

from latex2mathml.converter import convert


def shown(latex):
    """What is between <math> and </math>, without rows that hold the whole of it."""
    return re.sub(r"</?(?:math|mrow)[^>]*>", "", convert(latex))


SEEN = {
    r"\mathbb{R}": "<mi>&#x0211D;</mi>",
    r"\mathbb R": '<mi mathvariant="double-struck">R</mi>',
    r"\mathbf{x}": "<mi>&#x1D431;</mi>",
    r"\mathbf x": '<mi mathvariant="bold">x</mi>',
    r"\mathbf{1}": '<mn mathvariant="bold">1</mn>',
    r"\boldsymbol{\beta}": '<mi mathvariant="bold-italic">&#x003B2;</mi>',
    r"\bm{x}": '<mi mathvariant="bold-italic">x</mi>',
}
for latex, expected in SEEN.items():
    print(f"{latex:20} {shown(latex)}")
    assert shown(latex) == expected, latex
for name, rows, signs in (("align", 2, 0), ("aligned", 0, 2)):
    mathml = convert(rf"\begin{{{name}}} a &= b \\ &= c \end{{{name}}}")
    print(f"{name:20} rows: {mathml.count('<mtr>')}, signs &: {mathml.count('<mi>&</mi>')}")
    assert (mathml.count("<mtr>"), mathml.count("<mi>&</mi>")) == (rows, signs), name
PYTHON
# Seen:
#   \mathbb{R}           <mi>&#x0211D;</mi>
#   \mathbb R            <mi mathvariant="double-struck">R</mi>
#   \mathbf{x}           <mi>&#x1D431;</mi>
#   \mathbf x            <mi mathvariant="bold">x</mi>
#   \mathbf{1}           <mn mathvariant="bold">1</mn>
#   \boldsymbol{\beta}   <mi mathvariant="bold-italic">&#x003B2;</mi>
#   \bm{x}               <mi mathvariant="bold-italic">x</mi>
#   align                rows: 2, signs &: 0
#   aligned              rows: 0, signs &: 2
