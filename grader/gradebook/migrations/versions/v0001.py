"""The first release's tables, which no migration makes: a new gradebook is made from the models."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing: a gradebook of this version is there already."""
