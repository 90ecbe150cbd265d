#!/usr/bin/env bash
# PyYAML 6.0.3 cuts a timestamp's nanoseconds (which Ruby writes, nine digits), ruamel.yaml 0.18.16
# rounds them: the last instant before midnight is the day before for one and the day after for the
# other.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q PyYAML==6.0.3 ruamel.yaml==0.18.16
"$folder/venv/bin/python" - <<'PYTHON'
import yaml
from ruamel.yaml import YAML

text = ":created_at: 2026-02-01 23:59:59.999999900 Z"
cut = yaml.safe_load(text)[":created_at"]
rounded = YAML(typ="safe", pure=True).load(text)[":created_at"]
print("PyYAML:     ", cut)
print("ruamel.yaml:", rounded)
assert (cut.day, cut.microsecond) == (1, 999999)
assert (rounded.day, rounded.microsecond) == (2, 0)
PYTHON
# Seen:
#   PyYAML:      2026-02-01 23:59:59.999999+00:00
#   ruamel.yaml: 2026-02-02 00:00:00+00:00
