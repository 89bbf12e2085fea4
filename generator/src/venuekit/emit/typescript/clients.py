"""The modules that call: `operations.ts`, `functions.ts`, `client.ts` and `stream.ts`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from venuekit.contract import Contract, Wire
from venuekit.contract.walk import session_schemes
from venuekit.emit.naming import pascal
from venuekit.emit.servers import base_url, filled
from venuekit.emit.signing.handshakes import Told, told_server
from venuekit.emit.typescript.kept import value_aliases
from venuekit.emit.typescript.modules import RUNTIME, head, runtime_types
from venuekit.emit.typescript.rest import Call
from venuekit.emit.typescript.sockets import Socket, socket_constant
from venuekit.emit.typescript.stream import StreamCall, StreamWriter
from venuekit.emit.typescript.text import WIDTH, assignment, doc, member, string
from venuekit.emit.typescript.views import (
    BlocksView,
    ClientView,
    MethodView,
    SocketView,
    StreamMethodView,
    StreamView,
)

TYPES = 'import type * as t from "./types.ts";'
SCHEMAS = 'import * as schemas from "./schemas.ts";'
ERRORS = 'import { errorTable } from "./errors.ts";'


def operations_view(calls: Sequence[Call]) -> BlocksView:
    """Return `operations.ts`: a descriptor for each REST operation."""
    blocks = tuple(
        assignment(
            f"{call.doc}export const {call.name}: "
            f"HttpOperation<{_input(call)}, {call.output_type}>",
            call.descriptor,
        )
        for call in calls
    ) + value_aliases((old, call.name) for call in calls for old in call.formers)
    return BlocksView(
        head=head(
            "The REST operations, as data that the runtime reads.",
            _from_runtime(("type HttpOperation",), "\n".join(blocks)),
            *used("\n".join(blocks), ERRORS, SCHEMAS, TYPES),
        ),
        blocks=blocks,
    )


def functions_view(calls: Sequence[Call]) -> ClientView:
    """Return `functions.ts`: one function for each operation, so that bundlers drop the rest."""
    methods = tuple(
        method
        for call in calls
        for method in _methods(call, "", lambda _name: "(client: HttpClient, ")
    )
    text = "\n".join(method.signature for method in methods)
    return ClientView(
        head=head(
            "One function for each operation: what is not imported is not bundled.",
            _from_runtime(("type CallOptions", "type HttpClient"), text),
            'import * as operations from "./operations.ts";',
            *used(text, TYPES),
        ),
        doc="",
        options="",
        base_url="",
        default_url="",
        user_agent="",
        methods=methods,
    )


def client_view(contract: Contract, calls: Sequence[Call], package: str) -> ClientView:
    """Return `client.ts`: the client object with a method for each operation."""
    url = base_url(contract, Wire.REST)
    has_sessions = any(True for _ in session_schemes(contract))
    methods = tuple(
        method for call in calls for method in _methods(call, "  ", lambda name: f"{name}(")
    )
    text = "\n".join(method.signature for method in methods)
    return ClientView(
        doc=doc([f"Calls the REST operations of {contract.title}.", contract.description]),
        head=head(
            f"The REST client of {contract.title}.",
            _from_runtime(("type CallOptions", "type ClientOptions", "HttpClient"), text),
            'import * as operations from "./operations.ts";',
            *(['import { sessions } from "./sessions.ts";'] if has_sessions else []),
            *used(text, TYPES),
        ),
        options=_options("ClientOptions", url),
        base_url="options.baseUrl" if url is None else f"options.baseUrl ?? {string(url)}",
        default_url="" if url is None else f"\n      defaultUrl: {string(url)},",
        user_agent=string(package),
        sessions="\n      sessions," if has_sessions else "",
        methods=methods,
    )


def stream_view(
    contract: Contract, sockets: Sequence[tuple[Socket, StreamWriter, list[StreamCall]]]
) -> StreamView:
    """Return `stream.ts`: the descriptors and the client of each connection."""
    views = tuple(_socket(contract, *one) for one in sockets)
    text = "\n".join(
        "\n".join((*view.descriptors, view.protocol, *(m.signature for m in view.methods)))
        for view in views
    )
    kinds = [kind for kind in ("Channel", "StreamOperation") if f": {kind}<" in text]
    subscribes = "Subscription<" in text
    runtime = [
        *(f"type {kind}" for kind in kinds),
        "StreamClient as Socket",
        "type StreamOptions",
        "type StreamProtocol",
        *(("type Subscription", "type SubscriptionOptions") if subscribes else ()),
    ]
    return StreamView(
        head=head(
            f"The stream clients of {contract.title}.",
            _from_runtime(runtime, text),
            *used(text, ERRORS, SCHEMAS, TYPES),
        ),
        sockets=views,
    )


def _from_runtime(names: Sequence[str], text: str) -> str:
    """Return the import of some names, and of the runtime's types that a text uses."""
    taken = [*names, *(f"type {name}" for name in runtime_types(text))]
    if all(name.startswith("type ") for name in taken):
        line = f"import type {{ {', '.join(n.removeprefix('type ') for n in taken)} }}"
    else:
        line = f"import {{ {', '.join(taken)} }}"
    if len(line) + len(RUNTIME) > WIDTH - 7:
        line = "import {\n" + "".join(f"  {name},\n" for name in taken) + "}"
    return f"{line} from {RUNTIME};"


