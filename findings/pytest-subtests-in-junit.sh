#!/usr/bin/env bash
# pytest 9.0.3: a failed subtest of unittest.TestCase.subTest leaves its test "passed" in the reports
# and in the closing line, while the same failure of the `subtests` fixture fails the test too. In the
# JUnit file <testsuite tests="..."> counts every report: 8 for two <testcase> elements.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pytest==9.0.3
cd "$folder"
cat > test_both.py <<'PYTHON'
import unittest


def test_fixture(subtests):
    for i in range(3):
        with subtests.test(i=i):
            assert i != 1


class TestMethod(unittest.TestCase):
    def test_method(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)
PYTHON
cat > conftest.py <<'PYTHON'
def pytest_runtest_logreport(report):
    if report.when == "call" and type(report).__name__ == "TestReport":
        print(f"\n{report.nodeid} {report.outcome}")
PYTHON
venv/bin/pytest -q -s --junitxml=junit.xml test_both.py > said.txt && exit 1
grep -E '(passed|failed)$|in [0-9.]+s' said.txt
grep -q 'test_fixture failed' said.txt
grep -q 'test_method passed' said.txt
grep -q '3 failed, 1 passed, 4 subtests passed' said.txt
venv/bin/python - <<'PYTHON'
import xml.etree.ElementTree as ET

suite = ET.parse("junit.xml").getroot().find("testsuite")
cases = suite.findall("testcase")
print(f'tests="{suite.get("tests")}" failures="{suite.get("failures")}", {len(cases)} testcase elements')
assert (suite.get("tests"), suite.get("failures"), len(cases)) == ("8", "3", 2)
PYTHON
# Seen:
#   test_both.py::test_fixture failed
#   test_both.py::TestMethod::test_method passed
#   3 failed, 1 passed, 4 subtests passed in 0.05s
#   tests="8" failures="3", 2 testcase elements
