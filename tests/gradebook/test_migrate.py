"""The schema's versions: an old gradebook opens, a newer one is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text, update

from grader.course.course import Course
from grader.errors import CourseError
from grader.gradebook import migrations, open_gradebook
from grader.gradebook.connect import connect, gradebook_url, reading, writing
from grader.gradebook.migrate import VERSION, migrate, revision_of, version_of
from grader.gradebook.models import metadata, schema_version


def make_version_1(course: Course) -> Engine:
    """A gradebook as the first release made it, from its frozen statements."""
    engine = connect(gradebook_url(course))
    script = Path(__file__).parent / f"version_1.{engine.dialect.name}.sql"
    lines = script.read_text(encoding="utf-8").splitlines()
    statements = "\n".join(line for line in lines if not line.startswith("--")).split(";\n")
    with writing(engine) as connection:
        for statement in filter(str.strip, statements):
            connection.execute(text(statement))
    return engine


def schema_of(connection: Connection) -> dict[str, Any]:
    """Everything that makes a table what it is, in an order of its own."""
    found = inspect(connection)
    numbered = never_numbered_twice(connection)
    return {
        name: (
            [
                (each["name"], str(each["type"]), each["nullable"])
                for each in sorted(found.get_columns(name), key=lambda each: each["name"])
            ],
            found.get_pk_constraint(name)["constrained_columns"],
            sorted(each["column_names"] for each in found.get_unique_constraints(name)),
            sorted((each["constrained_columns"], each["referred_table"])
                   for each in found.get_foreign_keys(name)),
            sorted(each["column_names"] for each in found.get_indexes(name)),
            name in numbered,
        )
        for name in found.get_table_names()
    }  # fmt: skip


def never_numbered_twice(connection: Connection) -> set[str]:
    """The tables of SQLite that give no key of a deleted row again.

    The inspector does not tell, and a batch migration that rebuilds a table forgets it.
    """
    if connection.dialect.name != "sqlite":
        return set()
    made = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE :word")
    return set(connection.execute(made, {"word": "% AUTOINCREMENT%"}).scalars())


def test_the_first_versions_gradebook_ends_at_the_newest_with_its_content(course: Course) -> None:
    engine = make_version_1(course)
    with open_gradebook(course) as book:
        assert [student.name for student in book.students()] == ["Ada"]
        grade = book.grade("demo", "ada")
        assert grade.points == 7
        assert grade.late.why == "on time"
        with reading(book.engine) as connection:
            assert version_of(connection) == VERSION
            migrated = schema_of(connection)
    with writing(engine) as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
        made = schema_of(connection)
    engine.dispose()
    # The way through the steps and the way by models.py lead to the same tables.
    assert migrated == made


def test_every_version_has_its_migration_and_alembic_agrees(course: Course) -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    names = [script.revision for script in scripts.walk_revisions()]
    assert names == [revision_of(version) for version in range(VERSION, 0, -1)]
    make_version_1(course).dispose()
    with open_gradebook(course) as book, book.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_heads() == (revision_of(VERSION),)
        assert compare_metadata(context, metadata) == []


NICKNAME = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
    with op.batch_alter_table("students") as students:
        students.add_column(sa.Column("nickname", sa.Text(), nullable=False, server_default=""))
    op.execute(sa.text("UPDATE students SET nickname = name"))
    {end}
"""


def next_migration(folder: Path, end: str = "") -> list[Path]:
    """The next version's migration, in a folder of its own."""
    folder.mkdir()
    names = {"revision": revision_of(VERSION + 1), "before": revision_of(VERSION)}
    (folder / "v9999.py").write_text(NICKNAME.format(**names, end=end), encoding="utf-8")
    return [folder]


def test_migrations_run_one_by_one_and_a_broken_one_leaves_a_whole_version(
    course: Course, tmp_path: Path
) -> None:
    engine = make_version_1(course)
    later = VERSION + 1
    migrate(engine)
    with pytest.raises(KeyboardInterrupt):
        migrate(engine, later, next_migration(tmp_path / "a", "raise KeyboardInterrupt"))
    with reading(engine) as connection:
        assert version_of(connection) == VERSION
        assert MigrationContext.configure(connection).get_current_heads() == (revision_of(VERSION),)
        assert "nickname" not in [
            each["name"] for each in inspect(connection).get_columns("students")
        ]
    assert migrate(engine, later, next_migration(tmp_path / "b")) == VERSION
    with reading(engine) as connection:
        assert version_of(connection) == later
        assert connection.execute(text("SELECT nickname FROM students")).scalar_one() == "Ada"
    # The program of before, which knows no such version, refuses it.
    with pytest.raises(CourseError) as caught:
        open_gradebook(course)
    assert str(caught.value) == (
        f"the gradebook has schema version {later}, but this program only knows {VERSION}; "
        "install the newer version of the grader that made it"
    )
    engine.dispose()


def test_a_gradebook_that_is_up_to_date_does_not_wait_for_alembic(course: Course) -> None:
    open_gradebook(course).close()
    code = (
        "import sys; from pathlib import Path; from grader.course.course import find_course\n"
        "from grader.gradebook import open_gradebook\n"
        "open_gradebook(find_course(Path(sys.argv[1]))).close()\n"
        "sys.exit('alembic' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(course.root)], timeout=60, check=False)
    assert ran.returncode == 0


def test_a_gradebook_without_a_version_is_refused(course: Course) -> None:
    engine = make_version_1(course)
    with writing(engine) as connection:
        connection.execute(schema_version.delete())
    engine.dispose()
    with pytest.raises(CourseError, match="has no schema version"):
        open_gradebook(course)


def test_an_open_gradebook_stays_as_it_is(course: Course) -> None:
    with open_gradebook(course) as book:
        with writing(book.engine) as connection:
            connection.execute(update(schema_version).values(version=VERSION))
        assert migrate(book.engine) == VERSION
