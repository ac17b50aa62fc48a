"""What a router refuses to start with, and what it warns of: protection that nobody could meet is said at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from router.app import create_app
from router.composition import Composed, SubgraphInput, compose
from router.config import ConfigSource, RouterConfig
from router.errors import ConfigError
from router.security.caller import Caller

LINK = """
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@requiresScopes", "@policy"]
)
"""
OPEN = "type Query { open: String }"
CLOSED = "type Query { open: String  closed: String @authenticated }"
GOVERNED = 'type Query { open: String  closed: String @policy(policies: [["p"]]) }'
JWT = {"issuers": [{"issuer": "i", "jwks_url": "http://127.0.0.1:1/keys"}]}

NOBODY_SIGNS_IN = "nobody can sign in: protected fields are refused to everybody (set jwt.issuers)"
NOBODY_DECIDES = "nobody decides @policy: fields under it are refused to everybody (set authorization.policies)"
DRY_RUN = "authorization is a dry run: denied fields are given out (authorization.dry_run)"


async def decide(caller: Caller, names: Collection[str]) -> Mapping[str, bool]:
    return dict.fromkeys(names, caller.authenticated)


def not_async(caller: Caller, names: Collection[str]) -> Mapping[str, bool]:
    raise AssertionError("never called")


def supergraph(folder: Path, types: str) -> Path:
    outcome = compose([SubgraphInput("a", LINK + types, "http://a.test")])
    assert isinstance(outcome, Composed), outcome
    file = folder / "supergraph.graphql"
    file.write_text(outcome.sdl)
    return file


def started(folder: Path, types: str, **settings: Any) -> list[str]:
    """The warnings of a router that starts."""
    config = RouterConfig.model_validate({"supergraph": supergraph(folder, types), **settings})
    with capture_logs() as logs:
        create_app(config)
    return [line["event"] for line in logs if line["log_level"] == "warning"]


def refused(folder: Path, types: str, **settings: Any) -> str:
    """Why a router does not start."""
    with pytest.raises(ConfigError) as caught:
        started(folder, types, **settings)
    return str(caught.value)


@pytest.mark.parametrize("types", [CLOSED, GOVERNED])
def test_protected_fields_need_issuers(tmp_path: Path, types: str) -> None:
    """A supergraph that protects something is not served where nobody could sign in; the sentence names both ways out."""
    said = refused(tmp_path, types)

    assert "the configuration has no `jwt` section" in said
    assert "`authorization: {anonymous_only: true}`" in said


def test_what_is_left_can_be_served_on_purpose(tmp_path: Path) -> None:
    """With `anonymous_only` it starts, and says what nobody will see."""
    only = {"anonymous_only": True}
    assert started(tmp_path, CLOSED, authorization=only) == [NOBODY_SIGNS_IN]
    assert started(tmp_path, GOVERNED, authorization=only) == [NOBODY_SIGNS_IN, NOBODY_DECIDES]


def test_without_a_file_what_is_left_is_served(tmp_path: Path) -> None:
    """`serve --supergraph` alone is how a supergraph is tried out: it starts, with the warning."""
    with capture_logs() as logs:
        create_app(ConfigSource(supergraph=supergraph(tmp_path, CLOSED)))
    assert [line["event"] for line in logs] == [NOBODY_SIGNS_IN]


def test_a_file_must_say_so(tmp_path: Path) -> None:
    """A configuration file without issuers is not taken for a trial."""
    supergraph(tmp_path, CLOSED)
    (tmp_path / "router.yaml").write_text("supergraph: supergraph.graphql\n")
    with pytest.raises(ConfigError, match="no `jwt` section"):
        create_app(ConfigSource(tmp_path / "router.yaml"))


def test_nothing_is_said_where_nothing_is_wrong(tmp_path: Path) -> None:
    """An open supergraph needs no issuers, a protected one with them, and a function for its policies, no words."""
    assert started(tmp_path, OPEN) == []
    assert started(tmp_path, CLOSED, jwt=JWT) == []
    assert started(tmp_path, GOVERNED, jwt=JWT, authorization={"policies": f"{__name__}:decide"}) == []
    with capture_logs() as logs:
        create_app(
            RouterConfig.model_validate({"supergraph": supergraph(tmp_path, GOVERNED), "jwt": JWT}), policies=decide
        )
    assert logs == []


def test_a_dry_run_is_said(tmp_path: Path) -> None:
    """Nobody should forget that it is on."""
    assert started(tmp_path, CLOSED, jwt=JWT, authorization={"dry_run": True}) == [DRY_RUN]


def test_policies_without_a_function_are_said(tmp_path: Path) -> None:
    """They are refused to everybody, signed in or not."""
    assert started(tmp_path, GOVERNED, jwt=JWT) == [NOBODY_DECIDES]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"authorization": {"require_authentication": True}}, "authorization.require_authentication needs `jwt`"),
        ({"jwt": {**JWT, "revocation": {"redis": {}}}}, "jwt.revocation.redis needs the section `redis`"),
        ({"jwt": {**JWT, "revocation": {}}}, "jwt.revocation says nowhere who knows what was revoked"),
        ({"jwt": {**JWT, "revocation": {"check": "nowhere:f"}}}, "jwt.revocation.check: the module nowhere cannot be"),
        ({"authorization": {"policies": "nowhere:f"}}, "authorization.policies: the module nowhere cannot be imported"),
        ({"authorization": {"policies": f"{__name__}:gone"}}, "has no gone"),
        ({"authorization": {"policies": f"{__name__}:not_async"}}, "must be an async function"),
        ({"jwt": {"issuers": [{"issuer": "i", "jwks_file": "/nowhere.json"}]}}, "The key file /nowhere.json"),
    ],
)
def test_settings_that_cannot_work_are_refused(tmp_path: Path, settings: dict[str, Any], sentence: str) -> None:
    """Each with a sentence that names the key."""
    assert sentence in refused(tmp_path, OPEN, **settings)


@pytest.mark.parametrize(
    ("jwt", "sentence"),
    [
        ({"issuers": []}, "at least 1"),
        ({"issuers": [{"issuer": "i"}]}, "needs either jwks_url or jwks_file"),
        ({"issuers": [JWT["issuers"][0]] * 2}, "names an issuer twice"),
        ({"issuers": [{**JWT["issuers"][0], "algorithms": ["HS256"]}]}, "should be 'EdDSA'"),
        ({"issuers": [{**JWT["issuers"][0], "algorithms": []}]}, "at least 1"),
        ({"issuers": [{**JWT["issuers"][0], "jwks_url": "file:///etc/passwd"}]}, "must start with http"),
        ({"issuers": [{"issuer": "i", "jwks_file": "k", "jwks_headers": {"a": "b"}}]}, "which only a jwks_url"),
        ({**JWT, "sources": []}, "at least 1"),
        ({**JWT, "on_error": "ignore"}, "should be 'error' or 'continue'"),
        ({**JWT, "leeway_s": 3600}, "less than or equal to 300"),
        ({**JWT, "secret": "x"}, "Extra inputs"),
        ({**JWT, "revocation": {"check": "not a name"}}, "should match pattern"),
    ],
)
def test_settings_that_make_no_sense_are_refused(jwt: dict[str, Any], sentence: str) -> None:
    """Symmetric algorithms, file URLs and made-up keys are none of the settings."""
    with pytest.raises(ValueError, match=sentence):
        RouterConfig.model_validate({"jwt": jwt})
