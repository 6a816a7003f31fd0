#!/usr/bin/env bash
# A state graph in DOT with two actions between the same two states, read by @viz-js/viz 3.31.0 (Graphviz itself), ngraph.fromdot 7.1.0, dotparser 1.1.1 and
# ts-graphviz 3.0.7: as a `digraph`, and as a `strict digraph`, which is what TLC writes (`-dump dot`).
#
# Guess: in a `digraph` all four have both actions, for there edges may be parallel; a `strict` one has one edge from a state to another, with one label, in all four. A
#   label that is given for all edges (`edge [label=...]`) is on each that has none of its own.
# Behaviour: of a `digraph` ngraph.fromdot keeps the last action only, with nothing said. Of a `strict` one Graphviz and ngraph.fromdot show the last
#   action, dotparser and ts-graphviz both. So what TLC writes, which has both edges in the text, is drawn with one label, and whether a program finds the other depends on
#   its reader. Labels for all edges are read by Graphviz alone.
# Consequence: take "strict" out before drawing what TLC wrote with action labels; count the edges of a graph that was read.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @viz-js/viz@3.31.0 ngraph.fromdot@7.1.0 dotparser@1.1.1 ts-graphviz@3.0.7 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { createRequire } from "node:module";
import { instance } from "@viz-js/viz";
import { fromDot } from "ts-graphviz";
const require = createRequire(import.meta.url);
const toGraph = require("ngraph.fromdot");
const dotparser = require("dotparser");
const viz = await instance();
const readers = {
  "@viz-js/viz": (dot) => (JSON.parse(viz.renderString(dot, { format: "dot_json" })).edges ?? []).map(({ label }) => label),
  "ngraph.fromdot": (dot) => {
    const labels = [];
    toGraph(dot).forEachLink((link) => void labels.push(link.data?.label));
    return labels;
  },
  dotparser: (dot) =>
    dotparser(dot)[0].children.filter(({ type }) => type === "edge_stmt").map((edge) => edge.attr_list.find(({ id }) => id === "label")?.eq),
  "ts-graphviz": (dot) => fromDot(dot).edges.map((edge) => edge.attributes.get("label")),
};
const edges = '1 -> 2 [label="Vote"]; 1 -> 2 [label="Timeout"]; 2 -> 2 [label="Idle"];';
const graphs = {
  digraph: `digraph G { ${edges} }`,
  "strict digraph": `strict digraph G { ${edges} }`,
  "a label for all": 'digraph G { edge [label="Vote"]; 1 -> 2; 2 -> 3 [label="Timeout"]; }',
};
for (const [kind, dot] of Object.entries(graphs))
  for (const [name, read] of Object.entries(readers)) console.log(`${kind}, ${name}: ${read(dot).map((label) => label ?? "(none)").join(", ")}`);
JS
found=$(node try.mjs)
expected='digraph, @viz-js/viz: Vote, Timeout, Idle
digraph, ngraph.fromdot: Timeout, Idle
digraph, dotparser: Vote, Timeout, Idle
digraph, ts-graphviz: Vote, Timeout, Idle
strict digraph, @viz-js/viz: Timeout, Idle
strict digraph, ngraph.fromdot: Timeout, Idle
strict digraph, dotparser: Vote, Timeout, Idle
strict digraph, ts-graphviz: Vote, Timeout, Idle
a label for all, @viz-js/viz: Vote, Timeout
a label for all, ngraph.fromdot: (none), Timeout
a label for all, dotparser: (none), Timeout
a label for all, ts-graphviz: (none), Timeout'
echo "$found"
[ "$found" = "$expected" ]
