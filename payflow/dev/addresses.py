"""Where the database of a service is: the one that the environment names, else that of the platform in a data directory."""

from __future__ import annotations

from payflow.dev.folders import Folders
from payflow.dev.passwords import load_or_make_passwords
from payflow.dev.postgres import database_url
from payflow.dev.roles import OWNED_APART, database_name, owner_role, serving_role
from payflow.kernel.errors import PayflowError
from payflow.kernel.settings import load_settings


class DatabaseUnreachable(PayflowError):
    """The database does not answer, or nobody knows where it is."""


class NoPlatform(DatabaseUnreachable):
    """The environment names no database, and there is no platform in the data directory."""

    def __init__(self, folders: Folders) -> None:
        super().__init__(f"There is no platform in {folders.root}; start one with `payflow up`")


def database_of(folders: Folders, service: str, *, as_owner: bool = False) -> str:
    """The URL of a service's database for the role that serves from it, or that owns it. Raises NoPlatform, SettingsError."""
    settings = load_settings()
    if getattr(settings, f"{service}_database_url") is not None:
        return settings.owner_database_url(service) if as_owner else settings.database_url(service)
    if not folders.secrets.exists():
        raise NoPlatform(folders)
    passwords = load_or_make_passwords(folders.secrets)
    known = passwords.owners if as_owner and service in OWNED_APART else passwords.databases
    role = owner_role(service) if as_owner else serving_role(service)
    return database_url(folders.socket_folder("postgres"), database_name(service), role=role, password=known[service])
