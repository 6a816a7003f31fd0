// What `--json` names can be fed back: a trace replays to what was said of it, and the line that repeats a failure finds it again.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { directoryWith, root, turncoatJson } from "./support.js";

/** With a parameter of its own; the file's name has a space in it, as files of users have. */
const module = readFileSync(join(root, "test/support/cases/eager.ts"), "utf8");
const own = ["--set", "enough=2", "--adversary", "none", "--property", "agreement"];

for (const [command, ...args] of [
  ["check", "./my protocol.ts", ...own],
  ["fuzz", "./my protocol.ts", ...own, "--network", "fifo", "--seed", "3", "--runs", "300"],
  ["fuzz", "pbft/timeout-constant", "--seed", "1", "--runs", "300", "--no-minimize"],
  ["minimize", join(root, "corpus/pbft-quorum-2f.json")],
] as const)
  test(`${command} ${args[0].replace(root, "")}`, async (t) => {
    const directory = await directoryWith(t, { "my protocol.ts": module });
    const { document } = await turncoatJson(directory, command, ...args);
    const [run] = command === "minimize" ? [null] : document.runs;
    const file = run === null ? document.output : run.trace.file;
    const property = run === null ? document.property : run.trace.property;
    const replayed = (await turncoatJson(directory, "replay", file)).document.runs[0];
    t.is(replayed.outcome, "reproduced");
    t.deepEqual([replayed.codeChanges], [[]]);
    if (property !== undefined) t.is(replayed.property, property);
    if (command !== "fuzz") return;
    const again = await turncoatJson(directory, ...wordsOf(run.repeat), "--no-minimize");
    t.is(again.code, 1, run.repeat);
    t.deepEqual(again.document.runs[0].failures.map(settled), run.failures.slice(0, 1).map(settled));
  });

/** What a shell makes of a line. */
function wordsOf(line: string): string[] {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  return words.slice(1); // without the name of the program
}

function settled({ property, path, explanation }: { [field: string]: unknown }) {
  return { property, path, explanation };
}
