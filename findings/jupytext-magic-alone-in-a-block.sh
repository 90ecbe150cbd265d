#!/usr/bin/env bash
# jupytext 1.19.6: a notebook whose code runs in Jupyter becomes a .py file that Python cannot parse,
# where a magic is the only statement of a block: it is written as a comment, and the block is empty.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q jupytext==1.19.6
cd "$folder"
cat > book.ipynb <<'JSON'
{"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [],
  "source": "if __name__ == '__main__':\n    %time constant = 9"}],
 "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
 "nbformat": 4, "nbformat_minor": 5}
JSON
for form in percent light; do
    venv/bin/jupytext --to "py:$form" book.ipynb -o "$form.py" > said.txt
    tail -2 "$form.py"
    python3 -m py_compile "$form.py" 2> refused.txt && exit 1
    grep -o 'IndentationError: expected an indented block.*' refused.txt
done
# Seen, for each form:
#   if __name__ == '__main__':
#       # %time constant = 9
#   IndentationError: expected an indented block after 'if' statement on line 16 (percent.py, line 17)
