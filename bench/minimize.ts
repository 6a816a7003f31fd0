import { parseArgs } from "node:util";
import { findProtocol, settingFrom } from "../src/catalogue.js";
import { search } from "../src/explore/search.js";
import { BlockMaker } from "../src/fuzz/block.js";
import { mixed } from "../src/fuzz/strategies/mixed.js";
import { minimize } from "../src/minimize/index.js";
import { pbftMutants } from "../src/protocols/pbft/index.js";
import { plan } from "../src/suite/plan.js";

const { values } = parseArgs({ options: { only: { type: "string", default: "" }, seeds: { type: "string", default: "5" }, search: {type: "boolean", default: false} } });
for (const { name, falls } of pbftMutants) {
  if (!name.includes(values.only)) continue;
  const [run] = plan(await findProtocol(name), { protocol: name });
  const setting = await settingFrom(run!.description);
  const kind = setting.properties[0]!.kind;
  let shortest: number|null = null;
  if (values.search) shortest = (await search(setting, { reduction: "none", maxStates: 8e6 })).counterexample?.actions.length ?? null;
  const cells: string[] = [];
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const maker = new BlockMaker({ ...setting }, { seed, strategy: mixed, maxActions: 200, maxRuns: Number.POSITIVE_INFINITY, stopsAtFailure: true });
    const t0 = performance.now();
    let failure = null;
    for (let block = 0; !failure && performance.now() - t0 < 15000; block++) failure = (await maker.make(block, () => performance.now() - t0 > 15000)).failures[0] ?? null;
    if (!failure) { cells.push("none"); continue; }
    const t1 = performance.now();
    const m = await minimize(setting, failure.counterexample, {adversaries: (await findProtocol(name)).adversaries});
    cells.push(`${failure.counterexample.actions.length}>${m.counterexample.actions.length} (${m.setting.adversary?.name}, ${m.tried}, ${m.account.isShortest ? "!" : "?"} ${m.account.removed.map((r) => r.part + r.after)}, ${((performance.now() - t1) / 1000).toFixed(1)}s)`);
  }
  console.log(name, falls.adversary, kind, shortest, cells.join(" | "));
}
