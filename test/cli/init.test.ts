// `turncoat init`: a first version of a file that describes a class.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { writeStarter } from "../../src/cli/starter.js";
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
