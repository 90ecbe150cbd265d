#!/usr/bin/env bash
# pydantic 2.14.4: Python writes an hour and a half too early as `-1 day, 22:30:00`, which is a day less 22.5
# hours more. pydantic reads this text, without an error, as 46.5 hours too early: it takes the sign
# for the hours too. Only whole days and positive durations come back as they were. What pydantic writes
# itself, `-PT1H30M`, it reads rightly, and pandas 3.1.1 reads Python's text rightly.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pydantic==2.14.4 pandas==3.1.1 numpy==2.4.6
"$folder/venv/bin/python" -W error - <<'PYTHON'
from datetime import timedelta

import pandas as pd
from pydantic import BaseModel


class Extension(BaseModel):
    late_by: timedelta


SEEN = [(1.5, 1.5), (30, 30), (-24, -24), (-0.5, -47.5), (-1.5, -46.5), (-30, -66)]
for hours, expected in SEEN:
    late_by = timedelta(hours=hours)
    read = Extension(late_by=str(late_by)).late_by
    from_json = Extension.model_validate_json(f'{{"late_by": "{late_by}"}}').late_by
    print(f"{hours:5} hours: {late_by!s:18} is read as {read / timedelta(hours=1):5.1f} hours")
    assert read == from_json == timedelta(hours=expected), read
    own = Extension(late_by=late_by)
    assert Extension.model_validate_json(own.model_dump_json()) == own
    assert pd.Timedelta(str(late_by)) == late_by
PYTHON
# Seen:
#     1.5 hours: 1:30:00            is read as   1.5 hours
#      30 hours: 1 day, 6:00:00     is read as  30.0 hours
#     -24 hours: -1 day, 0:00:00    is read as -24.0 hours
#    -0.5 hours: -1 day, 23:30:00   is read as -47.5 hours
#    -1.5 hours: -1 day, 22:30:00   is read as -46.5 hours
#     -30 hours: -2 days, 18:00:00  is read as -66.0 hours
