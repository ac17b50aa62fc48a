"""`payflow keys`: make the signing keys, rotate those of access tokens, and show them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payflow.dev.errors import CannotStart
from payflow.dev.folders import Folders
from payflow.dev.options import DEFAULT_DATA_DIR, DataDir, Json

if TYPE_CHECKING:
    from payflow.dev.rotation import Rotation
    from payflow.kernel.keyring import Ring

keys = typer.Typer(help="Signing keys.", no_args_is_help=True)

KeysDir = Annotated[
    Path | None, typer.Option("--dir", help="The folder of the keys; by default that of the data directory.")
]

_DONE = {
    "PUBLISH": "published {kid}: verifiers learn it, nothing is signed with it yet",
    "ACTIVATE": "{kid} signs from now on; the key before it is retired, and stays published for the tokens it signed",
    "REMOVE": "removed {kid}: every token that it signed has ended",
}
_NEXT = {"ACTIVATE": "activate {kid}", "REMOVE": "remove {kid}", "PUBLISH": "publish {kid}"}


@keys.command("generate")
def generate(*, directory: Annotated[Path, typer.Option("--dir", help="Where to keep them.")]) -> None:
    """Make the signing keys of users, transactions and rewards, the key ring, and the callers' public key set; keep what exists."""
    from payflow.dev.keys import generate_keys

    for path in generate_keys(directory):
        typer.echo(f"wrote {path}")


@keys.command("rotate")
def rotate_keys(
    *,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    directory: KeysDir = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Stay until the rotation is complete, some eighty minutes.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Take the next step at once: for a stolen key. Tokens may be refused meanwhile."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Take the steps of a key rotation that are due, or begin one; says what comes next, and from when on.

    A new key is published, signs fifteen minutes later, and the one before it is removed an hour after that.
    Call it again for each step, or let it wait.
    """
    from payflow.dev.rotation import rotate, rotate_until_done

    if wait and force:
        raise CannotStart("--wait takes no step before its time and --force does; give one of them")
    folder, tell = _folder(data_dir, directory), (_tell_json if as_json else _tell)
    if wait:
        rotate_until_done(folder, tell=tell)
    else:
        tell(rotate(folder, now=datetime.now(UTC), force=force))


@keys.command("list")
def list_keys(*, data_dir: DataDir = DEFAULT_DATA_DIR, directory: KeysDir = None, as_json: Json = False) -> None:
    """Show the keys that sign and verify access tokens, with their states."""
    from payflow.dev.keys import USERS_KEY_RING, read_ring
    from payflow.dev.rotation import Rotation

    ring = read_ring(_folder(data_dir, directory) / USERS_KEY_RING)
    if as_json:
        _tell_json(Rotation((), ring))
        return
    for key in ring.keys:
        typer.echo(f"{key.kid}  {key.state.value:<9}  since {key.since:%Y-%m-%d %H:%M:%S} UTC  {key.file}")
    typer.echo(_coming(ring))


def _folder(data_dir: Path, directory: Path | None) -> Path:
    return directory or Folders(data_dir.resolve()).keys


def _tell(rotation: Rotation) -> None:
    for step in rotation.done:
        typer.echo(_DONE[step.kind].format(kid=step.kid))
    if not rotation.done:
        typer.echo("nothing is due")
    typer.echo(_coming(rotation.ring))


def _tell_json(rotation: Rotation) -> None:
    typer.echo(json.dumps(rotation.as_json(), indent=2))


def _coming(ring: Ring) -> str:
    step = ring.next_step()
    if step is None:
        return "no rotation is under way"
    left = max(step.due - datetime.now(UTC), timedelta())
    minutes = -(-int(left.total_seconds()) // 60)
    return f"next: {_NEXT[step.kind].format(kid=step.kid)}, from {step.due:%Y-%m-%d %H:%M:%S} UTC on (in {minutes} min)"
