"""Where a gradebook can be: a new and empty database of each engine that there is.

The fixtures are imported by the folders that use them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest
from sqlalchemy import create_engine, make_url, text

REQUIRED = "GRADER_TEST_POSTGRES"  # CI sets it: there a missing server is a failure


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own."""
    try:
        with postgres.server() as url:
            yield url
    except postgres.NotHere as exc:
        if os.environ.get(REQUIRED):
            raise
        pytest.skip(str(exc))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new and empty gradebook can be."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gradebook.sqlite'}"
    return empty_database(request.getfixturevalue("server"))


def empty_database(server_url: str) -> str:
    """The server's one database with nothing in it."""
    engine = create_engine(make_url(server_url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return server_url
