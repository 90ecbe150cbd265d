"""What the student commands do: check, watch, submit, status, start, reset and update."""
