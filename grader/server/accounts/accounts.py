"""Who may sign in: accounts, invitations, identities at providers, sessions and tokens.

Each method is one transaction. An account that is not active is found by no sign-in: its sessions,
invitations and tokens end at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from grader._internal.email_address import email_problem
from grader.course.server_settings import ServerSettings
from grader.errors import UsageError
from grader.gradebook.connect import reading, writing
from grader.gradebook.history import Author, log
from grader.gradebook.models import accounts, identities, invitations, sessions, students, tokens
from grader.gradebook.queries import load_students
from grader.gradebook.roster import name_key
from grader.server.accounts.outdated import is_outdated
from grader.server.accounts.token_uses import TokenUses
from grader.server.keys import ServerKeys
from grader.server.records import Account, PersonalToken, Role, Visit
from grader.submission.student_ids import valid_id

TOKEN_PREFIX = "grader_"
MOST_TOKENS = 20
# A visit is noted at most so often, so that reading a page writes nothing.
NOTED = timedelta(hours=1)
_ACCOUNT = (
    accounts.c.key, accounts.c.id, accounts.c.name, accounts.c.email, accounts.c.role,
    accounts.c.student, accounts.c.active, accounts.c.timezone,
)  # fmt: skip
# Made once: it is part of each request of a program.
_BY_TOKEN = (
    select(tokens.c.seen_at, *_ACCOUNT)
    .join_from(tokens, accounts)
    .where(
        tokens.c.secret_hash == bindparam("hashed"),
        tokens.c.expires_at > bindparam("now"),
        tokens.c.revoked_at.is_(None),
        accounts.c.active,
    )
)


class Accounts:
    """Everybody who may sign in to one course's server. clock: the present, aware and in UTC."""

    def __init__(
        self, engine: Engine, settings: ServerSettings, clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._clock = clock
        self.token_uses = TokenUses(engine)

    # Accounts

    def account(self, who: str | int) -> Account | None:
        """By id, upper or lower case, or by key; also one that is not active."""
        where = (
            accounts.c.key == who if isinstance(who, int) else accounts.c.id_key == name_key(who)
        )
        with reading(self._engine) as connection:
            return _one(connection, where)

    def of_student(self, student: int) -> Account | None:
        """The account of a row of the gradebook's students."""
        with reading(self._engine) as connection:
            return _one(connection, accounts.c.student == student)

    def everyone(self) -> tuple[Account, ...]:
        """All accounts, by id."""
        with reading(self._engine) as connection:
            query = select(*_ACCOUNT).order_by(accounts.c.id_key)
            return tuple(_account(row) for row in connection.execute(query))

    def sync(self) -> tuple[Account, ...]:
        """Let students' accounts follow the roster; return those that are new.

        Who is no longer on the roster cannot sign in until they are on it again. Somebody of the
        staff who is on the roster, too, keeps their role.
        """
        with reading(self._engine) as connection:
            if not is_outdated(connection):
                return ()
        with writing(self._engine) as connection:
            return _follow_roster(connection, self._clock())

    def add_staff(
        self, id_: str, role: Role, name: str = "", email: str = "", *, who: str
    ) -> Account:
        """Make an account for an owner or marker, or change the one there is.

        Raises UsageError for an id or an email address that cannot be one, and for an id that
        belongs to a student.
        """
        if (problem := valid_id(id_)) is not None:
            raise UsageError(f"the id {id_[:80]!r} {problem}; give another")
        name, email = name.strip(), email.strip()
        row = {"id": id_, "name": name, "email": email, "role": role, "active": True}
        with writing(self._engine) as connection:
            found = _one(connection, accounts.c.id_key == name_key(id_))
            if found is not None and found.student is not None and found.role is Role.STUDENT:
                raise UsageError(
                    f"{id_} is a student of this course; give another id, or set their role"
                )
            is_new = email and (found is None or found.email != email)
            if is_new and (problem := email_problem(email)) is not None:
                raise UsageError(
                    f"the email address {email[:80]!r} {problem}; give one such as ada@example.edu"
                )
            if found is None:
                more = {"id_key": name_key(id_), "blocked": False, "timezone": ""}
                connection.execute(insert(accounts).values(**row, **more, at=self._clock()))
            else:
                _require_owner_left(connection, found, role)
                same = accounts.c.key == found.key
                connection.execute(update(accounts).where(same).values(**row, blocked=False))
            made = _existing(connection, accounts.c.id_key == name_key(id_))
            self._log(connection, made, who, found and found.role, role)
            return made

    def set_role(self, account: Account, role: Role, *, who: str) -> Account:
        """Give somebody another role. Raises UsageError if no owner would be left, or if a student
        has no place on the roster."""
        with writing(self._engine) as connection:
            found = _existing(connection, accounts.c.key == account.key)
            _require_owner_left(connection, found, role)
            if role is Role.STUDENT and found.student is None:
                raise UsageError(f"{found.id} is not on the roster; add them to it first")
            same = accounts.c.key == found.key
            connection.execute(update(accounts).where(same).values(role=role))
            self._log(connection, found, who, found.role, role)
            return _existing(connection, same)

    def deactivate(self, account: Account, *, who: str) -> None:
        """End somebody's access for good, whatever the roster says; `activate` restores it."""
        with writing(self._engine) as connection:
            found = _existing(connection, accounts.c.key == account.key)
            _require_owner_left(connection, found, None)
            _end_access(connection, found.key)
            same = accounts.c.key == found.key
            connection.execute(update(accounts).where(same).values(active=False, blocked=True))
            self._log(connection, found, who, "active", "not active")

    def activate(self, account: Account, *, who: str) -> Account:
        """Let somebody in again who was deactivated."""
        with writing(self._engine) as connection:
            found = _existing(connection, accounts.c.key == account.key)
            same = accounts.c.key == found.key
            connection.execute(update(accounts).where(same).values(active=True, blocked=False))
            self._log(connection, found, who, "not active", "active")
            return _existing(connection, same)

    def set_timezone(self, account: Account, timezone: str) -> None:
        """Keep the name of somebody's time zone; "" for the course's."""
        with writing(self._engine) as connection:
            same = accounts.c.key == account.key
            connection.execute(update(accounts).where(same).values(timezone=timezone))

    # Invitations

    def invite(self, account: Account) -> str:
        """The secret of a new one-time link. Earlier links of the account end."""
        secret, now = ServerKeys.new_secret(), self._clock()
        with writing(self._engine) as connection:
            connection.execute(delete(invitations).where(invitations.c.account == account.key))
            connection.execute(
                insert(invitations).values(
                    account=account.key,
                    secret_hash=ServerKeys.hashed(secret),
                    at=now,
                    expires_at=now + timedelta(days=self._settings.invitation_days),
                )
            )
        return secret

    def invited(self, secret: str) -> Account | None:
        """Whom a link is for, if it still works. It goes on working."""
        with reading(self._engine) as connection:
            return self._invited(connection, secret)

    def redeem(self, secret: str) -> Account | None:
        """Whom a link is for; it works this once. Of two at once, one gets None."""
        with writing(self._engine) as connection:
            found = self._invited(connection, secret)
            if found is not None:
                same = invitations.c.secret_hash == ServerKeys.hashed(secret)
                connection.execute(update(invitations).where(same).values(used_at=self._clock()))
            return found

    def _invited(self, connection: Connection, secret: str) -> Account | None:
        usable = invitations.c.used_at.is_(None), invitations.c.expires_at > self._clock()
        return _by_secret(connection, invitations, secret, *usable)

    # Identities

    def link(self, account: Account, issuer: str, subject: str) -> None:
        """Keep who somebody is at a provider.

        Raises UsageError if that is somebody else, or if they are known there as somebody else:
        an address may be given to another person later.
        """
        with writing(self._engine) as connection:
            found = _by_identity(connection, issuer, subject)
            if found is not None and found.key != account.key:
                raise UsageError(
                    f"this identity belongs to {found.id} already; sign in as {found.id}, or ask "
                    "the course staff"
                )
            if found is None:
                here = identities.c.account == account.key, identities.c.issuer == issuer
                if connection.execute(select(identities.c.subject).where(*here)).first():
                    raise UsageError(
                        f"{account.id} is known there as somebody else already; ask the course "
                        "staff"
                    )
                row = {"account": account.key, "issuer": issuer, "subject": subject}
                connection.execute(insert(identities).values(**row, at=self._clock()))

    def by_identity(self, issuer: str, subject: str) -> Account | None:
        """Who has this identity at a provider."""
        with reading(self._engine) as connection:
            found = _by_identity(connection, issuer, subject)
        return found if found is not None and found.active else None

    def by_claim(self, value: str, claim: str) -> Account | None:
        """Whom a provider's claim names: by email if that is the claim, else by id or login.

        None if that is nobody, or more than one.
        """
        key = name_key(value)
        if not key:
            return None
        query = select(*_ACCOUNT, students.c.login, students.c.email.label("on_roster")).outerjoin(
            students, students.c.key == accounts.c.student
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(accounts.c.active)).all()
        names = ("email", "on_roster") if claim == "email" else ("id", "login")
        found = [row for row in rows if any(name_key(getattr(row, n) or "") == key for n in names)]
        return _account(found[0][: len(_ACCOUNT)]) if len(found) == 1 else None

    # Sessions

    def open_session(self, account: Account) -> tuple[str, Visit]:
        """Sign somebody in: the secret for their cookie, and the visit."""
        secret, now = ServerKeys.new_secret(), self._clock()
        # A form that is sent after somebody else has signed in says whose it was: see http/csrf.
        csrf = f"{account.key}.{secrets.token_urlsafe(24)}"
        hashed = ServerKeys.hashed(secret)
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
            connection.execute(
                insert(sessions).values(
                    secret_hash=hashed,
                    account=account.key,
                    csrf=csrf,
                    at=now,
                    seen_at=now,
                    expires_at=now + timedelta(days=self._settings.session_days),
                )
            )
        return secret, Visit(account, csrf, hashed)

    def visit(self, secret: str) -> Visit | None:
        """Who sends a session's secret; None if nobody is signed in with it any more.

        A visit extends the session.
        """
        now, hashed = self._clock(), ServerKeys.hashed(secret)
        usable = sessions.c.secret_hash == hashed, sessions.c.expires_at > now, accounts.c.active
        query = select(sessions.c.csrf, sessions.c.seen_at, *_ACCOUNT).join_from(sessions, accounts)
        with reading(self._engine) as connection:
            row = connection.execute(query.where(*usable)).one_or_none()
        if row is None:
            return None
        if now - row.seen_at > NOTED:
            until = now + timedelta(days=self._settings.session_days)
            with writing(self._engine) as connection:
                same = update(sessions).where(sessions.c.secret_hash == hashed)
                connection.execute(same.values(seen_at=now, expires_at=until))
        return Visit(_account(row[2:]), row.csrf, hashed)

    def close_session(self, secret: str) -> None:
        """Sign somebody out."""
        with writing(self._engine) as connection:
            same = sessions.c.secret_hash == ServerKeys.hashed(secret)
            connection.execute(delete(sessions).where(same))

    def close_all(self, account: Account) -> None:
        """Sign somebody out everywhere."""
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.account == account.key))

    # Tokens

    def new_token(self, account: Account, label: str) -> str:
        """A personal token, which is shown only now. Raises UsageError if there are too many."""
        secret, now = TOKEN_PREFIX + ServerKeys.new_secret(), self._clock()
        with writing(self._engine) as connection:
            mine = select(func.count()).select_from(tokens).where(*self._usable(account))
            if connection.execute(mine).scalar_one() >= MOST_TOKENS:
                raise UsageError(f"you have {MOST_TOKENS} tokens already; revoke one first")
            connection.execute(
                insert(tokens).values(
                    account=account.key,
                    secret_hash=ServerKeys.hashed(secret),
                    label=label[:80],
                    at=now,
                    expires_at=now + timedelta(days=self._settings.token_days),
                )
            )
        return secret

    def by_token(self, secret: str) -> Account | None:
        """Who has a token, if it works. See `token_uses`, too."""
        now, hashed = self._clock(), ServerKeys.hashed(secret)
        with reading(self._engine) as connection:
            row = connection.execute(_BY_TOKEN, {"hashed": hashed, "now": now}).one_or_none()
        if row is None:
            return None
        if row.seen_at is None or now - row.seen_at > NOTED:
            self.token_uses.note(hashed, now)
        return _account(row[1:])

    def tokens(self, account: Account) -> tuple[PersonalToken, ...]:
        """Somebody's tokens that work, the newest first."""
        columns = tokens.c.key, tokens.c.label, tokens.c.at, tokens.c.seen_at, tokens.c.expires_at
        query = select(*columns).where(*self._usable(account)).order_by(tokens.c.key.desc())
        with reading(self._engine) as connection:
            return tuple(PersonalToken(*row) for row in connection.execute(query))

    def revoke(self, account: Account, key: int) -> bool:
        """End one of somebody's tokens. False if they have no such token."""
        with writing(self._engine) as connection:
            same = update(tokens).where(tokens.c.key == key, *self._usable(account))
            return connection.execute(same.values(revoked_at=self._clock())).rowcount == 1

    def _usable(self, account: Account) -> tuple[ColumnElement[bool], ...]:
        mine, there = tokens.c.account == account.key, tokens.c.revoked_at.is_(None)
        return mine, there, tokens.c.expires_at > self._clock()

    def _log(
        self, connection: Connection, account: Account, who: str, before: object, after: object
    ) -> None:
        author = Author(who, self._clock())
        student = account.id if account.student is not None else ""
        what = f"access of {account.id}"
        log(
            connection,
            [author.change("account", what, student=student, before=before, after=after)],
        )


