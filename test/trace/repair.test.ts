import test from "ava";
import { readTrace, type Trace } from "../../src/trace/index.js";
import { repair } from "../../src/trace/repair.js";
import { replay } from "../../src/trace/replay.js";

const corpus = () => readTrace("corpus/pbft-quorum-2f.json");

/** The trace with an action put in that is not possible: a message that nobody has sent. */
async function outdated(): Promise<Trace> {
  const trace = await corpus();
  const impossible = { kind: "deliver", from: "r1", to: "r2", message: messageOf(trace) } as const;
  return { ...trace, actions: trace.actions.toSpliced(1, 0, impossible) };
}

function messageOf({ actions }: Trace) {
  const [first] = actions;
  if (!first || !("message" in first)) throw new Error("the trace begins with a message");
  return first.message;
}

test("a trace with an action that is not possible any more is repaired without it, and says so", async (t) => {
  const trace = await outdated();
  const result = await replay(trace);
  t.is(result.outcome, "diverged");
  const repaired = await repair(trace);
  t.deepEqual(repaired?.skipped, [2]);
  t.is(repaired?.after, trace.actions.length - 1);
  t.is((await replay(repaired!.trace)).outcome, "reproduced");
});

test("a trace that needs what is not possible any more is not repaired", async (t) => {
  t.is(await repair(await corpus(), "pbft"), null);
});

test("a trace that is fine needs nothing left out", async (t) => {
  t.deepEqual((await repair(await corpus()))?.skipped, []);
});

test("a trace that cannot even start is not repaired", async (t) => {
  t.is(await repair({ ...(await corpus()), start: { r1: "nonsense" } }), null);
});
