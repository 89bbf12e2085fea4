"""The contract, compiled at start-up: which operation answers what, with its decoders, its
limits and its handler. Anything that does not fit together is a ContractError."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from meridian_server.gateway.codec import BodyDecoder, ContractError, Types
from meridian_server.gateway.handlers import HANDLERS, Handler
from meridian_server.gateway.limits import Bucket
from meridian_server.gateway.parameters import ParameterDecoders
from venuekit.contract import (
    Action,
    ChannelBinding,
    ConstSchema,
    Contract,
    Effect,
    HttpBinding,
    LimitBucket,
    ObjectSchema,
    Operation,
    Wire,
)
from venuekit.contract.walk import resolve
from venuekit_runtime.server.routing import Router

SOCKET_OPERATIONS = ("logOn", "subscribe", "unsubscribe")
"""Stream operations that the socket itself carries out; all others have a handler."""
FEEDS = ("bookUpdates", "tradeUpdates", "orderUpdates", "executionUpdates", "heartbeats")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one call takes from a bucket, and whose bucket it is."""

    bucket: Bucket
    scope: str
    weight: int
    headers: bytes


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call an operation and what it costs. `schemes` is empty for public ones."""

    name: str
    schemes: frozenset[str]
    needs_trade: bool
    costs: tuple[Cost, ...]


@dataclass(frozen=True, slots=True)
class RestPlan:
    """One REST operation."""

    access: Access
    handler: Handler
    parameters: ParameterDecoders
    body: BodyDecoder | None
    needs_body: bool


@dataclass(frozen=True, slots=True)
class SocketPlan:
    """One command of the stream: `reply_type` is the type of its positive reply."""

    access: Access
    handler: Handler | None
    params: BodyDecoder
    reply_type: str


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """One feed: its topic as a pattern, and the types of its frames in the contract's order."""

    access: Access
    topic: re.Pattern[str]
    frame_types: tuple[str, ...]


def _limit_headers(limit: LimitBucket) -> bytes:
    """A template of the headers that tell the bucket's capacity and what is left of it."""
    if limit.limit_header is None or limit.remaining_header is None:
        return b""
    return f"{limit.limit_header}: %d\r\n{limit.remaining_header}: %d\r\n".encode("ascii")


@dataclass(frozen=True, slots=True)
class Plans:
    """All that the gateways know of the contract."""

    router: Router[RestPlan]
    commands: Mapping[str, SocketPlan]
    feeds: Mapping[str, FeedPlan]
    statuses: Mapping[str, int]
    buckets: Mapping[str, Bucket]
    envelope: BodyDecoder
    envelope_id: BodyDecoder
    stream_path: str
    heartbeat_s: float


def compile_contract(contract: Contract, clock_ns: Callable[[], int]) -> Plans:
    """Compile. ContractError for operations without handler, handlers without operation, and
    whatever the decoders do not know."""
    return _Compiler(contract, clock_ns).plans()


