"""Bulk downloads, laid out as their owners do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from making import DEMO_RIGHT, zipped

from grader.lms.discover import find_submissions
from grader.submission.sources import Source

NAMES = ["demo", "picture"]
HALF = DEMO_RIGHT.replace("2 * x", "3 * x")
CANVAS: dict[str, str | bytes] = {
    "lovelaceada_101_9001_demo-1.py": DEMO_RIGHT,
    "lovelaceada_101_9002_helper.py": "",
    "lovelaceada_101_9003_notes.pdf": b"%PDF",
    "obrienmaryann_LATE_102_9004_demo.ipynb": "{}",
    "smithjohn_103_9005_demo.zip": zipped({"demo.py": HALF}),
    "smithjohn_104_9006_demo.py": HALF,
    "turingalan_105_text.html": "<p>I could not upload it.</p>",
    "LATE_anon_x7Qp2_9007_demo.py": HALF,
}
MOODLE: dict[str, str | bytes] = {
    "Ada Lovelace_2001_assignsubmission_file_/demo.py": DEMO_RIGHT,
    "Ada Lovelace_2001_assignsubmission_file_/src/helper.py": "",
    "Mary-Ann O'Brien_2002_assignsubmission_file_/demo.zip": zipped({"demo.py": HALF}),
    "Mary-Ann O'Brien_2002_assignsubmission_onlinetext_/onlinetext.html": "<p>hello</p>",
    "Participant_2003_assignsubmission_file/demo.py": HALF,
}
MOODLE_FLAT: dict[str, str | bytes] = {
    "Ada Lovelace_2001_assignsubmission_file_demo.py": DEMO_RIGHT,
    "Ada Lovelace_2001_assignsubmission_file_helper.py": "",
    "Mary-Ann O'Brien_2002_assignsubmission_file_demo.zip": zipped({"demo.py": HALF}),
    "Participant_2003_assignsubmission_file_demo.py": HALF,
}
METADATA = """\
submission_301:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1815'
    :email: ada@example.org
  :created_at: 2026-03-01 10:00:00.123456789 Z
  :score: 7.0
  :status: processed
  :results:
    output: !ruby/object:Thing
      :a: b
  :history:
  - :id: 300
    :created_at: 2026-02-28 10:00:00.000000000 Z
    :score: 1.0
submission_302:
  :submitters:
  - :name: John Smith
    :sid:
    :email: john@example.org
  - :name: Mary-Ann O'Brien
    :sid: '1900'
    :email:
  :created_at: 2026-03-02 10:00:00.000000000 -08:00
"""
GRADESCOPE: dict[str, str | bytes] = {
    "assignment_55_export/submission_metadata.yml": METADATA,
    "assignment_55_export/submission_301/demo.py": DEMO_RIGHT,
    "assignment_55_export/submission_301/submission_metadata.yml": "submission_1: {}",
    "assignment_55_export/submission_302/demo.zip": zipped({"demo.py": HALF}),
    "assignment_55_export/submission_303/demo.py": HALF,
}
BRIGHTSPACE: dict[str, str | bytes] = {
    "index.html": "<html></html>",
    "39786-640693 - Ada Lovelace - Mar 1, 2026 926 AM/demo.py": DEMO_RIGHT,
    "39786-640693 - Ada Lovelace - Mar 1, 2026 926 AM/src/helper.py": "",
    "39787-640693 - Mary-Ann O'Brien - Mar 1, 2026 1159 PM/demo.zip": zipped({"demo.py": HALF}),
    "39788-640693 - John Smith - Feb 28, 2026 1205 AM/demo.py": HALF,
    "39789-640693 - John Smith - Feb 28, 2026 1215 PM/notes.pdf": b"%PDF",
}
DOWNLOADS = {
    "canvas": CANVAS, "moodle": MOODLE, "moodle flat": MOODLE_FLAT, "gradescope": GRADESCOPE,
    "brightspace": BRIGHTSPACE,
}  # fmt: skip


def find(folder: Path, assignment: str | None = "demo") -> dict[str, Source]:
    return {item.student: item for item in find_submissions(folder, NAMES, assignment)[0]}


def contents(found: Mapping[str, Source]) -> dict[str, list[str]]:
    return {name: sorted(item.read().files) for name, item in found.items()}
