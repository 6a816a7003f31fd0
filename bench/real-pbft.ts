// PBFT's mutants as stateful classes with async methods, compared with the pure functions, each in its known
// setting: `npm run bench:real-pbft [-- MUTANT ...]`. Default: all mutants in whose setting clients are no
// nodes.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findProtocol, search, settingFrom } from "../src/index.js";
import type { Protocol } from "../src/protocol/index.js";
import { pbftMutants } from "../src/protocols/pbft/mutants.js";
import { plan } from "../src/suite/plan.js";
import { benchArguments } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";

const wrapper = fileURLToPath(new URL("../../test/real/fixtures/stateful.ts", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "turncoat-bench-real-pbft-"));

/** The protocol of this name with replicas that are classes. */
async function asClass(name: string): Promise<Protocol> {
  const file = join(place, `${name.replace("/", "-")}.real.ts`);
  writeFileSync(
    file,
    `import { real } from "turncoat/real";\nimport { stateful } from ${JSON.stringify(wrapper)};\n` +
      `export default real(stateful(${JSON.stringify(name)}), { ask: "at-start", random: [0, 0.5], unordered: true });\n`,
  );
  const [pure, real] = [(await findProtocol(name)).protocol, (await findProtocol(file)).protocol];
  return {
    ...pure,
    nodes: (config) => {
      const replicas = new Map(real.nodes(config).map((node) => [node.id, node]));
      return pure.nodes(config).map((node) => replicas.get(node.id) ?? node);
    },
  };
}

async function timed(setting: Parameters<typeof search>[0], options: Parameters<typeof search>[1]) {
  const before = process.cpuUsage();
  const { verdict, counterexample, states, transitions } = await search(setting, options);
  const summary = `${verdict} ${counterexample?.actions.length ?? "-"} ${states} ${transitions}`;
  return { summary, states, seconds: cpuSeconds(before) };
}

const { positionals: asked } = benchArguments({ allowPositionals: true });
let different = 0;
try {
  const names = pbftMutants
    .filter(({ exposedBy }) => exposedBy.views <= 1 && !exposedBy.clients)
    .map(({ name }) => name)
    .filter((name) => asked.length === 0 || asked.includes(name));
  console.log("mutant, verdict, actions, states, transitions; states a CPU second: pure, class");
  for (const name of names) {
    const [run] = plan(await findProtocol(name), { protocol: name });
    const setting = await settingFrom(run!.description);
    const options = run!.reduction === null ? {} : { reduction: run!.reduction };
    const pure = await timed(setting, options);
    const real = await timed({ ...setting, protocol: await asClass(name) }, options);
    const rate = ({ states, seconds }: typeof pure) => Math.round(states / seconds).toLocaleString("en-US");
    if (pure.summary !== real.summary) different++;
    const same = pure.summary === real.summary ? "the same" : `NOT ${real.summary}`;
    console.log(`${name}: ${pure.summary}, ${same}; ${rate(pure)}, ${rate(real)}`);
  }
  console.log(`${names.length} mutants, ${different} different`);
} finally {
  rmSync(place, { recursive: true });
}
process.exitCode = different === 0 ? 0 : 1;
