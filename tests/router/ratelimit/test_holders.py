"""Whose budget an operation is charged to."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from router.config.rate_limit import RateLimitSettings
from router.exchange import Client, ClientRequest
from router.ratelimit.holders import Holder, Holders, network_of
from router.security.caller import ANONYMOUS, Caller

SETTINGS = RateLimitSettings.model_validate(
    {
        "plan": {"rate": 600},
        "anonymous": {"rate": 60, "burst": 20},
        "scopes": [{"scope": "partner", "rate": 6000}, {"scope": "internal", "rate": 9000, "period_s": 1}],
        "api_keys": {"verified_upstream": True, "plan": {"rate": 1}},
    }
)


def holder(caller: Caller = ANONYMOUS, **client: Any) -> Holder:
    return Holders(SETTINGS, "router:").of(ClientRequest("{ a }", caller=caller, client=Client(**client)))


def signed_in(subject: str | None = "ada", scopes: str = "", issuer: str = "https://issuer.test") -> Caller:
    return Caller(True, subject, frozenset(scopes.split()), claims={"iss": issuer})


def test_a_subject_is_one_client_wherever_it_calls_from() -> None:
    """A signed-in caller has one budget over all its addresses, and its subject is not written into Redis."""
    here, there = holder(signed_in(), address="192.0.2.1"), holder(signed_in(), address="192.0.2.2")

    assert here == there
    assert here.key.startswith("router:rate:signed-in:")
    assert "ada" not in here.key


def test_equal_subjects_of_two_issuers_are_two_clients() -> None:
    """An issuer cannot spend the budget of another issuer's subject."""
    assert holder(signed_in(issuer="https://a.test")).key != holder(signed_in(issuer="https://b.test")).key


def test_the_first_scope_that_matches_decides_the_plan() -> None:
    """The plans are looked through in the order of the file, and each is a bucket of its own."""
    both, second, none = (holder(signed_in(scopes=scopes)) for scopes in ("internal partner", "internal", "other"))

    assert (both.rate.plan, both.rate.burst, both.rate.unit_us) == ("partner", 6000, 10_000)
    assert second.rate.plan == "internal"
    assert second.rate.unit_us == pytest.approx(1_000_000 / 9000)
    assert (none.rate.plan, none.rate.burst) == ("signed-in", 600)
    assert len({both.key, second.key, none.key}) == 3


def test_an_api_key_is_a_client_of_its_own() -> None:
    """By the digest of its key, and only where no token says who it is."""
    first = holder(api_key="a" * 64, address="192.0.2.1")
    moved = holder(api_key="a" * 64, address="192.0.2.9")
    second = holder(api_key="b" * 64, address="192.0.2.1")

    assert first == moved
    assert first.key != second.key
    assert first.rate.plan == "api-key"
    assert holder(signed_in(), api_key="a" * 64).rate.plan == "signed-in"


def test_anonymous_callers_are_known_by_address() -> None:
    """Each address has a budget; one that is missing is a client, too, and not a way around the limit."""
    assert holder(address="192.0.2.1").key == "router:rate:anonymous:192.0.2.1"
    assert holder(address="192.0.2.1").rate.burst == 20
    assert holder(address=None).key == "router:rate:anonymous:unknown"


def test_a_token_without_a_subject_is_known_by_address() -> None:
    """Its scopes still decide the plan."""
    assert holder(signed_in(None, "partner"), address="192.0.2.1").key == "router:rate:partner:192.0.2.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_of_an_address_counts_what_its_user_cannot_choose(address: str | None, network: str) -> None:
    """All of an IPv6 /64 is one client, and an IPv4 address is one however it is written."""
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"plan": {"rate": 0}}, "greater than 0"),
        ({"plan": {"rate": 1}, "api_keys": {}}, "needs either sha256"),
        ({"plan": {"rate": 1}, "api_keys": {"verified_upstream": True, "sha256": ["a" * 64]}}, "needs either sha256"),
        ({"plan": {"rate": 1}, "scopes": [{"scope": "a", "rate": 1}] * 2}, "names a scope twice"),
        ({"plan": {"rate": 1}, "scopes": [{"scope": "anonymous", "rate": 1}]}, "the name of another plan"),
        ({"plan": {"rate": 1}, "scopes": [{"scope": 'a"b', "rate": 1}]}, "pattern"),
    ],
)
def test_plans_that_cannot_be_meant_are_refused(settings: dict[str, Any], told: str) -> None:
    """No rate, keys that nobody checked, a scope twice: said at the start, not found in production."""
    with pytest.raises(ValidationError, match=told):
        RateLimitSettings.model_validate(settings)
