"""From facts to grades and totals, by the course's rules: pure functions."""
