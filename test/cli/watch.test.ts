// `check --watch`: again whenever something has changed, and only what the change touches.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { directoryWith, refusedWith, root, start, turncoat } from "./support.js";

const starter = readFileSync(join(root, "examples/starter/protocol.ts"), "utf8");

test("a change is checked at once, and only the runs that it touches", async (t) => {
  const request = { adversaries: ["none"], properties: ["agreement"] };
  const requests = [
    { protocol: "./a.ts", ...request },
    { protocol: "./b.ts", ...request },
  ];
  const directory = await directoryWith(t, {
    "a.ts": starter,
    "b.ts": starter,
    "turncoat.config.json": JSON.stringify({ suites: [{ name: "mine", requests }] }),
  });
  const { child, done } = start(directory, "check", "--watch");
  let seen = "";
  const times = (count: number, text: string) =>
    new Promise<void>((resolve) => {
      const look = () => seen.split(text).length > count && resolve();
      child.stdout.on("data", (chunk) => {
        seen += chunk;
        look();
      });
      look();
    });
  const watching = "Watching 5 files; Ctrl-C ends this.\n";
  await times(1, watching);
  t.true(seen.includes("2 of 2 runs: 2 with every property holding, 0 not. "), seen);
  seen = "";
  child.stdout.removeAllListeners("data");
  const again = times(1, watching);
  writeFileSync(join(directory, "b.ts"), starter.replace("Make it yours.", "It is mine."));
  await again;
  t.true(seen.includes("\nChanged: b.ts\n"), seen);
  t.true(seen.includes("2 of 2 runs: 2 with every property holding, 0 not (1 cached). "), seen);
  child.kill("SIGINT");
  t.is((await done).code, 130);
});

test("what ends once is not watched", async (t) => {
  const outcome = await turncoat(await directoryWith(t), "check", "--watch", "--json");
  refusedWith(t, outcome, "turncoat: --watch checks again and again: it cannot be combined with --json.");
});
