"""Tables as their owners export them, and the command `export` as a teacher runs it."""

from __future__ import annotations

from pathlib import Path

from running import Ran, run_grader

CANVAS = (
    '\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,"Notes, mine",Demo (4711),Other (12),'
    "Demo Current Score\r\n"
    ",,,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,,10,5,(read only)\r\n"
    '"Lovelace, Ada",101,1,ada,"A ""one""",,,3,\r\n'
    '"Müller, Bob",102,2,bob,B,=1+1,7,3,\r\n'
    '"Zu Hause, Cyn",103,3,cyn,B,,EX,3,\r\n'
    '"Stranger, Eve",104,9,eve,B,,,3,\r\n'
    '"Student, Test",,,,,,,,\r\n'
)
MOODLE = (
    "\ufeffID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,"
    "Bewertung kann geändert werden,Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),"
    "Feedback als Kommentar\n"
    'Teilnehmer/in123,"Ada Lovelace",ada@x.org,"Zur Bewertung abgegeben",,"10,00",Ja,'
    '"Freitag, 27. März 2026, 23:00",-,"Gut, aber"\n'
    'Teilnehmer/in124,"Bob Müller",BOB@x.org,"Keine Abgabe",,"10,00",Ja,-,-,\n'
)
# As Canvas writes it for a course that shows first and last names separately.
CANVAS_TWO_NAMES = (
    "LastName,FirstName,ID,SIS Login ID,Section,Demo (4711)\n"
    ",,,,,Manual Posting\n"
    "    Points Possible,,,,,10\n"
    "Lovelace,Ada,101,,A,\n"
    "Müller,Bob,102,BOB,B,\n"
    "Zu Hause,Cyn,103,,B,EX\n"
    "Stranger,Eve,104,eve,B,\n"
)
MOODLE_BLIND = (
    "Identifier,Status,Grade,Maximum grade,Grade can be changed,Last modified (grade)\n"
    "Participant 2003,Submitted,,{most},Yes,-\n"
    "Participant 2004,Submitted,,{most},No,-\n"
    "Participant 2005,No submission,,{most},Yes,-\n"
)
BRIGHTSPACE = (
    "\ufeffOrgDefinedId,Username,Last Name,First Name,Email,"
    '"Quiz, one Points Grade <Numeric MaxPoints:5 Weight:10>",'
    "Demo Points Grade <Numeric MaxPoints:10 Weight:50 Category:Homework>,"
    "Demo Text Grade,Demo Subtotal Numerator,End-of-Line Indicator\r\n"
    '#1,#adal,Lovelace,A.,,4.5,,"so, so",,#\r\n'
    "#902,#bob,_,B. MÜLLER,,,7,,,#\r\n"
    ",,Zu Hause,Cyn,,,,,,#\r\n"
    "#904,#eve,Stranger,Eve,eve@x.org,,,,,#\r\n"
)


def export(course: Path, kind: str, text: str, *options: object) -> tuple[Ran, str]:
    """What the command said, and the file it wrote. kind: the option that names the system."""
    source, to = course / f"{kind}.csv", course / "out.csv"
    source.write_bytes(text.encode())
    ran = run_grader("export", "demo", f"--{kind}", source, "--to", to, *options, cwd=course)
    return ran, to.read_bytes().decode() if to.exists() else ""
