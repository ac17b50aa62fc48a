"""The wallet serves only as a role that cannot rewrite the books, or where a developer says that it may."""

from __future__ import annotations

import asyncpg
import pytest

from payflow.dev.databases import Role, ensure_database
from payflow.dev.postgres import PostgresServer
from payflow.dev.testing import free_port
from payflow.kernel.errors import DependencyUnavailable, SettingsError
from payflow.kernel.ids import new_id
from payflow.kernel.settings import Settings
from subgraphs.wallet.privileges import refuse_to_serve_as_owner

# What the owner may grant by mistake → whether the wallet still serves.
GRANTS = {
    "SELECT ON coin": True,
    "EXECUTE ON FUNCTION mint()": True,
    "INSERT ON coin": False,
    "UPDATE (worth) ON coin": False,
    "DELETE ON coin": False,
    "TRUNCATE ON coin": False,
    "{owner}": False,
}


@pytest.fixture
async def urls(postgres_server: PostgresServer) -> tuple[str, str]:
    """The owner's and the serving role's URL of a database with one table and one function."""
    name = f"books_{new_id().hex}"
    owner, serving = Role(f"{name}_owner", "of-the-owner"), Role(f"{name}_server", "of-the-server")
    await ensure_database(postgres_server.url(), name=name, owner=owner, serving=serving)
    owner_url, url = (postgres_server.url(name, role=role.name, password=role.password) for role in (owner, serving))
    await execute(
        owner_url,
        "CREATE TABLE coin (worth int); CREATE FUNCTION mint() RETURNS int LANGUAGE sql RETURN 1;"
        " REVOKE EXECUTE ON FUNCTION mint() FROM PUBLIC",
    )
    return owner_url, url


async def execute(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statements)
    await connection.close()


@pytest.mark.parametrize("grant", GRANTS)
async def test_only_reading_and_calling_may_be_granted(
    urls: tuple[str, str], postgres_server: PostgresServer, grant: str
) -> None:
    """Whatever lets the role change a row, however it came by it, keeps the wallet from starting."""
    owner_url, url = urls
    role = url.split("//")[1].split(":")[0]
    as_whom = postgres_server.url() if grant == "{owner}" else owner_url
    owner = owner_url.split("//")[1].split(":")[0]
    await execute(as_whom, f"GRANT {grant.format(owner=owner)} TO {role}")

    if GRANTS[grant]:
        await refuse_to_serve_as_owner(Settings(wallet_database_url=url))
    else:
        with pytest.raises(SettingsError, match=rf"^The role {role} .* \(coin\), so a fault"):
            await refuse_to_serve_as_owner(Settings(wallet_database_url=url))


async def test_who_may_make_functions_does_not_serve(urls: tuple[str, str]) -> None:
    """Those that post run as the owner, and might call what stands beside them."""
    owner_url, url = urls
    await execute(owner_url, f"GRANT CREATE ON SCHEMA public TO {url.split('//')[1].split(':')[0]}")

    with pytest.raises(SettingsError, match="may make functions in the schema public"):
        await refuse_to_serve_as_owner(Settings(wallet_database_url=url))


async def test_an_owner_serves_only_where_that_is_said(urls: tuple[str, str]) -> None:
    """The refusal is one line that names both ways out and no password; the setting is one of them."""
    owner_url, _ = urls

    with pytest.raises(SettingsError) as refused:
        await refuse_to_serve_as_owner(Settings(wallet_database_url=owner_url))
    await refuse_to_serve_as_owner(Settings(wallet_database_url=owner_url, wallet_owner_may_serve=True))

    said = str(refused.value)
    assert "PAYFLOW_WALLET_OWNER_DATABASE_URL" in said
    assert "PAYFLOW_WALLET_OWNER_MAY_SERVE=true" in said
    assert "\n" not in said
    assert "of-the-owner" not in said


async def test_where_nobody_knows_nobody_serves() -> None:
    """A database that does not answer is no reason to trust the role."""
    silent = Settings(wallet_database_url=f"postgresql://wallet:secret@127.0.0.1:{free_port()}/ledger")

    with pytest.raises(DependencyUnavailable, match=r"^The wallet's database does not answer"):
        await refuse_to_serve_as_owner(silent)
