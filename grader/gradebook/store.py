"""The gradebook as an object: everything that can be written to it and read from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType

from sqlalchemy import Connection, Engine, select

from grader._internal.clock import now_utc
from grader._internal.text import printable
from grader.course.assignment import Question
from grader.course.course import Course
from grader.course.feedback import StudentView
from grader.errors import UsageError
from grader.gradebook.amended import amended
from grader.gradebook.claims import Marker, claim, give_back
from grader.gradebook.connect import connect, gradebook_url, reading, writing
from grader.gradebook.decisions import (
    ANYTHING,
    Seen,
    add_adjustment,
    follow,
    set_extension,
    set_mark,
    set_override,
    take_mark,
)
from grader.gradebook.enrol import Enrolment, RosterChange, enrol, match, roster_changes
from grader.gradebook.grades.grades import every_grade, grades_of
from grader.gradebook.grades.rules import all_rules, rules_of
from grader.gradebook.history import Author
from grader.gradebook.migrate import migrate
from grader.gradebook.models import attempts, history, marks, students
from grader.gradebook.outcomes import OutcomeReader
from grader.gradebook.queries import (
    find_student,
    has_roster,
    load_answers,
    load_attempts,
    load_facts,
    load_history,
    load_marks,
    load_matcher,
    load_overrides,
    load_students,
    load_text,
    names_of,
    with_partners,
)
from grader.gradebook.recording import add_answers, record
from grader.gradebook.records import (
    Attempt,
    Claim,
    Grade,
    HistoryEntry,
    Mark,
    ReportTexts,
    Student,
)
from grader.gradebook.releases import is_released, release, take_back
from grader.gradebook.roster import Roster
from grader.gradebook.rubrics import RubricChange, rubric_changes
from grader.reports.schema import Report
from grader.reports.visible import student_report


def open_gradebook(course: Course) -> Gradebook:
    """The course's gradebook, created if missing and upgraded to this program's schema version.

    Raises CourseError for a URL that cannot be used and a gradebook that a newer program made.
    """
    engine = connect(gradebook_url(course))
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Gradebook(course, engine)


class Gradebook:
    """One course's gradebook. A context manager; every method is one transaction.

    who: who makes a change, for the history. An unknown student, homework, question or check raises
    UsageError with the name that was probably meant.
    """

    def __init__(self, course: Course, engine: Engine) -> None:
        self._course = course
        self.engine = engine
        self.outcomes = OutcomeReader()

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection to the database."""
        self.engine.dispose()

    # Students

    def students(self) -> tuple[Student, ...]:
        """Everybody, by id, including those who are not on the roster."""
        with reading(self.engine) as connection:
            return load_students(connection)

    def student(self, name: str) -> Student:
        """By id, login, email or full name, upper or lower case."""
        with reading(self.engine) as connection:
            return find_student(connection, name)

    def student_by_key(self, key: int) -> Student:
        """By the key of their row. Raises UsageError if there is none by now."""
        with reading(self.engine) as connection:
            found = load_students(connection, students.c.key == key)
        if not found:
            raise UsageError("this student is no longer in the gradebook; ask the course's staff")
        return found[0]

    def group_of(self, student: Student) -> tuple[Student, ...]:
        """A student and those of the same group on the roster."""
        with reading(self.engine) as connection:
            return with_partners(connection, student)

    def enrol(
        self, roster: Roster, *, who: str, why: str = "", looked_at: str | None = None
    ) -> Enrolment:
        """Make the students of `roster` the course's, and look up each submission's student again.

        Students who are no longer on it stay in the gradebook, off the roster. looked_at: the stamp
        of the changes that somebody agreed to; raises MarkConflict where they are others by now.
        """
        with writing(self.engine) as connection:
            author = Author(who, now_utc(), why)
            return enrol(connection, roster.students, author, looked_at)

    def roster_changes(self, roster: Roster) -> tuple[RosterChange, ...]:
        """What `enrol` would change; nothing is changed."""
        with reading(self.engine) as connection:
            return roster_changes(connection, roster.students)

    def match(self, name: str, student: str, *, who: str, why: str = "") -> int:
        """Assign the submissions under `name` to a student, now and later. Returns how many now."""
        with writing(self.engine) as connection:
            return match(connection, name, student, Author(who, now_utc(), why))

    def whose(self, names: Iterable[str]) -> dict[str, tuple[Student, str] | None]:
        """The student on the roster for each name, and how they were found: Attempt.matched_by."""
        with reading(self.engine) as connection:
            matcher = load_matcher(connection, load_students(connection))
        return {name: matcher.find(printable(name)) for name in names}

    # Hand-ins and reports

    def record(self, entries: Iterable[tuple[Attempt, ReportTexts | None]], *, who: str) -> int:
        """Keep attempts and their reports. Returns how many of both were new.

        Recording the same again changes nothing: an attempt is the same if assignment, student,
        sha256 and received_at are, a report if its text is. Work that comes again with a later
        time, and nothing else by the student in between, counts from the first time. Of several
        reports of one attempt the one recorded last counts, but one with a fault of the grader
        never replaces one without.
        """
        with writing(self.engine) as connection:
            return record(connection, list(entries), Author(who, now_utc()))

    def attempts(self, assignment: str) -> tuple[Attempt, ...]:
        """Every attempt at an assignment, in the order received."""
        with reading(self.engine) as connection:
            return tuple(load_attempts(connection, attempts.c.assignment == assignment))

    def attempts_of(self, student: Student) -> tuple[Attempt, ...]:
        """Every attempt of one student at any assignment, in the order received."""
        with reading(self.engine) as connection:
            return tuple(load_attempts(connection, attempts.c.student == student.key))

    def attempt(self, key: int) -> Attempt | None:
        """One attempt by its key."""
        with reading(self.engine) as connection:
            found = load_attempts(connection, attempts.c.key == key)
        return found[0] if found else None

    def unmatched(self) -> tuple[Attempt, ...]:
        """Attempts at any assignment whose student is not on the roster and has not left it.

        Empty if no roster was loaded: then each name stands for a student.
        """
        with reading(self.engine) as connection:
            if not has_roster(connection):
                return ()
            leavers = {student.key for student in load_students(connection) if student.left}
            found = load_attempts(connection, attempts.c.matched_by == "")
            return tuple(attempt for attempt in found if attempt.student not in leavers)

    def report(
        self, attempt: Attempt, *, for_student: bool = False, seen: StudentView | None = None
    ) -> Report:
        """The report that counts, with the points that people set by hand and their reasons.

        seen: what a student may see of it now; None for what they saw when it was graded. Raises
        UsageError if there is none.
        """
        with reading(self.engine) as connection:
            texts = ["", ""]
            if attempt.report is not None:
                texts = [
                    load_text(connection, attempt.report, for_student=each)
                    for each in (False, True)
                ]
            if not texts[for_student]:
                raise UsageError(f"{attempt.label} has no report yet; grade it first")
            changed = load_overrides(connection, attempts.c.key == attempt.key)
        report = Report.model_validate_json(texts[for_student])
        if for_student and seen is not None:
            report = student_report(Report.model_validate_json(texts[0]), report, seen)
        return amended(report, changed)

    # What people decide

    def mark(
        self,
        attempt: Attempt,
        question: str,
        points: float,
        *,
        who: str,
        rubric: Sequence[str] = (),
        comment: str = "",
        why: str = "",
        seen: Seen = ANYTHING,
        marker: Marker | None = None,
        at: datetime | None = None,
        by: str | None = None,
    ) -> Mark | None:
        """Mark a written question of an attempt. Returns the mark that was there before.

        points: from 0 to the question's. rubric: the texts of the items that were met. why: why a
        mark is changed, for the history. seen: the mark of this attempt that the marker saw; if it
        is another one by now, or somebody else than `marker` has claimed the answer, MarkConflict
        is raised and nothing is saved. at: now, if not given. by: who changes it, if not `who`.
        """
        mark = Mark(
            attempt.key,
            question,
            float(points),
            tuple(rubric),
            comment,
            who,
            at or now_utc(),
        )
        spec, author = self._course.spec(attempt.assignment), Author(by or who, now_utc(), why)
        with writing(self.engine) as connection:
            return set_mark(connection, attempt, mark, spec, author, seen=seen, marker=marker)

    def unmark(
        self, attempt: Attempt, question: str, *, who: str, seen: Seen = ANYTHING
    ) -> Mark | None:
        """Remove a mark. Returns it, or None if there was none. Raises MarkConflict as `mark`."""
        with writing(self.engine) as connection:
            return take_mark(connection, attempt, question, Author(who, now_utc()), seen)

    def claim(
        self, attempt: Attempt, question: str, marker: Marker, at: datetime | None = None
    ) -> tuple[Claim, Mark | None]:
        """Claim an answer for a marker, who gives back what they had claimed before.

        Returns the claim that holds, which is somebody else's if they were first, and the mark of
        this attempt as it is now. at: now, if not given.
        """
        with writing(self.engine) as connection:
            held = claim(connection, attempt, question, marker, at or now_utc())
            where = (marks.c.attempt == attempt.key, marks.c.question == question)
            given = load_marks(connection, *where)
        return held, given[0] if given else None

    def give_back(self, marker: Marker, until: datetime | None = None) -> None:
        """End every claim of a session. until: leave those that last longer, which are newer."""
        with writing(self.engine) as connection:
            give_back(connection, marker, until)

    def keep_answers(self, digests: Mapping[tuple[int, str], str]) -> bool:
        """Keep the digests of answers by attempt and question, where there are none yet.

        Returns whether any was new.
        """
        keys = {attempt for attempt, _ in digests}
        with reading(self.engine) as connection:
            known = load_answers(connection, attempts.c.key.in_(keys))
        fresh = digests.keys() - known.keys()
        if fresh:
            with writing(self.engine) as connection:
                add_answers(connection, digests)
        return bool(fresh)

    def rubric_changes(
        self, assignment: str, renamed: Mapping[str, str] | None = None
    ) -> tuple[RubricChange, ...]:
        """What changes for marks that were given by an older rubric: see `rubrics`."""
        spec = self._course.spec(assignment)
        with reading(self.engine) as connection:
            return rubric_changes(connection, assignment, spec.questions, renamed)

    def follow_rubric(
        self, assignment: str, *, who: str, why: str, renamed: Mapping[str, str] | None = None
    ) -> tuple[RubricChange, ...]:
        """Let marks follow the rubric as it is now. Returns what that changed."""
        spec, author = self._course.spec(assignment), _with_reason(who, why)
        with writing(self.engine) as connection:
            changes = rubric_changes(connection, assignment, spec.questions, renamed)
            follow(connection, assignment, spec, changes, author)
            return changes

    def override(
        self,
        assignment: str,
        student: str,
        check: str,
        points: float | None,
        *,
        who: str,
        why: str,
        note: str = "",
    ) -> None:
        """Set a check's points in the attempt that counts; None restores the automatic ones.

        This applies to that attempt only, because another attempt is different work. why: the
        reason, which the student reads. note: for staff only, in the history.
        """
        author = _with_reason(who, why, note)
        with writing(self.engine) as connection:
            grade = self._grade(connection, assignment, student)
            set_override(connection, grade, check, points, author)

    def adjust(
        self, assignment: str, student: str, points: float, *, who: str, why: str, note: str = ""
    ) -> None:
        """Add points to a student's homework, or take points off. Earlier adjustments remain.

        why, note: as for `override`.
        """
        self._course.spec(assignment)
        author = _with_reason(who, why, note)
        with writing(self.engine) as connection:
            add_adjustment(connection, assignment, student, points, author)

    def extend(
        self, assignment: str, student: str, days: int, *, who: str, why: str, note: str = ""
    ) -> None:
        """Give a student `days` more for one homework, instead of those given before.

        why, note: as for `override`.
        """
        self._course.spec(assignment)
        author = _with_reason(who, why, note)
        with writing(self.engine) as connection:
            set_extension(connection, assignment, student, days, author)

    def questions(self, assignment: str) -> tuple[Question, ...]:
        """The written questions of a homework."""
        return self._course.spec(assignment).questions

    # What follows from it

    def grades(self, assignment: str) -> tuple[Grade, ...]:
        """Everybody's grade: the whole roster and everybody who handed in, by id.

        Those who left the roster have one in `grade` only.
        """
        with reading(self.engine) as connection:
            return self._grades(connection, assignment)

    def grade(self, assignment: str, student: str) -> Grade:
        """One student's grade. Raises UsageError if they are off the roster and have no attempt."""
        with reading(self.engine) as connection:
            return self._grade(connection, assignment, student)

    def grades_of(self, student: Student) -> tuple[Grade, ...]:
        """One student's grades, of every homework."""
        rules = all_rules(self._course)
        with reading(self.engine) as connection:
            found = every_grade(load_facts(connection, tuple(rules.specs), student), rules, student)
        return tuple(grade for name in sorted(found) for grade in found[name])

    def is_released(self, assignment: str, student: Student) -> bool:
        """Whether the grade of a homework is released to a student: see `releases`."""
        with reading(self.engine) as connection:
            return is_released(connection, assignment, student)

    def release(self, assignment: str, *, who: str, section: str = "", student: str = "") -> None:
        """Let students see their grades in a homework on the course's server.

        section, student: only these; one of both at most. Raises UsageError for ones that are not
        there.
        """
        self._course.spec(assignment)
        with writing(self.engine) as connection:
            release(connection, assignment, section, student, Author(who, now_utc()))

    def take_back(self, assignment: str, *, who: str, section: str = "", student: str = "") -> bool:
        """End a release that was made with the same words. Returns whether there was one."""
        with writing(self.engine) as connection:
            return take_back(connection, assignment, section, student, Author(who, now_utc()))

    def history(
        self, *, assignment: str | None = None, student: str | None = None, last: int | None = None
    ) -> tuple[HistoryEntry, ...]:
        """Every change in the order made; of one homework, one student, the `last` so many."""
        query = select(history).order_by(history.c.key.desc()).limit(last)
        if assignment is not None:
            query = query.where(history.c.assignment == assignment)
        with reading(self.engine) as connection:
            if student is not None:
                names = names_of(connection, find_student(connection, student))
                query = query.where(history.c.student.in_(names))
            return load_history(query, connection)[::-1]

    def _grades(
        self, connection: Connection, assignment: str, of: Student | None = None
    ) -> tuple[Grade, ...]:
        rules = rules_of(self._course, assignment)
        return grades_of(assignment, load_facts(connection, tuple(rules.specs), of), rules, of)

    def _grade(self, connection: Connection, assignment: str, student: str) -> Grade:
        found = find_student(connection, student)
        grades = self._grades(connection, assignment, found)
        if not grades:
            raise UsageError(
                f"{found.id} is not on the roster and has handed in nothing for {assignment}; "
                "name another student"
            )
        return grades[0]


def _with_reason(who: str, why: str, note: str = "") -> Author:
    if not why.strip():
        raise UsageError("a change by hand needs a reason; give one with --why")
    return Author(who, now_utc(), why.strip(), note.strip())
