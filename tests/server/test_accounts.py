"""Accounts: they follow the roster, and every way to sign in ends when it should."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from books import roster, student
from storing import Store

from grader.errors import UsageError
from grader.server.accounts.accounts import MOST_TOKENS
from grader.server.records import Role


def test_accounts_follow_the_roster(store: Store) -> None:
    assert store.accounts.sync() == ()
    store.book.enrol(roster(student("ada", name="Ada King"), student("zoe")), who="test")
    assert [each.id for each in store.accounts.sync()] == ["zoe"]
    assert store.account("ADA").name == "Ada King"
    assert not store.account("bob").active
    store.book.enrol(roster(student("ada"), student("bob"), student("zoe")), who="test")
    assert store.accounts.sync() == ()
    assert store.account("bob").active


def test_who_was_deactivated_by_staff_stays_out_whatever_the_roster_says(store: Store) -> None:
    store.accounts.deactivate(store.account("bob"), who="test")
    store.book.enrol(roster(student("ada"), student("bob", name="Robert")), who="test")
    store.accounts.sync()
    assert not store.account("bob").active
    assert store.accounts.activate(store.account("bob"), who="test").active


def test_leaving_ends_sessions_invitations_and_tokens(store: Store) -> None:
    bob = store.account("bob")
    secret, _ = store.accounts.open_session(bob)
    token, link = store.accounts.new_token(bob, "laptop"), store.accounts.invite(bob)
    store.accounts.link(bob, "https://idp", "42")
    store.book.enrol(roster(student("ada"), student("eve")), who="test")
    store.accounts.sync()
    assert store.accounts.visit(secret) is None
    assert store.accounts.by_token(token) is None
    assert store.accounts.invited(link) is store.accounts.redeem(link) is None
    assert store.accounts.by_identity("https://idp", "42") is None
    assert store.accounts.by_claim("bob@example.edu", "email") is None


def test_what_was_handed_in_stays_with_whoever_gets_another_id(store: Store) -> None:
    made = store.accept("ada", "1")
    renamed = student("s-1815", name="Ada", login="ada", email="ada@example.edu")
    store.book.enrol(roster(renamed, student("bob"), student("eve")), who="test")
    store.accounts.sync()
    account = store.account("s-1815")
    assert account.key == store.now(made).account
    assert account.student == store.now(made).student
    assert store.now(made).student_id == "s-1815"
    assert store.hand_ins.accept("demo", account, "2" * 64, 3).number == 2


def test_an_invitation_works_once_of_two_at_once_one_wins(store: Store) -> None:
    ada = store.account("ada")
    old, link = store.accounts.invite(ada), store.accounts.invite(ada)
    assert store.accounts.invited(old) is None
    assert store.accounts.invited(link) == store.accounts.invited(link) == ada
    with ThreadPoolExecutor(4) as threads:
        won = list(threads.map(store.accounts.redeem, [link] * 4))
    assert sorted(each is not None for each in won) == [False, False, False, True]


def test_an_invitation_runs_out(store: Store) -> None:
    link = store.accounts.invite(store.account("ada"))
    store.clock.pass_by(days=15)
    assert store.accounts.redeem(link) is None


def test_a_session_lives_on_while_it_is_used_and_ends_when_it_is_not(store: Store) -> None:
    secret, visit = store.accounts.open_session(store.account("ada"))
    assert store.accounts.visit(secret) == visit
    for _ in range(3):
        store.clock.pass_by(days=10)
        assert store.accounts.visit(secret) == visit
    store.clock.pass_by(days=15)
    assert store.accounts.visit(secret) is None
    secret, _ = store.accounts.open_session(store.account("ada"))
    store.accounts.close_session(secret)
    assert store.accounts.visit(secret) is None


def test_a_token_is_revoked_by_its_owner_alone(store: Store) -> None:
    ada, bob = store.account("ada"), store.account("bob")
    secret = store.accounts.new_token(ada, "laptop")
    (token,) = store.accounts.tokens(ada)
    assert not store.accounts.revoke(bob, token.key)
    assert store.accounts.by_token(secret) == ada
    assert store.accounts.revoke(ada, token.key)
    assert store.accounts.by_token(secret) is None
    for number in range(MOST_TOKENS):
        store.accounts.new_token(ada, str(number))
    with pytest.raises(UsageError, match="20 tokens already"):
        store.accounts.new_token(ada, "one more")


def test_the_use_of_tokens_is_written_apart_from_the_requests(store: Store) -> None:
    ada = store.account("ada")
    secret = store.accounts.new_token(ada, "laptop")
    with store.accounts.token_uses.written():
        assert store.accounts.by_token(secret) == ada
        assert store.accounts.tokens(ada)[0].seen_at is None  # nobody has waited for that
        first = store.clock()
    assert store.accounts.tokens(ada)[0].seen_at == first
    store.clock.pass_by(minutes=59)
    assert store.accounts.by_token(secret) == ada
    store.accounts.token_uses.write()
    assert store.accounts.tokens(ada)[0].seen_at == first
    store.clock.pass_by(minutes=2)
    assert store.accounts.by_token(secret) == ada
    store.accounts.token_uses.write()
    assert store.accounts.tokens(ada)[0].seen_at == store.clock()


def test_a_claim_names_somebody_only_if_it_can_be_nobody_else(store: Store) -> None:
    store.accounts.add_staff("max", Role.MARKER, email="Max@Example.edu", who="test")
    found = store.accounts.by_claim("max@example.EDU", "email")
    assert found is not None
    assert found.id == "max"
    # An email is no id, an id no email, and nobody is nobody.
    assert store.accounts.by_claim("ada", "email") is None
    assert store.accounts.by_claim("ada@example.edu", "preferred_username") is None
    assert store.accounts.by_claim("", "email") is None
    store.accounts.add_staff("eva", Role.MARKER, email="ada@example.edu", who="test")
    assert store.accounts.by_claim("ada@example.edu", "email") is None


def test_there_is_always_an_owner(store: Store) -> None:
    olga = store.accounts.add_staff("olga", Role.OWNER, who="test")
    for act in (
        lambda: store.accounts.set_role(olga, Role.MARKER, who="test"),
        lambda: store.accounts.deactivate(olga, who="test"),
        lambda: store.accounts.add_staff("olga", Role.MARKER, who="test"),
    ):
        with pytest.raises(UsageError, match="the only owner"):
            act()
    store.accounts.add_staff("max", Role.OWNER, who="test")
    assert store.accounts.set_role(olga, Role.MARKER, who="test").role is Role.MARKER
    with pytest.raises(UsageError, match="Ada is a student"):
        store.accounts.add_staff("Ada", Role.OWNER, who="test")
    with pytest.raises(UsageError, match="not on the roster"):
        store.accounts.set_role(store.account("olga"), Role.STUDENT, who="test")


def test_no_secret_is_in_the_database(store: Store) -> None:
    ada = store.account("ada")
    secrets = [
        store.accounts.open_session(ada)[0],
        store.accounts.new_token(ada, "laptop"),
        store.accounts.invite(ada),
    ]
    with store.book.engine.connect() as connection:
        for table in ("sessions", "tokens", "invitations"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert rows
            assert not any(secret in str(row) for row in rows for secret in secrets)
