"""The web server: hand in, see, mark.

Theory of operation. The server is a second face on the same parts as the commands: submission,
engine, reports, gradebook. A hand-in is answered only after its bytes are on disk and its row is in
the database (`hand_ins`); that row is both the receipt and the place in the queue. Processes of
their own (`grading`) claim rows for a limited time, grade as `grade` does, and record the report in
the gradebook in the same transaction that ends the row. So whatever is killed, and whenever,
nothing that has a receipt is lost, and nothing counts twice. Pages are made on the server and work
without scripts; every object is asked for by who asks and what is asked for (`http.access`),
never by a number alone.
"""
