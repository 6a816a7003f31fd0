// More sight changes what is seen, and nothing of what a class does.

import test, { type ExecutionContext } from "ava";
import { findProtocol, UserError } from "../../src/index.js";
import { leaks } from "./leaks.js";
import { outcome } from "./leaks-support.js";
import { check, fixture, realFile, verdictOf } from "./support.js";

const [graph, closures, everything] = ["graph", "closures", "everything"] as const;

/** What a program has written into `log` at the end of a step, under a level of sight. */
async function logged(t: ExecutionContext, program: string, see: string): Promise<unknown> {
  const source = `
    const make = (io) => {
      const log = [];
      return { roots: { log }, request: async () => { log.push("begins"); ${program} } , message: () => io.event("log", log) };
    };`;
  const file = await realFile(t, source, { see, requestCount: 1 });
  const { protocol } = await findProtocol(file);
  const config = { replicas: 2, faults: 0, requests: 1, slots: 1, clients: false };
  const { behaviour } = protocol.nodes(config)[0]!;
  const context = { self: "r0", config };
  const [start] = behaviour.init(context, { kind: "start" });
  const [asked] = behaviour.step(context, start!.state, { kind: "timer", timer: "request A" });
  const [told] = behaviour.step(context, asked!.state, { kind: "message", from: "r1", message: 1 });
  return (told!.events[0] as unknown as { data: unknown }).data;
}

/** Programs in which order, names, or `this` could go wrong. */
const programs: { readonly [what: string]: string } = {
  "turns of promises": `
    const say = (x) => log.push(x);
    const a = async (n) => { say("a" + n); await null; say("b" + n); await Promise.resolve(); say("c" + n); return n; };
    const thenable = { then(f) { say("then"); f(7); } };
    queueMicrotask(() => say("micro"));
    const all = Promise.all([a(1), thenable, 3, a(2)]).then((v) => say(v.join()));
    Promise.resolve().then(() => say("p1")).then(() => say("p2")).then(() => say("p3")).then(() => say("p4"));
    (async () => { say(await thenable); say(await new Promise((r) => r(a(5)))); return a(6); })().then((v) => say("six" + v));
    Promise.reject(new Error("no")).catch((e) => say(e.message)).finally(() => say("finally")).then((v) => say(typeof v));
    Promise.race([new Promise(() => {}), a(8)]).then((v) => say("race" + v));
    Promise.any([Promise.reject(1), a(9)]).then((v) => say("any" + v));
    Promise.any([Promise.reject(1)]).catch((e) => say(e.constructor.name + e.errors.join()));
    Promise.allSettled([1, Promise.reject(2)]).then((v) => say(JSON.stringify(v)));
    process.nextTick(() => say("tick"));
    setImmediate(() => say("immediate"));
    await all; say("end");`,
  "generators, async generators and for await": `
    const g = function* (n) { try { const got = yield n; log.push(got); yield* [1, 2]; const [a = yield "d"] = []; log.push(a); } finally { log.push("closed"); } };
    for (const x of g(5)) { log.push(x); if (x === 2) break; }
    const one = g(6); one.next(); one.next("got"); one.next(); one.next(); log.push(one.next().value, one.next("x").done);
    const ag = async function* () { for (let i = 0; i < 3; i++) { await null; yield i; } };
    for await (const x of ag()) log.push(x);
    log.push([...(function* () { yield; yield (() => 4)(); })()].length);`,
  "names of functions": `
    const plain = () => log; let later; later = function () { return log; }; const key = "computed";
    const s = Symbol("s");
    const o = { prop: () => log, method() { return log; }, [key]: () => log, [s]: () => log, "quoted-key": () => log, 7: () => log, async am() { return log; }, get got() { return log; } };
    const { d = () => log } = {};
    const C = class { m() { return log; } }; class D { static s = () => log; }
    function declared() { return log; }
    (function named() { log.push(named.name); })();
    log.push(plain.name, later.name, ...Object.values(o).map((f) => f.name ?? "list"), o[s].name, d.name, C.name, D.name, declared.name, plain.bind(null).name, (() => log).name);`,
  "this, arguments, new.target, super, labels and scopes": `
    class Base { hello() { return "base"; } }
    class Mine extends Base { constructor() { super(); this.f = () => super.hello() + this.n; this.n = log.length; } static make() { return new this(); } }
    log.push(Mine.make().f());
    function F() { log.push(new.target === F); this.x = () => arguments[0] + this.y; this.y = 2; }
    log.push(new F(40).x());
    outer: for (let i = 0; i < 3; i++) { for (const j of [0, 1]) { if (j === 1) continue outer; if (i === 2) break outer; log.push(((k) => k + i + j)(1)); } }
    const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); log.push(fs.map((f) => f()).join());
    switch (log.length) { case 0: default: function inSwitch() { return log.length; } log.push(inSwitch() > 0); }
    try { tooEarly; } catch (e) { log.push(e.name + (() => e.message)()); } const tooEarly = () => log;
    log.push(new (class { constructor() { this.v = log.length; } })().v > 0, typeof hoisted()); function hoisted() { return log; }
    var o = { toString() { return "o" + log.length; }, __proto__: { p: () => log } }; log.push(String(o), typeof o.p);
    log.push((function () { "use strict"; return ((a, b = () => a) => b())(this === undefined); })());`,
};

