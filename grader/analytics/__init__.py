"""The class report: how one homework went, for staff; a page and two tables.

Theory of operation. `gather` collects the reports that count and the code behind them; nothing is
graded and nothing of a student's is run. `study` works out all that is told: `outcomes` of checks,
`mistakes` with examples, and by `similarity` what is alike after `statements` took off what a
copier changes. `page` and `tables` set it. The page's text is escaped as in
`grader.reports.pages`, whose base template, style sheet and content policy it uses.
"""
