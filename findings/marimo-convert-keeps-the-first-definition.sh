#!/usr/bin/env bash
# marimo 0.25.2: where a notebook defines a function again, as in a second try, `marimo convert` calls the
# second one `loss_1` and reports success. `from book import loss` is then the first try, and a function
# that stood between the two, which used the new one in Jupyter, uses the old one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q marimo==0.25.2
cd "$folder"
cell() {
    printf '{"cell_type": "code", "execution_count": null, "id": "%s", "metadata": {}, ' "$1"
    printf '"outputs": [], "source": "%s"}' "$2"
}
printf '{"cells": [%s, %s, %s, %s], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}' \
    "$(cell a 'def loss(w):\n    return w')" \
    "$(cell b 'def steps(w):\n    return [loss(w)] * 2')" \
    "$(cell c 'def loss(w):\n    return w * w')" \
    "$(cell d 'print(loss(3), steps(3))')" > book.ipynb
cat > cells.py <<'PYTHON'
import json

for cell in json.load(open("book.ipynb"))["cells"]:
    exec(cell["source"])
PYTHON
venv/bin/marimo convert book.ipynb -o book.py > said.txt 2>&1
echo "the notebook: $(venv/bin/python cells.py)"
echo "converted:    $(venv/bin/python book.py)"
echo "imported:     $(venv/bin/python -c 'from book import loss; print(loss(3))')"
grep 'def loss' book.py
test "$(venv/bin/python cells.py)" = "9 [9, 9]"
test "$(venv/bin/python book.py)" = "9 [3, 3]"
test "$(venv/bin/python -c 'from book import loss; print(loss(3))')" = 3
if venv/bin/marimo check book.py > checked.txt 2>&1; then
    echo "marimo check has nothing to say"
else
    exit 1
fi
# Seen:
#   the notebook: 9 [9, 9]
#   converted:    9 [3, 3]
#   imported:     3
#   def loss(w):
#   def loss_1(w):
#   marimo check has nothing to say