def _account(row: Any) -> Account:
    key, id_, name, email, role, student, active, timezone = row
    return Account(key, id_, name, email, Role(role), student, active, timezone)


def _one(connection: Connection, where: ColumnElement[bool]) -> Account | None:
    row = connection.execute(select(*_ACCOUNT).where(where)).one_or_none()
    return None if row is None else _account(row)


def _existing(connection: Connection, where: ColumnElement[bool]) -> Account:
    found = _one(connection, where)
    if found is None:
        raise UsageError("this account is gone; reload the page")
    return found


def _by_secret(
    connection: Connection, table: Table, secret: str, *where: ColumnElement[bool]
) -> Account | None:
    """The active account that a row of `table` with this secret belongs to."""
    query = select(*_ACCOUNT).join_from(table, accounts, table.c.account == accounts.c.key)
    same = table.c.secret_hash == ServerKeys.hashed(secret)
    row = connection.execute(query.where(same, accounts.c.active, *where)).one_or_none()
    return None if row is None else _account(row)


def _by_identity(connection: Connection, issuer: str, subject: str) -> Account | None:
    query = select(*_ACCOUNT).join_from(identities, accounts)
    same = identities.c.issuer == issuer, identities.c.subject == subject
    row = connection.execute(query.where(*same)).one_or_none()
    return None if row is None else _account(row)


