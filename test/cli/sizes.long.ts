// What is too large to be made is refused at once, wherever it stands; and a request for nothing tells why it is for nothing.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { directoryWith, refusedWith, root, turncoat, turncoatJson } from "./support.js";

const trace = JSON.parse(readFileSync(join(root, "corpus", "pbft-quorum-2f.json"), "utf8"));
const huge = {
  ...trace.setting,
  config: { ...trace.setting.config, replicas: 1e6, requests: 8 },
  bounds: { views: 1000 },
};
const files = {
  "huge.json": JSON.stringify({ ...trace, setting: huge, actions: [] }),
  "turncoat.config.json": JSON.stringify({
    suites: [{ name: "mine", requests: [{ protocol: "pbft", replicas: 1e6 }] }],
  }),
};

for (const [command, message] of [
  ["replay huge.json", "1000000 is too much for replicas: use at most 200."],
  ["minimize huge.json", "1000000 is too much for replicas: use at most 200."],
  ["check", "1000000 is too much for replicas: use at most 200."],
  ["check pbft --replicas 1000000", "1000000 is too much for replicas: use at most 200."],
  ["fuzz pbft --requests 1000000", "1000000 is too much for requests: use at most 200."],
  ["check pbft --views 1000000", "1000000 is too much for views: use at most 1000."],
  ["simulate --replicas 1000000", "1000000 is too much for replicas: use at most 2000."],
  ["check pbft --replicas 9007199254740991", "9007199254740991 is too much for replicas: use at most 200."],
  ["simulate --replicas 9007199254740991", "9007199254740991 is too much for replicas: use at most 2000."],
  ["simulate --clients 1000000", "1000000 is too much for clients: use at most 10000."],
  [
    "check pbft --replicas 100 --views 99 --adversary silent",
    "There are more than 10,000 placements of 33 Byzantine replicas: name one with --byzantine, or use fewer replicas or views.",
  ],
  [
    "check bracha --clients no --property clients-are-served",
    "clients-are-served watches clients, and bracha has none.",
  ],
  [
    "check pbft --clients no --property clients-are-served",
    "Nothing to check: clients-are-served watches clients, and there are none in this run: leave out --clients no.",
  ],
  [
    "check two-phase-commit --replicas 3 --adversary silent",
    "Nothing to check: with f = 0 nobody can be Byzantine, so silent has no move: use --replicas 4 or more (n >= 3f+1), or --adversary none.",
  ],
  [
    "check pbft --views 0 --adversary equivocating-primary --byzantine r0 --replicas 3",
    "PBFT needs at least 4 replicas to tolerate one fault; 3 were asked for.",
  ],
] as const)
  test(`turncoat ${command} is refused`, async (t) => {
    refusedWith(
      t,
      await turncoat(await directoryWith(t, files), ...command.split(" ")),
      `turncoat: ${message}`,
    );
  });

test("where nobody can be Byzantine the run is made without an adversary", async (t) => {
  for (const options of [
    ["two-phase-commit", "--replicas", "3"],
    ["two-phase-commit"],
    ["bracha", "--replicas", "3"],
  ]) {
    const { code, document } = await turncoatJson(await directoryWith(t), "check", ...options);
    t.is(code, 0);
    t.deepEqual(
      document.runs.map((run: { adversary: string | null }) => run.adversary),
      [null],
    );
  }
});

test("go-exercise has no view change: with a Byzantine primary its liveness is outside, and the reason is told", async (t) => {
  const options = ["--byzantine", "r0", "--property", "termination", "--adversary", "silent"];
  const { code, document } = await turncoatJson(await directoryWith(t), "check", "go-exercise", ...options);
  t.is(code, 3);
  t.is(document.verdict, "outside");
  t.regex(document.runs[0].reason, /^the view change of go-exercise is switched off/);
});
