"""Settings: read from the environment, and every mistake said in one sentence."""

from __future__ import annotations

import os

import pytest

from payflow.kernel.errors import SettingsError
from payflow.kernel.settings import SERVICES, Settings, load_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("PAYFLOW_"):
            monkeypatch.delenv(name)


def test_defaults_bind_this_machine_only() -> None:
    """Nothing said: everything on 127.0.0.1, ports that do not collide, and no secret anywhere."""
    settings = load_settings()

    ports = [settings.service_port(name) for name in (*SERVICES, "rewards_consumer", "notifications_consumer")]
    assert settings.host == "127.0.0.1"
    assert len(set(ports)) == len(ports)
    assert (settings.signing_key_file, settings.service_key_file) == (None, None)
    assert [settings.service_url(name) for name in SERVICES] == [
        f"http://127.0.0.1:{settings.service_port(name)}/graphql" for name in SERVICES
    ]


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names in upper case, with our prefix."""
    monkeypatch.setenv("PAYFLOW_REWARDS_DATABASE_URL", "postgresql://r:p@h/d")
    monkeypatch.setenv("PAYFLOW_KAFKA_ENABLE_IDEMPOTENCE", "false")

    settings = load_settings()

    assert settings.database_url("rewards") == "postgresql://r:p@h/d"
    assert settings.kafka_enable_idempotence is False


def test_a_missing_database_is_named() -> None:
    """The sentence says the variable and what it looks like."""
    with pytest.raises(SettingsError, match=r"^PAYFLOW_WALLET_DATABASE_URL is not set; give it as postgresql://"):
        Settings().database_url("wallet")


def test_an_unknown_setting_is_refused_with_a_guess() -> None:
    """A typing error does not pass in silence."""
    with pytest.raises(SettingsError, match=r"^PAYFLOW_REDIS_ULR is not a setting .*did you mean PAYFLOW_REDIS_URL\?$"):
        load_settings({"PAYFLOW_REDIS_ULR": "redis://localhost", "PATH": "/bin"})
    with pytest.raises(SettingsError, match=r"^PAYFLOW_ZZZ is not a setting"):
        load_settings({"PAYFLOW_ZZZ": "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAYFLOW_PORT", "many"),
        ("PAYFLOW_ACCESS_TOKEN_SECONDS", "5"),
        ("PAYFLOW_ACCESS_TOKEN_SECONDS", "86400"),
        ("PAYFLOW_LOG_LEVEL", "LOUD"),
        ("PAYFLOW_KAFKA_SESSION_TIMEOUT_MS", "10"),
    ],
)
def test_a_malformed_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Variable, rule and what was given, in one line."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=rf"^{name} is not valid: .*\(got '{value}'\)$"):
        load_settings()


def test_settings_do_not_change() -> None:
    """What a process was told is told for its life."""
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]  # read-only, which is the point
