// The diagrams in docs/findings.md are those of the corpus: turncoat replay --emit mermaid.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { mermaidText } from "../../src/export/mermaid.js";
import { diagramOf } from "../../src/render/diagram.js";
import { readTrace, replay } from "../../src/trace/index.js";
import { root } from "../cli/support.js";

const text = readFileSync(join(root, "docs", "findings.md"), "utf8");
const diagrams = [...text.matchAll(/^corpus\/(\S+\.json)[^\n]*:\n\n```mermaid\n(.*?)\n```$/gms)];

test("there is one for each system", (t) => {
  t.deepEqual(
    diagrams.map(([, file]) => file),
    [
      "tutorial-executes-anything.json",
      "distalgo-one-view-change.json",
      "go-exercise-votes-ignore-payload.json",
      "go-exercise-as-written.json",
    ],
  );
});

for (const [, file, diagram] of diagrams)
  test(`${file} is drawn as it is`, async (t) => {
    const result = await replay(await readTrace(join(root, "corpus", file!)));
    t.is(mermaidText(diagramOf(result)).trimEnd(), diagram!);
  });
