#!/usr/bin/env bash
# dateparser 1.5.0: "5 listopada 2027" is 5 October in Croatian and 5 November in Polish. Left to find
# the language itself, dateparser takes the Polish month; a Croatian weekday in front settles it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q dateparser==1.5.0 babel==2.17.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime

import dateparser
from babel.dates import format_datetime

october = datetime(2027, 10, 5, 23, 59)
plain = format_datetime(october, "d MMMM y, HH:mm", locale="hr")
with_weekday = format_datetime(october, "EEEE, d MMMM y, HH:mm", locale="hr")
seen = {text: dateparser.parse(text) for text in (plain, with_weekday)}
for text, moment in seen.items():
    print(f"{text!r} -> {moment}")
assert plain == "5 listopada 2027, 23:59"
assert seen[plain] == datetime(2027, 11, 5, 23, 59), "read as November before"
assert seen[with_weekday] == october
assert dateparser.parse(plain, languages=["hr"]) == october
PYTHON
# Seen:
#   '5 listopada 2027, 23:59' -> 2027-11-05 23:59:00
#   'utorak, 5 listopada 2027, 23:59' -> 2027-10-05 23:59:00
