"""The class report as one page: figures are drawn as SVG in the colours of the style sheet."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from grader._internal.clock import now_utc
from grader.analytics.gather import ClassEntry
from grader.analytics.mistakes import SHOWN, SHOWN_UNNAMED
from grader.analytics.sides import clusters_of
from grader.analytics.similarity import ALIKE, COMMON, MIN_LINES, MIN_WORDS
from grader.analytics.study import Study
from grader.reports.pages.render import content_policy, make_environment
from grader.reports.schema import Outcome

MAX_CELLS = 150  # students with a cell of their own; of more, each cell is a slice of the class
SLICES = 100
MAX_CLUSTERS = 100
MAX_PAIRS = 20  # of one cluster
_TEMPLATES = Path(__file__).parent / "templates"

# How high a cell is, of 20: the further a submission came, the higher.
_HEIGHTS = {Outcome.PASSED: 20, Outcome.FAILED: 9, Outcome.NOT_ATTEMPTED: 2, Outcome.BLOCKED: 2}
_KINDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.NOT_ATTEMPTED: "open",
    Outcome.BLOCKED: "open",
    Outcome.GRADER_ERROR: "ours",
}


@dataclass(frozen=True)
class Strip:
    """One check's cells, the highest scores first. paths: kind of cell to an SVG path."""

    width: int
    paths: Mapping[str, str]


def make_page(study: Study, zone: tzinfo | None = None) -> bytes:
    """The page. zone: of its times; None for UTC. Raises UsageError if jinja2 is not installed."""
    environment = make_environment(_TEMPLATES, zone=zone)
    styles = [environment.get_template(name).render() for name in ("style.css", "report.css")]
    entries, clusters = study.gathered.entries, clusters_of(study)
    page = environment.get_template("report.html.j2").render(
        study=study,
        spec=study.gathered.assignment.spec,
        name=study.gathered.assignment.name,
        made_at=now_utc(),
        strips=_strips(entries, [check.id for check in study.checks]),
        sliced=len(entries) > MAX_CELLS,
        named=[each for each in study.mistakes if each.named][:SHOWN],
        unnamed=[each for each in study.mistakes if not each.named and len(each.who) > 1][
            :SHOWN_UNNAMED
        ],
        clusters=clusters[:MAX_CLUSTERS],
        more_clusters=len(clusters) - MAX_CLUSTERS,
        shown_pairs=MAX_PAIRS,
        rule={"alike": ALIKE, "words": MIN_WORDS, "lines": MIN_LINES, "common": COMMON},
        policy=content_policy(styles),
    )
    return page.encode("utf-8", "replace")


def _strips(entries: Sequence[ClassEntry], checks: Sequence[str]) -> dict[str, Strip]:
    ordered = sorted(entries, key=lambda entry: -entry.report.score)
    results = [{check.id: check for check in entry.report.checks} for entry in ordered]
    if len(ordered) <= MAX_CELLS:
        outcomes = {
            check: [found[check].outcome if check in found else None for found in results]
            for check in checks
        }
        return {check: _cells(listed) for check, listed in outcomes.items()}
    strips = {}
    for check in checks:
        shares = [
            found[check].points / (found[check].max_points or 1) if check in found else 0.0
            for found in results
        ]
        strips[check] = _slices(shares)
    return strips


def _cells(outcomes: Sequence[Outcome | None]) -> Strip:
    paths: dict[str, str] = {}
    for place, outcome in enumerate(outcomes):
        if outcome is not None:
            kind = _KINDS.get(outcome, "stopped")
            height = _HEIGHTS.get(outcome, 20 if outcome is Outcome.GRADER_ERROR else 5)
            paths[kind] = paths.get(kind, "") + f"M{place * 10 + 1} 20v-{height}h8v{height}z"
    return Strip(len(outcomes) * 10, paths)


def _slices(shares: Sequence[float]) -> Strip:
    """Of many students: each cell is as high as the share of points that its slice earned."""
    edges = [len(shares) * place // SLICES for place in range(SLICES + 1)]
    path = ""
    for place, (start, end) in enumerate(itertools.pairwise(edges)):
        height = round(20 * sum(shares[start:end]) / (end - start), 1)
        path += f"M{place * 10} 20v-{height}h10v{height}z" if height else ""
    return Strip(SLICES * 10, {"passed": path})
