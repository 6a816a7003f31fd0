// Classes of somebody's own, checked as they are.

import test from "ava";
import { insideContract } from "../../src/model/setting.js";
import { check, firstReplica, fixture, planned, realFile, verdictOf } from "./support.js";

test("a class with async methods, private fields and timers that decides in haste disagrees in two actions", async (t) => {
  const result = await check(fixture("hasty.real.ts"));
  t.deepEqual(verdictOf(result), { verdict: "violated", actions: 2, states: 11, depth: 2 });
  t.is(result.counterexample!.property, "agreement");
});

test("what multiplies the states of a class is told by the fields of its objects", async (t) => {
  const { explanation } = await check(fixture("hasty.real.ts"), {}, { explain: true });
  const [r0, r1] = explanation!.nodes.map(({ fields }) =>
    fields.slice(0, 2).map(({ field, values, factor }) => [field, values, factor]),
  );
  t.deepEqual(r0, [
    ["ballot.#decided", 3, 7 / 4],
    ["ballot.#again", 3, 1],
  ]);
  t.deepEqual(r1, [
    ["ballot.#decided", 3, 5 / 4],
    ["ballot.#told.Map", 3, 1],
  ]);
});

test("a timer is called as the function that it calls, and a nameless one `timer`", async (t) => {
  const source = `
    const make = (io) => {
      const elect = () => io.executed("A");
      setTimeout(elect, 100);
      setTimeout(() => io.executed("A"), 100);
      return { roots: {} };
    };`;
  const { start } = await firstReplica(await realFile(t, source));
  t.regex(JSON.stringify(start), /"name\W+elect\W.*"name\W+timer\W/);
});

test("the careful form holds", async (t) => {
  t.deepEqual(verdictOf(await check(fixture("careful.real.ts"))), {
    verdict: "holds",
    actions: null,
    states: 14,
    depth: 6,
  });
});

test("sleep sets visit the same states", async (t) => {
  t.deepEqual(verdictOf(await check(fixture("careful.real.ts"), { reduce: "sleep-sets" })), {
    verdict: "holds",
    actions: null,
    states: 14,
    depth: 6,
  });
});

test("each draw of Math.random is a choice among the values that the file names", async (t) => {
  const source = `
    class Replica { drawn = []; draw() { if (this.drawn.length < 2) this.drawn.push(Math.random()); return this.drawn; } }
    const make = (io) => {
      const replica = new Replica();
      return { roots: { replica }, request: () => { if (io.self === "r0" && replica.draw().length === 2) io.executed(replica.drawn.join()); } };
    };`;
  const options = { random: [0.25, 0.5, 0.75], requests: ["A", "B"] };
  const result = await check(await realFile(t, source, options), { properties: ["validity"] });
  t.is(result.verdict, "violated");
  t.deepEqual(
    result.counterexample!.actions.map((action) => "choice" in action && action.choice),
    ["random 0", "random 0"],
  );
});

test("a request that a node refuses can be made again, one that it takes cannot", async (t) => {
  const source = `
    class Replica { open = false; taken = []; }
    const make = (io) => {
      const replica = new Replica();
      setTimeout(() => { replica.open = true; }, 10);
      return { roots: { replica }, request: async (value) => {
        if (!replica.open) throw new Error("not yet");
        replica.taken.push(value); io.executed(value);
      } };
    };`;
  const result = await check(await realFile(t, source, { replicas: 1, requestCount: 1 }), {
    properties: ["validity"],
  });
  // Closed, open, taken.
  t.deepEqual(verdictOf(result), { verdict: "holds", actions: null, states: 3, depth: 2 });
});

test("an interval goes on, as often as the bound on firings allows", async (t) => {
  const source = `
    class Replica { beats = 0; beat() { this.beats++; } }
    const make = (io) => {
      const replica = new Replica();
      setInterval(() => replica.beat(), 10);
      return { roots: { replica } };
    };`;
  const file = await realFile(t, source, { replicas: 1, requestCount: 1 });
  t.is((await check(file, { views: 3 })).states, 4);
});

test("view() bounds a run instead of firings, if the class has views", async (t) => {
  const source = `
    class Replica { view = 0; beats = 0; beat() { this.beats = 1 - this.beats; if (this.beats === 0) this.view++; } }
    const make = (io) => {
      const replica = new Replica();
      setInterval(() => replica.beat(), 10);
      return { roots: { replica }, view: () => replica.view };
    };`;
  const file = await realFile(t, source, { replicas: 1, requestCount: 1 });
  t.is((await check(file, { views: 1 })).states, 4);
});

test("a clock that was read, and promises that were pending, are said", async (t) => {
  const source = `
    class Replica { at = 0; waiting = null; }
    const make = () => {
      const replica = new Replica();
      return { roots: { replica }, request: () => { replica.at = Date.now(); replica.waiting = new Promise(() => {}); } };
    };`;
  const file = await realFile(t, source, { replicas: 1, requestCount: 1 });
  const { findProtocol } = await import("../../src/index.js");
  const { protocol } = await findProtocol(file);
  t.deepEqual(protocol.notes!(), []);
  await check(file);
  t.deepEqual(
    protocol.notes!().map((note) => note.slice(0, 40)),
    ["the class reads the clock, which stands s", "after some steps a promise that can be re"].map((text) =>
      text.slice(0, 40),
    ),
  );
});

