#!/usr/bin/env bash
# junit2json 4.0.0, junitxml-to-javascript 1.1.4 and test-results-parser 0.4.6 on one JUnit file: a suite with a pass, a failure, an error and a
# skip, and in it a suite with one test more.
#
# Guess: they agree that there are five tests, of which two failed, one has an error and one was skipped.
# Behaviour: test-results-parser takes totals from the attributes that writers add, less the skipped ones, and counts no cases itself; without
#   the attributes its totals are NaN, and a run with failures has the status SKIP. It and junitxml-to-javascript leave out the cases of the suite
#   inside. junitxml-to-javascript makes suites of the class names and counts failures as errors; junit2json gives the tree and no totals.
# Consequence for a writer: no suites within suites, totals everywhere, one class name a suite.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts junit2json@4.0.0 junitxml-to-javascript@1.1.4 test-results-parser@0.4.6 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parse } from "junit2json";
const require = createRequire(import.meta.url);
const Reader = require("junitxml-to-javascript");
const results = require("test-results-parser");
const file = (all, outer, inner) => `<testsuites name="all" ${all}><testsuite name="outer" ${outer}>
  <testcase classname="r0" name="a"/><testcase classname="r0" name="b"><failure message="f"/></testcase>
  <testcase classname="r1" name="a"><error message="e"/></testcase><testcase classname="r1" name="b"><skipped/></testcase>
  <testsuite name="inner" ${inner}><testcase classname="r2" name="c"><failure message="f"/></testcase></testsuite>
</testsuite></testsuites>`;
const totals = (tests, failures, errors, skipped) => `tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
const files = { "with totals": file(totals(5, 2, 1, 1), totals(5, 2, 1, 1), totals(1, 1, 0, 0)), "without": file("", "", "") };
const casesOf = (suite) => (suite.testcase?.length ?? 0) + (suite.testsuite ?? []).reduce((sum, one) => sum + casesOf(one), 0);
for (const [name, text] of Object.entries(files)) {
  writeFileSync("report.xml", text);
  const tree = await parse(readFileSync("report.xml", "utf8"));
  const suites = (await new Reader().parseXMLFile("report.xml")).testsuites;
  const run = results.parse({ type: "junit", files: ["report.xml"] });
  console.log(`${name}: junit2json ${casesOf(tree)} cases`);
  console.log(`  junitxml-to-javascript ${suites.map((s) => `${s.name}: ${s.tests} tests, ${s.errors} errors, ${s.skipped} skipped`).join("; ")}`);
  const statuses = run.suites[0].cases.map(({ status }) => status);
  console.log(`  test-results-parser ${run.total} tests, ${run.failed} failed, ${run.errors} errors, ${run.skipped} skipped: ${run.status}; ${statuses}`);
}
JS
found=$(node try.mjs)
expected='with totals: junit2json 5 cases
  junitxml-to-javascript r0: 2 tests, 1 errors, 0 skipped; r1: 2 tests, 1 errors, 1 skipped
  test-results-parser 4 tests, 2 failed, 1 errors, 1 skipped: FAIL; PASS,FAIL,FAIL,SKIP
without: junit2json 5 cases
  junitxml-to-javascript r0: 2 tests, 1 errors, 0 skipped; r1: 2 tests, 1 errors, 1 skipped
  test-results-parser NaN tests, NaN failed, 0 errors, 0 skipped: SKIP; PASS,FAIL,FAIL,SKIP'
echo "$found"
[ "$found" = "$expected" ]
