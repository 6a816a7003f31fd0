// The league: which flaws are in it, and that its tables say what was measured and what was not.

import test from "ava";
import { findProtocol, settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import {
  type LeagueRow,
  leagueCsv,
  leagueJson,
  leagueMarkdown,
  leagueSummary,
  medianTry,
} from "../../src/report/league.js";
import { catalogueRuns } from "../../src/suite/flaws.js";
import { contested, leagueRuns, published, unexpressed } from "../../src/suite/league.js";

test("flaws that were seen in code are in it, derived ones are not; every published figure is beside a flaw", async (t) => {
  const names = leagueRuns(await catalogueRuns(false)).map(({ planned }) => planned.description.protocol);
  t.deepEqual(
    Object.keys(published).filter((name) => !names.includes(name)),
    [],
  );
  t.true(names.includes("tendermint/unlocks-on-nil"));
  t.true(names.includes("minimmit"), "a control with a source");
  t.false(names.includes("two-phase-commit"), "one without");
  t.false(names.includes("paxos/own-value"));
  t.is(names.filter((name) => name.startsWith("raft/")).length, 31);
  t.is(names.length, 75);
});

const tried = (found: boolean, runs: number) => ({ found, runs, cpuSeconds: runs / 100 });

test("the median counts a seed that finds nothing as later than all that do", (t) => {
  t.is(medianTry([]), null);
  t.deepEqual(medianTry([tried(false, 1), tried(true, 9), tried(true, 4)]), tried(true, 9));
  t.deepEqual(medianTry([tried(false, 1), tried(true, 9)]), tried(false, 1));
});

async function row(tries: LeagueRow["tries"]): Promise<LeagueRow> {
  const protocol = "raft/old-votes-count";
  const run = (await catalogueRuns(true)).find(({ planned }) => planned.description.protocol === protocol)!;
  const { mutant } = await findProtocol(protocol);
  const found = await search(await settingFrom(run.planned.description));
  return { ...run, source: mutant!.source, search: found, fuzz: null, cpuSeconds: 0.5, tries };
}

test("a row has the other tool's figures, those of the search, and those of the fuzzer if it ran", async (t) => {
  const rows = [await row([tried(true, 40), tried(false, 99), tried(true, 70)]), await row([])];
  t.is(
    leagueCsv(rows),
    "flaw,source,other_depth,other_states,other_time,search_actions,search_states,search_cpu,fuzz_found,fuzz_runs_median,fuzz_cpu_median\n" +
      'raft/old-votes-count,Xraft issue 33; SandTable (EuroSys\'24),8,"3,534",3 s,7,"1,391",0.50 s,2 of 3,70,0.70 s\n' +
      'raft/old-votes-count,Xraft issue 33; SandTable (EuroSys\'24),8,"3,534",3 s,7,"1,391",0.50 s,-,-,-\n',
  );
  t.is(leagueSummary(rows), "2 of 2 flaws found by search, 1 of 1 by the fuzzer with the median seed.");
  t.is(leagueSummary(rows.slice(1)), "1 of 1 flaws found by search.");
  const markdown = leagueMarkdown(rows);
  for (const { item } of unexpressed) t.true(markdown.includes(item));
  for (const { item } of contested) t.true(markdown.includes(item));
  const [first, second] = leagueJson(rows).flaws;
  t.deepEqual(first!.other, { tool: "SandTable (EuroSys'24)", depth: 8, states: 3534, time: "3 s" });
  t.deepEqual(first!.search, { verdict: "violated", states: 1391, depth: 7, cpuSeconds: 0.5, actions: 7 });
  t.deepEqual(second!.fuzz, { tries: [], median: null });
});

test("a document that is brought up to date in part keeps the rows of other flaws, in order, and counts them", async (t) => {
  const kept = "| raft/match-falls | s | - | - | - | 8 | 548 | 0.10 s | 1 of 20 | - | - |";
  const gone = kept.replace("match-falls", "no-such-flaw");
  const order = ["raft/old-votes-count", "raft/match-falls"];
  const measured = [await row([tried(true, 40)])];
  const old = leagueMarkdown(measured)
    .replace("1,391", "7")
    .replace(/\n\n1 of 1/, `\n${kept}\n${gone}\n\n1 of 1`);
  const lines = leagueMarkdown(measured, { document: old, order }).split("\n");
  t.deepEqual(
    lines.filter((line) => line.startsWith("| raft")).map((line) => line.split(" | ").slice(0, 7).join()),
    [
      "| raft/old-votes-count,Xraft issue 33; SandTable (EuroSys'24),8,3,534,3 s,7,1,391",
      "| raft/match-falls,s,-,-,-,8,548",
    ],
  );
  t.true(lines.includes("2 of 2 flaws found by search, 1 of 2 by the fuzzer with the median seed."));
});
