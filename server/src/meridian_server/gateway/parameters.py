"""Parameters of path and query: strict percent-decoding, then the contract's schema."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from meridian_server.gateway.codec import ContractError, Types, as_refusal
from venuekit.contract import (
    MISSING,
    Contract,
    HttpBinding,
    IntegerSchema,
    Location,
    Parameter,
    TimestampSchema,
)
from venuekit.contract.walk import resolve
from venuekit_runtime.server.refusal import invalid, malformed
from venuekit_runtime.server.texts import percent_decode

_INTEGER = re.compile(r"(0|-?[1-9][0-9]{0,18})\Z", re.ASCII)


class ParameterDecoder:
    """One parameter of one operation."""

    def __init__(self, contract: Contract, types: Types, parameter: Parameter) -> None:
        self.name = parameter.name
        self.is_required = parameter.is_required
        shape = resolve(contract, parameter.schema)
        self._is_integer = isinstance(shape, IntegerSchema | TimestampSchema)
        self._type = types.of(parameter.schema)
        self.default: Any = parameter.schema.notes.default
        if parameter.content_type is not None or parameter.style not in ("simple", "form"):
            raise ContractError(f"{parameter.origin}: style {parameter.style} of a parameter")

    def decode(self, text: str) -> Any:
        """The value. RefusalError VALIDATION_FAILED with the parameter's name when it is wrong."""
        value: Any = percent_decode(text, self.name)
        if self._is_integer:
            if _INTEGER.match(value) is None:
                raise invalid(self.name, f"{self.name}: expected an integer in plain digits")
            value = int(value)
        try:
            return msgspec.convert(value, self._type)
        except msgspec.ValidationError as error:
            raise as_refusal(error, self.name) from None


class ParameterDecoders:
    """All parameters of a REST operation."""

    def __init__(self, contract: Contract, types: Types, binding: HttpBinding) -> None:
        self._path: dict[str, ParameterDecoder] = {}
        self._query: dict[str, ParameterDecoder] = {}
        for parameter in binding.parameters:
            decoder = ParameterDecoder(contract, types, parameter)
            if parameter.location is Location.PATH:
                self._path[parameter.name] = decoder
            elif parameter.location is Location.QUERY:
                self._query[parameter.name] = decoder
            else:
                raise ContractError(f"{parameter.origin}: {parameter.location} parameters")

    def decode(self, path_values: dict[str, str], query: str) -> dict[str, Any]:
        """All values by name, with the contract's defaults filled in."""
        arguments = {name: self._path[name].decode(text) for name, text in path_values.items()}
        if not query and not self._query:
            return arguments
        for pair in query.split("&") if query else ():
            raw_name, _, text = pair.partition("=")
            name = percent_decode(raw_name, "the query")
            decoder = self._query.get(name)
            if decoder is None:
                raise invalid(name, f"no query parameter {name!r} is known here")
            if name in arguments:
                raise malformed(f"the query names {name} twice")
            arguments[name] = decoder.decode(text)
        for name, decoder in self._query.items():
            if name in arguments:
                continue
            if decoder.is_required:
                raise invalid(name, f"the query lacks {name}")
            if decoder.default is not MISSING:
                arguments[name] = decoder.default
        return arguments
