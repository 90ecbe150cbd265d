"""What a student's commands do: check, watch, hand in, where one stands, begin anew, update."""
