"""Grades one submission: the pytest session that runs its checks, and what a check sees of it.

On its way from a folder to a grade, a submission takes these forms:

    Source       submission.sources    where it is, whose it is and when it was handed in
    Submission   submission.files      its files, as bytes
    Program      submission.program    what a worker loads of them, in order
    Task         engine.task           a source to grade by the checks of one assignment
    Report       reports.schema        the outcome of each check (CheckResult), for one reader
    Result       engine.task           the result of a task: both reports, the pictures, the program
    Attempt      gradebook.records     a graded source as one of a student's attempts
    Grade        gradebook.records     what the student gets: which attempt counts, and why

A `Row` (reports.summary) is not another form, but one line about a report, for tables and the
journal.
"""
