#!/usr/bin/env bash
# text2qti 0.8.0: the bounds of a numerical question are written with four decimals. `3.14159265 +- 0.000001`
# becomes the range from 3.1416 to 3.1416, in which the answer of the quiz itself does not lie, and
# `0.00015 +- 1%` that from 0.0001 to 0.0002, where a third too much is right. Nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q text2qti==0.8.0
cd "$folder"
cat > quiz.txt <<'QUIZ'
1.  The area of a unit disc?
=   3.14159265 +- 0.000001

2.  The loss of a fair coin?
=   0.69315 +- 0.00001

3.  The step size?
=   [0.00021, 0.00024]

4.  The weight decay?
=   0.00015 +- 1%
QUIZ
venv/bin/text2qti quiz.txt > said.txt 2>&1
test ! -s said.txt
venv/bin/python - <<'PYTHON'
import re
import zipfile

with zipfile.ZipFile("quiz.zip") as package:
    written = "".join(package.read(name).decode() for name in package.namelist() if "assessment" in name)
bounds = list(zip(*(re.findall(rf"<{name} [^>]*>([^<]*)<", written) for name in ("vargte", "varlte"))))
given = ["3.14159265 +- 0.000001", "0.69315 +- 0.00001", "[0.00021, 0.00024]", "0.00015 +- 1%"]
for text, (low, high) in zip(given, bounds, strict=True):
    print(f"{text:24} from {low} to {high}")
assert bounds == [
    ("3.1416", "3.1416"), ("0.6931", "0.6932"), ("0.0002", "0.0002"), ("0.0001", "0.0002")
], bounds
PYTHON
# Seen:
#   3.14159265 +- 0.000001   from 3.1416 to 3.1416
#   0.69315 +- 0.00001       from 0.6931 to 0.6932
#   [0.00021, 0.00024]       from 0.0002 to 0.0002
#   0.00015 +- 1%            from 0.0001 to 0.0002
