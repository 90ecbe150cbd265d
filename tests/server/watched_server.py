"""`grader serve` of which one process, the server or a worker, is killed at a moment of its writes.

Run as a script with the command's arguments. A worker's process loads this file again, under
another name, so that it is watched from its start; one that is started after the kill is not.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ROLE = "TESTS_KILLED_ROLE"
_HERE = {"__main__": "server", "__mp_main__": "worker"}.get(__name__)

if _HERE is not None and os.environ.get(ROLE) == _HERE:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    import write_points

    _, _log, _kill_at = json.loads(os.environ[write_points.VARIABLE])
    if _kill_at not in Path(_log).read_text(encoding="utf-8").splitlines():
        write_points.watch()

if __name__ == "__main__":
    from grader.cli import main

    main()
