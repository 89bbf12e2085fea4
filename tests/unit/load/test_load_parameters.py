"""Parameters: those of a path's query, and those whose values have no form."""

from __future__ import annotations

from typing import Any

from venuekit.contract import ConstSchema, HttpBinding
from venuekit.finding import Severity


def test_the_query_of_a_path_is_read_as_parameters(documents: Any) -> None:
    loaded = documents.load(
        """
        openapi: 3.1.0
        info: {title: T, version: '1'}
        paths:
          /now?city={town}&units=a%20b&lat={lat}#x:
            get:
              operationId: now
              parameters:
                - {name: town, in: path, required: true, schema: {type: string}}
                - {name: lat, in: query, schema: {type: number}}
                - {name: key, in: query, schema: {type: string}}
              responses: {'200': {description: d}}
        """
    )
    (operation,) = loaded.contract.operations
    binding = operation.binding
    assert isinstance(binding, HttpBinding)
    assert loaded.findings == ()
    assert binding.path == "/now#city={town}&units=a%20b&lat={lat}&x"
    query = {p.name: p for p in binding.parameters if p.location == "query"}
    assert list(query) == ["key", "city", "units", "lat"]
    assert len(query) == len(binding.parameters)
    assert query["city"].is_required
    assert isinstance(query["units"].schema, ConstSchema)
    assert query["units"].schema.value == "a b"


def test_a_query_of_a_path_that_mixes_text_and_template_is_refused(documents: Any) -> None:
    text = """
        openapi: 3.1.0
        info: {title: T, version: '1'}
        paths:
          /now?at=x{town}:
            get:
              operationId: now
              parameters: [{name: town, in: path, required: true, schema: {type: string}}]
              responses: {'200': {description: d}}
        """
    (finding,) = documents.load(text).findings
    assert "has at=x{town}, which is text and template" in finding.message


def test_parameters_with_others_inside_have_no_form(documents: Any) -> None:
    loaded = documents.load(
        """\
        openapi: 3.1.0
        info: {title: T, version: '1'}
        paths:
          /things:
            parameters:
              - name: tags
                in: query
                schema: {type: array, items: {$ref: '#/components/schemas/Tag'}}
            get:
              parameters:
                - name: filter
                  in: query
                  style: deepObject
                  schema: {type: object, properties: {sizes: {type: array, items: {type: integer}}}}
                - {name: plain, in: query, schema: {type: array, items: {type: string}}}
                - name: near
                  in: query
                  schema: {type: object, additionalProperties: {type: string}}
                - name: written
                  in: query
                  content: {application/json: {schema: {type: array, items: {type: object}}}}
              responses: {'200': {description: ok}}
            delete: {responses: {'204': {description: gone}}}
        components: {schemas: {Tag: {type: object, properties: {key: {type: string}}}}}
        """
    )
    rule = "parameter-form-undefined"
    found = [finding for finding in loaded.findings if finding.rule == rule]
    places = [(one.message.split("'")[1], one.origin.place.line) for one in found if one.origin]
    assert sorted(places) == [("filter", 11), ("tags", 6)]
    assert {one.severity for one in found} == {Severity.WARNING}


SHARED_NAMES = """\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /maps:
    get:
      parameters:
        - {name: a, in: query, schema: {type: object, additionalProperties: true}}
        - {name: limit, in: query, schema: {type: integer}}
        - {name: b, in: query, schema: {$ref: '#/components/schemas/Free'}}
      responses: {'200': {description: ok}}
  /members:
    get:
      parameters:
        - {name: page, in: query, schema: {$ref: '#/components/schemas/Page'}}
        - {name: limit, in: query, schema: {type: integer}}
        - name: filter
          in: query
          style: deepObject
          schema: {type: object, properties: {size: {type: string}}}
        - {name: 'filter[size]', in: query, schema: {type: string}}
        - {name: 'filter[other]', in: query, schema: {type: string}}
      responses: {'200': {description: ok}}
  /apart:
    get:
      parameters:
        - {name: a, in: query, schema: {type: object, additionalProperties: true}}
        - {name: b, in: query, style: deepObject, schema: {type: object}}
        - {name: c, in: query, explode: false, schema: {type: object}}
        - name: d
          in: query
          content: {application/json: {schema: {$ref: '#/components/schemas/Free'}}}
      responses: {'200': {description: ok}}
components:
  schemas:
    Free: {type: object, additionalProperties: {type: string}}
    Page: {type: object, properties: {limit: {type: integer}}}
"""


def test_parameters_that_write_one_name_are_not_told_apart(documents: Any) -> None:
    loaded = documents.load(SHARED_NAMES)
    found = [one for one in loaded.findings if one.rule == "parameters-not-told-apart"]
    assert {one.severity for one in found} == {Severity.WARNING}
    said = [(o.place.line, one.message) for one in found if (o := one.origin)]
    rest = (
        ", so no server can tell whose one is: it is taken for {}'s,"
        " and a call that gives the same name to both is refused"
    )
    assert said == [
        (9, "'a' and 'b' are both written as members of any name" + rest.format("'a'")),
        (14, "'limit' and 'page' are both written as 'limit'" + rest.format("'limit'")),
        (
            16,
            "'filter[size]' and 'filter' are both written as 'filter[size]'"
            + rest.format("'filter[size]'"),
        ),
    ]
