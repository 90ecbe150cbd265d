"""Everything that a request needs, in one value: there are no globals."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio
from sqlalchemy import Engine

from grader._internal.clock import now_utc
from grader.course.course import Course
from grader.course.server_settings import ServerSettings
from grader.gradebook.desk.comments import Comments
from grader.gradebook.desk.desk import MarkingDesk
from grader.gradebook.desk.shares import Shares
from grader.gradebook.desk.together import MarkGroups
from grader.gradebook.store import Gradebook, open_gradebook
from grader.server.accounts.accounts import Accounts
from grader.server.accounts.visits import OpenVisits
from grader.server.alerts import Alerts
from grader.server.hand_ins.blobs import Blobs
from grader.server.hand_ins.hand_ins import HandIns
from grader.server.hand_ins.live import LiveEvents
from grader.server.hand_ins.regrade_runs import RegradeRuns
from grader.server.hand_ins.requests import Requests
from grader.server.hand_ins.results import Listings
from grader.server.keys import ServerKeys
from grader.server.lti.platforms.store import Platforms
from grader.server.lti.protocol.key_sets import PlatformKeys
from grader.server.lti.protocol.tool_keys import ToolKeys
from grader.server.records import WorkersState
from grader.server.site.limits import Limiter
from grader.server.site.metrics import Metrics
from grader.server.site.served_course import KeptSpecs, ServedCourse
from grader.server.site.static import StaticFiles, read_static
from grader.server.site.templating import make_pages
from grader.server.site.turns import Turns

if TYPE_CHECKING:
    from jinja2 import Environment

    from grader.server.accounts.oidc import OidcClient

# So many submissions are in memory at a time, each of up to some 200 MB while it is read.
HEAVY = 4
# So many launches at a time may wait for a platform's keys; the pages have other threads.
LAUNCHES = 8
SERVICES = 2  # the same for pages that ask a platform for grades and people
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Site:
    """A course on the web.

    address: where people reach it, without a slash at the end, such as
    https://grader.example.edu/ml. root_path: its path, "" for none. demo: anybody on this machine
    may sign in as anybody of a made-up class. clock: the present, aware and in UTC. stopping: set
    once the server is to end, so that answers that go on for long end, too. workers: how the
    processes are that grade here; None if there are none. regrades: what is graded again here.
    """

    course: ServedCourse
    book: Gradebook
    keys: ServerKeys
    accounts: Accounts
    hand_ins: HandIns
    blobs: Blobs
    requests: Requests
    alerts: Alerts
    comments: Comments
    desk: MarkingDesk
    shares: Shares
    groups: MarkGroups
    platforms: Platforms
    platform_keys: PlatformKeys
    listings: Listings
    feed: LiveEvents
    pages: Environment
    static: StaticFiles
    address: str
    root_path: str = ""
    demo: bool = False
    oidc: OidcClient | None = None
    clock: Callable[[], datetime] = now_utc
    metrics: Metrics = field(default_factory=Metrics)
    limiter: Limiter = field(default_factory=Limiter)
    stopping: threading.Event = field(default_factory=threading.Event)
    heavy: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(HEAVY))
    launches: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(LAUNCHES))
    services: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(SERVICES))
    turns: Turns = field(default_factory=Turns)
    workers: Callable[[], WorkersState] | None = None
    regrades: RegradeRuns | None = None

    @property
    def engine(self) -> Engine:
        """Of the gradebook's database, which is the server's too."""
        return self.book.engine

    @property
    def settings(self) -> ServerSettings:
        """[tool.grader.server]."""
        return self.course.settings.server

    @property
    def tool_keys(self) -> ToolKeys:
        """By which platforms know this server. Raises CourseError."""
        return ToolKeys.open(self.course, self.clock())

    @property
    def is_secure(self) -> bool:
        """Whether people reach it by https."""
        return self.address.startswith("https://")

    @property
    def origin(self) -> str:
        """Scheme, host and port of its address, as a browser names them."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which it answers, without ports."""
        return frozenset({host_of(urlsplit(self.address).netloc), *LOOPBACK})


def host_of(netloc: str) -> str:
    """A Host header without its port, in lower case."""
    name = netloc.lower()
    return name if name.endswith("]") else name.rsplit(":", 1)[0]


def open_site(
    course: Course,
    address: str,
    *,
    demo: bool = False,
    clock: Callable[[], datetime] = now_utc,
) -> Site:
    """Open the course's gradebook and whatever else the server keeps.

    Raises CourseError for a gradebook that cannot be used, and for unsafe settings.
    """
    folder = course.root / course.settings.server.data
    served = ServedCourse(course.root, course.settings, KeptSpecs(folder / "specs"))
    address = address.rstrip("/")
    root_path = urlsplit(address).path
    static = read_static()
    settings = course.settings.server
    oidc = None if demo else _oidc(settings, clock)
    book = open_gradebook(served)
    hand_ins = HandIns(book.engine, settings, clock)
    blobs = Blobs(folder / "blobs")
    stopping = threading.Event()
    return Site(
        course=served,
        book=book,
        keys=ServerKeys.open(course),
        accounts=Accounts(book.engine, settings, clock),
        hand_ins=hand_ins,
        blobs=blobs,
        requests=Requests(book.engine, clock),
        alerts=Alerts(book.engine, clock),
        comments=Comments(book.engine, clock),
        desk=MarkingDesk(book, served, clock),
        shares=Shares(book.engine, clock),
        groups=MarkGroups(book.engine, served, clock),
        platforms=Platforms(book.engine, clock),
        platform_keys=PlatformKeys(clock),
        listings=Listings(blobs),
        feed=LiveEvents(hand_ins.events, OpenVisits(book.engine, clock).still, stopping),
        pages=make_pages(static, root_path, served),
        static=static,
        address=address,
        root_path=root_path,
        demo=demo,
        oidc=oidc,
        clock=clock,
        stopping=stopping,
    )


def _oidc(settings: ServerSettings, clock: Callable[[], datetime]) -> OidcClient | None:
    if settings.oidc is None:
        return None
    from grader.server.accounts.oidc import OidcClient  # slow to load, for who does not need it

    return OidcClient(
        settings.oidc, os.environ.get(settings.oidc.client_secret_variable, ""), clock
    )
