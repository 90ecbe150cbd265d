"""Grades what the server has taken: worker processes, their supervisor, and canaries.

Theory of operation. The server's process starts some workers, each a process of its own with one
worker server of the sandbox, and starts again those that end. A worker claims hand-ins from the
queue in the database, grades them in a session of one homework's checks, and records each report in
the gradebook in the transaction that ends the claim. The database alone connects server and
workers: whichever of them is killed, the others go on, and a claim that nobody will finish is given
back by the supervisor or runs out. Before a homework's first hand-in after a start or a change of
its files, the reference and the starter are graded: see `canary`.
"""