def _require_owner_left(connection: Connection, account: Account, role: Role | None) -> None:
    """Raise UsageError if a course would have no active owner once `account` has `role`."""
    if account.role is not Role.OWNER or not account.active or role is Role.OWNER:
        return
    others = accounts.c.role == Role.OWNER, accounts.c.active, accounts.c.key != account.key
    if not connection.execute(select(func.count()).select_from(accounts).where(*others)).scalar():
        raise UsageError(
            f"{account.id} is the only owner of the course; make somebody else an owner first"
        )


def _end_access(connection: Connection, key: int) -> None:
    for table in (sessions, invitations, tokens):
        connection.execute(delete(table).where(table.c.account == key))


def _follow_roster(connection: Connection, now: datetime) -> tuple[Account, ...]:
    rows = connection.execute(select(accounts)).all()
    by_student = {row.student: row for row in rows if row.student is not None}
    by_id = {row.id_key: row for row in rows}
    fresh: list[int] = []
    for student in load_students(connection):
        row = by_student.get(student.key) or by_id.get(name_key(student.id))
        said = {"id": student.id, "id_key": name_key(student.id), "student": student.key}
        said |= {"name": student.name, "email": student.email}
        if student.on_roster and row is None:
            more = {"role": Role.STUDENT, "active": True, "blocked": False, "timezone": ""}
            connection.execute(insert(accounts).values(**said, **more, at=now))
            fresh.append(student.key)
        elif student.on_roster and row is not None:
            same = update(accounts).where(accounts.c.key == row.key)
            connection.execute(same.values(**said, active=not row.blocked))
        elif row is not None and row.student == student.key and row.role == Role.STUDENT:
            _end_access(connection, row.key)
            same = update(accounts).where(accounts.c.key == row.key)
            connection.execute(same.values(active=False))
    query = select(*_ACCOUNT).where(accounts.c.student.in_(fresh)).order_by(accounts.c.id_key)
    return tuple(_account(row) for row in connection.execute(query))
