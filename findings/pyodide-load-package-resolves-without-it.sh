#!/usr/bin/env bash
# pyodide 314.0.7 (npm): `loadPackage` of a package whose file cannot be fetched resolves, with an empty
# list; only a name that its lock file does not have rejects. What failed is told to `errorCallback`
# alone, so whoever awaits it has to look into `loadedPackages`. Needs Node.js.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit pyodide@314.0.7
cat > load.mjs <<'NODE'
import assert from "node:assert";
import { loadPyodide } from "pyodide";

// A place that is there and has no packages, so that nothing depends on a network.
const python = await loadPyodide({ packageBaseUrl: `${process.cwd()}/empty/` });
const told = [];
const loaded = await python.loadPackage("six", { errorCallback: (text) => told.push(text) });
console.log(`six: resolved with ${JSON.stringify(loaded)}, told ${told.length} times, ` +
  `loaded: ${"six" in python.loadedPackages}`);
assert.deepEqual(loaded, []);
assert(!("six" in python.loadedPackages));
assert(told.length > 0);
const rejected = await python.loadPackage("no-such-package").then(() => "", (error) => error.message);
console.log(`no-such-package: rejected with "${rejected}"`);
assert(rejected.includes("No known package"));
NODE
mkdir empty
node load.mjs
# Seen:
#   six: resolved with [], told 2 times, loaded: false
#   no-such-package: rejected with "No known package with name 'no-such-package'"
