"""`payflow seed` as one runs it: on a platform of this machine, with its progress, and in the end who can sign in and how."""

from __future__ import annotations

import asyncio
import ipaddress
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from payflow.dev.seed.acting import act
from payflow.dev.seed.errors import SeedFailed
from payflow.dev.seed.story import tell
from payflow.dev.seed.world import World


def run(url: str, console: Console, *, seed: int, anywhere: bool) -> None:
    """Make the world of a seed on the platform at `url`, and show it. Raises SeedFailed."""
    if not (anywhere or is_local(url)):
        raise SeedFailed(
            f"{url} is not on this machine, and a world of people whose passwords everybody knows belongs on no platform with real ones;"
            " --not-production says that it has none"
        )
    world = tell(seed)
    new = asyncio.run(_with_progress(world, seed, url, console))
    show(world, console, new=new, page=f"{urlsplit(url).scheme}://{urlsplit(url).netloc}/")


def is_local(url: str) -> bool:
    """Whether the address is this machine's own: localhost, or a loopback address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # no address at all, such as http://[::1
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _with_progress(world: World, seed: int, url: str, console: Console) -> int:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"{len(world.people)} people arrive", total=len(world.events))

        def told(events: int, of: int) -> None:
            progress.update(task, completed=events, total=of, description="Three months go by")

        return await act(world, seed, url, told)


def show(world: World, console: Console, *, new: int, page: str) -> None:
    """Who is there, and how to sign in. Handles are what stands before the @ of the address."""
    table = Table("name", "email", "password", "wallets", box=None, header_style="bold", padding=(0, 2, 0, 0))
    for person in world.people:
        table.add_row(person.name, person.email, person.password, " ".join(person.currencies))
    console.print(table)
    console.print(
        f"[bold green]{len(world.events)} things happened among {len(world.people)} people[/]", highlight=False
    )
    if not new:
        console.print("Nobody of them is new: what an earlier run had done stays as it was, and nothing was done twice")
    console.print(f"Sign in at {page}", highlight=False)
