"""The class report as one page: figures are drawn as SVG in the colours of the style sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.class_report.copies import ALIKE, COMMON, MIN_LINES, MIN_WORDS, Alike, Code
from grader.class_report.gather import Entry, Text
from grader.class_report.mistakes import SHOWN, SHOWN_UNNAMED
from grader.class_report.statements import Piece, Words
from grader.class_report.study import Study
from grader.feedback.pages import content_policy, make_environment
from grader.report import Outcome, now_utc

MAX_CELLS = 150  # students with a cell of their own; of more, each cell is a slice of the class
SLICES = 100
MAX_PAIRS = 200
MAX_SIDES = 30
MAX_LINES = 300
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


@dataclass(frozen=True)
class SourceLine:
    """A line of a student's. own: not of what was taken out."""

    number: int
    text: str
    own: bool


@dataclass(frozen=True)
class Pair:
    """Two submissions side by side, a row for each function that both or one of them have."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    alike: Alike
    rows: tuple[tuple[tuple[SourceLine, ...], tuple[SourceLine, ...]], ...]

    @property
    def percent(self) -> int:
        """Rounded down: 100 only where nothing differs."""
        return int(self.alike.similarity * 100 + 1e-6)


def make_page(study: Study) -> bytes:
    """The page. Raises UsageError where jinja2 is not installed."""
    environment = make_environment(_TEMPLATES)
    styles = [environment.get_template(name).render() for name in ("style.css", "report.css")]
    entries = study.gathered.entries
    page = environment.get_template("report.html.j2").render(
        study=study,
        spec=study.gathered.assignment.spec,
        name=study.gathered.assignment.name,
        made_at=now_utc(),
        strips=_strips(entries, [check.id for check in study.checks]),
        sliced=len(entries) > MAX_CELLS,
        named=[each for each in study.mistakes if each.named][:SHOWN],
        unnamed=[each for each in study.mistakes if not each.named][:SHOWN_UNNAMED],
        pairs=_pairs(study),
        rule={"alike": ALIKE, "words": MIN_WORDS, "lines": MIN_LINES, "common": COMMON},
        shown_pairs=MAX_SIDES,
        policy=content_policy(styles),
    )
    return page.encode("utf-8", "replace")


def _strips(entries: Sequence[Entry], checks: Sequence[str]) -> dict[str, Strip]:
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
    for place, (start, end) in enumerate(zip(edges, edges[1:], strict=False)):
        height = round(20 * sum(shares[start:end]) / (end - start), 1)
        path += f"M{place * 10} 20v-{height}h10v{height}z" if height else ""
    return Strip(SLICES * 10, {"passed": path})


def _pairs(study: Study) -> list[Pair]:
    pairs = []
    for place, alike in enumerate(study.alike[:MAX_PAIRS]):
        left, right = (
            tuple(study.gathered.entries[each].who for each in side)
            for side in (alike.left, alike.right)
        )
        rows: tuple[tuple[tuple[SourceLine, ...], tuple[SourceLine, ...]], ...] = ()
        if place < MAX_SIDES:
            first, second = alike.left[0], alike.right[0]
            rows = _side_by_side(
                (study.codes[first], study.codes[second]),
                (study.gathered.entries[first].texts, study.gathered.entries[second].texts),
                study.taken_out,
            )
        pairs.append(Pair(left, right, alike, rows))
    return pairs


def _side_by_side(
    codes: tuple[Code, Code], texts: tuple[Sequence[Text], Sequence[Text]], known: Collection[Words]
) -> tuple[tuple[tuple[SourceLine, ...], tuple[SourceLine, ...]], ...]:
    """Function by function, those that were asked for by their names; the others by their size."""
    left, right = (_by_key(code.pieces) for code in codes)
    rows = []
    any_own = any(_has_own(piece, known) for code in codes for piece in code.pieces)
    for key in dict.fromkeys((*left, *right)):
        pieces = left.get(key), right.get(key)
        if any_own and not any(piece and _has_own(piece, known) for piece in pieces):
            continue
        one, other = (
            _lines(piece, text, known) for piece, text in zip(pieces, texts, strict=True)
        )
        rows.append((one, other))
    return tuple(rows)


def _by_key(pieces: Sequence[Piece]) -> dict[tuple[str, int], Piece]:
    counts: dict[str, int] = {}
    keyed = {}
    for piece in pieces:
        if piece.statements:
            counts[piece.name] = counts.get(piece.name, 0) + 1
            keyed[piece.name, counts[piece.name]] = piece
    return keyed


def _has_own(piece: Piece, known: Collection[Words]) -> bool:
    return any(statement.words not in known for statement in piece.statements)


def _lines(
    piece: Piece | None, texts: Sequence[Text], known: Collection[Words]
) -> tuple[SourceLine, ...]:
    """The lines of a piece; of a function the comments and empty lines between too."""
    if piece is None:
        return ()
    source = texts[piece.part].lines
    own: dict[int, bool] = {}
    if piece.whole:
        lines = range(piece.statements[0].first, max(each.last for each in piece.statements) + 1)
        own = dict.fromkeys(lines, False)
    for statement in piece.statements:
        for number in range(statement.first, statement.last + 1):
            own[number] = own.get(number, False) or statement.words not in known
    return tuple(
        SourceLine(number, source[number - 1], flag)
        for number, flag in sorted(own.items())[:MAX_LINES]
        if number <= len(source)
    )
