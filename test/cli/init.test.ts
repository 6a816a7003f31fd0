// `turncoat init`: a first version of a file that describes a class.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { writeStarter } from "../../src/cli/starter.js";
import { classIn } from "../../src/real/class-shape.js";
import { firstVersion } from "../../src/real/first-version.js";
import { directoryWith, refusedWith, turncoat } from "./support.js";

const source = `import { EventEmitter } from "node:events";

/** class Other { } */
export class Replica extends EventEmitter {
  readonly #log: string[] = [];
  constructor(private readonly id: string, peers: readonly string[], send: (to: string, message: { value: string }) => void) {
    super();
    this.peers = peers;
    this.send = send;
  }
  async receive(from: string, { value }: { value: string }): Promise<void> {
    if (this.#log.includes(value)) return;
    this.#log.push(value);
    this.emit("commit", value);
  }
  propose(value: string) {
    for (const peer of this.peers) this.send(peer, { value });
    return this.receive(this.id, { value });
  }
}
`;

test("init guesses by names, and what it writes can be checked at once", async (t) => {
  const directory = await directoryWith(t, { "replica.ts": source });
  const { code, stdout } = await turncoat(directory, "init", "--real", "./replica.ts");
  t.is(code, 0);
  t.regex(stdout, /^replica\.real\.ts describes the class Replica/);
  const written = await readFile(join(directory, "replica.real.ts"), "utf8");
  for (const line of [
    'import { Replica } from "./replica.js";',
    "new Replica(io.self, io.peers, (to, message) => io.send(to, message));",
    "message: (from, message) => replica.receive(from, message),",
    "request: (request) => replica.propose(request),",
  ])
    t.true(written.includes(line), line);
  const checked = await turncoat(directory, "check", "./replica.real.ts", "--replicas", "2", "--json");
  t.is(checked.code, 1, checked.stderr);
  const [run] = JSON.parse(checked.stdout).runs;
  t.is(run.verdict, "violated");
  t.is(run.traces[0].actions, 2);
  // The trace reproduces in another process.
  const replayed = await turncoat(directory, "replay", run.traces[0].file);
  t.regex(replayed.stdout, /reproduced, agreement violated after 2 actions/);
  const minimized = await turncoat(directory, "minimize", run.traces[0].file);
  t.is(minimized.code, 0, minimized.stderr);
});

/** The lines of a first version that are guessed. */
const guessed = (text: string) =>
  firstVersion(classIn(text)!, "./a.ts")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /new |\.on\(|TODO/.test(line) && !line.startsWith("// How"));

test("init describes the class that is exported, with what it inherits and what its constructor reads", (t) => {
  const source = (exports: string) => `
class Peer extends EventEmitter {
  constructor(id, peers, send) { super(); }
  close() { this.emit("closed"); }
}
class Log {
  put(index, value) {}
}
class Replica extends Peer {
  constructor(opts) {
    super(opts.id, opts.peers, opts.send);
    this.leader = opts.leader;
  }
  async propose(value) {}
  async receive(from, m) { this.emit("commit", m.index, m.value); }
}
${exports}`;
  const replica =
    "const replica = new Replica({ id: io.self, peers: io.peers, send: (to, message) => io.send(to, message), leader: undefined /* leader */ }); // TODO: are these what it needs?";
  const commit =
    'replica.on("commit", (index, value) => io.executed(value, { slot: index })); // TODO: is that when a request was executed, and which? It also emits closed.';
  for (const exports of [
    "module.exports = { Replica, Log, next };",
    "module.exports = { create, Replica: Replica };",
    "exports.next = next;\nexports.Replica = Replica;",
    "export { next, Replica };",
  ]) {
    t.deepEqual(guessed(source(exports)), [replica, commit], exports);
    t.false(classIn(source(exports))!.isDefault);
  }
  for (const exports of ["module.exports = Replica;", "export default Replica;"]) {
    t.deepEqual(guessed(source(exports)), [replica, commit], exports);
    t.true(classIn(source(exports))!.isDefault);
  }
  t.is(classIn(source("module.exports = { Log, Replica };"))?.name, "Log");
  t.is(classIn(source("module.exports = { create };")), null);
});

