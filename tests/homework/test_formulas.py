"""The handouts' formulas come out on GitHub as in Jupyter.

GitHub reads Markdown before mathematics: a backslash before a sign is gone ("\\," leaves a comma),
and an underscore or a star beside a bracket may begin italics.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HANDOUTS = sorted(ROOT.glob("assignments/*/README.md"))
CODE = re.compile(r"^```.*?^```|`[^`]*`", re.DOTALL | re.MULTILINE)
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
ALTERED = {
    "a backslash before a sign": r"\\[^A-Za-z\s]",
    "an underscore behind a bracket": r"[)\]}]_\w",
    "a star": r"\*",
    "a link": r"\]\(",
    "a tag": r"<\S",
}


@pytest.mark.parametrize("handout", HANDOUTS, ids=lambda path: path.parent.name)
def test_markdown_leaves_formulas_alone(handout):
    text = CODE.sub("", handout.read_text(encoding="utf-8"))
    formulas = [block or inline for block, inline in FORMULA.findall(text)]
    assert len(formulas) > 10
    for formula in formulas:
        for what, pattern in ALTERED.items():
            assert not re.search(pattern, formula), f"{what}: {formula}"
