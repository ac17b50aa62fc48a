"""The configuration file: what it may say, and the one sentence for what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.app import create_app
from router.config import (
    AuthorizationSettings,
    Issuer,
    Listen,
    RedisSettings,
    RouterConfig,
    SubgraphSettings,
    load_config,
)
from router.errors import ConfigError
from tests.router.blog import supergraph_file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "router.yaml"


def refusal(file: Path, text: str, **environment: str) -> str:
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_config(file, environment)
    return str(caught.value)


def test_every_key_is_read(file: Path) -> None:
    """A full file comes back as settings; paths are taken from the file's folder, header names in lower case."""
    file.write_text(
        """
        supergraph: schema/supergraph.graphql
        listen: { host: 0.0.0.0, port: 8080 }
        subgraphs: { users: { url: "http://users.test/graphql" } }
        jwt:
          leeway_s: 5
          issuers: [{ issuer: me, jwks_file: keys.json, audiences: [api], algorithms: [ES256] }]
        headers: { all: { request: [{ propagate: { named: [Authorization, X-Tenant] } }] } }
        cors: { origins: ["https://app.test"] }
        timeouts: { subgraph_s: 2.5 }
        """
    )

    config = load_config(file, {})

    assert config.supergraph == file.parent / "schema/supergraph.graphql"
    assert config.listen == Listen(host="0.0.0.0", port=8080)
    assert config.subgraphs["users"].url == "http://users.test/graphql"
    assert config.jwt is not None
    assert config.jwt.issuers[0].jwks_file == file.parent / "keys.json"
    assert config.jwt.issuers[0].algorithms == ("ES256",)
    (rule,) = config.headers.all.request
    assert rule.propagate is not None
    assert rule.propagate.names == ("authorization", "x-tenant")
    assert config.timeouts.subgraph_s == 2.5
    assert config.timeouts.connection_init_s == 10.0


def test_an_empty_file_is_a_plain_router(file: Path) -> None:
    """Everything has a default."""
    file.write_text("")
    assert load_config(file, {}) == RouterConfig()


def test_environment_references_are_expanded(file: Path) -> None:
    """A variable, or its default where it is unset or empty, takes the place of its reference, inside a text too."""
    file.write_text(
        """
        listen: { port: "${env.PORT}" }
        subgraphs:
          a: { url: "http://${env.HOST:-localhost}:${env.A_PORT:-4001}/graphql" }
        """
    )

    config = load_config(file, {"PORT": "8080", "HOST": ""})

    assert config.listen.port == 8080
    assert config.subgraphs["a"].url == "http://localhost:4001/graphql"


def test_a_variable_cannot_bring_yaml(file: Path) -> None:
    """What a variable holds stays a text, whatever it looks like."""
    message = refusal(file, 'supergraph: "${env.X}"\nlisten: "${env.Y}"', X="a.graphql", Y="{port: 1}")
    assert message.startswith('router.yaml: the key "listen" is wrong')


def test_a_variable_that_is_not_set_is_named(file: Path) -> None:
    """A reference without a default needs its variable."""
    assert refusal(file, 'supergraph: "${env.NOWHERE}"') == (
        "router.yaml: the environment variable NOWHERE is not set; set it or give a default as ${env.NOWHERE:-value}."
    )