def used(text: str, *imports: str) -> tuple[str, ...]:
    """Return the imports whose name stands in a text."""
    marks = {ERRORS: "errorTable", SCHEMAS: "schemas.", TYPES: "t."}
    return tuple(line for line in imports if marks[line] in text)


def _socket(
    contract: Contract, socket: Socket, writer: StreamWriter, calls: list[StreamCall]
) -> SocketView:
    url = filled(socket.server) if socket.server is not None else ""
    origin = "/".join(url.split("/")[:3]) if "://" in url else None
    told = told_server(contract, socket.path, socket.operations)
    parameters = " ".join(f"readonly {member(name)}: string;" for _wire, name in socket.parameters)
    options = _options("StreamOptions", "" if told is Told.ALWAYS else origin, parameters)
    constant = socket_constant(socket)
    return SocketView(
        descriptors=tuple(
            assignment(f"const {call.name}: {call.descriptor_type}", call.descriptor)
            for call in calls
        ),
        protocol=assignment(f"const {constant}: StreamProtocol", writer.protocol()),
        protocol_name=constant,
        doc=doc([f"One WebSocket to {contract.title}.", socket.doc]),
        name=socket.name,
        options=options,
        passed=_passed(told, origin),
        methods=tuple(
            _stream_method(call, name)
            for call in calls
            if call.is_method
            for name in (call.name, *call.formers)
        ),
    )


def _passed(told: Told, origin: str | None) -> str:
    """Return what a socket's constructor passes on: a reply goes before the contract's server."""
    if origin is None:
        return "options"
    if told is not Told.NEVER:
        return f"{{ ...options, defaultUrl: {string(origin)} }}"
    return f"{{ ...options, baseUrl: options.baseUrl ?? {string(origin)} }}"


def _stream_method(call: StreamCall, name: str) -> StreamMethodView:
    arguments = [f"input: {call.input_type}"] if call.takes_input else []
    passed = "input" if call.takes_input else "{}"
    if call.kind == "subscribe":
        arguments.append("options?: SubscriptionOptions")
        result = f"Subscription<{call.output_type}>"
        text = f"this.subscribe({call.name}, {passed}, options)"
    elif call.kind == "send":
        result, text = "void", f"this.send({call.name}, {passed})"
    else:
        result, text = f"Promise<{call.output_type}>", f"this.request({call.name}, {passed})"
    words = call.doc if name == call.name else doc([f"@deprecated Call `{call.name}`."], 2)
    signature = f"{name}({', '.join(arguments)}): {result}"
    return StreamMethodView(doc=words, signature=signature, call=text)


def _methods(call: Call, indent: str, opened: Callable[[str], str]) -> Iterator[MethodView]:
    """Yield what calls an operation, and what iterates over its pages."""
    argument = "input" if call.takes_input else "{}"
    for name in (call.name, *call.formers):
        words = doc([f"@deprecated Call `{call.name}`."], len(indent))
        yield MethodView(
            doc=_indented(call.doc, indent) if name == call.name else words,
            name=name,
            signature=f"{opened(name)}{_arguments(call)}): Promise<{call.output_type}>",
            argument=argument,
            operation=call.name,
            call="call",
        )
    if call.items is None:
        return
    for name in (call.items.name, *(f"iter{pascal(former)}" for former in call.formers)):
        result = f"AsyncGenerator<{call.items.item_type}, void, undefined>"
        words = f"Yields every item of `{call.name}`, page by page."
        yield MethodView(
            doc=doc(
                [words if name == call.items.name else f"@deprecated Call `{call.items.name}`."],
                len(indent),
            ),
            name=name,
            signature=f"{opened(name)}{_arguments(call)}): {result}",
            argument=argument,
            operation=call.name,
            call="iterate",
        )


def _arguments(call: Call) -> str:
    if not call.takes_input:
        return "options?: CallOptions"
    default = "" if call.needs_input else " = {}"
    return f"input: {_input(call)}{default}, options?: CallOptions"


def _input(call: Call) -> str:
    return f"t.{call.input_name}" if call.takes_input else "object"


def _options(base: str, url: str | None, parameters: str = "") -> str:
    needed = [] if url is not None else ["readonly baseUrl: string;"]
    if parameters:
        needed.append(f"readonly parameters: {{ {parameters} }};")
    return f"{base} & {{ {' '.join(needed)} }}" if needed else f"{base} = {{}}"


def _indented(comment: str, indent: str) -> str:
    return "".join(f"{indent}{line}\n" for line in comment.splitlines())
