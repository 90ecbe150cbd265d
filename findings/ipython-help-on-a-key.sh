#!/usr/bin/env bash
# IPython 9.18.1: `d[0]?` shows help, `d['a']?` and `f(1)?` are syntax errors that cost the whole
# cell, the definitions above them included: only a whole number may stand in the brackets.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q ipython==9.18.1
export IPYTHONDIR="$folder" HOME="$folder"
"$folder/venv/bin/python" - <<'PYTHON' > "$folder/said.txt" 2>&1
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
for name, line in {"a": "d[0]?", "b": "d['a']?", "c": "len(d)?"}.items():
    done = shell.run_cell(f"d = {{0: 1, 'a': 2}}\n{name} = 1\n{line}")
    print("SAID", line, name in shell.user_ns, type(done.error_before_exec).__name__)
PYTHON
grep ^SAID "$folder/said.txt"
grep -q "SAID d\[0\]? True NoneType" "$folder/said.txt"
grep -q "SAID d\['a'\]? False SyntaxError" "$folder/said.txt"
grep -q "SAID len(d)? False SyntaxError" "$folder/said.txt"
# Seen:
#   SAID d[0]? True NoneType
#   SAID d['a']? False SyntaxError
#   SAID len(d)? False SyntaxError
