// Checks every built-in protocol with one crash and its default properties: `npm run crashes [-- SECONDS]`,
// at most so many seconds for each run (default 30). Exit code 1 if a protocol that has a correct form is
// violated. A run that was cut off says so. Crashes for good and crashes with recovery have rows of their own.

import { findProtocol, settingFrom } from "../src/catalogue/index.js";
import { registry } from "../src/catalogue/other-protocols.js";
import { search } from "../src/explore/search.js";
import { grouped } from "../src/report/numbers.js";
import { hasCorrectForm } from "../src/suite/correct-forms.js";
import { plan } from "../src/suite/plan.js";
import { benchArguments, positiveNumber, refuse } from "./arguments.js";

const [seconds = "30", ...more] = benchArguments({ allowPositionals: true }).positionals;
if (more.length > 0) refuse(`unexpected argument ${more[0]}`);
const maxSeconds = positiveNumber(seconds, "SECONDS");
console.log("| protocol | recovery | property | verdict | reason | states | seconds |");
console.log("|---|---|---|---|---|---|---|");
for (const name of ["pbft", ...registry.map(({ protocol }) => protocol.name)])
  for (const recovery of ["maybe", "always"] as const) {
    const entry = await findProtocol(name);
    const request = { protocol: name, adversaries: ["none"], crashes: 1, recovery };
    for (const { description } of plan(entry, request)) {
      const { properties, states, seconds } = await search(await settingFrom(description), { maxSeconds });
      for (const { name: property, verdict, reason } of properties) {
        if (verdict === "violated" && hasCorrectForm(name)) process.exitCode = 1;
        const cells = [name, recovery, property, verdict, reason ?? "", grouped(states), seconds.toFixed(1)];
        console.log(`| ${cells.join(" | ")} |`);
      }
    }
  }
