"""Writers of one SQLite file, in threads and in other programs, wait for each other."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from grader.errors import GradebookUnavailable
from grader.gradebook import connect as connect_module
from grader.gradebook.connect import connect, reading, writing


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = connect(make_url(f"sqlite:///{tmp_path / 'book.sqlite'}"))
    with writing(made) as connection:
        connection.execute(text("CREATE TABLE counts (n INTEGER)"))
        connection.execute(text("INSERT INTO counts VALUES (0)"))
    yield made
    made.dispose()


def count(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(text("SELECT n FROM counts")).scalar_one())


def add_one(engine: Engine) -> None:
    with writing(engine) as connection:
        n = connection.execute(text("SELECT n FROM counts")).scalar_one()
        connection.execute(text("UPDATE counts SET n = :n"), {"n": n + 1})


def holding(engine: Engine) -> closing[sqlite3.Connection]:
    """The lock for writers, as another program holds it until the connection is closed."""
    other = sqlite3.connect(engine.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return closing(other)


def test_of_many_writers_at_once_each_sees_what_the_one_before_left(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: add_one(engine), range(40)))
    assert count(engine) == 40


COUNT = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('SELECT n FROM counts'))"


def test_what_is_written_stays_when_the_file_is_opened_twice_and_another_program_ends(
    engine: Engine,
) -> None:
    def counted_by_another_program() -> str:
        command = [sys.executable, "-c", COUNT, str(engine.url.database)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    add_one(engine)
    connect(engine.url).dispose()  # as the server does, which has the gradebook open already
    assert counted_by_another_program() == "(1,)"
    # The other program was not the last that had the file open, so the log is still there.
    assert Path(f"{engine.url.database}-wal").exists()
    add_one(engine)
    assert counted_by_another_program() == "(2,)"


def test_a_writer_goes_on_when_another_program_has_written(engine: Engine) -> None:
    with holding(engine):
        writer = threading.Thread(target=add_one, args=(engine,))
        writer.start()
        assert count(engine) == 0  # readers wait for nobody
        assert writer.is_alive()
    writer.join(30)
    assert count(engine) == 1


def test_a_lock_that_nobody_gives_back_is_told_and_later_waits_are_as_long(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with holding(engine), monkeypatch.context() as patch:
        patch.setattr(connect_module, "WAIT_S", 0.02)
        with pytest.raises(GradebookUnavailable, match="database is locked"):
            add_one(engine)
    add_one(engine)
    with reading(engine) as connection:
        assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() == 30_000
