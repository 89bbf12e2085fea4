"""REST operations as descriptors, input types and functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from venuekit.contract import (
    Body,
    Content,
    Contract,
    Effect,
    HttpBinding,
    Location,
    ObjectSchema,
    Operation,
    Parameter,
    Response,
    Wire,
)
from venuekit.emit.naming import assign, pascal
from venuekit.emit.scalar_text import scalar_text
from venuekit.emit.servers import own_url
from venuekit.emit.typescript.contents import (
    body_descriptor,
    content_findings,
    content_rank,
    has_members,
    is_json,
    is_text,
)
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.names import property_name
from venuekit.emit.typescript.pages import Items, Paged, items_of
from venuekit.emit.typescript.shapes import ShapeWriter
from venuekit.emit.typescript.text import Code, Value, doc, member, one_line
from venuekit.emit.typescript.types import TypeWriter
from venuekit.finding import Finding

EFFECTS = {"GET": "read", "HEAD": "read", "OPTIONS": "read", "DELETE": "cancel", "POST": "create"}
"""What a method most likely does, where the contract does not say; anything else replaces."""

IGNORED_HEADERS = frozenset(("accept", "content-type", "authorization"))
"""Header parameters that OpenAPI tells tools to ignore (3.1, 4.8.12.2.1)."""


@dataclass(frozen=True, slots=True)
class Call:
    """One operation, ready to be written: every member is final text or a literal's value."""

    name: str
    operation: Operation
    descriptor: dict[str, Value]
    input_name: str
    input_type: str
    input_doc: str
    output_type: str
    needs_input: bool
    takes_input: bool
    doc: str = ""
    items: Items | None = None
    """The iterator over all items, where the operation answers in pages."""
    formers: tuple[str, ...] = ()
    """Earlier names, which go on as deprecated ones."""


