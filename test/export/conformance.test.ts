// What every exporter keeps to, for traces of every kind.

import test from "ava";
import { exporterNamed, exporters } from "../../src/export/index.js";
import { decodeTrace, encodeTrace } from "../../src/trace/index.js";
import { kinds } from "./traces.js";

test("the formats are these", (t) => {
  t.deepEqual(
    exporters.map(({ name, ending }) => [name, ending]),
    [
      ["ava", ".test.js"],
      ["vitest", ".test.js"],
      ["mermaid", ".mmd"],
      ["itf", ".itf.json"],
      ["shiviz", ".log"],
      ["html", ".html"],
      ["svg", ".svg"],
    ],
  );
  for (const exporter of exporters) t.is(exporterNamed(exporter.name), exporter);
  t.throws(() => exporterNamed("dot"), {
    message: 'There is no format named "dot". There are: ava, vitest, mermaid, itf, shiviz, html, svg.',
  });
});

for (const [name, actions, loop, make] of kinds) {
  test(`the trace "${name}" is what it is meant to be`, async (t) => {
    const { trace, result } = await make();
    t.is(result.outcome, "reproduced");
    t.is(trace.actions.length, actions);
    t.is(trace.loop?.length ?? 0, loop);
    t.is(result.steps.length, actions + loop);
  });
  for (const exporter of exporters)
    test(`${exporter.name} writes "${name}" the same each time, whole, and with nothing left unsaid`, async (t) => {
      const replayed = await make();
      const text = exporter.write(replayed);
      t.is(exporter.write(await make()), text);
      t.true(text.endsWith("\n"));
      t.notRegex(text, /undefined|\[object|NaN/);
      // As in a file that has been written and read again.
      const trace = decodeTrace(encodeTrace(replayed.trace), "again");
      t.is(exporter.write({ ...replayed, trace }), text);
    });
}
