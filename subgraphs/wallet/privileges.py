"""What the wallet's role may do in its database: read, and call the functions that post. One that may do more does not serve."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from payflow.kernel.db import Database
from payflow.kernel.errors import DependencyUnavailable, SettingsError
from payflow.kernel.settings import Settings

# A privilege on one column is enough to rewrite it, and whoever may become the owner may do what the owner does. How far events have
# been told is no part of the books, and whoever serves writes it.
_WRITABLE = text("""
    SELECT current_user AS role, string_agg(relname, ', ' ORDER BY relname) AS tables,
           has_schema_privilege('public', 'CREATE') AS makes_functions
      FROM pg_class
     WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
       AND relname NOT IN ('event_log', 'sink_cursor', 'publication')
       AND (has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
            OR has_any_column_privilege(oid, 'INSERT, UPDATE')
            OR pg_has_role(relowner, 'MEMBER'))
""")


async def refuse_to_serve_as_owner(settings: Settings) -> None:
    """Raises SettingsError where the wallet's role may write tables directly, or make functions, which only the owner's should.

    PAYFLOW_WALLET_OWNER_MAY_SERVE lets it pass. Raises DependencyUnavailable where the database does not answer: then
    nobody knows, and nobody serves.
    """
    if settings.wallet_owner_may_serve:
        return
    database = Database(settings.database_url("wallet"))
    try:
        async with database.read() as connection:
            writable = (await connection.execute(_WRITABLE)).one()
    except (SQLAlchemyError, OSError):
        raise DependencyUnavailable(
            "The wallet's database does not answer, so nobody knows what the wallet's role may do there;"
            " start the wallet again when PAYFLOW_WALLET_DATABASE_URL can be reached"
        ) from None
    finally:
        await database.close()
    if writable.tables is not None:
        raise SettingsError(
            f"The role {writable.role} of PAYFLOW_WALLET_DATABASE_URL may write tables of the ledger directly"
            f" ({writable.tables}), so a fault of the wallet could rewrite the books; let it serve as a role that may only"
            " read and post, and migrate as the owner (PAYFLOW_WALLET_OWNER_DATABASE_URL), or, for a developer's"
            " database, set PAYFLOW_WALLET_OWNER_MAY_SERVE=true"
        )
    if writable.makes_functions:
        raise SettingsError(
            f"The role {writable.role} of PAYFLOW_WALLET_DATABASE_URL may make functions in the schema public, which those that post"
            " could be led to call as the owner; migrate as the owner (PAYFLOW_WALLET_OWNER_DATABASE_URL), which takes the right"
            " back, or, for a developer's database, set PAYFLOW_WALLET_OWNER_MAY_SERVE=true"
        )
