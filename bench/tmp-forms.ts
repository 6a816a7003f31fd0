import { settingFrom } from "../src/catalogue.js";
import { fuzz } from "../src/fuzz/index.js";
import { settingName } from "../src/report/setting.js";
import { correctForms } from "../src/suite/correct-forms.js";

const only = process.argv[2] ?? "";
const maxRuns = Number(process.argv[3] ?? 200);
const t0 = performance.now();
let n = 0;
for (const { description } of await correctForms()) {
  if (!description.protocol.startsWith(only)) continue;
  n++;
  const name = `${settingName(description)} ${description.network} ${description.config.clients ? "clients" : ""}`;
  try {
    const r = await fuzz(await settingFrom(description), { seed: 1, maxRuns });
    console.log(
      `${r.verdict} ${name}: ${r.runs} runs ${r.events} ev ${Math.round((100 * r.decided) / r.runs)}% ${r.seconds.toFixed(2)}s ${r.counterexample ? r.counterexample.property + ": " + r.counterexample.explanation : r.verdict === "holds" ? "" : r.reason}`,
    );
  } catch (e) {
    console.log("ERROR", name, (e as Error).message);
  }
}
console.log(n, (performance.now() - t0) / 1000);
