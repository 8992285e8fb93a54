"""One request, as a screen sees it: the record as it is now, the filters of the address, and how to answer."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from melian.crisis.questions.filters import Filters
from melian.crisis.record.rows import fetch
from melian.desk.access import Access
from melian.desk.addresses import address, clean, exact_address, filter_parameters, filters_in
from melian.desk.guard import BROWSER, COOKIES
from melian.desk.rendering import render
from melian.desk.snapshot import Live
from melian.desk.writing import Writer
from melian.views.headings import OPENING_SQL, UNTITLED, heading

if TYPE_CHECKING:
    import duckdb
    from starlette.requests import Request
    from starlette.responses import Response

ANALYST = "analyst"  # the cookie with the name that a browser judges under
MOST_SESSIONS = 500


@dataclass(slots=True)
class Session:
    """What one analyst did in one browser since the desk was started; nothing that the record does not know but what was skipped.

    `lock` is held by whoever reads or changes it: a browser may ask for several things at once.
    """

    lock: threading.RLock = field(default_factory=threading.RLock)
    skipped: set[int] = field(default_factory=set)
    last: list[tuple[str, list[str], int]] = field(
        default_factory=list
    )  # card, ids of its judgements (none: skipped), 1 if accepted
    waiting: list[tuple[str, int]] = field(default_factory=list)
    waiting_for: tuple[str, ...] = ()  # what the cards in `waiting` were asked for with

    @property
    def judged(self) -> int:
        """How many cards were judged, those taken back left out."""
        return sum(bool(made) for _, made, _ in self.last)

    @property
    def goal(self) -> int:
        """The round hundred that the count of cards goes towards."""
        return max(100, -(-self.judged // 100) * 100)

    @property
    def skipped_last(self) -> bool:
        """Whether the latest thing done, which an undo takes back, is a skip."""
        return bool(self.last) and not self.last[-1][1]

    @property
    def agreed(self) -> int:
        """How many of them were accepted as they were read."""
        return sum(agreed for _, _, agreed in self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Why a form was not taken, to be shown where the form is, with what was typed in it.

    `kind` is what was to be done, `field` the one that the message is about (None: the whole form), `typed` the fields that were
    changed, `chosen` the ids that were ticked, `sure` the fields whose unknown parties were asked about, `status` that of the answer.
    """

    kind: str
    message: str
    field: str | None
    typed: Mapping[str, str]
    note: str
    chosen: frozenset[str]
    sure: frozenset[str]
    status: int


class Desk:
    """What all requests share.

    Args:
        path: the record.
        access: who may come in.
    """

    def __init__(self, path: Path, access: Access) -> None:
        self.access = access
        self.live = Live(path)
        self.writer = Writer(path)
        self.lock = threading.Lock()
        self.sessions: dict[tuple[str, str], Session] = {}
        self.memory: dict[tuple[str, ...], Any] = {}
        self._memory_of = ""

    @property
    def name(self) -> str:
        """The record's file name."""
        return self.live.path.name

    def session(self, browser: str, analyst: str) -> Session:
        """What an analyst did in a browser. Of very many the one that was not asked for longest is forgotten."""
        with self.lock:
            session = self.sessions.pop((browser, analyst), None) or Session()
            self.sessions[browser, analyst] = session
            if len(self.sessions) > MOST_SESSIONS:
                del self.sessions[next(iter(self.sessions))]
            return session

    def remembered(self, stamp: str, key: tuple[str, ...], make: Any) -> Any:
        """What `make()` gives, kept for as long as the record stays as it is (for what is dear and asked for often)."""
        with self.lock:
            if stamp != self._memory_of:
                self.memory.clear()
                self._memory_of = stamp
            if key in self.memory:
                return self.memory[key]
        made = make()
        with self.lock:
            if stamp == self._memory_of and len(self.memory) < 500:
                self.memory[key] = made
        return made


