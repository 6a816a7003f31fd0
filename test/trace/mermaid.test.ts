// Counterexamples as sequence diagrams.

import { join } from "node:path";
import test from "ava";
import { readTrace, replay } from "../../src/trace/index.js";
import { mermaid } from "../../src/trace/mermaid.js";
import { root } from "../cli/support.js";

test("who is Byzantine, what reached whom, which timers fired and what was executed is in the diagram", async (t) => {
  const trace = await readTrace(join(root, "corpus", "bracha-joins-on-one.json"));
  t.is(
    mermaid(await replay(trace)),
    `sequenceDiagram
    participant r0
    participant r1 as r1 (Byzantine)
    participant r2
    r1-->>r0: ready never said
    r1-->>r2: ready never said
    r2->>r0: ready never said
    Note over r0: executes never said at slot 1`,
  );
});

test("timers that fire are notes", async (t) => {
  const trace = await readTrace(join(root, "corpus", "go-exercise-as-written.json"));
  const lines = mermaid(await replay(trace)).split("\n");
  t.is(lines.filter((line) => line === "    Note over r0: timer view-change fires").length, 1);
  t.is(lines.at(-1), "    Note over r3: executes A at slot 1");
});