test("with clock: ticks a replica can be late", async (t) => {
  const source = `
    class Replica { began = Date.now(); }
    const make = (io) => {
      const replica = new Replica();
      return { roots: { replica }, request: () => { if (Date.now() - replica.began > 1500) io.executed("late"); else throw new Error("not yet"); } };
    };`;
  const options = { replicas: 1, requestCount: 1, clock: "ticks", views: 2 };
  const result = await check(await realFile(t, source, options), { properties: ["validity"] });
  // Two ticks, and the request.
  t.like(verdictOf(result), { verdict: "violated", actions: 3 });
});

test("after a crash a replica is made of what was stable, and can be asked again", async (t) => {
  const source = `
    class Replica { constructor(saved) { this.saved = saved ?? []; this.volatile = 0; } }
    const make = (io) => {
      const replica = new Replica(io.restored);
      return { roots: { replica }, stable: () => replica.saved,
        request: (value) => { replica.volatile++; replica.saved.push(value); if (replica.saved.length > replica.volatile) io.executed("again"); } };
    };`;
  const file = await realFile(t, source, { replicas: 1, requestCount: 1 });
  t.is((await check(file, { properties: ["validity"] })).verdict, "vacuous");
  // Asked, crashed, restarted, asked again.
  t.like(verdictOf(await check(file, { crashes: 1, properties: ["validity"] })), {
    verdict: "violated",
    actions: 4,
  });
  const without = await realFile(t, source.replace("stable: () => replica.saved,", ""), { replicas: 1 });
  await t.throwsAsync(check(without, { crashes: 1 }), {
    message: /return stable: \(\) => .* or use --losing nothing/,
  });
});

test("a class that bears crashes says so: one of three may be down", async (t) => {
  const source = "const make = () => ({ roots: {}, stable: () => null });";
  const inside = async (options: object) => {
    const { setting } = await planned(await realFile(t, source, { replicas: 3, ...options }), { crashes: 1 });
    return [setting.config.faults, insideContract(setting)];
  };
  t.deepEqual(await inside({}), [0, false]);
  t.deepEqual(await inside({ resilience: "crash" }), [1, true]);
  t.deepEqual(await inside({ resilience: "crash", replicas: 2 }), [0, false]);
  t.deepEqual(await inside({ resilience: "byzantine", replicas: 4 }), [1, true]);
  t.deepEqual(await inside({ resilience: "fast-byzantine", replicas: 5 }), [0, false]);
  await t.throwsAsync(async () => planned(await realFile(t, source, { resilience: "crashes" })), {
    message: /`resilience` must be one of byzantine, crash, fast-byzantine/,
  });
});

/** Looks whether it has voted, waits for a store that answers by setImmediate, then votes. */
const voter = `
class Store { read() { return new Promise((resolve) => setImmediate(() => resolve(null))); } }
class Voter { votes = []; store = new Store();
  async ask(who) { if (this.votes.length > 0) return; await this.store.read(); this.votes.push(who); if (this.votes.length > 1) throw new Error("voted twice"); } }
const make = (io) => {
  const voter = new Voter();
  return { roots: { voter }, message: (_, who) => voter.ask(who), request: () => { if (io.self !== "r0") io.send("r0", io.self); else throw new Error("not asked"); } };
};`;

test("a race across an await of a store is found where its answers are inputs of their own, and only there", async (t) => {
  const options = { replicas: 3, requestCount: 1, properties: ["agreement"] };
  t.is((await check(await realFile(t, voter, options))).verdict, "vacuous");
  await t.throwsAsync(check(await realFile(t, voter, { ...options, disk: "later" })), {
    message: /r0 threw "voted twice .*on the timer answer/,
  });
});

test("inputs that change nothing are not in a state's history, however many an instance has had", async (t) => {
  const source = `
    class Replica { ups = 0; hear(what) { if (what === "up") this.ups++; } }
    const make = () => {
      const replica = new Replica();
      return { roots: { replica }, message: (_, what) => replica.hear(what) };
    };`;
  const { start, hear } = await firstReplica(await realFile(t, source));
  for (let count = 0; count < 600; count++) t.is(hear(start, "no"), start);
  const { history } = JSON.parse(JSON.stringify(hear(start, "up"))) as { history: unknown };
  t.deepEqual(history, [
    ["start", null],
    ["message", "r1", '"up"'],
  ]);
});

test("of a long history that shows hidden state the beginning and the end are told, and the difference", async (t) => {
  const source = `
    let calls = 0;
    class Replica { ups = 0; seen = 0; hear() { if (++this.ups > 19) this.seen = calls++; } }
    const make = () => {
      const replica = new Replica();
      return { roots: { replica }, message: () => replica.hear() };
    };`;
  const { start, hear } = await firstReplica(await realFile(t, source));
  let state = start;
  for (let count = 0; count < 19; count++) state = hear(state, "up");
  const message = '(then the message "up" from r1, ){7}then the message "up" from r1';
  t.throws(() => hear(state, "up"), {
    message: new RegExp(
      `its start, then the message "up" from r1, then 10 more inputs, ${message}\\. First difference: \\.replica\\.seen is 0 or 1\\.`,
    ),
  });
});
