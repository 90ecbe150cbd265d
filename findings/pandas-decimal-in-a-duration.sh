#!/usr/bin/env bash
# pandas 3.1.1 (numpy 2.4.6): in an ISO 8601 duration, a decimal counts in seconds only. What stands before
# the point elsewhere is taken for seconds, and the digits after it, zeros included, for the whole number
# of the unit: half a day, `P0.5D`, is 5 days and `PT12.50H` two days. A month, `P1M`, is a minute. A year
# is refused; these are not. pydantic 2.14.4 reads all of them, a month as 30 days.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pandas==3.1.1 numpy==2.4.6 pydantic==2.14.4
"$folder/venv/bin/python" -W error - <<'PYTHON'
from datetime import timedelta

import pandas as pd
from pydantic import TypeAdapter

DAY, HOUR, MINUTE, SECOND = (timedelta(**{unit: 1}) for unit in ("days", "hours", "minutes", "seconds"))
SEEN = [
    ("PT1H30M", 90 * MINUTE, 90 * MINUTE),
    ("PT1.5S", 1.5 * SECOND, 1.5 * SECOND),
    ("PT0.5H", 5 * HOUR, 30 * MINUTE),
    ("PT12.5H", 5 * HOUR + 12 * SECOND, 12.5 * HOUR),
    ("PT12.50H", 50 * HOUR + 12 * SECOND, 12.5 * HOUR),
    ("P0.5D", 5 * DAY, 12 * HOUR),
    ("P1.5W", 35 * DAY + SECOND, 10.5 * DAY),
    ("P1M", MINUTE, 30 * DAY),
]
column = pd.to_timedelta(pd.Series([text for text, _, _ in SEEN]))
for (text, wanted, sense), in_column in zip(SEEN, column, strict=True):
    read = pd.Timedelta(text)
    other = TypeAdapter(timedelta).validate_python(text)
    print(f"{text:9} pandas {read!s:16} pydantic {other}")
    assert read == in_column == wanted, (read, in_column)
    assert other == sense, other
try:
    pd.Timedelta("P1Y")
    said = "read"
except ValueError:
    said = "refused"
print("P1Y       pandas", said)
assert said == "refused"
PYTHON
# Seen:
#   PT1H30M   pandas 0 days 01:30:00  pydantic 1:30:00
#   PT1.5S    pandas 0 days 00:00:01.500000 pydantic 0:00:01.500000
#   PT0.5H    pandas 0 days 05:00:00  pydantic 0:30:00
#   PT12.5H   pandas 0 days 05:00:12  pydantic 12:30:00
#   PT12.50H  pandas 2 days 02:00:12  pydantic 12:30:00
#   P0.5D     pandas 5 days 00:00:00  pydantic 12:00:00
#   P1.5W     pandas 35 days 00:00:01 pydantic 10 days, 12:00:00
#   P1M       pandas 0 days 00:01:00  pydantic 30 days, 0:00:00
#   P1Y       pandas refused
