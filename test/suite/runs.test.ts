// Suites inside a test runner.

import test from "ava";
import { configuredRuns, suiteRuns } from "../../src/suite/runs.js";
import { directoryWith } from "../cli/support.js";

const requests = [
  { protocol: "pbft/quorum-2f", expect: "violated" },
  { protocol: "pbft/quorum-2f" },
  { protocol: "pbft/quorum-2f", expect: "any" },
] as const;

test("each run has a name of its own, and what is expected of it", async (t) => {
  const runs = await suiteRuns([{ name: "mine", requests }]);
  const name =
    "mine: pbft/quorum-2f, equivocating-primary at r0, views 0-0 (n=4, f=1, async network, 2 requests, 1 slot, no client nodes): agreement";
  t.deepEqual(
    runs.map((run) => [run.name, run.expected]),
    [
      [name, "violated"],
      [`${name} (2)`, "holds"],
      [`${name} (3)`, null],
    ],
  );
});

test("a run is checked, and tells its counterexample", async (t) => {
  const [run] = await suiteRuns([{ name: "mine", requests }]);
  const { result, told } = await run!.check();
  t.is(result.verdict, "violated");
  t.is(result.counterexample!.actions.length, 4);
  const lines = told.split("\n");
  t.regex(lines[0]!, /^violated: r\d executed c\d:1:\w at slot 1, but r\d executed c\d:1:\w there$/);
  t.is(lines[1], "pbft/quorum-2f, n = 4, f = 1, Byzantine: r0 (equivocating-primary)");
  t.regex(lines.at(-1)!, /^agreement is violated after 4 actions: /);
});

test("what is told of a run that is cut is why", async (t) => {
  const [run] = await suiteRuns([
    { name: "mine", requests: [{ protocol: "pbft", adversaries: ["silent"] }] },
  ]);
  const { result, told } = await run!.check({ maxStates: 5 });
  t.is(result.verdict, "inconclusive");
  t.regex(told, /^inconclusive: .*5 states/);
});

test("the runs of a configuration are those of its suites; without one there is an error", async (t) => {
  const suites = [{ name: "mine", requests: requests.slice(0, 1) }];
  const directory = await directoryWith(t, { "turncoat.config.json": JSON.stringify({ suites }) });
  const runs = await configuredRuns(directory);
  t.deepEqual(
    runs.map(({ description, expected }) => [description.protocol, expected]),
    [["pbft/quorum-2f", "violated"]],
  );
  const empty = await directoryWith(t);
  await t.throwsAsync(configuredRuns(empty), {
    message: `There is no turncoat.config.ts, .js or .json in ${empty}.`,
  });
});
