"""What travels between the trusted process and a worker, and how answers are read."""
