import { parseArgs } from "node:util";
import { findProtocol, settingFrom } from "../src/catalogue.js";
import { search } from "../src/explore/search.js";
import { BlockMaker } from "../src/fuzz/block.js";
import { mixed } from "../src/fuzz/strategies/mixed.js";
import { minimize } from "../src/minimize/index.js";
import { focusOn } from "../src/trace/focus.js";
import { restrictedTo } from "../src/minimize/restricted.js";
import { pbftMutants } from "../src/protocols/pbft/index.js";
import { plan } from "../src/suite/plan.js";

const { values } = parseArgs({ options: { only: { type: "string", default: "" }, seeds: { type: "string", default: "2" } } });

for (const { name } of pbftMutants) {
  if (!name.includes(values.only)) continue;
  const [run] = plan(await findProtocol(name), { protocol: name });
  const setting = await settingFrom(run!.description);
  if (setting.properties[0]!.kind !== "always") continue;
  const cells: string[] = [];
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const maker = new BlockMaker({ ...setting }, { seed, strategy: mixed, maxActions: 200, maxRuns: Number.POSITIVE_INFINITY, stopsAtFailure: true });
    const t0 = performance.now();
    let failure = null;
    for (let block = 0; !failure && performance.now() - t0 < 15000; block++) failure = (await maker.make(block, () => performance.now() - t0 > 15000)).failures[0] ?? null;
    if (!failure) { cells.push("none"); continue; }
    const m = await minimize(setting, failure.counterexample, {adversaries: (await findProtocol(name)).adversaries});
    const tries: string[] = [];
    for (const like of ["same", "type"] as const) for (const reduction of ["visible-steps", "none"] as const) {
      const s = focusOn(restrictedTo(m.setting, m.counterexample.actions, like), m.counterexample.property);
      const r = await search(s, { reduction, maxStates: reduction === "none" ? 300000 : 50000, maxSeconds: 10 });
      tries.push(`${like} ${reduction[0]}: ${r.counterexample?.actions.length} ${r.states} ${r.seconds.toFixed(1)}s`);
    }
    cells.push(`${failure.counterexample.actions.length}>${m.counterexample.actions.length} [${tries.join("; ")}]`);
  }
  console.log(name, cells.join(" | "));
}