for (const [what, program] of Object.entries(programs))
  test(`${what} are the same under any sight`, async (t) => {
    const log = (await logged(t, program, graph)) as unknown[];
    t.true(log.length > 5);
    for (const see of [closures, everything]) t.deepEqual(await logged(t, program, see), log, see);
  });

for (const [where, sees] of [
  ["a captured variable", closures],
  ["an argument of a bound function", closures],
  ["the target of a Proxy with traps", closures],
  ["a prototype of its own", closures],
  ["a variable of a generator", everything],
  ["an async function that waits", everything],
  ["the value of a promise", everything],
] as const)
  test(`${where} is seen by ${sees}`, async (t) => {
    t.is(await outcome(t, leaks[where]!, sees), "10 states");
    if (sees === everything) t.is(await outcome(t, leaks[where]!, closures), "detected");
  });

test("the report of hidden state says which sight would see it, and where it is", async (t) => {
  const source = `
    class Replica {
      constructor() {
        let n = 0;
        this.up = () => { n++; };
        this.get = () => n;
      }
    }
    const make = (io) => {
      const replica = new Replica();
      return { roots: { replica }, request: (value) => { if (value === "A") replica.up(); else io.broadcast(replica.get()); } };
    };`;
  const error = await t.throwsAsync(check(await realFile(t, source)), { instanceOf: UserError });
  t.regex(
    error!.message,
    /or have it seen by `see: "closures"`, which tells these states apart: \.replica\.up\.n \(.*replica\.real\.ts:6\) is 2 or 0\.$/,
  );
});

test("variables of modules are no state, also where a function wraps a module", async (t) => {
  const source = `
    const tools = (function (factory) { return factory(); })(function () { let made = 0; return { tool: () => () => made++ }; });
    class Replica { tool = tools.tool(); n = 0; }
    const make = () => { const replica = new Replica(); return { roots: { replica }, request: () => { replica.n = 1; replica.tool(); } }; };`;
  const { states } = await check(await realFile(t, source, { see: closures }), { properties: ["agreement"] });
  t.is(states, (await check(await realFile(t, source), { properties: ["agreement"] })).states);
});

test("an error under more sight points to the same line", async (t) => {
  const source = `
    class Replica {
      constructor(log) { this.f = [() => log, () => log, () => { throw new Error("no"); }]; }
    }
    const make = (io) => { const replica = new Replica([]); return { roots: { replica }, message: () => replica.f.map((f) => f()), request: () => io.broadcast(1) }; };`;
  for (const see of [closures, everything]) {
    const error = await t.throwsAsync(check(await realFile(t, source, { see })), { instanceOf: UserError });
    t.regex(error!.message, /threw "no \(.*replica\.real\.ts:4\)"/);
  }
});

test("a level that there is not is refused", async (t) => {
  const file = await realFile(t, "const make = () => ({ roots: {} });", { see: "all" });
  await t.throwsAsync(check(file), { message: /`see` must be one of graph, closures, everything/ });
});

test("an election in ordinary style comes to the same under any sight", async (t) => {
  const source = `
    import { ElectionNode } from ${JSON.stringify(fixture("ordinary.ts"))};
    const make = (io) => {
      const numberOf = (id) => Number(id.slice(1));
      const node = new ElectionNode(numberOf(io.self), io.peers.map(numberOf), (to, mail) => io.send("r" + to, mail));
      node.on("leader", (leader) => io.executed("r" + leader, { slot: 1, position: 1 }));
      return { roots: { node }, message: (_, mail) => node.deliver(mail), request: (who) => { if (who === io.self) node.elect(); } };
    };`;
  const options = {
    replicas: 3,
    requests: ["r0", "r1"],
    requestCount: 2,
    views: 1,
    properties: ["agreement"],
  };
  const results = [];
  for (const see of [graph, closures, everything])
    results.push(verdictOf(await check(await realFile(t, source, { ...options, see }))));
  // Under `everything` what a paused mailbox held last is part of the state.
  t.deepEqual(results, [
    { verdict: "holds", actions: null, states: 857, depth: 14 },
    { verdict: "holds", actions: null, states: 857, depth: 14 },
    { verdict: "holds", actions: null, states: 1683, depth: 14 },
  ]);
});
