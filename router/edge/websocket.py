"""GraphQL over WebSocket: one conversation in graphql-transport-ws, with many operations at once.

Every operation is a task of its own, and all tasks of a socket live in one group: whatever ends the conversation ends them all,
and with them their subscriptions at the subgraphs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import aclosing, suppress

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
from router.edge.serving import Serving
from router.errors import KeysUnavailable, TooLarge, Unauthenticated
from router.exchange import ClientRequest, ClientResponse
from router.pipeline import refuse, subscribe
from router.security.caller import ANONYMOUS


class GraphQLOverWebSocket:
    """The ASGI application behind WebSocket /graphql."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
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
            with self._serving.gate.router.telemetry.sockets.track_inprogress():
                await Conversation(socket, self._serving).hold()
        finally:
            self._open -= 1


class Conversation:
    """One socket from its first message to its close."""

    def __init__(self, socket: WebSocket, serving: Serving) -> None:
        self._socket = socket
        self._serving = serving
        self._headers: Mapping[str, str] = Headers(scope=socket.scope)
        self._id = self._gate.request_id(self._headers)
        self._caller = ANONYMOUS
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._operations_begun = 0

    @property
    def _gate(self) -> Gate:
        return self._serving.gate

    async def hold(self) -> None:
        """Talk until either side ends it."""
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._initialise()
                tasks.create_task(self._keep_alive())
                tasks.create_task(self._close_when_the_session_ends())
                while True:
                    self._handle(await self._receive(), tasks)
        except* (WebSocketDisconnect, WebSocketDisconnected):
            pass  # the client is gone; its tasks are cancelled
        except* CloseSocket as group:
            await self._close(next(_leaves(group)))

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
        await self._send(asked.id, refuse(crowded, self._request(asked), self._gate.router))

    async def _operate(self, asked: Subscribe) -> None:
        """Run one operation, with a buffer between its subgraph, which must not wait, and a client that may be slow."""
        try:
            results: asyncio.Queue[ClientResponse | None] = asyncio.Queue(limits.SUBSCRIPTION_BUFFER_MAX)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._pull(self._request(asked), results))
                await self._push(asked.id, results)
        finally:
            if self._operations.get(asked.id) is asyncio.current_task():
                del self._operations[asked.id]

    async def _pull(self, request: ClientRequest, results: asyncio.Queue[ClientResponse | None]) -> None:
        bind_contextvars(request_id=request.request_id)  # for the log; this task is the operation's own
        async with aclosing(subscribe(request, self._gate.router)) as responses:
            async for response in responses:
                try:
                    results.put_nowait(response)
                except asyncio.QueueFull:
                    raise CloseSocket(CloseCode.TRY_AGAIN_LATER, "Events arrive faster than they are read.") from None
                await asyncio.sleep(
                    0
                )  # a burst is ready at once: let each of its events be sent before the next is taken
        await results.put(None)

    async def _push(self, operation_id: str, results: asyncio.Queue[ClientResponse | None]) -> None:
        refused = False
        while (result := await results.get()) is not None:
            refused = result.refusal is not None
            await self._send(operation_id, result)
        if not refused:
            await self._socket.send_text(messages.complete(operation_id))

    async def _send(self, operation_id: str, response: ClientResponse) -> None:
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
            headers=self._gate.forwarded(self._headers, request_id=request_id),
            request_id=request_id,
        )

    # ── the socket itself ───────────────────────────────────────────────────────────────────────────────────────────

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(limits.WEBSOCKET_PING_INTERVAL_S)
            await self._socket.send_text(messages.ping())

    async def _close_when_the_session_ends(self) -> None:
        end = await self._gate.sessions.ended(self._caller)
        raise CloseSocket(CloseCode.FORBIDDEN, end.message)

    async def _close(self, error: CloseSocket) -> None:
        # The client may be gone already, or so slow that not even this gets through.
        with suppress(WebSocketDisconnect, WebSocketDisconnected, TimeoutError):
            async with asyncio.timeout(limits.SOCKET_CLOSE_S):
                await self._socket.close(error.code, error.reason)


def _leaves(group: BaseExceptionGroup[CloseSocket]) -> Iterator[CloseSocket]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
