import test from "ava";
import { nobodyWaitsForEver } from "../../properties/index.js";
import { facts, judge, type Seen } from "./support.js";

const see = (...events: readonly Seen[]) => judge(nobodyWaitsForEver, events, facts(true));
const waits = (by: string, data: boolean): Seen => [by, { kind: "custom", name: "waiting", data }];

test("who begins to wait has to stop", (t) => {
  t.deepEqual(see(waits("r1", true)), { verdict: "pending", exercised: 1, says: "r1 still waits" });
  t.deepEqual(see(waits("r1", true), waits("r1", false)), { verdict: "holds", exercised: 1 });
});

test("each waits by itself", (t) => {
  t.deepEqual(see(waits("r2", true), waits("r1", true), waits("r1", true)), {
    verdict: "pending",
    exercised: 1,
    says: "r1, r2 still wait",
  });
  t.is(see(waits("r2", true), waits("r1", true), waits("r2", false)).verdict, "pending");
});

test("where nobody has waited, nothing was put to the test", (t) => {
  t.deepEqual(see(["r1", { kind: "custom", name: "stable", data: true }]), {
    verdict: "holds",
    exercised: 0,
  });
});
