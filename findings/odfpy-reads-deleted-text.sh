#!/usr/bin/env bash
# odfpy 1.4.1: among the paragraphs of a text with recorded changes are those that were deleted, and they
# come first. `extractText` also puts the name, the date and the words of a comment into the middle of the
# sentence that the comment is about. So an answer is read with what its author took back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q odfpy==1.4.1
cd "$folder"
# As LibreOffice writes it where a paragraph is deleted while changes are recorded, and a comment is made.
cat > content.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.3"
  xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<office:body><office:text>
<text:tracked-changes><text:changed-region xml:id="ct1" text:id="ct1"><text:deletion>
<office:change-info><dc:creator>Ada</dc:creator><dc:date>2027-10-05T23:00:00</dc:date></office:change-info>
<text:p>The gradient is 0.</text:p>
</text:deletion></text:changed-region></text:tracked-changes>
<text:p>The <text:change text:change-id="ct1"/>gradient is X'r<office:annotation><dc:creator>Ada</dc:creator
><dc:date>2027-10-05T23:01:00</dc:date><text:p>or y - p?</text:p></office:annotation> / n.</text:p>
</office:text></office:body></office:document-content>
XML
venv/bin/python - <<'PYTHON'
import zipfile

from odf import text
from odf.opendocument import load
from odf.teletype import extractText

ODT = "application/vnd.oasis.opendocument.text"
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
entries = f"""<manifest:manifest xmlns:manifest="{MANIFEST}" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
with zipfile.ZipFile("answer.odt", "w") as package:
    package.writestr("mimetype", ODT)
    package.writestr("META-INF/manifest.xml", entries)
    package.write("content.xml")

read = [extractText(paragraph) for paragraph in load("answer.odt").getElementsByType(text.P)]
for line in read:
    print(line)
assert read == [
    "The gradient is 0.",
    "The gradient is X'rAda2027-10-05T23:01:00or y - p? / n.",
    "or y - p?",
], read
PYTHON
# Seen:
#   The gradient is 0.
#   The gradient is X'rAda2027-10-05T23:01:00or y - p? / n.
#   or y - p?
