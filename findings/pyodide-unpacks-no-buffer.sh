#!/usr/bin/env bash
# pyodide 314.0.7 (npm): `unpackArchive` takes a Uint8Array, and refuses a Buffer of Node.js, which is one
# (`instanceof Uint8Array`) and what `fs.readFileSync` gives: it goes by the name of the class. Needs Node.js.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit pyodide@314.0.7
python3 -c "import zipfile; zipfile.ZipFile('one.zip', 'w').writestr('one.txt', 'one')"
cat > unpack.mjs <<'NODE'
import assert from "node:assert";
import fs from "node:fs";
import { loadPyodide } from "pyodide";

const python = await loadPyodide();
const buffer = fs.readFileSync("one.zip");
assert(buffer instanceof Uint8Array);
let refused = "";
try {
  python.unpackArchive(buffer, "zip");
} catch (error) {
  refused = error.message.trim().split("\n").at(-1);
}
console.log(refused);
assert(refused.includes("Unknown typed array type 'Buffer'"));
python.unpackArchive(new Uint8Array(buffer), "zip");
console.log(python.FS.readFile("one.txt", { encoding: "utf8" }));
NODE
node unpack.mjs
# Seen:
#   RuntimeError: Unknown typed array type 'Buffer'. This is a problem with Pyodide, please open an issue about it here: ...
#   one
