#!/usr/bin/env bash
# python-docx 1.2.0: the text of a paragraph lacks its equations without a mark where they stood, and a
# displayed equation is an empty paragraph. An answer "The gradient is X'(Y - P)." reads "The gradient is ."
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q python-docx==1.2.0 pypandoc_binary==1.17
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import docx
import pypandoc

answer = """The gradient is $X^T(Y - P)$.

$$\\frac{1}{n} \\sum_i x_i$$

It is zero at the optimum."""
pypandoc.convert_text(answer, "docx", format="md", outputfile="answer.docx")
texts = [paragraph.text for paragraph in docx.Document("answer.docx").paragraphs]
print(texts)
assert texts == ["The gradient is .", "", "It is zero at the optimum."]
back = pypandoc.convert_file("answer.docx", "plain").splitlines()[0]
print(ascii(back))
assert back.startswith("The gradient is X")
PYTHON
# Seen:
#   ['The gradient is .', '', 'It is zero at the optimum.']
#   'The gradient is X^(T)(Y\u2005\u2212\u2005P).'
