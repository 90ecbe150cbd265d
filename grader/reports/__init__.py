"""The report of a graded submission: its schema, its files, its pages, the table of a run."""
