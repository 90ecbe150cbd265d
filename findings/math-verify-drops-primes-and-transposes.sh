#!/usr/bin/env bash
# math-verify 0.9.0 (latex2sympy2_extended 1.11.0): f'(x) equals f(x), as X^T y equals X y, the order of a
# matrix product does not matter, and N is n: primes and `^T` are left out, letters become small. A
# gradient that lacks its transpose, or is the function itself, is verified. `\top` is kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q math-verify==0.9.0 latex2sympy2_extended==1.11.0 \
  antlr4-python3-runtime==4.13.2 sympy==1.14.0
"$folder/venv/bin/python" - <<'PYTHON'
from math_verify import parse, verify

SEEN = [
    (r"\sigma'(z)", r"\sigma(z)", True),
    ("f''(x)", "f'(x)", True),
    ("X^T(Xw - y)", "X(Xw - y)", True),
    ("X^T y", "y X", True),
    (r"X^\top y", "X y", False),
    (r"\frac{1}{N}", r"\frac{1}{n}", True),
    (r"\Theta - \theta", "0", True),
    ("p(1 - p)", "p - p^2", True),
    ("p(1 - p)", "p + p^2", False),
]
for gold, answer, expected in SEEN:
    right = verify(parse(f"${gold}$"), parse(f"${answer}$"))
    print(f"{gold:16} {answer:14} {right}")
    assert right is expected, (gold, answer)
PYTHON
# Seen:
#   \sigma'(z)       \sigma(z)      True
#   f''(x)           f'(x)          True
#   X^T(Xw - y)      X(Xw - y)      True
#   X^T y            y X            True
#   X^\top y         X y            False
#   \frac{1}{N}      \frac{1}{n}    True
#   \Theta - \theta  0              True
#   p(1 - p)         p - p^2        True
#   p(1 - p)         p + p^2        False
