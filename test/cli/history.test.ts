// `turncoat history` as a user runs it.

import test from "ava";
import { directoryWith, refusedWith, turncoat, turncoatJson } from "./support.js";

const write = `{:process 0, :type :invoke, :f :write, :value 1}
{:process 0, :type :ok, :f :write, :value 1}
`;
const read = (value: string) => `{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value ${value}}
`;

test("a linearizable history holds, a stale read is violated and shown, a damaged file is refused", async (t) => {
  const directory = await directoryWith(t, {
    "good.edn": write + read("1"),
    "stale.edn": write + read("0"),
    "cut.edn": (write + read("0")).slice(0, -9),
  });
  const good = await turncoatJson(directory, "history", "good.edn", "--initial", "0");
  t.deepEqual([good.code, good.document.verdict, good.document.operations], [0, "holds", 2]);
  const stale = await turncoat(directory, "history", "stale.edn", "--initial", "0");
  t.is(stale.code, 1);
  t.regex(stale.stdout, /^stale\.edn: violated\. 2 operations on a register, 0 never answered; 1 step, /);
  t.true(stale.stdout.includes("No order explains process 1: read, answered 0 (line 3)."));
  t.true(stale.stdout.includes("After it the object is 1."));
  refusedWith(
    t,
    await turncoat(directory, "history", "cut.edn"),
    "turncoat: line 4 of cut.edn is not EDN: a bracket or a quote is missing, or there is one too many",
  );
});
