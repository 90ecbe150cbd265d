"""The report of a graded submission: its schema, its files, its pages, and the table of a run."""
