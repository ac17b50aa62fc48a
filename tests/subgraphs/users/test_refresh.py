"""What becomes of a refresh token that is presented: the decision alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from payflow.kernel.ids import new_id
from subgraphs.users import refresh
from subgraphs.users.refresh import LOST_ANSWER, StoredSession, StoredToken, Verdict, judge

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
A_MOMENT = timedelta(seconds=1)
SESSION = StoredSession(new_id(), new_id(), NOW, NOW + refresh.LIFETIME)
FRESH = StoredToken(hash=b"h", expires_at=NOW + refresh.IDLE)
USED = replace(FRESH, used_at=NOW, sealed_successor=b"s", presenter=b"me")


@pytest.mark.parametrize(
    ("verdict", "session", "token", "presenter", "later"),
    [
        (Verdict.ROTATE, SESSION, FRESH, b"anybody", timedelta()),
        (Verdict.ROTATE, SESSION, FRESH, b"anybody", refresh.IDLE - A_MOMENT),
        (Verdict.REFUSE, SESSION, FRESH, b"anybody", refresh.IDLE),
        (Verdict.REFUSE, replace(SESSION, ended_at=NOW), FRESH, b"anybody", timedelta()),
        (Verdict.REFUSE, replace(SESSION, ended_at=NOW), USED, b"me", timedelta()),
        (Verdict.REFUSE, replace(SESSION, expires_at=NOW), FRESH, b"anybody", timedelta()),
        (Verdict.REPEAT, SESSION, USED, b"me", timedelta()),
        (Verdict.REPEAT, SESSION, USED, b"me", LOST_ANSWER),
        (Verdict.REUSE, SESSION, USED, b"me", LOST_ANSWER + A_MOMENT),
        (Verdict.REUSE, SESSION, USED, b"somebody else", timedelta()),
        (Verdict.REUSE, SESSION, replace(USED, successor_used=True), b"me", timedelta()),
        (Verdict.REUSE, SESSION, replace(USED, sealed_successor=None), b"me", timedelta()),
        (Verdict.REUSE, SESSION, USED, b"me", refresh.IDLE + A_MOMENT),
    ],
)
def test_a_presented_token(
    verdict: Verdict, session: StoredSession, token: StoredToken, presenter: bytes, later: timedelta
) -> None:
    """Unused and in time: rotated. Used: again only for a lost answer, to the same presenter, at once; else the session ends."""
    assert judge(session, token, presenter=presenter, now=NOW + later) is verdict


def test_a_seal_opens_with_the_token_alone() -> None:
    """What is stored is not the successor, and another token does not yield it."""
    token, successor, other = (refresh.new_token() for _ in range(3))
    sealed = refresh.seal(successor, token)

    assert sealed != successor.encode()
    assert refresh.unseal(sealed, token) == successor
    assert refresh._xor(sealed, other) != successor.encode()


def test_tokens_are_256_random_bits() -> None:
    """43 characters of base64url; what is not so is none."""
    tokens = {refresh.new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(refresh.is_well_formed(token) for token in tokens)
    for none in ("", "short", "a" * 44, "ä" * 43, "a" * 42 + "\n", "a" * 42 + "=", "a" * 43 + "\n"):
        assert not refresh.is_well_formed(none)


def test_nothing_outlives_the_session() -> None:
    """A token idles for two weeks, and not past the session's absolute end."""
    assert refresh.expiry(SESSION, NOW) == NOW + refresh.IDLE
    assert refresh.expiry(SESSION, NOW + timedelta(days=89)) == SESSION.expires_at


def test_presenters_differ_by_network_and_session() -> None:
    """And the network cannot be compared across sessions by what is stored."""
    first, second = new_id(), new_id()

    assert refresh.presenter_of(first, "192.0.2.1") == refresh.presenter_of(first, "192.0.2.1")
    different = {refresh.presenter_of(session, net) for session in (first, second) for net in ("192.0.2.1", "x")}
    assert len(different) == 4
