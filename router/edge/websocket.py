"""GraphQL over WebSocket: one conversation in graphql-transport-ws, with many operations at once.

Every operation is a task of its own, and all tasks of a socket live in one group: whatever ends the conversation ends them all,
and with them their subscriptions at the subgraphs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress

import structlog
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected
from structlog.contextvars import bind_contextvars

from router import limits
from router.edge import messages
from router.edge.gate import Gate
from router.edge.messages import (
    SUBPROTOCOL,
    ClientMessage,
    CloseCode,
    CloseSocket,
    Complete,
    ConnectionInit,
    Ping,
    Subscribe,
    read_message,
)
from router.edge.observation import observed_operation
from router.edge.serving import Serving
from router.edge.streams.live import Live
from router.edge.streams.open import OpenStreams
from router.errors import ClientError, KeysUnavailable, TooLarge, Unauthenticated
from router.exchange import ClientRequest, ClientResponse
from router.pipeline import begin, refuse
from router.security.caller import ANONYMOUS

log = structlog.get_logger(__name__)


class GraphQLOverWebSocket:
    """The ASGI application behind WebSocket /graphql."""

    def __init__(self, serving: Serving, streams: OpenStreams) -> None:
        self._serving = serving
        self._streams = streams
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        if SUBPROTOCOL not in scope["subprotocols"]:
            # A refused handshake would tell a browser nothing; a close code it can read.
            await socket.accept()
            await socket.close(CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE, f"Speak the subprotocol {SUBPROTOCOL}.")
            return
        await socket.accept(SUBPROTOCOL)
        if self._open >= limits.SOCKETS_MAX:
            await socket.close(CloseCode.TRY_AGAIN_LATER, "Too many sockets are open.")
            return
        self._open += 1
        try:
            conversation = Conversation(socket, self._serving, self._streams)
            telemetry = self._serving.gate.router.telemetry
            with telemetry.sockets.track_inprogress(), self._streams.closing(conversation.leave):
                await conversation.hold()
        finally:
            self._open -= 1


class Conversation:
    """One socket from its first message to its close."""

    def __init__(self, socket: WebSocket, serving: Serving, streams: OpenStreams) -> None:
        self._socket = socket
        self._serving = serving
        self._streams = streams
        self._headers: Mapping[str, str] = Headers(scope=socket.scope)
        self._id = self._gate.request_id(self._headers)
        self._caller = ANONYMOUS
        self._tasks: asyncio.TaskGroup | None = None
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._operations_begun = 0

    @property
    def _gate(self) -> Gate:
        return self._serving.gate

    async def hold(self) -> None:
        """Talk until either side ends it."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                await self._initialise()
                tasks.create_task(self._keep_alive())
                tasks.create_task(self._close_when_the_session_ends())
                while True:
                    self._handle(await self._receive(), tasks)
        except* (WebSocketDisconnect, WebSocketDisconnected):
            pass  # the client is gone; its tasks are cancelled
        except* CloseSocket as group:
            await self._close(next(_leaves(group)))
        except* Exception as group:
            log.error("a socket failed", request_id=self._id, exc_info=group)
            await self._close(
                CloseSocket(CloseCode.INTERNAL_ERROR, "The socket failed because of a fault on our side.")
            )

    def leave(self) -> None:
        """End the talk, for the server stops."""
        if self._tasks is not None:
            self._tasks.create_task(_go_away())

    async def _initialise(self) -> None:
        try:
            async with asyncio.timeout(self._gate.config.timeouts.connection_init_s):
                init = await self._first_message()
        except TimeoutError:
            raise CloseSocket(CloseCode.INITIALISATION_TIMEOUT, "Connection initialisation timeout") from None
        try:
            self._headers = self._gate.authenticate.with_payload(init.payload, self._headers)
            self._caller = await self._gate.authenticate(self._headers)
        except Unauthenticated as error:
            raise CloseSocket(CloseCode.FORBIDDEN, str(error)) from None
        except KeysUnavailable as error:
            raise CloseSocket(CloseCode.TRY_AGAIN_LATER, str(error)) from None
        await self._socket.send_text(messages.connection_ack())

    async def _first_message(self) -> ConnectionInit:
        while True:
            match await self._receive():
                case ConnectionInit() as init:
                    return init
                case Subscribe():
                    raise CloseSocket(CloseCode.UNAUTHORIZED, "Unauthorized: send connection_init first.")
                case _:
                    pass  # pings, answered already, and what means nothing yet

    async def _receive(self) -> ClientMessage:
        """The client's next message; a ping is answered before it is handed on."""
        received = await self._socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1005))
        message = read_message(received.get("text"))
        if isinstance(message, Ping):
            await self._socket.send_text(messages.pong(message.payload))
        return message

    def _handle(self, message: ClientMessage, tasks: asyncio.TaskGroup) -> None:
        match message:
            case ConnectionInit():
                raise CloseSocket(CloseCode.TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
            case Subscribe(operation_id) if operation_id in self._operations:
                raise CloseSocket(CloseCode.SUBSCRIBER_EXISTS, f"Subscriber for {operation_id} already exists")
            case Subscribe() if len(self._operations) >= limits.SUBSCRIPTIONS_PER_SOCKET_MAX:
                tasks.create_task(self._turn_away(message))
            case Subscribe(operation_id):
                self._operations[operation_id] = tasks.create_task(self._operate(message))
            case Complete(operation_id) if operation_id in self._operations:
                self._operations.pop(operation_id).cancel()
            case _:
                pass  # pongs, and a complete that crossed ours

    # ── operations ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _turn_away(self, asked: Subscribe) -> None:
        most = limits.SUBSCRIPTIONS_PER_SOCKET_MAX
        crowded = TooLarge(f"A socket carries at most {most} operations at a time.")
        await self._tell(asked.id, refuse(crowded, self._request(asked), self._gate.router))

    async def _operate(self, asked: Subscribe) -> None:
        """Run one operation to its end."""
        request = self._request(asked)
        bind_contextvars(request_id=request.request_id)  # for the log; this task is the operation's own
        try:
            stream = await self._begun(asked.id, request)
            if stream is not None:  # it may outlive the gate that it began on, and holds the current one itself
                await self._relay(asked.id, stream)
        finally:
            if self._operations.get(asked.id) is asyncio.current_task():
                del self._operations[asked.id]

    async def _begun(self, operation_id: str, request: ClientRequest) -> Live | None:
        """The stream of what is answered in pieces; what is answered at once has been, when this is over."""
        with self._gate as gate, observed_operation(request, gate, self._headers) as seen:
            begun = await begin(request, gate.router)
            if not isinstance(begun, ClientResponse):
                try:
                    return self._streams.open(begun, gate, on_socket=True)
                except ClientError as error:
                    begun = refuse(error, request, gate.router)
            seen.answered = begun
        await self._tell(operation_id, begun)
        if begun.refusal is None:
            await self._socket.send_text(messages.complete(operation_id))
        return None

    async def _relay(self, operation_id: str, stream: Live) -> None:
        """Send what a stream brings: a buffer lies between its subgraph, which must not wait, and a client that may be slow."""
        refused = False
        try:
            async with stream as live, live.within_patience():
                while (response := await live.get()) is not None:
                    refused = response.refusal is not None
                    await self._tell(operation_id, response)
                if not refused:
                    await self._socket.send_text(messages.complete(operation_id))
        except TimeoutError:
            raise CloseSocket(CloseCode.TRY_AGAIN_LATER, "Events arrive faster than they are read.") from None

    async def _tell(self, operation_id: str, response: ClientResponse) -> None:
        await self._socket.send_text(messages.response(operation_id, response))

    def _request(self, asked: Subscribe) -> ClientRequest:
        self._operations_begun += 1
        request_id = f"{self._id}.{self._operations_begun}"
        return ClientRequest(
            query=asked.parameters.query,
            operation_name=asked.parameters.operation_name,
            variables=asked.parameters.variables,
            extensions=asked.parameters.extensions,
            document_id=asked.parameters.document_id,
            caller=self._caller,
            client=self._gate.client(self._socket.scope, self._headers),
            headers=self._headers,
            request_id=request_id,
            incremental=True,
            deadline=self._gate.router.deadline(),
        )

    # ── the socket itself ───────────────────────────────────────────────────────────────────────────────────────────

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self._gate.config.subscriptions.heartbeats.websocket_s)
            await self._socket.send_text(messages.ping())

    async def _close_when_the_session_ends(self) -> None:
        """As the gate knows it that answers at the time: another one may have another issuer's keys, or list of sessions."""
        while self._caller.authenticated:
            changed = asyncio.create_task(self._serving.changed.wait())
            ended = asyncio.create_task(self._gate.sessions.ended(self._caller))
            try:
                await asyncio.wait((changed, ended), return_when=asyncio.FIRST_COMPLETED)
                if ended.done():
                    raise CloseSocket(CloseCode.FORBIDDEN, ended.result().message)
            finally:
                changed.cancel()
                ended.cancel()

    async def _close(self, error: CloseSocket) -> None:
        # The client may be gone already, or so slow that not even this gets through.
        with suppress(WebSocketDisconnect, WebSocketDisconnected, TimeoutError):
            async with asyncio.timeout(limits.SOCKET_CLOSE_S):
                await self._socket.close(error.code, error.reason)


async def _go_away() -> None:
    raise CloseSocket(CloseCode.GOING_AWAY, "The router is shutting down: connect again.")


def _leaves(group: BaseExceptionGroup[CloseSocket]) -> Iterator[CloseSocket]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
