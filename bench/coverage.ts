// Is the bound of unseen states right, and the guess? Models that can be exhausted tell: a plain search counts their states, and campaigns
// of growing length say how many of them they have seen. `npm run bench:coverage` prints the table of docs/fuzzing.md.

import { findProtocol, settingFrom } from "../src/catalogue/index.js";
import { search } from "../src/explore/search.js";
import { coverageOf, fuzz } from "../src/fuzz/index.js";
import type { Setting } from "../src/model/setting.js";
import { percent, shareText } from "../src/report/coverage.js";
import { plan } from "../src/suite/plan.js";
import type { FuzzRequest } from "../src/suite/request.js";
import { benchArguments } from "./arguments.js";

benchArguments();

interface Model {
  readonly name: string;
  readonly request: FuzzRequest;
  /** Which of the planned settings. Default: the first. */
  readonly which?: number;
}

const silent = { adversaries: ["silent"], byzantine: ["r3"] };

const models: readonly Model[] = [
  { name: "two-phase commit", request: { protocol: "two-phase-commit" } },
  { name: "paxos", request: { protocol: "paxos" } },
  { name: "paxos with clients", request: { protocol: "paxos" }, which: 1 },
  { name: "tendermint", request: { protocol: "tendermint", ...silent, views: 0 } },
  {
    name: "bracha/echo-quorum-weak, arbitrary",
    request: { protocol: "bracha/echo-quorum-weak", adversaries: ["arbitrary"], byzantine: ["r3"] },
  },
  { name: "pbft with a client", request: { protocol: "pbft", ...silent, views: 0 }, which: 1 },
  { name: "pbft, views 0-1", request: { protocol: "pbft", ...silent, views: 1 } },
  {
    name: "pbft, equivocating primary",
    request: { protocol: "pbft", adversaries: ["equivocating-primary"], byzantine: ["r0"], views: 0 },
  },
  { name: "ibft", request: { protocol: "ibft", ...silent, views: 0 } },
  { name: "raft", request: { protocol: "raft", views: 1 } },
  { name: "go-exercise", request: { protocol: "go-exercise", ...silent, views: 0 } },
];

/** Shares of the states at which the estimate is compared with the truth. */
const shares = [0.1, 0.5, 0.9];

const [firstRuns, growth, maxRuns, seed] = [20, 1.3, 40_000, 5];

/** Rows of the table: the first campaign that has seen at least so many. */
async function rowsOf(name: string, setting: Setting): Promise<string[]> {
  const { states: truth } = await search(setting, { reduction: "none" });
  const rows: string[] = [];
  let last = 0;
  for (let runs = firstRuns; runs < maxRuns && last < shares.at(-1)!; runs = Math.ceil(runs * growth)) {
    const { state, distinctStates } = await fuzz(setting, { maxRuns: runs, seed });
    const share = distinctStates / truth;
    const coverage = coverageOf(state);
    if (coverage && shares.some((mark) => last < mark && share >= mark)) {
      const { atMost, unseenAtLeast, seen } = coverage;
      const near = Math.abs(seen.estimate - share) > 0.05 ? "no" : "yes";
      rows.push(
        `| ${name} | ${truth} | ${runs} | ${Math.round(share * 100)} % | ${percent(atMost.share)} % | ${truth - distinctStates} | ${unseenAtLeast} | ${shareText(seen)} | ${near} |`,
      );
    }
    last = share;
  }
  return rows;
}

console.log(
  "| model | states | runs | seen | at most | unseen | at least | if log-normal | within 5 points |\n|---|---|---|---|---|---|---|---|---|",
);
for (const { name, request, which = 0 } of models) {
  const planned = plan(await findProtocol(request.protocol), request);
  for (const row of await rowsOf(name, await settingFrom(planned[which]!.description))) console.log(row);
}
