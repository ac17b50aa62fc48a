"""A database whose clock the test moves: the ledger's functions as they are, but for where they read the time."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from payflow.kernel.db import Database

# As the serving role calls the ledger's functions as their owner, it needs no rights on these.
_CLOCK = """
CREATE TABLE clock_shift (by interval NOT NULL);
INSERT INTO clock_shift VALUES ('0');
CREATE FUNCTION moved_clock() RETURNS timestamptz LANGUAGE sql VOLATILE SET search_path = public, pg_temp
RETURN pg_catalog.clock_timestamp() + (SELECT by FROM clock_shift);
"""
_READERS = text(r"""
    SELECT pg_get_functiondef(oid) FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND prosrc ~ 'clock_timestamp\(\)' AND proname <> 'moved_clock'
""")
_OTHER_CLOCKS = text(r"""
    SELECT proname FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace
       AND prosrc ~ '(now|transaction_timestamp|statement_timestamp)\(\)|CURRENT_TIMESTAMP'
""")


@dataclass(frozen=True)
class MovedClock:
    """The clock of one database; it runs on from wherever it is moved to, and never back."""

    owner: Database

    @classmethod
    async def of(cls, owner: Database) -> MovedClock:
        """Has the functions of the owner's database read a clock that can be moved. There must be one that reads the time."""
        async with owner.unit_of_work() as work:
            for statement in filter(str.strip, _CLOCK.split(";\n")):
                await work.connection.exec_driver_sql(statement)
            readers = (await work.connection.execute(_READERS)).scalars().all()
            assert readers, "no function reads the clock any more: what does the ledger go by?"
            assert (await work.connection.execute(_OTHER_CLOCKS)).scalars().all() == []
            for definition in readers:
                await work.connection.exec_driver_sql(definition.replace("clock_timestamp()", "moved_clock()"))
        return cls(owner)

    async def move(self, seconds: int) -> None:
        """Let so many seconds pass."""
        async with self.owner.unit_of_work() as work:
            shift = text("UPDATE clock_shift SET by = by + make_interval(secs => :seconds)")
            await work.connection.execute(shift, {"seconds": seconds})
