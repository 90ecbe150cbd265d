#!/usr/bin/env bash
# marimo 0.25.2: `marimo convert` keeps the body of a `%%time` cell and turns the whole body of a
# `%%capture` or `%%prun` cell into comments, so that what it defines is gone. Its exit code is 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q marimo==0.25.2
cd "$folder"
cell() {
    printf '{"cell_type": "code", "execution_count": null, "id": "%s", "metadata": {}, ' "$2"
    printf '"outputs": [], "source": "%%%%%s\\ndef %s(x):\\n    return x"}' "$1" "$2"
}
printf '{"cells": [%s, %s, %s], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}' \
    "$(cell time timed)" "$(cell capture captured)" "$(cell prun profiled)" > book.ipynb
venv/bin/marimo convert book.ipynb -o book.py > said.txt 2>&1
grep 'def [a-z]' book.py
grep -q '^def timed(x):' book.py
grep -q '^    # def captured(x):' book.py
grep -q '^    # def profiled(x):' book.py
# Seen:
#   def timed(x):
#       # def captured(x):
#       # def profiled(x):
