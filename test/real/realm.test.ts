// The realm: what code finds in it, what is refused, and where errors point to.

import { createRequire } from "node:module";
import test from "ava";
import { UserError } from "../../src/index.js";
import { bundle } from "../../src/real/bundle.js";
import { check, realFile } from "./support.js";

/** A replica that runs `body` when it is asked for something. */
const onRequest = (body: string, imports = "") => `
${imports}
class Replica {
  seen: unknown = null;
  ask(io) {
    ${body}
  }
}
const make = (io) => {
  const replica = new Replica();
  return { roots: { replica }, request: () => replica.ask(io) };
};`;

/** What `expression` is, when it is asked for inside. */
async function inside(t: Parameters<typeof realFile>[0], expression: string, imports = ""): Promise<unknown> {
  const body = `if (this.seen === null) { this.seen = 1; io.event("is", ${expression}); }`;
  const file = await realFile(t, onRequest(body, imports), { replicas: 1, requestCount: 1 });
  const { findProtocol } = await import("../../src/index.js");
  const { protocol } = await findProtocol(file);
  const config = { replicas: 1, faults: 0, requests: 1, slots: 1, clients: false };
  const [node] = protocol.nodes(config);
  const context = { self: "r0", config };
  const [start] = node!.behaviour.init(context, { kind: "start" });
  const [after] = node!.behaviour.step(context, start!.state, { kind: "timer", timer: "request A" });
  const [event] = after!.events;
  return (event as unknown as { data: unknown }).data;
}

test("time stands still, and chance is what the file says", async (t) => {
  t.deepEqual(
    await inside(t, "[new Date().toISOString(), Date.now() - performance.timeOrigin, Math.random()]"),
    ["2026-01-01T00:00:00.000Z", 0, 0.5],
  );
});

test("digests, HMACs and Ed25519 signatures are right, and at once", async (t) => {
  const imports = `import { createHash, createHmac, generateKeyPairSync, sign, verify } from "node:crypto";`;
  t.deepEqual(
    await inside(
      t,
      `(() => { const { privateKey, publicKey } = generateKeyPairSync("ed25519"); const data = Buffer.from("abc");
        const signature = sign(null, data, privateKey);
        return [createHash("sha256").update("a").update("bc").digest("hex").slice(0, 8),
          createHmac("sha256", "key").update("abc").digest("base64").slice(0, 8),
          verify(null, data, publicKey, signature), verify(null, Buffer.from("abd"), publicKey, signature)]; })()`,
      imports,
    ),
    ["ba7816bf", "nBluMtwB", true, false],
  );
});

test("what stands in for Node's modules shares no package with the user's code, which may need it first", async (t) => {
  const { resolve } = createRequire(import.meta.url);
  // `inherits` needs `util`, and what stands in for `util` needs `inherits`.
  const packages = ["inherits", "safe-buffer", "readable-stream"].map((name) => resolve(name));
  t.deepEqual(
    await inside(
      t,
      `[typeof inherits, typeof util.inherits, typeof safe.Buffer.from, typeof streams.Readable, typeof stream.Readable]`,
      `import inherits from ${JSON.stringify(packages[0])};
       import * as safe from ${JSON.stringify(packages[1])};
       import * as streams from ${JSON.stringify(packages[2])};
       import util from "util"; import stream from "stream";`,
    ),
    ["function", "function", "function", "function", "function"],
  );
  const modules = [
    "util",
    "events",
    "buffer",
    "stream",
    "stream/promises",
    "string_decoder",
    "path",
    "assert",
  ];
  const file = await realFile(t, modules.map((name) => `import ${JSON.stringify(name)};`).join("\n"));
  const { inputs } = await bundle(file);
  const fromPackages = inputs.filter((input) => input.includes("node_modules"));
  t.true(fromPackages.length > 50);
  t.deepEqual(
    fromPackages.filter((input) => !input.endsWith("?node")),
    [],
  );
});

