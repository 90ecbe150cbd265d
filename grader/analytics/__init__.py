"""The class report: how a class did in one homework, for staff; a page and two tables.

Theory of operation. `gather` collects the reports that count and the code behind them; nothing is
graded, and no student's code is run. `study` computes everything that is shown: `outcomes` of
checks, `mistakes` with examples, and with `similarity` which submissions are alike after
`statements` has removed what a copier changes. `page` and `tables` format it. The page's text is
escaped as in `grader.reports.pages`, whose base template, style sheet and content policy it uses.
"""
