"""What was handed in: kept, queued to be graded, its results, and requests to look at it again."""
