"""The pages of course staff: what needs them, what was handed in, requests to answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from grader.gradebook.roster import is_called, name_key
from grader.server.hand_ins.counts import HandInCounts, counts_by_homework
from grader.server.http.access import marked_by, may_see, unanswered_of
from grader.server.http.calls import Call
from grader.server.pages.student_pages import homework_name
from grader.server.records import HandInState

MOST_LISTED = 500


@dataclass(frozen=True)
class HomeworkRow:
    """A homework in numbers. students: how many of them have handed in."""

    name: str
    title: str
    due: datetime | None
    students: int
    states: Counter[HandInState]

    def count(self, state: str) -> int:
        """How many hand-ins are in a state."""
        return self.states[HandInState(state)]


def start(call: Call) -> Response:
    """What needs somebody's attention, and the homeworks in numbers."""
    site = call.site
    found = counts_by_homework(site.engine)
    rows = []
    for name in site.course.by_due_date:
        spec, made = site.course.spec(name), found.get(name, HandInCounts())
        rows.append(HomeworkRow(name, spec.title, spec.due, made.students, made.states))
    return call.page(
        "staff.html.j2",
        homeworks=rows,
        alerts=site.alerts.open_alerts(),
        unanswered=len(unanswered_of(site, call.account)),
        troubled=[
            each
            for each in site.hand_ins.in_state(HandInState.OPEN)
            if may_see(site, call.account, each)
        ],
        workers=site.workers() if site.workers is not None else None,
    )


def hand_ins(call: Call) -> Response:
    """What was handed in for a homework, the newest first; on request of some people or states."""
    name, site = homework_name(call), call.site
    asked, state = call.query.get("q", "").strip()[:100], call.query.get("state", "")
    scores = {each.key: each for each in site.book.attempts(name)}
    found = list(site.hand_ins.of_homework(name))
    mine = marked_by(site, call.account, name)
    if mine is not None:
        found = [each for each in found if each.student in mine]
    people = {each.key: each for each in site.book.students()}
    states = Counter(each.state for each in found)
    words = name_key(asked).split()
    said = call.query.get("first", "")
    first = int(said) if said.isascii() and said.isdigit() and len(said) < 8 else 0
    shown = [
        each
        for each in found
        if (state not in states or each.state == state) and is_called(people[each.student], words)
    ]
    return call.page(
        "hand_ins.html.j2",
        name=name,
        title=site.course.spec(name).title,
        hand_ins=shown[::-1][first : first + MOST_LISTED],
        found=len(shown),
        first=first,
        most=MOST_LISTED,
        everything=len(found),
        states=[(each, states[each]) for each in HandInState if states[each]],
        state=state if state in states else "",
        asked=asked,
        scores=scores,
        people=people,
    )


def resolve(call: Call) -> Response:
    """Somebody has looked at an alert."""
    call.site.alerts.resolve(call.number("key"))
    return call.go("start", "The alert is resolved.")