test("what reaches outside is refused by name, with what to inject, even if the class catches it", async (t) => {
  for (const [imports, body, message] of [
    [
      `import { readFileSync } from "node:fs";`,
      `readFileSync("/etc/passwd");`,
      /fs\.readFileSync reaches outside .* inject a store/,
    ],
    [`import * as net from "net";`, "net.connect(80);", /net\.connect reaches outside .* inject a transport/],
    ["", `fetch("http://localhost");`, /fetch reaches outside/],
    [
      `import { Worker } from "worker_threads";`,
      `new Worker("./a.js");`,
      /worker_threads\.Worker reaches outside/,
    ],
    [
      `import { readFile } from "fs/promises";`,
      `return readFile("/etc/passwd");`,
      /fs\/promises\.readFile reaches outside/,
    ],
  ] as const) {
    const guarded = `try { ${body} } catch {}`;
    for (const text of [body, guarded]) {
      const file = await realFile(t, onRequest(text, imports));
      const error = await t.throwsAsync(check(file), { instanceOf: UserError, message });
      t.regex(error!.message, /on the request "A"/);
    }
  }
});

test("a module whose name is computed is refused by name, with what to do", async (t) => {
  for (const body of [`return import(["./a", "js"].join("."));`, `require(["./a", "js"].join("."));`])
    await t.throwsAsync(check(await realFile(t, onRequest(body))), {
      instanceOf: UserError,
      message:
        /the module ".\/a.js" is not in the bundle, .* literal name, or inject it \(.*replica\.real\.ts:\d+\)" on the request "A"/,
    });
});

test("an exception shows file and line of the user's own source", async (t) => {
  const file = await realFile(
    t,
    `import { Replica } from "./replica.js";
     const make = (io) => { const replica = new Replica(); return { roots: { replica }, message: (from, m) => replica.hear(m), request: () => io.broadcast("x") }; };`,
    {},
    {
      "replica.ts":
        "export class Replica {\n  #n = 0;\n  async hear(m: string) {\n    await null;\n    throw new Error('no ' + m);\n  }\n}\n",
    },
  );
  const error = await t.throwsAsync(check(file), { instanceOf: UserError });
  t.regex(error!.message, /^r[01] threw "no x \(.*replica\.ts:5\)" on the message "x" from r[01]/);
});

test("a file that exports something else, or cannot be bundled, is refused", async (t) => {
  const other = await realFile(t, "const make = null;");
  await t.throwsAsync(check(other), { message: /make is not a function|must return/ });
  const missing = await realFile(t, `import "./nowhere.js"; const make = () => ({ roots: {} });`);
  await t.throwsAsync(check(missing), {
    instanceOf: UserError,
    message: /replica\.real\.ts:2: Could not resolve "\.\/nowhere\.js"/,
  });
});

test("a step that never comes to rest is an error", async (t) => {
  const file = await realFile(t, onRequest("const again = () => { setImmediate(again); }; again();"));
  await t.throwsAsync(check(file), { instanceOf: UserError, message: /does not come to rest/ });
});

test("messages are copied when they are sent, and what cannot be sent is named by its path", async (t) => {
  const file = await realFile(t, onRequest("io.broadcast({ a: [1, () => 1] });"));
  await t.throwsAsync(check(file), { instanceOf: UserError, message: /message\.a\.1 is a function/ });
});

test("bytes, bigints, dates, Map and Set arrive as what they were", async (t) => {
  const source = `
    class Replica { got = null; }
    const make = (io) => {
      const replica = new Replica();
      return { roots: { replica },
        message: (from, m) => {
          const kinds = [Buffer.isBuffer(m.b), m.b.toString(), m.u instanceof Uint8Array, m.u.length, typeof m.n, m.d.getTime(), m.m.get("k"), m.s.has(1), m.undef === undefined];
          if (replica.got === null) { replica.got = 1; io.event("kinds", kinds); throw new Error(JSON.stringify(kinds)); }
        },
        request: () => io.broadcast({ b: Buffer.from("hi"), u: new Uint8Array(3), n: 5n, d: new Date(7), m: new Map([["k", "v"]]), s: new Set([1]), undef: undefined }) };
    };`;
  const file = await realFile(t, source, { requestCount: 1 });
  await t.throwsAsync(check(file), { message: /\[true,"hi",true,3,"bigint",7,"v",true,true\]/ });
});
