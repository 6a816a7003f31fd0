// State that a snapshot cannot see is found by evaluating from two histories.

import test from "ava";
import { UserError } from "../../src/index.js";
import { check, realFile } from "./support.js";

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