def test_an_unknown_source_is_named(file: Path) -> None:
    """Only `env` is a source of values."""
    assert "unknown source 'vault'; write ${env.KEY}" in refusal(file, 'supergraph: "${vault.KEY}"')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "lisen: {port: 1}",
            'router.yaml: unknown key "lisen" (did you mean "listen"?); the keys known here are '
            + f"{', '.join(sorted(RouterConfig.model_fields))}.",
        ),
        (
            "subgraphs: {url: {urll: http://a.test}}",
            'router.yaml: unknown key "subgraphs.url.urll" (did you mean "url"?); the keys known here are '
            + f"{', '.join(sorted(SubgraphSettings.model_fields))}.",
        ),
        (
            "jwt: {issuers: [{issuer: me, jwksurl: http://a.test}]}",
            'router.yaml: unknown key "jwt.issuers.0.jwksurl" (did you mean "jwks_url"?); the keys known here are '
            + f"{', '.join(sorted(Issuer.model_fields))}.",
        ),
        ("zzz: 1", 'router.yaml: unknown key "zzz"; the keys known here are '),
        ("listen: {port: 70000}", 'router.yaml: the key "listen.port" is wrong: input should be less than or equal to'),
        (
            "subgraphs: {a: {url: ftp://a.test}}",
            'router.yaml: the key "subgraphs.a.url" is wrong: must start with http:// or https://, unlike "ftp://a.test".',
        ),
        (
            "jwt: {issuers: [{issuer: me}]}",
            'router.yaml: the key "jwt.issuers.0" is wrong: needs either jwks_url or jwks_file.',
        ),
        (
            "jwt: {issuers: [{issuer: me, jwks_file: k}, {issuer: me, jwks_file: k}]}",
            'router.yaml: the key "jwt" is wrong: names an issuer twice.',
        ),
        (
            "jwt: {issuers: [{issuer: me, jwks_file: k, algorithms: [HS256]}]}",
            "router.yaml: the key \"jwt.issuers.0.algorithms.0\" is wrong: input should be 'EdDSA',",
        ),
        (
            "site: {directory: dist, policy: {script-src: [\"'unsafe-inline'\"]}}",
            'router.yaml: the key "site.policy" is wrong: lets script-src load from "\'unsafe-inline\'": that is anybody\'s code;',
        ),
        (
            "site: {directory: dist, policy: {img-src: ['data:'], script-src: ['data:']}}",
            'router.yaml: the key "site.policy" is wrong: lets script-src load from "data:": that is anybody\'s code;',
        ),
        (
            "site: {directory: dist, policy: {img-src: ['img.example.com; script-src *']}}",
            'router.yaml: the key "site.policy" is wrong: lets img-src load from "img.example.com; script-src *": name an origin',
        ),
        (
            "site: {directory: dist, policy: {imgs: ['data:']}}",
            "router.yaml: the key \"site.policy.imgs\" is wrong: input should be 'connect-src', ",
        ),
        (
            "site: {directory: dist, immutable: [../assets]}",
            'router.yaml: the key "site.immutable" is wrong: names folders of the site such as assets or static/js, unlike "../assets".',
        ),
        ("site: {}", 'router.yaml: the key "site.directory" is '),
        ("a: b: c", "router.yaml is not valid YAML: mapping values are not allowed here at line 1"),
        ("- listen", "router.yaml must hold a mapping of settings"),
    ],
)
def test_what_is_wrong_is_one_sentence(file: Path, text: str, message: str) -> None:
    """The sentence names the file, the key, the rule and, for a misspelt key, the nearest."""
    said = refusal(file, text)
    assert said.startswith(message)
    assert "\n" not in said


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """No file is no configuration."""
    with pytest.raises(ConfigError, match=r"The configuration file .*nowhere\.yaml does not exist\."):
        load_config(tmp_path / "nowhere.yaml", {})


def test_a_file_that_is_no_text_is_refused(file: Path) -> None:
    """Bytes that are not UTF-8 end in a sentence too."""
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(file, {})


@pytest.mark.parametrize(
    "text",
    [
        "redis: {url: 'http://router:hunter2@redis.test'}",
        "redis: {url: 'redis://:hunter2/x@redis.test'}",
        "jwt: {issuers: [{issuer: me, jwks_url: 'ftp://router:hunter2@keys.test/'}]}",
        "subgraphs: {a: {url: 'ftp://router:hunter2@a.test/'}}",
    ],
)
def test_what_is_wrong_with_an_address_is_told_without_its_password(file: Path, text: str) -> None:
    """The sentence ends up in logs, of a reload at the latest."""
    said = refusal(file, text)
    assert "hunter2" not in said
    assert "wrong: " in said


def test_an_address_of_redis_with_a_bad_option_is_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    """It is told in a sentence that names the key, as all others are."""
    config = RouterConfig(
        supergraph=supergraph_file(tmp_path),
        authorization=AuthorizationSettings(anonymous_only=True),
        redis=RedisSettings(url="redis://redis.test?socket_timeout=soon"),
    )
    with pytest.raises(ConfigError, match=r"redis\.url cannot be used: .*socket_timeout"):
        create_app(config)


@pytest.mark.parametrize(
    ("text", "where", "key"),
    [
        ("cost:\n", "", "cost"),
        ("cors: null\n", "", "cors"),
        (
            "jwt:\n  issuers: [{issuer: me, jwks_file: k}]\n  revocation:\n    redis:\n",
            "jwt.revocation",
            "redis",
        ),
        ("traffic: {retry: }\n", "traffic", "retry"),
    ],
)
def test_a_section_without_a_word_is_not_taken_for_none(file: Path, text: str, where: str, key: str) -> None:
    """Who writes `redis:` wants it; that nothing came of it would be noticed when it is too late."""
    said = refusal(file, text)
    assert f'"{key}" is empty: write {key}: {{}} for its defaults, or leave it out' in said
    assert where in said


def test_a_key_without_a_value_may_be_null(file: Path) -> None:
    """Bounds are lifted by it."""
    file.write_text("limits: {aliases: null, height: }\nsupergraph:\n")
    assert load_config(file, {}).limits.aliases is None
