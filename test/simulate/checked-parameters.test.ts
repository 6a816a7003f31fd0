// What a program gives `simulate`: what words can say is taken, and all else is refused in words.

import test from "ava";
import { checkParameters } from "../../src/simulate/checked-parameters.js";
import { defaults, parametersFrom } from "../../src/simulate/raw-options.js";
import { simulate } from "../../src/simulate/result.js";
import type { Parameters } from "../../src/simulate/setting.js";

const words = [
  { delay: "5..35" },
  { delay: "normal:20,5" },
  { delay: "log-normal:20,0.3" },
  { delay: "wan:ibm-2024" },
  { drop: 0.5, gst: "2s", duplicate: 1, reorder: 0.1, reorderBy: "500us" },
  { crash: ["r1:300..800", "r2:1s"], partition: ["100..2s:r0,r1|r2,r3"] },
  { crypto: "25us/35us/2us", processors: 2, bandwidth: 0.5, maxMessage: 100 },
  { adversary: "silent", byzantine: "first:1", property: "agreement,validity" },
  { window: "none", pipeline: 3, checkpointInterval: "none", reads: 1, authentication: "signatures" },
  { timerJitter: 0, timeout: "1us", processingDelay: 0, maxTime: "1h", maxEvents: 10, seed: 0 },
  { protocol: "raft", set: "heartbeats=true", clients: 0, requests: 3, payload: 5 },
] as const;

test("whatever words can say is taken", (t) => {
  t.notThrows(() => checkParameters(defaults));
  for (const said of words) t.notThrows(() => checkParameters(parametersFrom(said)), JSON.stringify(said));
});

const refused: readonly (readonly [unknown, string])[] = [
  [{ delay: "5..35" }, "delay: a delay is an object such as"],
  [{ delay: { kind: "uniform", fromMs: 5, toMs: 35 } }, "delay.minMs: is missing"],
  [{ delay: { kind: "uniform", minMs: 5, maxMs: 3 } }, "delay: this range ends before it begins"],
  [{ delay: { kind: "constant", ms: Number.NaN } }, "delay.ms"],
  [{ requests: "3" }, 'requests: expected number, found "3"'],
  [{ requests: 0 }, "requests: expected a value greater than or equal to 1, found 0"],
  [{ drop: 1.5 }, "drop: expected a value less than or equal to 1, found 1.5"],
  [{ requets: 3 }, 'requets: is not a known field; did you mean "requests"?'],
  [{ crashes: [{ node: "r1", fromMs: 5, toMs: 5 }] }, "crashes[0]: a restart comes after the crash"],
  [
    { partitions: [{ fromMs: 0, toMs: 5, groups: [["r0"]] }] },
    "partitions[0]: a partition needs two groups or more, and a time after its beginning at which it heals",
  ],
  [
    { delay: { kind: "matrix", regions: ["a", "b"], oneWayMs: [[1, 2]], sigma: 0 } },
    "delay: oneWayMs needs as many rows and columns as there are regions",
  ],
  [{ byzantine: { count: -1, which: "any" } }, "byzantine"],
  [{ timeoutMs: 0 }, "timeoutMs: expected a value greater than 0, found 0"],
];

for (const [wrong, problem] of refused)
  test(`refused: ${JSON.stringify(wrong)}`, async (t) => {
    const error = await t.throwsAsync(simulate({ ...defaults, ...(wrong as Partial<Parameters>) }), {
      code: "bad-file",
    });
    const [head, ...problems] = error!.message.split("\n");
    t.is(head, "These are not the parameters of a simulation (begin with ...simulationDefaults):");
    t.true(
      problems.some((line) => line.startsWith(`  ${problem}`)),
      error!.message,
    );
  });

test("what is missing is said", async (t) => {
  const error = await t.throwsAsync(simulate({ protocol: "pbft" } as unknown as Parameters));
  t.is(error!.message.split("\n").length, 1 + Object.keys(defaults).length - 1);
  t.true(error!.message.includes("\n  replicas: is missing\n"));
});
