#!/usr/bin/env bash
# canvasapi 3.6.0 (requests 2.34.2): None and an empty list are left out of what is sent, without a word. Taking
# a grade back with `posted_grade: None` sends an empty request. An edit that gives a new name, no due date
# (`due_at: None`) and no file types (an empty list) sends the name alone. An empty text is sent.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q canvasapi==3.6.0 requests==2.34.2
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

from canvasapi import Canvas

bodies = []


class Lms(BaseHTTPRequestHandler):
    """Answers every request with success, and keeps the forms that are sent."""

    def do_GET(self):
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        bodies.append(dict(parse_qsl(form, keep_blank_values=True)))
        answer = json.dumps({"id": 7, "course_id": 7, "assignment_id": 7, "user_id": 7}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_PUT = do_GET

    def log_message(self, *_):
        pass


lms = HTTPServer(("127.0.0.1", 0), Lms)
threading.Thread(target=lms.serve_forever, daemon=True).start()
homework = Canvas(f"http://127.0.0.1:{lms.server_port}", "key").get_course(7).get_assignment(7)
submission = homework.get_submission(7)

submission.edit(submission={"posted_grade": None})
taken_back = bodies[-1]
homework.edit(assignment={"name": "SVM", "due_at": None, "allowed_extensions": []})
opened = bodies[-1]
submission.edit(submission={"posted_grade": ""})
blank = bodies[-1]
lms.shutdown()
print("posted_grade None:", taken_back)
print("name, due_at None, no file types:", opened)
print("posted_grade empty text:", blank)
assert taken_back == {}
assert opened == {"assignment[name]": "SVM"}
assert blank == {"submission[posted_grade]": ""}
PYTHON
# Seen:
#   posted_grade None: {}
#   name, due_at None, no file types: {'assignment[name]': 'SVM'}
#   posted_grade empty text: {'submission[posted_grade]': ''}
