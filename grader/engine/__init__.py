"""Grades one submission: the pytest session over its checks, and what a check sees of it.

From a folder to a grade a submission is, one after the other:

    Source       submission.sources    where it lies, whose it is and when it came
    Submission   submission.files      its files, as bytes
    Program      submission.program    what a worker loads of them, in order
    Task         engine.task           a source to grade by the checks of one assignment
    Report       reports.schema        the outcome of each check (CheckResult), for one reader
    Result       engine.task           what a task gave: both reports, the pictures, the program
    Attempt      gradebook.records     a graded source as one of a student's attempts
    Grade        gradebook.records     what the student gets: which attempt counts, and why

A `Row` (reports.summary) is no further step but a report in one line, for tables and the journal.
"""
