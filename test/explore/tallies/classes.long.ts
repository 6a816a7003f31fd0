// Searches by tallies of classes: the random protocols that count, with votes kept in a Map of Sets, in a Map or in an object, against
// searches that look at every subset of the votes, and against the pure functions.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import fc from "fast-check";
import { findProtocol } from "../../../src/index.js";
import { countingModels, countingSetting, type Tie, ties } from "../../support/counting-protocol.js";
import { observed, uncounted } from "../../support/tallies.js";

const wrapper = fileURLToPath(new URL("../../../../test/real/fixtures/counting.ts", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "turncoat-tallies-"));
test.after.always(() => rmSync(place, { recursive: true }));

const kinds = Object.keys(ties) as Tie["kind"][];
const models = kinds.flatMap((kind) => fc.sample(countingModels(kind), { seed: 20251129, numRuns: 2 }));

for (const shape of ["map of sets", "map", "object"])
  test(`classes that count in a ${shape}: searches by tallies find what all others find`, async (t) => {
    const file = join(place, `${shape.replaceAll(" ", "-")}.real.ts`);
    writeFileSync(
      file,
      `import { real } from "turncoat/real";\nimport { counting } from ${JSON.stringify(wrapper)};\n` +
        `export default real(counting(${JSON.stringify(shape)}, ${JSON.stringify(models)}), { unordered: true });\n`,
    );
    const { protocol } = await findProtocol(file);
    let checks = 0;
    for (const [number, model] of models.entries()) {
      const pure = countingSetting(model);
      const real = { ...pure, protocol, config: { ...pure.config, model: number } };
      const plain = uncounted(await observed(pure, { reduction: "none" }));
      for (const reduction of ["visible-steps", "dominance"] as const) {
        const whole = await observed(real, { reduction, tallies: "never" });
        const tallied = await observed(real, { reduction, tallies: "always" });
        t.deepEqual(uncounted(whole), plain);
        t.deepEqual(uncounted(tallied), plain);
        if (shape !== "map of sets") t.is(tallied.states, whole.states); // an empty Set stays behind
        checks += tallied.tallies!.checks;
      }
    }
    t.true(checks > 0);
  });