class Visit:
    """One request with the record in the state that it found.

    Args:
        desk: what all share.
        request: as it came.
        connection: a cursor of its own.
        stamp: of the record's state.
        form: the fields of a form that was sent.
    """

    def __init__(
        self,
        desk: Desk,
        request: Request,
        connection: duckdb.DuckDBPyConnection,
        stamp: str,
        form: Mapping[str, str] | None = None,
    ) -> None:
        self.desk = desk
        self.request = request
        self.connection = connection
        self.stamp = stamp
        self.form = form or {}
        self.cookies: list[tuple[str, str]] = []
        self.asked: Mapping[str, str] = request.query_params
        self.wrong: Wrong | None = None  # what was wrong with the form that this page answers

    @cached_property
    def filters(self) -> Filters:
        """Those of the address.

        Raises:
            DateError: a date of theirs is none.
        """
        return filters_in(self.asked)

    @property
    def is_part(self) -> bool:
        """Whether a script asks for a part of a page only."""
        headers = self.request.headers
        return headers.get("hx-request") == "true" and headers.get("hx-boosted") != "true"

    @property
    def target(self) -> str:
        """The id of the element that a script wants to fill."""
        return str(self.request.headers.get("hx-target", "")) if self.is_part else ""

    @property
    def browser(self) -> str:
        """What tells this browser from others."""
        return str(self.request.scope.get(BROWSER, ""))

    def cookie(self, name: str) -> str | None:
        """A cookie of this desk's."""
        found = self.request.scope.get(COOKIES, {}).get(self.desk.access.cookie(name))
        return None if found is None else str(found)

    def keep(self, response: Response, name: str, value: str) -> None:
        """Have the browser keep a cookie of this desk's for a year."""
        access = self.desk.access
        response.set_cookie(
            access.cookie(name), value, max_age=365 * 24 * 3600, httponly=True, samesite="strict", secure=access.is_secure
        )

    @property
    def analyst(self) -> str:
        """Who judges in this browser; "" where others come to the desk and no name was given yet."""
        access = self.desk.access
        return clean(unquote(self.cookie(ANALYST) or "")) or ("" if access.is_shared else access.analyst)

    @property
    def session(self) -> Session:
        """What was done in this browser under this name."""
        return self.desk.session(self.browser, self.analyst)

    def parameter(self, name: str) -> str | None:
        """A parameter of the address."""
        return clean(self.asked.get(name))

    def page_number(self, rows: int, most: int) -> int:
        """The parameter `page`: 1 where it is missing or no number, and the last page where it lies beyond that.

        Args:
            rows: how many there are.
            most: on a page.
        """
        given = self.parameter("page") or "1"
        asked = int(given) if given.isdecimal() and len(given) < 8 else 1
        return max(1, min(asked, -(-rows // most)))

    def here(self, /, **changes: object) -> str:
        """This address with some parameters changed or (None) taken out; the number of the page falls back to the first."""
        given: dict[str, object] = dict(self.asked)
        given.pop("page", None)
        return address(self.request.url.path, **{**given, **{name.rstrip("_"): value for name, value in changes.items()}})

    @property
    def says_nothing(self) -> bool:
        """Whether the address has parameters without a value, as forms send the fields that were left empty."""
        return any(not value.strip() for _, value in self.request.query_params.multi_items())

    def without_nothing(self) -> str:
        """This address without such parameters."""
        return address(self.request.url.path, **{name: value for name, value in self.asked.items() if value.strip()})

    def with_filters(self, path: str, /, **more: object) -> str:
        """Another address with the filters of this one."""
        return address(path, **{**filter_parameters(self.filters), **{name.rstrip("_"): value for name, value in more.items()}})

    def held(self, names: Collection[str]) -> dict[str, str]:
        """The filters of the address that a form with fields of these names has to carry along."""
        return {name: value for name, value in filter_parameters(self.filters).items() if name not in names}

    def exactly(self, path: str, /, **wanted: str | None) -> str:
        """Another address with the filters of this one and further ones, parties, places and outlets meant exactly."""
        return exact_address(path, filter_parameters(self.filters), **wanted)

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        return fetch(self.connection, query, values)

    def heading_of(self, key: str) -> str:
        """What the report of an id is called."""
        found = self.rows(f"SELECT d.title, {OPENING_SQL} FROM documents d WHERE id = ?", int(key[1:], 16))
        return heading(found[0]) if found else UNTITLED

    def one(self, query: str, *values: Any) -> Any:
        """The first value of a query's first row; None where there is none."""
        row = self.connection.execute(query, list(values)).fetchone()
        return row[0] if row else None

    def page(
        self, template: str, *, status: int | None = None, headers: Mapping[str, str] | None = None, **shown: Any
    ) -> Response:
        """A page, or the part of it that a script asked for."""
        from starlette.responses import HTMLResponse

        access = self.desk.access
        context = {
            "layout": "part.html.jinja" if self.is_part else "base.html.jinja",
            "visit": self,
            "title": self.title,
            "record": self.desk.name,
            "path": self.request.url.path,
            "here": self.here,
            "filters": filter_parameters(self.filters) if self._filters_hold() else {},
            "with_filters": self.with_filters,
            "held": self.held,
            "exactly": self.exactly,
            "stamp": self.stamp,
            "target": self.target or "main",
            "read_only": access.read_only,
            "analyst": self.analyst,
            "form_token": access.form_token(self.browser),
            "parties_known": self.parties_known,
            "wrong": self.wrong,
            **shown,
        }
        status = status or (self.wrong.status if self.wrong else 200)
        response = HTMLResponse(render(template, context), status, dict(headers or {}))
        response.headers.setdefault("Vary", "HX-Request")
        for name, value in self.cookies:
            self.keep(response, name, value)
        return response

    @property
    def title(self) -> str:
        """What the crisis is called."""
        return str(self.one("SELECT value FROM about WHERE key = 'title'") or self.desk.live.path.stem)

    def parties_known(self) -> list[str]:
        """The parties told of most, for suggestions in forms."""
        return self.desk.remembered(self.stamp, ("parties",), self._parties)  # type: ignore[no-any-return]

    def _parties(self) -> list[str]:
        query = (
            "SELECT p, count(*) AS n FROM (SELECT unnest([coalesce(a.id, a.name) FOR a IN list_concat(source, target)]) AS p "
            "FROM incidents) WHERE p IS NOT NULL GROUP BY p ORDER BY n DESC, p LIMIT 60"
        )
        return [str(row["p"]) for row in self.rows(query)]

    def _filters_hold(self) -> bool:
        from melian.errors import DateError

        try:
            return self.filters is not None
        except DateError:
            return False
