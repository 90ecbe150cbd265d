"""What is kept of platforms, of the people whom they sign in, and of refused launches.

Each method is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from grader.errors import UsageError
from grader.gradebook.connect import reading, writing
from grader.gradebook.history import Author, log
from grader.gradebook.models import (
    identities,
    lti_assets,
    lti_courses,
    lti_nonces,
    lti_people,
    lti_platforms,
    lti_refusals,
    lti_registrations,
    lti_scores,
    lti_submissions,
)
from grader.server.keys import ServerKeys
from grader.server.lti.protocol.records import (
    JoinedBy,
    Platform,
    PlatformCourse,
    PlatformPerson,
    PlatformSettings,
    Reason,
    Refusal,
)
from grader.server.records import Account

PERSON_KEPT = timedelta(days=60)
REGISTRATION_KEPT = timedelta(hours=1)
MOST_PEOPLE = 5000
_SETTINGS = (
    "name", "issuer", "client_id", "authorization_url", "token_url", "key_set_url",
    "token_audience", "deployments", "joined_by",
)  # fmt: skip
_COURSE = (
    "platform", "deployment", "context", "title", "line_items_url", "memberships_url", "used",
    "key",
)  # fmt: skip
_PERSON = ("platform", "subject", "name", "email", "sourced_id", "course", "key")


class Platforms:
    """The platforms of one course's server. clock: the present, aware and in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    # Platforms

    def all(self) -> tuple[Platform, ...]:
        """In the order in which they were connected."""
        query = select(lti_platforms).order_by(lti_platforms.c.key)
        with reading(self._engine) as connection:
            return tuple(_platform(row) for row in connection.execute(query))

    def get(self, key: int) -> Platform | None:
        """By the row's number."""
        with reading(self._engine) as connection:
            return _by_key(connection, key)

    def find(self, issuer: str, client_id: str) -> Platform | None:
        """Who asks for a launch. client_id: "" if it does not say, which some platforms need not.

        None if there is no such platform, or more than one.
        """
        query = select(lti_platforms).where(lti_platforms.c.issuer == issuer)
        if client_id:
            query = query.where(lti_platforms.c.client_id == client_id)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return _platform(rows[0]) if len(rows) == 1 else None

    def add(self, settings: PlatformSettings, *, who: str, confirmed: bool = True) -> Platform:
        """Connect a platform. Raises UsageError if it is connected already."""
        with writing(self._engine) as connection:
            return self._add(connection, settings, who, confirmed)

    def change(self, key: int, settings: PlatformSettings, *, who: str) -> Platform:
        """Change a platform and confirm it. Raises UsageError."""
        with writing(self._engine) as connection:
            old = _by_key(connection, key)
            if old is None:
                raise UsageError("this platform is gone; reload the page")
            _require_unique(connection, settings, key)
            same = update(lti_platforms).where(lti_platforms.c.key == key)
            connection.execute(same.values(**_row(settings), confirmed=True))
            self._log(connection, who, old.settings, settings)
            return Platform(key, settings, True, old.at)

    def remove(self, key: int, *, who: str) -> None:
        """Disconnect a platform: what it sent and was sent is forgotten; no student is."""
        with writing(self._engine) as connection:
            old = _by_key(connection, key)
            if old is None:
                return
            courses = select(lti_courses.c.key).where(lti_courses.c.platform == key)
            connection.execute(delete(lti_scores).where(lti_scores.c.course.in_(courses)))
            mine = select(lti_submissions.c.key).where(lti_submissions.c.platform == key)
            connection.execute(delete(lti_assets).where(lti_assets.c.submission.in_(mine)))
            for table in (lti_submissions, lti_courses, lti_people, lti_refusals):
                connection.execute(delete(table).where(table.c.platform == key))
            connection.execute(delete(lti_platforms).where(lti_platforms.c.key == key))
            self._log(connection, who, old.settings, None)

    def _add(
        self, connection: Connection, settings: PlatformSettings, who: str, confirmed: bool
    ) -> Platform:
        _require_unique(connection, settings, 0)
        row = {**_row(settings), "confirmed": confirmed, "at": self._clock()}
        made = connection.execute(insert(lti_platforms).values(**row)).inserted_primary_key
        assert made is not None, "the row was inserted"
        self._log(connection, who, None, settings)
        return Platform(int(made[0]), settings, confirmed, row["at"])

    def _log(
        self,
        connection: Connection,
        who: str,
        before: PlatformSettings | None,
        after: PlatformSettings | None,
    ) -> None:
        one = after or before
        assert one is not None, "something was changed"
        what = f"platform {one.name or one.issuer}"
        change = Author(who, self._clock()).change(
            "lms", what, before=before and _told(before), after=after and _told(after)
        )
        log(connection, [change])

    # Registration

    def invite(self, *, who: str) -> str:
        """The secret of a link by which a platform may register itself, once and soon."""
        secret, now = ServerKeys.new_secret(), self._clock()
        with writing(self._engine) as connection:
            old = lti_registrations.c.expires_at <= now
            connection.execute(delete(lti_registrations).where(old))
            hashed = {"secret_hash": ServerKeys.hashed(secret), "who": who}
            row = {**hashed, "expires_at": now + REGISTRATION_KEPT}
            connection.execute(insert(lti_registrations).values(**row))
        return secret

    def invited(self, secret: str) -> bool:
        """Whether a link for registration still works."""
        same = lti_registrations.c.secret_hash == ServerKeys.hashed(secret)
        query = select(lti_registrations.c.who)
        with reading(self._engine) as connection:
            usable = query.where(same, lti_registrations.c.expires_at > self._clock())
            return connection.execute(usable).first() is not None

    def redeem(self, secret: str) -> str | None:
        """Who made the link; it works this once. Of two at once, one gets None."""
        same = lti_registrations.c.secret_hash == ServerKeys.hashed(secret)
        with writing(self._engine) as connection:
            query = select(lti_registrations.c.who, lti_registrations.c.expires_at).where(same)
            row = connection.execute(query).one_or_none()
            connection.execute(delete(lti_registrations).where(same))
            return None if row is None or row.expires_at <= self._clock() else row.who

    # Launches

    def spend(self, nonce: str, until: datetime) -> bool:
        """Use a nonce. False if it was used already."""
        with writing(self._engine) as connection:
            connection.execute(delete(lti_nonces).where(lti_nonces.c.expires_at <= self._clock()))
            row = {"nonce_hash": ServerKeys.hashed(nonce), "expires_at": until}
            there = select(lti_nonces.c.nonce_hash).where(
                lti_nonces.c.nonce_hash == row["nonce_hash"]
            )
            if connection.execute(there).first() is not None:
                return False
            connection.execute(insert(lti_nonces).values(**row))
            return True

    def refused(self, platform: int, reason: Reason, detail: str) -> None:
        """Note a refused launch for the owners; there is one row for each reason."""
        same = lti_refusals.c.platform == platform, lti_refusals.c.reason == reason
        said = {"detail": detail[:500], "at": self._clock()}
        with writing(self._engine) as connection:
            again = update(lti_refusals).where(*same).values(count=lti_refusals.c.count + 1, **said)
            if connection.execute(again).rowcount == 0:
                row = {"platform": platform, "reason": reason, "count": 1, **said}
                connection.execute(insert(lti_refusals).values(**row))

    def refusals(self) -> tuple[Refusal, ...]:
        """Why launches were refused, the newest first."""
        columns = [lti_refusals.c[name] for name in ("platform", "reason", "detail", "count", "at")]
        query = select(*columns).order_by(lti_refusals.c.at.desc())
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return tuple(Refusal(row[0], Reason(row[1]), *row[2:]) for row in rows)

    def clear_refusals(self) -> None:
        """Forget what was refused."""
        with writing(self._engine) as connection:
            connection.execute(delete(lti_refusals))

    # People

    def meet(self, person: PlatformPerson) -> None:
        """Keep whom a platform signed in until an owner says who it is."""
        now = self._clock()
        same = lti_people.c.platform == person.platform, lti_people.c.subject == person.subject
        said = {name: getattr(person, name)[:255] for name in _PERSON[1:-1]}
        with writing(self._engine) as connection:
            connection.execute(delete(lti_people).where(lti_people.c.at <= now - PERSON_KEPT))
            row = {**said, "at": now}
            if connection.execute(update(lti_people).where(*same).values(**row)).rowcount:
                return
            there = connection.execute(select(lti_people.c.key).limit(MOST_PEOPLE)).all()
            if len(there) < MOST_PEOPLE:
                row["platform"] = person.platform
                connection.execute(insert(lti_people).values(**row))

    def strangers(self) -> tuple[PlatformPerson, ...]:
        """Who was signed in by a platform and is nobody here yet, the newest first."""
        query = select(*(lti_people.c[name] for name in _PERSON))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(lti_people.c.at.desc()))
            return tuple(PlatformPerson(*row) for row in rows)

    def join(self, key: int, account: Account, *, who: str) -> PlatformPerson:
        """Say who one of `strangers` is. Raises UsageError if that cannot be."""
        with writing(self._engine) as connection:
            query = select(*(lti_people.c[name] for name in _PERSON)).where(lti_people.c.key == key)
            row = connection.execute(query).one_or_none()
            if row is None:
                raise UsageError("this person is joined already; reload the page")
            person = PlatformPerson(*row)
            self._join(connection, person, account, who)
            return person

    def join_new(self, person: PlatformPerson, account: Account, *, who: str) -> None:
        """The same for a person who was signed in just now. Raises UsageError."""
        with writing(self._engine) as connection:
            self._join(connection, person, account, who)

    def separate(self, account: Account, platform: int, *, who: str) -> bool:
        """Undo what joined an account here with one of a platform. False if nothing did."""
        with writing(self._engine) as connection:
            found = _by_key(connection, platform)
            if found is None:
                return False
            mine = identities.c.account == account.key, identities.c.issuer == found.settings.issuer
            done = connection.execute(delete(identities).where(*mine)).rowcount > 0
            if done:
                self._log_join(connection, account, who, f"joined at {found.called}", "")
            return done

    def _join(
        self, connection: Connection, person: PlatformPerson, account: Account, who: str
    ) -> None:
        platform = _by_key(connection, person.platform)
        if platform is None:
            raise UsageError("this platform is gone; reload the page")
        issuer = platform.settings.issuer
        query = select(identities.c.account, identities.c.subject).where(
            identities.c.issuer == issuer
        )
        taken = connection.execute(query.where(identities.c.subject == person.subject)).first()
        if taken is not None and taken.account != account.key:
            raise UsageError("that account of the platform belongs to somebody else here already")
        other = connection.execute(query.where(identities.c.account == account.key)).first()
        if other is not None and other.subject != person.subject:
            raise UsageError(
                f"{account.id} is joined with another account of {platform.called} already; "
                "separate them first"
            )
        if taken is None:
            row = {"account": account.key, "issuer": issuer, "subject": person.subject}
            connection.execute(insert(identities).values(**row, at=self._clock()))
            told = f"{person.name or person.subject} at {platform.called}"
            self._log_join(connection, account, who, "", told)
        same = lti_people.c.platform == person.platform, lti_people.c.subject == person.subject
        connection.execute(delete(lti_people).where(*same))

    def _log_join(
        self, connection: Connection, account: Account, who: str, before: str, after: str
    ) -> None:
        student = account.id if account.student is not None else ""
        change = Author(who, self._clock()).change(
            "account", f"LMS account of {account.id}", student=student, before=before, after=after
        )
        log(connection, [change])

    def account_of(self, issuer: str, subject: str) -> int | None:
        """The key of the account that is joined with one of a platform, active or not."""
        same = identities.c.issuer == issuer, identities.c.subject == subject
        with reading(self._engine) as connection:
            return connection.execute(select(identities.c.account).where(*same)).scalar()

    def subjects(self, issuer: str) -> Mapping[int, str]:
        """The platform's name for each account here that is joined with one of its."""
        query = select(identities.c.account, identities.c.subject)
        with reading(self._engine) as connection:
            rows = connection.execute(query.where(identities.c.issuer == issuer))
            return {row.account: row.subject for row in rows}

    # Courses of a platform

    def see(self, course: PlatformCourse) -> PlatformCourse:
        """Keep what an owner's launch says of a course; whether it is used stays as it was."""
        same = [lti_courses.c[name] == getattr(course, name) for name in _COURSE[:3]]
        said = {name: getattr(course, name)[:2000] for name in _COURSE[3:6]}
        said |= {"at": self._clock()}
        with writing(self._engine) as connection:
            if not connection.execute(update(lti_courses).where(*same).values(**said)).rowcount:
                row = {name: getattr(course, name) for name in _COURSE[:3]}
                connection.execute(insert(lti_courses).values(**row, **said, used=False))
            return PlatformCourse(*connection.execute(_courses().where(*same)).one())

    def courses(self) -> tuple[PlatformCourse, ...]:
        """All that are known."""
        with reading(self._engine) as connection:
            rows = connection.execute(_courses().order_by(lti_courses.c.key))
            return tuple(PlatformCourse(*row) for row in rows)

    def use(self, key: int, used: bool, *, who: str) -> PlatformCourse | None:
        """Say whether grades and people of a course in a platform are those of this course."""
        with writing(self._engine) as connection:
            same = lti_courses.c.key == key
            connection.execute(update(lti_courses).where(same).values(used=used))
            row = connection.execute(_courses().where(same)).one_or_none()
            if row is None:
                return None
            course = PlatformCourse(*row)
            told = f"course {course.title or course.context} of the LMS"
            change = Author(who, self._clock()).change(
                "lms", told, after="used" if used else "not used"
            )
            log(connection, [change])
            return course


def _courses() -> Any:
    return select(*(lti_courses.c[name] for name in _COURSE))


def _row(settings: PlatformSettings) -> dict[str, Any]:
    return asdict(settings)


def _told(settings: PlatformSettings) -> str:
    return ", ".join(f"{name} {value}" for name, value in asdict(settings).items() if value)


def _platform(row: Any) -> Platform:
    values = {name: getattr(row, name) for name in _SETTINGS}
    values["joined_by"] = JoinedBy(values["joined_by"])
    return Platform(row.key, PlatformSettings(**values), row.confirmed, row.at)


def _by_key(connection: Connection, key: int) -> Platform | None:
    query = select(lti_platforms).where(lti_platforms.c.key == key)
    row = connection.execute(query).one_or_none()
    return None if row is None else _platform(row)


def _require_unique(connection: Connection, settings: PlatformSettings, key: int) -> None:
    same = (
        lti_platforms.c.issuer == settings.issuer,
        lti_platforms.c.client_id == settings.client_id,
        lti_platforms.c.key != key,
    )
    if connection.execute(select(lti_platforms.c.key).where(*same)).first() is not None:
        raise UsageError(
            f"a platform with the issuer {settings.issuer} and this client id is connected "
            "already; change that one"
        )