class _Compiler:
    def __init__(self, contract: Contract, clock_ns: Callable[[], int]) -> None:
        self.contract = contract
        self.types = Types(contract)
        self.buckets = {
            name: Bucket(name, limit.capacity, limit.window_ms, clock_ns)
            for name, limit in contract.limits.items()
        }
        self.unused = set(HANDLERS)
        self.ids: set[str] = set()
        self.id_type: Any = str

    def plans(self) -> Plans:
        router: Router[RestPlan] = Router()
        commands: dict[str, SocketPlan] = {}
        feeds: dict[str, FeedPlan] = {}
        for operation in self.contract.operations:
            match operation.binding:
                case HttpBinding() as binding:
                    target = router.add(binding.method, binding.path, self.rest(operation, binding))
                    if len(target.served) > 1:
                        raise ContractError(f"{operation.origin}: two operations share a path")
                case ChannelBinding() as binding if operation.action is Action.RECEIVE:
                    feeds[operation.name] = self.feed(operation, binding)
                case ChannelBinding() as binding:
                    op, plan = self.command(operation, binding)
                    commands[op] = plan
                case _:
                    # FIX operations wait for their gateway; the contract may hold them.
                    continue
        if self.unused:
            raise ContractError(f"handlers without operation in the contract: {self.unused}")
        missing = set(FEEDS) - set(feeds)
        lacking = set(SOCKET_OPERATIONS) - {plan.access.name for plan in commands.values()}
        if missing or lacking:
            raise ContractError(f"the contract lacks stream operations: {missing | lacking}")
        return Plans(
            router,
            commands,
            feeds,
            self.statuses(),
            self.buckets,
            self.envelope(),
            BodyDecoder(msgspec.defstruct("EnvelopeId", [("id", self.id_type)])),
            self.stream_path(),
            self.heartbeat_s(feeds),
        )

    def rest(self, operation: Operation, binding: HttpBinding) -> RestPlan:
        handler = self.handler(operation)
        decoder = None
        if binding.body is not None:
            (content,) = binding.body.contents
            if content.media_type != "application/json" or content.schema is None:
                raise ContractError(f"{operation.origin}: only application/json bodies are read")
            decoder = BodyDecoder(self.types.of(content.schema))
        return RestPlan(
            self.access(operation),
            handler,
            ParameterDecoders(self.contract, self.types, binding),
            decoder,
            binding.body is not None and binding.body.is_required,
        )

    def command(self, operation: Operation, binding: ChannelBinding) -> tuple[str, SocketPlan]:
        handler = None if operation.name in SOCKET_OPERATIONS else self.handler(operation)
        (key,) = binding.messages
        payload = self.payload(key)
        fields = {field.name: field.schema for field in payload.fields}
        if set(fields) != {"op", "id", "params"} or binding.reply is None:
            raise ContractError(f"{operation.origin}: a request has op, id and params and a reply")
        reply = self.constant(binding.reply.messages[0], "type")
        plan = SocketPlan(
            self.access(operation), handler, BodyDecoder(self.types.of(fields["params"])), reply
        )
        self.ids.add(repr(self.types.of(fields["id"])))
        self.id_type = self.types.of(fields["id"])
        return self.constant(key, "op"), plan

    def envelope(self) -> BodyDecoder:
        """What all commands of the stream have in common."""
        if len(self.ids) != 1:
            raise ContractError("the commands of the stream have ids of different schemas")
        fields: list[Any] = [("op", str), ("id", self.id_type), ("params", msgspec.Raw)]
        return BodyDecoder(msgspec.defstruct("Envelope", fields, forbid_unknown_fields=True))

    def feed(self, operation: Operation, binding: ChannelBinding) -> FeedPlan:
        if operation.name not in FEEDS:
            raise ContractError(f"{operation.origin}: no feed of the server fills this channel")
        address = self.contract.channels[binding.channel].address or ""
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^.]+)", re.escape(address))
        types = tuple(self.constant(key, "type") for key in binding.messages)
        return FeedPlan(self.access(operation), re.compile(pattern + r"\Z"), types)

    def handler(self, operation: Operation) -> Handler:
        handler = HANDLERS.get(operation.name)
        if handler is None:
            raise ContractError(f"{operation.origin}: no handler for {operation.name}")
        self.unused.discard(operation.name)
        return handler

    def access(self, operation: Operation) -> Access:
        alternatives = [[name for name, _ in need.schemes] for need in operation.security]
        is_public = not alternatives or [] in alternatives
        if any(len(names) > 1 for names in alternatives):
            raise ContractError(f"{operation.origin}: two schemes at once are not served")
        costs = tuple(
            Cost(
                self.buckets[cost.bucket],
                self.contract.limits[cost.bucket].scope,
                cost.weight,
                _limit_headers(self.contract.limits[cost.bucket]),
            )
            for cost in operation.limits
        )
        return Access(
            operation.name,
            frozenset() if is_public else frozenset(names[0] for names in alternatives),
            operation.effect in (Effect.CREATE, Effect.REPLACE, Effect.CANCEL),
            costs,
        )

    def payload(self, key: str) -> ObjectSchema:
        message = self.contract.messages[key]
        if message.payload is not None:
            shape = resolve(self.contract, message.payload)
            if isinstance(shape, ObjectSchema):
                return shape
        raise ContractError(f"{message.origin}: the payload of a message is an object")

    def constant(self, key: str, name: str) -> str:
        for field in self.payload(key).fields:
            shape = resolve(self.contract, field.schema)
            if field.name == name and isinstance(shape, ConstSchema):
                return str(shape.value)
        raise ContractError(f"{self.contract.messages[key].origin}: no const {name}")

    def statuses(self) -> dict[str, int]:
        return {
            code: error.http_status
            for code, error in self.contract.errors.items()
            if error.http_status is not None
        }

    def stream_path(self) -> str:
        for server in self.contract.servers:
            if server.wire is Wire.WEBSOCKET:
                return "/" + server.url.partition("://")[2].partition("/")[2]
        raise ContractError("the contract names no WebSocket server")

    def heartbeat_s(self, feeds: Mapping[str, FeedPlan]) -> float:
        operation = self.contract.operation("heartbeats", Wire.WEBSOCKET)
        if operation is not None and isinstance(operation.binding, ChannelBinding):
            rule = self.contract.channels[operation.binding.channel].stream
            if rule is not None and rule.heartbeat_ms is not None:
                return rule.heartbeat_ms / 1000
        raise ContractError("the channel of heartbeats states no heartbeat_ms")
