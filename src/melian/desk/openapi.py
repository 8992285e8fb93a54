"""The OpenAPI description of the desk, made from its table of routes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from melian.desk.route import Route

_MEANINGS = {
    "from": "Only what reaches this ISO day, month or year or later",
    "to": "Only what began by the end of this ISO day, month or year",
    "begun": "Only what began in this ISO day, month, year or span (2022-01-17/2022-01-23)",
    "who": "Who acts, speaks or claims: an id or a name; with = before it that party alone",
    "whom": "Whom it is done or said to, or is about; = as for who. What several do together is done to each of them",
    "type": "Event types, acts or statuses, with commas between them",
    "place": "A place's name or a country; =Geneva, CHE is that town, =CHE what is known of the country alone",
    "source": "Part of an outlet's name; with = before it that outlet alone, =(not named) reports without one",
    "text": "Words that must occur as they stand",
    "realis": "Of events: actual, denied, planned, conditional, predicted, demanded; of incidents: actual (a fact to one telling at least), denied",
    "status": "Of entries: where they stand",
    "q": "What to look for",
    "page": "Number of the page, from 1",
    "zoom": "years, months, weeks, days or hours",
    "on": "ISO day on which offices are looked up",
    "since": "An ISO day or time from which changes are told, or 7days; for /changes the stamp of the page",
    "mark": "Id of an event or statement to mark",
    "at": "Id of the card to show",
    "seen": "Stamp of the record as the page showed it; where it is otherwise by now, nothing is done",
    "again": "1: records that others have judged too",
    "id": "Id with its letter; of an undo the judgement's",
    "kind": "accept, reject, correct, merge, split, note, undo or skip; in a path demands, redlines, …",
    "name": "Name of the table",
    "party": "Id of the party; for /data/dyads only pairs with it are given",
    "values": "Fields of a correction are sent as value.FIELD",
    "note": "Words to keep with the judgement",
    "back": "Path to go to afterwards",
    "analyst": "Name to judge under",
}


def describe(routes: Sequence[Route], *, read_only: bool = False) -> dict[str, Any]:
    """The description as plain data, OpenAPI 3.1.

    Args:
        routes: every address.
        read_only: leave out what changes the record.
    """
    from melian import __version__

    paths: dict[str, Any] = {}
    for route in routes:
        if not (route.judges and read_only):
            path = re.sub(r":\w+}", "}", route.path)
            paths.setdefault(path, {})[route.method.lower()] = _operation(route, path)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Melian desk",
            "version": __version__,
            "description": "The record of a crisis, to look, check and judge. Pages are HTML; every table has a CSV and a JSON "
            "address that heeds the same filters.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
    }


def _operation(route: Route, path: str) -> dict[str, Any]:
    inside = re.findall(r"{(\w+)}", path)
    parameters = [_parameter(name, "path") for name in inside] + [_parameter(name, "query") for name in route.parameters]
    answers: dict[str, Any] = {
        "200": {"description": "As asked", "content": {route.media: {}}},
        "400": {"description": "A value that cannot be used; the answer says which"},
    }
    if inside:
        answers["404"] = {"description": "Nothing of that id or name"}
    if path == "/changes":
        answers["204"] = {"description": "The record is as the page has it"}
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}{re.sub(r'[^a-z]+', '_', path)}".rstrip("_"),
        "summary": route.summary,
        "parameters": parameters,
        "responses": answers,
    }
    if route.method == "POST":
        names = ("form_token", *route.fields)
        properties = {
            name: {"type": "string", "description": _MEANINGS.get(name, "From a page of this desk")} for name in names
        }
        schema = {"type": "object", "properties": properties, "required": ["form_token"]}
        operation["requestBody"] = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}
        answers["303"] = {"description": "Done; the page to go on with"}
        if "seen" in route.fields:
            answers["409"] = {
                "description": "What is judged is otherwise by now than the form says it was seen; the answer shows it"
            }
        answers["403"] = {"description": "The form was not made by this desk for this browser"}
        answers["503"] = {"description": "Another process is writing; nothing was changed"}
    return operation


def _parameter(name: str, place: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": _MEANINGS[name],
        "schema": {"type": "string"},
    }
