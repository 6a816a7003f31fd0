#!/usr/bin/env bash
# readable-stream 4.8.0 as a stand-in for node:stream (bundlers and realms alias it so), with readable-stream 3.6.2 on top of it, which
# calls `Stream.call(this)` of whatever `require("stream")` gives.
#
# Guess: the main export of readable-stream 4 is what node:stream exports, so that a package that builds on `stream` works with it.
# Behaviour: node:stream exports the old Stream, which is also its property `Stream`; the main export of readable-stream 4 is Readable. So
#   the constructor of readable-stream 3 runs Readable's constructor once more, without options: objectMode is lost, and the first object
#   that is pushed fails. With `readable-stream/lib/stream.js` it works.
# Output seen (node 20.20.2):
#   node:stream is its Stream: true
#   readable-stream is its Stream: false, its Readable: true
#   main export: The "chunk" argument must be one of type string, Buffer, or Uint8Array. Received type object
#   lib/stream.js: { a: 1 }
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts readable-stream@4.8.0 three@npm:readable-stream@3.6.2 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const Module = require("node:module");
const main = require("readable-stream");
const node = require("node:stream");
if (process.argv[2] === "exports") {
  console.log(`node:stream is its Stream: ${node === node.Stream}`);
  console.log(`readable-stream is its Stream: ${main === main.Stream}, its Readable: ${main === main.Readable}`);
} else {
  const standIn = require(process.argv[2]);
  const load = Module._load;
  Module._load = (request, ...rest) => (request === "stream" ? standIn : load(request, ...rest));
  const { Readable } = require("three");
  const stream = new Readable({ objectMode: true, read() {} });
  stream.on("error", (error) => console.log(error.message));
  stream.on("data", (data) => console.log(data));
  stream.push({ a: 1 });
}
JS
found=$(node try.cjs exports
echo "main export: $(node try.cjs readable-stream)"
echo "lib/stream.js: $(node try.cjs readable-stream/lib/stream.js)")
expected='node:stream is its Stream: true
readable-stream is its Stream: false, its Readable: true
main export: The "chunk" argument must be one of type string, Buffer, or Uint8Array. Received type object
lib/stream.js: { a: 1 }'
echo "$found"
[ "$found" = "$expected" ]
