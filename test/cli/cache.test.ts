// `check --cache`, `--shard` and `--summary`, as CI uses them together.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { plannedSuites, shardOf } from "../../src/cli/planned-suites.js";
import { directoryWith, parse, refusedWith, root, turncoat } from "./support.js";

/** A protocol that imports how many echoes are needed beside f. */
const broadcast = `import { more } from "./more.js";\n${readFileSync(join(root, "examples/broadcast.ts"), "utf8")}`;
const module = broadcast.replace("=> faults + 1;", "=> faults + more;");

const correct = {
  protocol: "pbft",
  adversaries: ["silent"],
  byzantine: ["r3"],
  properties: ["agreement"],
  views: 0,
};

test("a run is made again only when something that it depends on has changed, and says so", async (t) => {
  const directory = await directoryWith(t, {
    "mine.ts": module,
    "more.js": "export const more = 1;\n",
    "turncoat.config.json": JSON.stringify({
      suites: [
        {
          name: "mine",
          requests: [
            {
              ...{ protocol: "./mine.ts", adversaries: ["arbitrary"], byzantine: ["r0"] },
              ...{ properties: ["agreement"], expect: "violated" },
            },
            { protocol: "pbft/quorum-2f", expect: "violated" },
            { ...correct, expect: "holds" },
            { ...correct, adversaries: ["equivocating-primary"], expect: "vacuous" },
          ],
        },
      ],
    }),
  });
  const text = (file: string) => readFileSync(join(directory, file), "utf8");
  const check = async (...more: string[]) => {
    const outcome = await turncoat(directory, "check", "--cache", "kept", "--json", ...more);
    const runs: readonly { protocol: string; cached?: boolean; verdict: string; trace: object | null }[] =
      parse(outcome).runs;
    return { ...outcome, runs, cached: runs.filter(({ cached }) => cached).map(({ protocol }) => protocol) };
  };
  const first = await check();
  t.is(first.code, 0, first.stderr);
  t.deepEqual(
    first.runs.map(({ verdict }) => verdict),
    ["violated", "violated", "holds", "vacuous"],
  );
  t.deepEqual(first.cached, []);
  const again = await check("--junit", "a.xml", "--summary", "a.md");
  t.deepEqual(again.cached, ["./mine.ts", "pbft", "pbft"]); // what is vacuous is looked at again
  const shown = ({ verdict, trace }: (typeof first.runs)[0]) => [verdict, trace];
  t.deepEqual(again.runs.map(shown), first.runs.map(shown));
  t.is(text("a.xml").split("cached: nothing has changed since this run was made").length, 4);
  t.true(text("a.md").includes("4 of 4 runs as expected, 3 cached, "));
  writeFileSync(join(directory, "more.js"), "export const more = 2 - 1;\n");
  const changed = await check();
  t.deepEqual(changed.cached, ["pbft", "pbft"]);
  t.regex(changed.stderr, /: made again, for \.\/more\.js has changed\n/);
});

test("the shards of a suite have each of its runs once, and none is empty", async (t) => {
  const suites = await plannedSuites(undefined, { suite: "small" });
  const settings = (of: typeof suites) =>
    of.flatMap(({ name, runs }) => runs.map((run) => JSON.stringify([name, run])));
  const all = settings(suites);
  t.is(all.length, 51);
  for (const of of [1, 2, 7, 51]) {
    const dealt = Array.from({ length: of }, (_, at) => settings(shardOf(suites, { index: at + 1, of })));
    t.deepEqual(dealt.flat().sort(), all.toSorted());
    const sizes = dealt.map(({ length }) => length);
    t.true(Math.max(...sizes) - Math.min(...sizes) <= 1);
  }
  t.throws(() => shardOf(suites, { index: 1, of: 52 }), {
    message: "--shard 1/52: there are 51 runs, so some shard has none: use --shard I/51 at most.",
  });
});

test("a shard that cannot be is refused", async (t) => {
  const directory = await directoryWith(t);
  const outcome = await turncoat(directory, "check", "pbft/quorum-2f", "--shard", "2/2", "--json");
  refusedWith(
    t,
    outcome,
    "turncoat: --shard 2/2: there is one run, so some shard has none: use --shard I/1 at most.",
  );
});
