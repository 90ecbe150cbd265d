"""The tables, which store only facts; see the package's docstring.

SQLAlchemy Core, the same on SQLite and PostgreSQL. A change here needs a migration; see migrate.py.
`grades` has the gradebook's own tables, `marking` who marks what, `server` and `lti` those of the
web server, which lie in the same database so that a hand-in and its grade are one transaction.
"""

from __future__ import annotations

from grader.gradebook.models.columns import metadata
from grader.gradebook.models.grades import (
    adjustments,
    alembic_version,
    aliases,
    answers,
    attempts,
    claims,
    comments,
    extensions,
    history,
    marks,
    overrides,
    report_texts,
    reports,
    rubrics,
    schema_version,
    standings,
    students,
)
from grader.gradebook.models.lti import (
    lti_courses,
    lti_nonces,
    lti_people,
    lti_platforms,
    lti_pushes,
    lti_refusals,
    lti_registrations,
    lti_scores,
)
from grader.gradebook.models.marking import closed_shares, group_members, mark_groups, shares
from grader.gradebook.models.server import (
    accounts,
    alerts,
    canaries,
    check_events,
    drafts,
    hand_ins,
    identities,
    invitations,
    pictures,
    releases,
    requests,
    server_values,
    sessions,
    tokens,
)

__all__ = [
    "accounts",
    "adjustments",
    "alembic_version",
    "alerts",
    "aliases",
    "answers",
    "attempts",
    "canaries",
    "check_events",
    "claims",
    "closed_shares",
    "comments",
    "drafts",
    "extensions",
    "group_members",
    "hand_ins",
    "history",
    "identities",
    "invitations",
    "lti_courses",
    "lti_nonces",
    "lti_people",
    "lti_platforms",
    "lti_pushes",
    "lti_refusals",
    "lti_registrations",
    "lti_scores",
    "mark_groups",
    "marks",
    "metadata",
    "overrides",
    "pictures",
    "releases",
    "report_texts",
    "reports",
    "requests",
    "rubrics",
    "schema_version",
    "server_values",
    "sessions",
    "shares",
    "standings",
    "students",
    "tokens",
]
