// The server of the explorer, without a socket: what it answers, and whom it does not answer.

import { readFileSync } from "node:fs";
import test from "ava";
import { explorerApp } from "../../src/explorer/server.js";
import { Session } from "../../src/explorer/session.js";
import { UserError } from "../../src/model/errors.js";
import type { Story } from "../../src/viewer/story.js";
import { root } from "../cli/support.js";
import { admitted, hashesOf } from "../support/page.js";
import { pbftMutant, pbftSetting } from "../support/settings.js";

const token = "a-token";

interface Opened {
  readonly session: number;
  readonly ids: readonly number[];
  readonly story: Story;
  readonly note: string | null;
}

function server() {
  const setting = pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("quorum-2f") });
  const session = new Session(setting);
  const app = explorerApp({
    token,
    session,
    place: session.starts[0]!,
    admit: (protocol) => {
      if (protocol.startsWith("/")) throw new UserError("bad-module", `${protocol} is not admitted`);
    },
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(`http://127.0.0.1:1/${path}`, { headers: { host: "127.0.0.1:1", ...headers } });
  const post = async <T>(what: string, body: unknown, status = 200): Promise<T> => {
    const response = await app.request(`http://127.0.0.1:1/${token}/api/${what}`, {
      method: "POST",
      headers: { host: "127.0.0.1:1", "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status !== status) throw new Error(`${response.status}: ${text}`);
    return JSON.parse(text) as T;
  };
  return { get, post };
}

const trace = (name: string) => readFileSync(`${root}/corpus/${name}.json`, "utf8");

test("the page is served to whoever knows the token, on this machine, and to no other site", async (t) => {
  const { get } = server();
  t.is((await get(`${token}/`)).status, 200);
  t.is((await get("wrong/")).status, 403);
  t.is((await get("wrong/api/session")).status, 403);
  t.is((await get(`${token}/`, { host: "evil.example" })).status, 403);
  t.is((await get(`${token}/api/session`, { origin: "http://evil.example" })).status, 403);
  t.is((await get(`${token}/api/session`, { "sec-fetch-site": "cross-site" })).status, 403);
  t.is((await get(`${token}/api/session`, { origin: "http://127.0.0.1:1" })).status, 200);
  t.is((await get(`${token}/nothing`)).status, 404);
});

test("the page may talk to its own server, and runs no script but its own", async (t) => {
  const response = await server().get(`${token}/`);
  const page = await response.text();
  const policy = response.headers.get("content-security-policy")!;
  t.regex(policy, /default-src 'none'.*connect-src 'self'.*frame-ancestors 'none'/);
  t.notRegex(policy, /unsafe|\*/);
  t.is(response.headers.get("access-control-allow-origin"), null);
  t.deepEqual(admitted(page, "script-src"), hashesOf(page, /<script>/g, "</script>"));
});

test("one can step to the violation, share the way, and open it elsewhere", async (t) => {
  const { post } = server();
  const asked = await post<{ text: string; ids: number[]; story: Story }>("ask", {
    session: 0,
    at: 0,
    question: { kind: "violation" },
  });
  t.is(asked.story.steps.length, 4);
  t.is(asked.story.outcome, "violated");
  const { link } = await post<{ link: string }>("link", { session: 0, at: asked.ids.at(-1) });
  const elsewhere = server();
  const opened = await elsewhere.post<Opened>("open", { link });
  t.is(opened.note, null);
  t.is(opened.story.end, asked.story.end);
  t.deepEqual(opened.story.steps, asked.story.steps);
});

test("a trace is opened, compared with the correct protocol, and exported again", async (t) => {
  const { post } = server();
  const opened = await post<Opened>("open", { trace: trace("pbft-new-view-unjustified") });
  t.is(opened.story.steps.length, 14);
  const at = opened.ids.at(-1);
  const { story } = await post<{ story: Story }>("compare", {
    session: opened.session,
    at,
    protocol: "pbft",
  });
  t.is(story.steps.length, 4);
  t.is(story.end, "Step 5 is not possible here.");
  const file = await post<{ name: string; text: string }>("export", {
    session: opened.session,
    at,
    format: "trace",
  });
  const again = await post<Opened>("open", { trace: file.text });
  t.deepEqual(again.story.steps, opened.story.steps);
  const picture = await post<{ name: string; text: string }>("export", {
    session: opened.session,
    at,
    format: "mermaid",
  });
  t.regex(picture.text, /^sequenceDiagram/);
});

test("what is wrong is said in one readable message", async (t) => {
  const { post } = server();
  const problem = async (what: string, body: unknown) =>
    (await post<{ problem: string }>(what, body, 400)).problem;
  t.regex(await problem("open", { trace: "{}" }), /^the file is not a Turncoat trace/);
  const damaged = trace("pbft-quorum-2f").replace('"kind": "inject"', '"kind": "eject"');
  t.regex(await problem("open", { trace: damaged }), /^the file is a damaged trace:\n {2}actions\[0\]/);
  t.regex(await problem("open", { link: "#go=%%%" }), /^This is no link of turncoat explore/);
  t.regex(
    await problem("open", { link: `#go=${Buffer.from("{}").toString("base64url")}` }),
    /^The link is damaged/,
  );
  t.regex(await problem("take", { session: 0, at: 0, key: "x" }), /^This action is not possible/);
  t.regex(await problem("next", { session: 7, at: 0 }), /^The server does not know this state any more/);
  t.regex(
    await problem("ask", { session: 0, at: 0, question: { kind: "reach", expression: "r1." } }),
    /^A name is missing/,
  );
  const foreign = trace("pbft-quorum-2f").replace(
    '"protocol": "pbft/quorum-2f"',
    '"protocol": "/tmp/evil.ts"',
  );
  t.is(await problem("open", { trace: foreign }), "/tmp/evil.ts is not admitted");
});

/** A trace with something changed, and what is said of it. */
const damages: readonly (readonly [what: string, change: (trace: Damaged) => void, message: RegExp])[] = [
  [
    "a kind of action",
    (one) => (one.actions[0].kind = "hop"),
    /^the file is a damaged trace:\n {2}actions\[0\]: /,
  ],
  [
    "a message",
    (one) => (one.actions[0].message = { tag: "x" }),
    /do not fit the schema of pbft\/quorum-2f:\n {2}actions\[0\]/,
  ],
  [
    "the version",
    (one) => (one.version = 9),
    /^the file is a trace of version 9; Turncoat .+ reads version 1\.$/,
  ],
  [
    "the protocol",
    (one) => (one.setting.protocol = "pbft/quorum-3f"),
    /^There is no protocol named "pbft\/quorum-3f"/,
  ],
  ["the network", (one) => (one.setting.network = "pigeons"), /^There is no network named "pigeons"/],
  [
    "a simulated run",
    (one) => (one.setting.network = "simulated:1"),
    /^This is the trace of a simulated run/,
  ],
];

// biome-ignore lint/suspicious/noExplicitAny: parts of it are replaced by what does not belong there
type Damaged = any;

test("a damaged trace, a foreign file and a cut link are refused in words", async (t) => {
  const { post } = server();
  const problemOf = async (body: object) => (await post<{ problem: string }>("open", body, 400)).problem;
  for (const [what, change, message] of damages) {
    const one = JSON.parse(trace("pbft-quorum-2f"));
    change(one);
    t.regex(await problemOf({ trace: JSON.stringify(one) }), message, what);
  }
  t.regex(await problemOf({ trace: trace("pbft-quorum-2f").slice(0, 300) }), /looks truncated/);
  t.regex(await problemOf({ trace: "<html>" }), /^the file is not JSON/);
  t.regex(await problemOf({ trace: '{"#meta":{"format":"ITF"},"states":[]}' }), /is not a Turncoat trace/);
  for (const link of ["#go=xxx", "#go=bnVsbA", "#go=e30"])
    t.is(await problemOf({ link }), "The link is damaged: copy the whole of it.");
  t.regex(
    await problemOf({ link: "#kept=0123" }),
    /0123\.json is not here: a link to a way of more than 40 steps/,
  );
  t.regex(await problemOf({ link: "#elsewhere" }), /^This is no link of turncoat explore/);
});

test("a link carries the expressions that are watched", async (t) => {
  const { post } = server();
  const watches = ["r1.view", "x".repeat(300), "count(r*.log)"];
  const { link } = await post<{ link: string }>("link", { session: 0, at: 0, watches });
  const { watches: kept } = await post<{ watches: string[] }>("open", { link: `#${link}` });
  t.deepEqual(kept, ["r1.view", "count(r*.log)"]);
});
