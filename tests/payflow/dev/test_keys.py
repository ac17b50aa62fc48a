"""Signing keys as `payflow keys generate` makes them."""

from __future__ import annotations

import json
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from payflow.cli import app
from payflow.dev.errors import CannotStart
from payflow.dev.keys import generate_keys, public_jwk

FILES = {
    "users-signing.pem",
    "users-keys.json",
    "transactions-service.pem",
    "rewards-service.pem",
    "service-jwks.json",
}


def test_keys_are_made_once_and_kept(tmp_path: Path) -> None:
    """The second run writes nothing; a key that was removed is made anew, and the public set follows."""
    first = {path.name for path in generate_keys(tmp_path)}
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    second = generate_keys(tmp_path)
    (tmp_path / "rewards-service.pem").unlink()
    third = {path.name for path in generate_keys(tmp_path)}

    assert first == FILES == set(before)
    assert second == []
    assert third == {"rewards-service.pem", "service-jwks.json"}
    assert (tmp_path / "transactions-service.pem").read_bytes() == before["transactions-service.pem"]


def test_private_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    """Mode 0600."""
    generate_keys(tmp_path)

    assert {oct(path.stat().st_mode & 0o777) for path in tmp_path.glob("*.pem")} == {"0o600"}


@pytest.mark.parametrize("caller", ["transactions", "rewards"])
def test_the_public_set_verifies_what_a_caller_signs(tmp_path: Path, caller: str) -> None:
    """Each key names its caller; its kid is its RFC 7638 thumbprint, as PyJWT computes it."""
    generate_keys(tmp_path)
    private = (tmp_path / f"{caller}-service.pem").read_text()
    jwks = json.loads((tmp_path / "service-jwks.json").read_text())
    (entry,) = [key for key in jwks["keys"] if key["iss"] == caller]

    token = jwt.encode({"iss": caller}, private, algorithm="EdDSA", headers={"kid": entry["kid"]})

    assert jwt.decode(token, jwt.PyJWKSet.from_dict(jwks)[entry["kid"]], algorithms=["EdDSA"]) == {"iss": caller}
    assert entry["alg"] == "EdDSA"
    assert "d" not in entry


def test_the_thumbprint_is_that_of_the_standard() -> None:
    """RFC 8037, appendix A.3: the key of A.1 has this thumbprint."""
    secret = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")

    jwk = public_jwk(Ed25519PrivateKey.from_private_bytes(secret))

    assert jwk["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert jwk["kid"] == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    """It is not overwritten: somebody may want it back."""
    generate_keys(tmp_path)
    (tmp_path / "users-signing.pem").write_text("not a key")

    with pytest.raises(CannotStart, match=r"users-signing\.pem does not hold an Ed25519 private key"):
        generate_keys(tmp_path)


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    """`payflow keys generate --dir DIR`."""
    result = CliRunner().invoke(app, ["keys", "generate", "--dir", str(tmp_path / "keys")])

    assert result.exit_code == 0
    assert {Path(line.removeprefix("wrote ")).name for line in result.output.splitlines()} == FILES
