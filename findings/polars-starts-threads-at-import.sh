#!/usr/bin/env bash
# polars 2.1.0: `import polars` alone starts threads, before any frame is made. The process can then no
# longer enter a user namespace (unshare: EINVAL), and a fork of it has lost those threads.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q polars==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import ctypes
import errno
import os


def threads():
    return sorted(open(f"/proc/self/task/{each}/comm").read().strip()
                  for each in os.listdir("/proc/self/task"))


before = threads()
import polars

after = threads()
print(f"{len(before)} thread before the import, {len(after)} behind it: {', '.join(after)}")
assert len(before) == 1
assert len(after) > 1
libc = ctypes.CDLL(None, use_errno=True)
refused = libc.unshare(0x10000000) < 0 and ctypes.get_errno()
print(f"unshare(CLONE_NEWUSER): {errno.errorcode.get(refused, refused)}")
assert refused == errno.EINVAL
PYTHON
# Seen:
#   1 thread before the import, 4 behind it: jemalloc_bg_thd, jemalloc_bg_thd, polars-ooc-clea, python
#   unshare(CLONE_NEWUSER): EINVAL
