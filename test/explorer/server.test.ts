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
