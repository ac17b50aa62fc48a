"""Gives every request its text, or refuses it: the first stage of the pipeline."""

from __future__ import annotations

import structlog

from router.config.persisted import PersistedSettings
from router.errors import (
    NotTrusted,
    PersistedQueryMismatch,
    PersistedQueryNotFound,
    PersistedQueryNotSupported,
)
from router.exchange import ClientRequest
from router.limits import LOGGED_NAME_CHARACTERS_MAX
from router.persisted.automatic import AutomaticQueries
from router.persisted.manifest import TrustedDocument
from router.persisted.references import Reference, reference_of
from router.persisted.safelist import Safelist, UnknownTexts
from router.telemetry import Telemetry

log = structlog.get_logger(__name__)


class PersistedOperations:
    """What may be sent by id or hash, and what may be sent at all, by one configuration and its manifests.

    Made of nothing, it takes texts only.
    """

    def __init__(
        self,
        settings: PersistedSettings | None = None,
        *,
        safelist: Safelist | None = None,
        automatic: AutomaticQueries | None = None,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._settings = settings or PersistedSettings()
        self._mode = self._settings.safelist
        self._safelist = safelist or Safelist()
        self._automatic = automatic
        self._telemetry = telemetry or Telemetry()
        self._unknown = UnknownTexts()

    @property
    def safelist(self) -> Safelist:
        """The trusted documents."""
        return self._safelist

    @property
    def to_prewarm(self) -> tuple[TrustedDocument, ...]:
        """The trusted documents, if they are to be planned before the router serves."""
        return self._safelist.documents if self._settings.prewarm else ()

    async def resolve(self, request: ClientRequest) -> ClientRequest:
        """The request with the text that it names, or with the one that it brings if that may run.

        Raises:
            PersistedQueryNotFound, PersistedQueryNotSupported: there is no such text here; the client sends it along then.
            PersistedQueryMismatch: its text has another hash.
            NotTrusted: the safelist does not let it pass.
            BadRequest: what it names cannot be read.
        """
        reference = reference_of(request)
        if reference is None:
            return request if self._mode == "off" else self._if_trusted(request)
        if request.query:
            self._take_both(reference, request)
            return request if self._mode == "off" else self._if_trusted(request)
        return request.but(query=await self._text_of(reference, request))

    async def _text_of(self, reference: Reference, request: ClientRequest) -> str:
        text = self._safelist.by_id(reference.id, request.client.name)
        if text is not None:
            self._telemetry.persisted("trusted")
            return text
        if reference.by_hash and self._automatic is not None:
            text = await self._automatic.find(reference.id)
            self._telemetry.persisted("missed" if text is None else "registered")
            if text is None:
                raise PersistedQueryNotFound
            return text
        self._telemetry.persisted("refused")
        if not self._safelist:
            raise PersistedQueryNotSupported
        raise NotTrusted("There is no trusted document of this id.", "PERSISTED_QUERY_NOT_IN_LIST", 404)

    def _take_both(self, reference: Reference, request: ClientRequest) -> None:
        """A text beside a name: a registration, or one too many."""
        if reference.by_hash and self._automatic is not None:
            if not self._automatic.register(reference.id, request.query):
                raise PersistedQueryMismatch
        elif self._safelist:
            self._telemetry.persisted("refused")
            raise NotTrusted(
                "Send the id of a trusted document or a text, not both.", "CANNOT_SEND_PQ_ID_AND_BODY", 400
            )

    def _if_trusted(self, request: ClientRequest) -> ClientRequest:
        if self._settings.require_id:
            self._telemetry.persisted("refused")
            raise NotTrusted("Operations are sent by the id of a trusted document.", "PERSISTED_QUERY_ID_REQUIRED", 400)
        text = self._safelist.like(request.query)
        if text is not None:
            return request if text is request.query else request.but(query=text)
        self._telemetry.persisted("unknown")
        self._tell_unknown(request)
        if self._mode == "required":
            raise NotTrusted("This operation is not among the trusted documents.", "QUERY_NOT_IN_SAFELIST", 403)
        return request

    def _tell_unknown(self, request: ClientRequest) -> None:
        if (digest := self._unknown.digest_if_new(request.query)) is None:
            return
        # Not the text: it may hold what a client should have sent as variables.
        log.warning(
            "operation is in no manifest",
            sha256=digest,
            operation_name=_short(request.operation_name),
            client_name=_short(request.client.name),
            client_version=_short(request.client.version),
        )


def _short(name: str | None) -> str | None:
    return None if name is None else name[:LOGGED_NAME_CHARACTERS_MAX]