@dataclass(slots=True)
class RestWriter:
    """Turns the REST operations of a model into calls, and notes what it cannot carry."""

    model: Model
    names: dict[int, str]
    input_names: dict[int, str]
    paged: dict[int, Paged]
    findings: list[Finding] = field(default_factory=list)

    def calls(self) -> Iterator[Call]:
        """Yield every REST operation in the contract's order."""
        for operation in rest_operations(self.model.contract):
            yield self._call(operation)

    def _call(self, operation: Operation) -> Call:
        binding = operation.binding
        assert isinstance(binding, HttpBinding)
        parameters = self._parameters(binding)
        content = self._content(binding.body)
        whole = self._whole(binding.body, content, parameters)
        input_type = self._input_type(parameters, binding.body, content, whole)
        required = any(parameter.is_required for _name, parameter in parameters) or (
            binding.body is not None and binding.body.is_required
        )
        name = self.names[id(operation)]
        paged = self.paged.get(id(operation))
        items = None if paged is None else items_of(self.model, paged, parameters)
        descriptor = self._descriptor(operation, binding, parameters, content, whole)
        if items is not None:
            descriptor["pages"] = items.rule
        return Call(
            name=name,
            operation=operation,
            descriptor=descriptor,
            items=items,
            input_name=self.input_names[id(operation)],
            input_type=input_type,
            input_doc=doc([f"What `{name}` takes."]),
            output_type=self._output_type(binding),
            needs_input=required,
            takes_input=bool(parameters) or binding.body is not None,
            doc=operation_doc(operation, f"{binding.method} {binding.path}"),
        )

    def _parameters(self, binding: HttpBinding) -> list[tuple[str, Parameter]]:
        """Return the parameters with their properties; a shared name gets its place added."""
        carried = [p for p in binding.parameters if not _is_ignored(p)]
        names = assign(
            (position, (base, f"{base}In{pascal(parameter.location.value)}", f"{base}Parameter"))
            for position, parameter in enumerate(carried)
            for base in (property_name(parameter.name),)
        )
        return [(names[position], parameter) for position, parameter in enumerate(carried)]

    def _content(self, body: Body | None) -> Content | None:
        """Choose the media type that is sent, and note what of it cannot be."""
        if body is None or not body.contents:
            return None
        best = min(body.contents, key=content_rank)
        self.findings += content_findings(body, best)
        return best

    def _whole(
        self, body: Body | None, content: Content | None, parameters: list[tuple[str, Parameter]]
    ) -> str | None:
        """Return the property that holds the body, or None where its fields are spread."""
        if body is None:
            return None
        taken = {name for name, _parameter in parameters}
        schema = content.schema if content else None
        is_members = content is not None and (is_json(content) or has_members(content))
        if schema is not None and is_members:
            shape = self.model.resolve(schema)
            if isinstance(shape, ObjectSchema) and shape.fields:
                properties = set(self.model.properties[id(shape)].values())
                if not properties & taken:
                    return None
        return "body" if "body" not in taken else "requestBody"

    def _input_type(
        self,
        parameters: list[tuple[str, Parameter]],
        body: Body | None,
        content: Content | None,
        whole: str | None,
    ) -> str:
        types = TypeWriter(self.model)
        lines = []
        for name, parameter in parameters:
            text = types.expression(parameter.schema, "in")
            lines.append(_property(name, text, parameter.is_required, parameter.description))
        spread = ""
        if body is not None:
            schema = content.schema if content else None
            text = types.expression(schema, "in") if schema is not None else "unknown"
            is_written = content is None or is_text(content) or has_members(content)
            text = text if is_written else "string | Uint8Array"
            if whole is not None:
                lines.append(_property(whole, text, body.is_required, body.description))
            else:
                spread = text if body.is_required else f"Partial<{text}>"
        own = "{\n" + "".join(lines) + "}" if lines else ""
        return " & ".join(part for part in (own, spread) if part) or "{}"

    def _output_type(self, binding: HttpBinding) -> str:
        types = TypeWriter(self.model, "t.")
        texts: dict[str, None] = {}
        for response in success_responses(binding):
            content = answer_content(response)
            if content is None:
                texts["undefined"] = None
            elif not is_text(content):
                texts["Uint8Array"] = None
            elif not is_json(content) and not self._is_scalar(content):
                texts["string"] = None
            elif content.schema is None:
                texts["unknown"] = None
            else:
                texts[types.expression(content.schema, "out")] = None
        if list(texts) == ["undefined"]:
            return "void"
        return " | ".join(texts) or "unknown"

    def _is_scalar(self, content: Content) -> bool:
        return scalar_text(self.model.contract, content) is not None

    def _descriptor(
        self,
        operation: Operation,
        binding: HttpBinding,
        parameters: list[tuple[str, Parameter]],
        content: Content | None,
        whole: str | None,
    ) -> dict[str, Value]:
        shapes = ShapeWriter(self.model, "schemas.")
        found: dict[str, Value] = {
            "name": operation.name,
            "method": binding.method,
            "path": binding.path,
            "effect": effect_of(operation, EFFECTS.get(binding.method, "replace")),
        }
        url = own_url(self.model.contract, operation.servers, operation.origin)
        if url is not None:
            found["baseUrl"] = url
        if parameters:
            found["parameters"] = [_parameter(name, p, shapes) for name, p in parameters]
        if content is not None and binding.body is not None:
            found["body"] = body_descriptor(content, binding.body, whole, shapes)
        responses = [_response(self.model.contract, r, shapes) for r in success_responses(binding)]
        if responses:
            found["responses"] = responses
        found.update(common(operation))
        key = self._dedup_key(operation, binding, content)
        if key is not None:
            found["dedupKey"] = key
        return found

    def _dedup_key(
        self, operation: Operation, binding: HttpBinding, content: Content | None
    ) -> Value | None:
        wire = operation.dedup_key
        if wire is None:
            return None
        shape = self.model.shape(content.schema) if content and content.schema else None
        known = self.model.properties[id(shape)] if isinstance(shape, ObjectSchema) else {}
        return dedup_key(self.model.contract, wire, known.get(wire, property_name(wire)))


