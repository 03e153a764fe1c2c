"""The part of JSON Schema that the schemas of GitHub's webhooks and of Tremendous' API are written in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
KNOWN = {
    *("$ref", "$schema", "additionalProperties", "allOf", "anyOf", "const", "description", "enum", "examples"),
    *("format", "items", "oneOf", "properties", "required", "title", "tsAdditionalProperties", "type", "default"),
    *("maxItems", "minItems", "maxLength", "minimum", "maximum", "readOnly", "example"),
}


def complaints(value: Any, schema: dict[str, Any], definitions: dict[str, Any], path: str = "") -> Iterator[str]:
    """What is wrong with a value, as "path: reason"; nothing where it is valid."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        yield from complaints(value, definitions[schema["$ref"].rpartition("/")[2]], definitions, path)
        return
    if "any_of_schemas" in schema.get("properties", {}):
        schema = {"anyOf": _either(schema)}
    if "type" in schema and not _is_of(value, schema["type"]):
        yield f"{path}: {value!r} is no {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    if isinstance(value, str) and not _has_format(value, schema.get("format")):
        yield f"{path}: {value!r} is no {schema['format']}"
    for part in schema.get("allOf", []):
        yield from complaints(value, part, definitions, path)
    for word in ("anyOf", "oneOf"):
        if word in schema and not any(not list(complaints(value, one, definitions, path)) for one in schema[word]):
            yield f"{path}: {value!r} is {word} none"
    if isinstance(value, dict):
        yield from _in_object(value, schema, definitions, path)
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from complaints(one, schema.get("items", {}), definitions, f"{path}[{number}]")


def _either(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Tremendous' schemas were read out of its Python package, where what may be one of several is an object that holds
    a schema for each."""
    return [one for name, one in schema["properties"].items() if name.startswith("anyof_schema_")]


def _in_object(value: dict[str, Any], schema: dict[str, Any], definitions: dict[str, Any], path: str) -> Iterator[str]:
    for name in schema.get("required", []):
        if name not in value:
            yield f"{path}.{name} is missing"
    known = schema.get("properties", {})
    for name, inner in value.items():
        if name in known:
            yield from complaints(inner, known[name], definitions, f"{path}.{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{path}.{name} is not in the schema"


def _is_of(value: Any, kind: str | list[str]) -> bool:
    if isinstance(kind, list):
        return any(_is_of(value, one) for one in kind)
    return isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _has_format(value: str, form: str | None) -> bool:
    if form == "date-time":
        return value.endswith("Z") and bool(datetime.fromisoformat(value))
    if form == "uri":
        return urlsplit(value).scheme in {"http", "https", "git"} and not any(one in value for one in " {}<>")
    return True
