"""Notes for staff beside reasons, claims of markers, digests of answers, rubrics.

Until then no student saw the reason of an adjustment or an extension, and nobody wrote it for them:
it becomes the note. The reason of an override was shown, and stays.
"""

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """As SQL, because it was written before there was Alembic."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name in ("overrides", "adjustments", "extensions", "history"):
        op.execute(text(f"ALTER TABLE {name} ADD COLUMN note TEXT NOT NULL DEFAULT ''"))
    for name in ("adjustments", "extensions"):
        op.execute(text(f"UPDATE {name} SET note = why, why = ''"))
    zoned = "TIMESTAMP WITH TIME ZONE" if postgresql else "TEXT"
    number = "DOUBLE PRECISION" if postgresql else "FLOAT"
    of_answer = (
        "attempt INTEGER NOT NULL, question TEXT NOT NULL, {}, PRIMARY KEY (attempt, question), "
        "FOREIGN KEY (attempt) REFERENCES attempts (key)"
    )
    claim = f"holder TEXT NOT NULL, who TEXT NOT NULL, until {zoned} NOT NULL"
    tables = {
        "answers": of_answer.format("digest TEXT NOT NULL"),
        "claims": of_answer.format(claim),
        "rubrics": "assignment TEXT NOT NULL, question TEXT NOT NULL, "
        f"points {number} NOT NULL, items TEXT NOT NULL, at {zoned} NOT NULL, "
        "PRIMARY KEY (assignment, question)",
    }
    for name, columns in tables.items():
        op.execute(text(f"CREATE TABLE {name} ({columns})"))
