// State that a snapshot cannot see is found by evaluating from two histories.

import test from "ava";
import { UserError } from "../../src/index.js";
import { check, firstReplica, realFile } from "./support.js";

test("a captured counter that decides about behaviour is reported, with both histories", async (t) => {
  const source = `
    function counter() { let n = 0; return { up() { n++; }, get() { return n; } }; }
    class Replica { constructor(io) { this.io = { event: io.event }; const c = counter(); this.up = () => c.up(); this.get = () => c.get(); } }
    const make = (io) => {
      const replica = new Replica(io);
      return { roots: { replica }, request: (value) => { if (value === "A") replica.up(); else io.broadcast(replica.get()); } };
    };`;
  const error = await t.throwsAsync(check(await realFile(t, source)), { instanceOf: UserError });
  t.is((error as UserError).code, "protocol-nondeterministic");
  t.regex(error!.message, /hidden state: .* two histories .*the request "A"/);
});

test("a variable of the module is reported", async (t) => {
  const source = `
    let asked = 0;
    class Replica { said = 0; }
    const make = (io) => {
      const replica = new Replica();
      return { roots: { replica }, request: () => { replica.said = ++asked; } };
    };`;
  await t.throwsAsync(check(await realFile(t, source)), {
    instanceOf: UserError,
    message: /hidden state: .*First difference: \.replica\.said is \d+ or \d+/,
  });
});

test("the same in sight is no error", async (t) => {
  const source = `
    class Replica { #n = 0; up() { this.#n++; } get() { return this.#n; } }
    const make = (io) => {
      const replica = new Replica();
      return { roots: { replica }, request: (value) => { if (value === "A") replica.up(); else io.broadcast(replica.get()); } };
    };`;
  t.is((await check(await realFile(t, source), { properties: ["agreement"] })).verdict, "vacuous");
});

/** A replica that keeps what it has heard last, and whether the module does something to it, which is told how many messages all have heard. */
const late = (statement: string) => `
  let [calls, done] = [0, false];
  class Replica { last = null; odd = false; hear(what) { calls++; this.last = what; ${statement} } }
  const make = () => {
    const replica = new Replica();
    return { roots: { replica }, message: (_, what) => replica.hear(what) };
  };`;

for (const [what, statement, heard, message] of [
  [
    "for good",
    "if (calls > 1500) this.odd = true;",
    767,
    /hidden state that all nodes share: .*\.replica\.odd/,
  ],
  ["once", "if (calls >= 1500 && !done) done = this.odd = true;", 750, /twice from the same history/],
] as const)
  test(`a variable of the module that matters only after 1,500 evaluations is reported: ${what}`, async (t) => {
    const { start, hear } = await firstReplica(await realFile(t, late(statement)));
    let count = 0;
    const error = t.throws(() => {
      while (count < 2000) hear(start, count++);
    });
    t.is(count, heard);
    t.regex(error.message, message);
  });

test("what differs when it is looked at once more is put down to the histories, if they differ and nothing is shared", async (t) => {
  const source = `
    const make = () => {
      let n = 0;
      const replica = { ups: 0, isOdd: false, told: null };
      const hear = (what) => {
        if (what === "up") replica.ups++;
        if (what === "hidden") { n++; replica.isOdd = !replica.isOdd; }
        if (what === "tell") replica.told = n;
      };
      return { roots: { replica }, message: (_, what) => hear(what) };
    };`;
  const { start, hear } = await firstReplica(await realFile(t, source));
  let state = start;
  for (let count = 0; count < 30; count++) state = hear(state, "up");
  hear(state, "tell");
  const again = hear(hear(state, "hidden"), "hidden");
  const error = t.throws(() => {
    for (let count = 0; count < 200; count++) hear(again, "tell");
  });
  t.regex(error.message, /two histories that lead to the same visible state.*\.replica\.told is 0 or 2/);
});
