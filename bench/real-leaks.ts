// Small replicas with hidden state, and as many without, under each level of sight: `npm run
// bench:real-leaks`.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../src/index.js";
import { sights } from "../src/real/sight/levels.js";
import { clean, leaks } from "../test/real/leaks.js";
import { few, leakOptions, withReplica } from "../test/real/leaks-support.js";
import { check } from "../test/real/support.js";
import { benchArguments } from "./arguments.js";

benchArguments();
const place = mkdtempSync(join(tmpdir(), "turncoat-bench-real-leaks-"));
let number = 0;

/** `seen`, `detected`, or what went wrong. */
async function outcome(counter: string, see: string): Promise<string> {
  const file = join(place, `counter${number++}.real.ts`);
  const options = JSON.stringify({ ...leakOptions, see });
  writeFileSync(
    file,
    `import { real } from "turncoat/real";\n${withReplica(counter)}\nexport default real(make, ${options});\n`,
  );
  try {
    const { states } = await check(file, {}, few);
    return states === 10 ? "seen" : `${states} STATES`;
  } catch (error) {
    if (error instanceof UserError && /has hidden state/.test(error.message)) return "detected";
    throw error;
  }
}

let wrong = 0;
try {
  for (const [what, replicas] of Object.entries({ hidden: leaks, "in sight": clean })) {
    const counts = new Map(sights.map((see) => [see, new Map<string, number>()]));
    for (const [where, counter] of Object.entries(replicas)) {
      const row: string[] = [];
      for (const see of sights) {
        const found = await outcome(counter, see);
        row.push(found);
        if (found !== "seen" && (found !== "detected" || replicas === clean)) wrong++;
        const count = counts.get(see)!;
        count.set(found, (count.get(found) ?? 0) + 1);
      }
      console.log(`${where.padEnd(40)} ${row.map((one) => one.padEnd(10)).join("")}`);
    }
    for (const [see, count] of counts)
      console.log(`${what}, ${see}: ${[...count].map(([found, times]) => `${times} ${found}`).join(", ")}`);
  }
} finally {
  rmSync(place, { recursive: true });
}
process.exitCode = wrong === 0 ? 0 : 1;
