"""Whether something is as an OpenAPI specification says: as much of JSON Schema as the payout service's uses."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from feedback.settings import ROOT
from tests.conftest import in_ci

TREMENDOUS = ROOT.parent / "shared" / "contracts" / "tremendous" / "openapi.json"
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}


@cache
def tremendous() -> dict[str, Any]:
    if not TREMENDOUS.exists():
        assert not in_ci(), "CI has ../shared"
        pytest.skip("../shared/contracts is not beside this checkout")
    found: dict[str, Any] = json.loads(TREMENDOUS.read_text(encoding="utf-8"))
    return found


def of_request(specification: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    schema: dict[str, Any] = specification["paths"][path][method]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    return schema


def of_answer(specification: dict[str, Any], method: str, path: str, status: int) -> dict[str, Any]:
    """Empty where nothing is said of the body."""
    answer = specification["paths"][path][method]["responses"][str(status)]
    schema: dict[str, Any] = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def faults(specification: dict[str, Any], schema: dict[str, Any], value: Any, at: str = "") -> list[str]:
    """What is wrong with it, each with its place; nothing where it is as it should be."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return faults(specification, specification["components"]["schemas"][name], value, at)
    if "any_of_schemas" in schema.get("properties", {}):
        # It was read out of the vendor's Python package, where what may be one of several is such an object.
        schema = {"anyOf": [each for name, each in schema["properties"].items() if name.startswith("anyof_schema_")]}
    for word in ("oneOf", "anyOf"):
        if word in schema:
            tried = [faults(specification, each, value, at) for each in schema[word]]
            return [] if [] in tried else tried[0]
    found = []
    if "type" in schema and not _is(schema["type"], value):
        return [f"{at or 'it'} is no {schema['type']}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at} is none of {schema['enum']}")
    if isinstance(value, dict):
        found += [f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value]
        for name, each in schema.get("properties", {}).items():
            if name in value:
                found += faults(specification, each, value[name], f"{at}.{name}")
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            found.append(f"{at} has too few")
        for number, each in enumerate(value):
            found += faults(specification, schema.get("items", {}), each, f"{at}.{number}")
    return found


def _is(wanted: str | list[str], value: Any) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, TYPES[name]) for name in names)
