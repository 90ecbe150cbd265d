#!/usr/bin/env bash
# jupytext 1.19.6: a picture that was pasted into a text cell (an attachment, as Jupyter keeps a photograph
# of handwriting) is in no text form, nor in the notebook made of it again; the link to it stays.
# Nothing is said, and `--test-strict`, which compares the notebook after the way there and back, agrees.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q jupytext==1.19.6
cd "$folder"
cat > book.ipynb <<'JSON'
{"cells": [{"cell_type": "markdown", "id": "a", "metadata": {},
  "attachments": {"photo.png": {"image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}},
  "source": "My proof:\n\n![photo.png](attachment:photo.png)"}],
 "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
 "nbformat": 4, "nbformat_minor": 5}
JSON
for form in py:percent py:light md md:myst; do
    text="book.${form%%:*}"
    venv/bin/jupytext --test-strict --to "$form" book.ipynb > said.txt 2>&1
    venv/bin/jupytext --to "$form" book.ipynb -o "$text" >> said.txt 2>&1
    venv/bin/jupytext --to ipynb "$text" -o back.ipynb >> said.txt 2>&1
    grep -iq 'attach\|warn\|lost' said.txt && exit 1
    echo "$form: strict test passed; links $(grep -c attachment:photo back.ipynb)," \
        "pictures $(grep -c iVBOR back.ipynb || true)" | tee -a seen.txt
done
test "$(grep -c 'links 1, pictures 0' seen.txt)" = 4
# Seen:
#   py:percent: strict test passed; links 1, pictures 0
#   py:light: strict test passed; links 1, pictures 0
#   md: strict test passed; links 1, pictures 0
#   md:myst: strict test passed; links 1, pictures 0
