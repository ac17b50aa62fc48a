"""The key ring in a running process: it signs with one key, publishes all, and follows its file."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import orjson
import pytest

from payflow.kernel import keyring as module
from payflow.kernel.errors import SettingsError
from payflow.kernel.keyring import KeyRing, KeyState, Ring, RingKey, Step, StepKind
from payflow.kernel.tokens import AccessTokens, FetchedKeys, Principal, ServiceKeys, SigningKey, TokenVerifier
from tests.subgraphs.harness import AUDIENCE, ISSUER, new_key_pem

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OLD, NEW = (SigningKey.from_pem(new_key_pem()) for _ in range(2))


def written(folder: Path, **states: KeyState) -> Path:
    """A ring file of `old` and `new` in these states, with the keys beside it."""
    for name, key in (("old", OLD), ("new", NEW)):
        (folder / f"{name}.pem").write_bytes(key.private_pem)
    keys = {"old": OLD, "new": NEW}
    ring = Ring(tuple(RingKey(keys[name].kid, f"{name}.pem", state, NOW) for name, state in states.items()))
    draft, path = folder / "draft", folder / "ring.json"
    draft.write_bytes(orjson.dumps(ring.as_json()))
    draft.replace(path)
    return path


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the ring is one at its file."""
    monkeypatch.setattr(module, "FOLLOW_S", 0.0)


def kid_of(ring: KeyRing) -> str:
    return str(jwt.get_unverified_header(ring.sign({"a": 1}, token_type="JWT"))["kid"])


def kids_of(ring: KeyRing) -> list[str]:
    return [key["kid"] for key in ring.jwks["keys"]]


@pytest.mark.usefixtures("later")
async def test_the_file_is_followed_through_a_rotation(tmp_path: Path) -> None:
    """Published, activated, removed: the process signs and publishes accordingly, and is never restarted."""
    ring = KeyRing.load(written(tmp_path, old=KeyState.ACTIVE), setting="X")
    assert (kid_of(ring), kids_of(ring)) == (OLD.kid, [OLD.kid])

    written(tmp_path, old=KeyState.ACTIVE, new=KeyState.PUBLISHED)
    assert (kid_of(ring), kids_of(ring)) == (OLD.kid, [OLD.kid, NEW.kid])
    written(tmp_path, old=KeyState.RETIRED, new=KeyState.ACTIVE)
    assert (kid_of(ring), kids_of(ring)) == (NEW.kid, [OLD.kid, NEW.kid])
    assert await ring.key(OLD.kid) is not None
    written(tmp_path, new=KeyState.ACTIVE)
    assert (kid_of(ring), kids_of(ring)) == (NEW.kid, [NEW.kid])
    assert await ring.key(OLD.kid) is None


@pytest.mark.usefixtures("later")
def test_a_ring_that_breaks_leaves_the_last_one_in_force(tmp_path: Path) -> None:
    """Garbage, a missing file, a key that is not what the ring says: the process goes on as it was, and mends when the file does."""
    path = written(tmp_path, old=KeyState.ACTIVE)
    ring = KeyRing.load(path, setting="X")

    path.write_text("garbage")
    assert kid_of(ring) == OLD.kid
    path.unlink()
    assert kid_of(ring) == OLD.kid
    written(tmp_path, old=KeyState.RETIRED, new=KeyState.ACTIVE)
    (tmp_path / "new.pem").write_bytes(OLD.private_pem)
    assert kid_of(ring) == OLD.kid
    (tmp_path / "new.pem").write_bytes(NEW.private_pem)
    assert kid_of(ring) == NEW.kid, "the key that it names came after it"


def test_the_file_is_looked_at_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not with every token: once in FOLLOW_S."""
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    ring = KeyRing.load(written(tmp_path, old=KeyState.ACTIVE), setting="X")
    written(tmp_path, old=KeyState.RETIRED, new=KeyState.ACTIVE)

    assert kid_of(ring) == OLD.kid
    now += module.FOLLOW_S
    assert kid_of(ring) == NEW.kid


def test_one_pem_is_a_ring_of_one(tmp_path: Path) -> None:
    """For who manages keys otherwise."""
    (tmp_path / "key.pem").write_bytes(OLD.private_pem)
    ring = KeyRing.load(tmp_path / "key.pem", setting="X")

    assert (kid_of(ring), kids_of(ring)) == (OLD.kid, [OLD.kid])


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        '{"keys": []}',
        '{"keys": [{"kid": "a", "file": "../b.pem", "state": "ACTIVE", "since": "2026-11-23T00:00:00+00:00"}]}',
        '{"keys": [{"kid": "a", "file": "b.pem", "state": "ACTIVE", "since": "2026-11-23"}]}',
        '{"keys": [{"kid": "a", "file": "b.pem", "state": "BORN", "since": "2026-11-23T00:00:00+00:00"}]}',
        '{"keys": [{"kid": "a", "file": "absent.pem", "state": "ACTIVE", "since": "2026-11-23T00:00:00+00:00"}]}',
    ],
)
def test_a_broken_ring_is_a_setting(tmp_path: Path, content: str) -> None:
    """Said at start, by the variable's name."""
    (tmp_path / "ring.json").write_text(content)

    for path in (tmp_path / "ring.json", tmp_path / "absent.json", None):
        with pytest.raises(SettingsError, match="X"):
            KeyRing.load(path, setting="X")


def test_no_step_of_a_rotation_comes_too_early() -> None:
    """A key signs only when every verifier's copy of the set is newer than it, and stays until its last token has ended."""
    ring = Ring((RingKey("old", "o", KeyState.ACTIVE, NOW),)).published("new", file="n", now=NOW)
    activate = ring.next_step()
    assert activate == Step(StepKind.ACTIVATE, "new", NOW + timedelta(seconds=600 + 300))

    rotated = ring.after(activate, now=activate.due)
    assert rotated.active.kid == "new"
    assert rotated.next_step() == Step(StepKind.REMOVE, "old", activate.due + timedelta(seconds=3600 + 60))


@pytest.mark.usefixtures("later")
async def test_no_verifier_refuses_a_token_while_keys_rotate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verifiers whose copies of the set are as old as they may be know each token, whichever step was the last, for all of its life."""
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    ring = KeyRing.load(written(tmp_path, old=KeyState.ACTIVE), setting="X")

    async def fetch() -> dict[str, object]:
        return ring.jwks

    verifiers = [
        TokenVerifier(issuer=ISSUER, audience=AUDIENCE, users=FetchedKeys(fetch), services=ServiceKeys(None))
        for _ in range(5)
    ]
    tokens = AccessTokens(ring, ISSUER, AUDIENCE, timedelta(minutes=10))
    steps = {
        100: {"old": KeyState.ACTIVE, "new": KeyState.PUBLISHED},
        100 + 900: {"old": KeyState.RETIRED, "new": KeyState.ACTIVE},
        100 + 900 + 3660: {"new": KeyState.ACTIVE},
    }
    issued: list[tuple[float, str]] = []
    for second in range(0, 6000, 20):
        now = 1000.0 + second
        if second in steps:
            written(tmp_path, **steps[second])
        token = tokens.issue(user_id="ada", session_id="s", scopes=frozenset(), now=datetime.now(UTC))
        issued.append((now, token))
        asked = verifiers[second // 20 % len(verifiers)]
        for age in (0, 300, 590):
            alive = [token for at, token in issued if at == now - age // 20 * 20]
            for token in alive:
                assert (await asked.principal(f"Bearer {token}")) == Principal("user", "ada")