test("init reads the events that a class emits, and the members of its parameters' types", (t) => {
  const lease = `
interface Wire { ask(round: number): void }
export class Lease extends EventEmitter {
  constructor(name: string, others: readonly string[], transport: { deliver(to: string, what: object): void; tellAll(what: object): void }) {}
  handle(from: string, what: object) {
    this.emit("stored", what);
    this.emit("committed", what.index, this.#values.get(what.index));
  }
}`;
  t.deepEqual(guessed(lease), [
    "const replica = new Lease(io.self, io.peers, { deliver: (to, message) => io.send(to, message), tellAll: (message) => io.broadcast(message) }); // TODO: are these what it needs?",
    'replica.on("committed", (index, value) => io.executed(value, { slot: index })); // TODO: is that when a request was executed, and which? It also emits stored.',
    "request: (request) => { /* TODO: which method takes a client's request? handle */ },",
  ]);
  const options = `
interface Options { id: string; peers: readonly string[]; send(to: string, m: object): void; onCommit?: (value: string) => void }
export class Register {
  constructor({ id, peers }: Options) {}
  async receive(from: string, m: object) {}
  submit(v: string) {}
}`;
  t.deepEqual(guessed(options), [
    "const replica = new Register({ id: io.self, peers: io.peers, send: (to, message) => io.send(to, message), onCommit: (request) => io.executed(request) }); // TODO: are these what it needs?",
  ]);
  const plain = `
export default class Queue extends EventEmitter {
  constructor(id, { nodes, network, timeout = 100 } = {}) {}
  onMessage(m) { this.emit("log:append", m); this.emit("elected"); }
  propose(v) {}
}`;
  t.deepEqual(guessed(plain), [
    "const replica = new Queue(io.self, { nodes: io.ids, network: (to, message) => io.send(to, message), timeout: undefined /* timeout */ }); // TODO: are these what it needs?",
    "// TODO: which event says that something was executed? It emits log:append, elected.",
    '// replica.on("...", (request) => io.executed(request));',
  ]);
});

test("a class that executes nothing because its file listens to another event is told apart from one that cannot", async (t) => {
  const described = firstVersion(classIn(source)!, "./replica.ts").replace('"commit"', '"comit"');
  const directory = await directoryWith(t, { "replica.ts": source, "replica.real.ts": described });
  const { code, stdout } = await turncoat(directory, "check", "./replica.real.ts", "--replicas", "2");
  t.is(code, 3);
  t.regex(stdout, /in none of the \d+ states has a replica executed anything; .* is ever emitted\./);
});

test("init overwrites nothing, and says what is missing", async (t) => {
  const directory = await directoryWith(t, {
    "a.ts": "export const a = 1;",
    "b.ts": source,
    "b.real.ts": "",
  });
  refusedWith(
    t,
    await turncoat(directory, "init", "--real", "./b.ts"),
    "turncoat: ./b.real.ts is there already: remove it first, or edit it.",
  );
  refusedWith(
    t,
    await turncoat(directory, "init", "--real", "./a.ts"),
    "turncoat: There is no class in ./a.ts: name the module that exports the replica's class.",
  );
  refusedWith(t, await turncoat(directory, "init", "--real", "./c.ts"), "turncoat: There is no file ./c.ts.");
});

test("init writes a project that can be checked as it is, and never writes over one", async (t) => {
  const directory = await directoryWith(t);
  const { code, stdout } = await turncoat(directory, "init", "mine");
  t.is(code, 0);
  t.true(
    stdout.startsWith(
      "Written to mine: protocol.ts, protocol.test.js, turncoat.config.ts, .github/workflows/turncoat.yml, package.json, .gitignore.\n",
    ),
  );
  const { code: checked, stdout: table } = await turncoat(join(directory, "mine"), "check");
  t.is(checked, 0);
  t.true(table.includes("2 of 2 runs: 2 as expected, 0 not. "));
  refusedWith(
    t,
    await turncoat(directory, "init", "mine", "--ci", "none"),
    "turncoat: protocol.ts, protocol.test.js, turncoat.config.ts are there already: nothing was written. Use another directory, as in: turncoat init my-protocol",
  );
});

test("init leaves a package as it is, and writes the CI file that is wanted", async (t) => {
  const directory = await directoryWith(t, { "package.json": "{}" });
  const told = writeStarter(directory, "gitlab");
  t.regex(
    told[0]!,
    /: protocol\.ts, protocol\.test\.js, turncoat\.config\.ts, \.gitlab-ci\.yml, \.gitignore\.$/,
  );
  t.is(
    told[1],
    'package.json is left as it is: it needs "type": "module", and effect and turncoat as dependencies.',
  );
  t.is(await readFile(join(directory, "package.json"), "utf8"), "{}");
});

test("init takes Turncoat from where the project around it has it", async (t) => {
  const directory = await directoryWith(t);
  const inside = (from: string) => {
    const project = join(directory, from);
    mkdirSync(join(project, "deep"), { recursive: true });
    return project;
  };
  for (const [name, said, expected] of [
    ["pack", { dependencies: { turncoat: "file:../turncoat.tgz" } }, "file:../../turncoat.tgz"],
    ["source", { devDependencies: { turncoat: "github:example/turncoat" } }, "github:example/turncoat"],
    ["clone", { name: "turncoat" }, "file:.."],
    ["other", { name: "other" }, "^0.1.0"],
  ] as const) {
    const project = inside(name);
    writeFileSync(join(project, "package.json"), JSON.stringify(said));
    const { code } = await turncoat(project, "init", "mine");
    t.is(code, 0);
    const written = JSON.parse(readFileSync(join(project, "mine/package.json"), "utf8"));
    t.deepEqual(written.dependencies, { effect: "^4.1.0", turncoat: expected });
  }
});