def rest_operations(contract: Contract) -> Iterator[Operation]:
    """Yield the operations over REST."""
    return (operation for operation in contract.operations if operation.wire is Wire.REST)


def effect_of(operation: Operation, default: str) -> str:
    """Return the effect that the contract states, or the most careful guess."""
    return operation.effect.value if operation.effect is not None else default


def dedup_key(contract: Contract, wire: str, name: str) -> Value:
    """Return the dedup key of a descriptor, with the read that looks an order up by it."""
    for operation in rest_operations(contract):
        binding = operation.binding
        assert isinstance(binding, HttpBinding)
        if operation.effect is Effect.READ and any(
            parameter.name == wire and parameter.is_required for parameter in binding.parameters
        ):
            return {"property": name, "resolver": operation.name}
    return {"property": name}


def common(operation: Operation) -> dict[str, Value]:
    """Return what descriptors of all wires share."""
    found: dict[str, Value] = {}
    if operation.security:
        found["security"] = [
            [name for name, _scopes in requirement.schemes] for requirement in operation.security
        ]
    if operation.signing_inputs:
        found["signingInputs"] = dict(operation.signing_inputs)
    if operation.limits:
        found["costs"] = [{"bucket": c.bucket, "weight": c.weight} for c in operation.limits]
    found["errors"] = Code("errorTable")
    return found


def operation_doc(operation: Operation, place: str, indent: int = 0) -> str:
    """Return the doc comment of an operation."""
    lines = [operation.summary, operation.description, f"`{one_line(place)}`"]
    if operation.errors:
        lines.append("Errors: " + ", ".join(one_line(code) for code in operation.errors) + ".")
    tags = ["@deprecated"] if operation.is_deprecated else []
    if operation.sunset:
        tags.append(f"@remarks It goes away on {one_line(operation.sunset)}.")
    return doc(lines, indent, tags)


def success_responses(binding: HttpBinding) -> tuple[Response, ...]:
    """Return the answers that are results; "default" counts where no success is described."""
    found = tuple(r for r in binding.responses if r.status.startswith("2"))
    return found or tuple(r for r in binding.responses if r.status == "default")


def answer_content(response: Response) -> Content | None:
    """Return the content that the SDK asks for: JSON where there is any."""
    return min(response.contents, key=content_rank, default=None)


def _parameter(name: str, parameter: Parameter, shapes: ShapeWriter) -> Value:
    found: dict[str, Value] = {
        "property": name,
        "name": parameter.name,
        "in": parameter.location.value,
    }
    if parameter.is_required:
        found["isRequired"] = True
    schema = shapes.direct(parameter.schema)
    if schema is not None:
        found["schema"] = schema
    is_simple = parameter.location in (Location.PATH, Location.HEADER)
    if parameter.style != ("simple" if is_simple else "form"):
        found["style"] = parameter.style
    if parameter.is_exploded != (parameter.style == "form"):
        found["isExploded"] = parameter.is_exploded
    if parameter.allows_reserved:
        found["allowsReserved"] = True
    if parameter.content_type is not None:
        found["isJson"] = True
    return found


def _response(contract: Contract, response: Response, shapes: ShapeWriter) -> Value:
    found: dict[str, Value] = {"status": response.status}
    content = answer_content(response)
    if content is None:
        return found
    found["mediaType"] = content.media_type
    schema = shapes.direct(content.schema) if content.schema is not None else None
    if schema is not None:
        found["schema"] = schema
    scalar = scalar_text(contract, content)
    if scalar is not None:
        found["scalar"] = scalar
    return found


def _property(name: str, text: str, is_required: bool, description: str | None) -> str:
    mark, end = ("", "") if is_required else ("?", " | undefined")
    return f"{doc([description], 2)}  readonly {member(name)}{mark}: {text}{end};\n"


def _is_ignored(parameter: Parameter) -> bool:
    return parameter.location is Location.HEADER and parameter.name.lower() in IGNORED_HEADERS
