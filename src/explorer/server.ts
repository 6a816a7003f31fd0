// The server of `turncoat explore`, as an application without a socket: answers the page's questions from sessions (session.ts). guard.ts
// says whom it answers.

import { Hono } from "hono";
import { describeSetting, type SettingDescription, settingFrom } from "../catalogue/index.js";
import { sayingToo } from "../liar/told.js";
import { UserError } from "../model/errors.js";
import { htmlPage } from "../render/html.js";
import { decodeTrace, replay, type Trace } from "../trace/index.js";
import { viewerPlace, viewerScript } from "../viewer/embed.js";
import { ExpressionError } from "../viewer/expression.js";
import type { Story } from "../viewer/story.js";
import { storyOf } from "../viewer/tell.js";
import { exported } from "./exports.js";
import { guard } from "./guard.js";
import { linkText, linkTo, readLink } from "./links.js";
import { LookAhead } from "./look-ahead.js";
import { nextActions } from "./next.js";
import { OpenSessions, type PlaceIds } from "./open-sessions.js";
import { policyOf } from "./policy.js";
import { answer, type Question } from "./questions.js";
import { type Place, Session } from "./session.js";

export interface ServerOptions {
  readonly token: string;
  /** What the page shows first. */
  readonly session: Session;
  readonly place: Place;
  /** What is watched there. Default: nothing. */
  readonly watches?: readonly string[];
  /** @throws {UserError} if the code that a file or a link names must not be run. */
  readonly admit: (protocol: string) => void;
}

type Admit = ServerOptions["admit"];

/** The application; see the file comment. */
export function explorerApp({ token, session, place, watches = [], admit }: ServerOptions): Hono {
  const app = new Hono();
  guard(app, token);
  app.onError((error, context) => {
    if (error instanceof UserError || error instanceof ExpressionError)
      return context.json({ problem: error.message }, 400);
    return context.json({ problem: `turncoat has a bug: ${error.stack ?? error.message}` }, 500);
  });
  app.get("/:token/", (context) => {
    const page = livePage();
    context.header("content-security-policy", `${policyOf(page)}; frame-ancestors 'none'`);
    return context.html(page);
  });

  const sessions = new OpenSessions();
  const first = sessions.open(session, place, { watches }).session;
  app.get("/:token/api/session", (context) => context.json(sessions.shown(first, place, { watches })));
  routesToOpen(app, sessions, admit);
  routesToStep(app, sessions);
  routesToAsk(app, sessions);
  routesToKeep(app, sessions);
  return app;
}

/** Other sessions: opened from a file or a link; or the same actions with another protocol, to compare. */
function routesToOpen(app: Hono, sessions: OpenSessions, admit: Admit): void {
  app.post("/:token/api/open", async (context) => {
    const { link = "", trace } = await context.req.json<{ link?: string; trace?: string }>();
    if (trace !== undefined) return context.json(await sessions.openFile(admitted(trace, admit)));
    const target = readLink(link);
    admit(target.setting.protocol);
    return context.json(await sessions.openLink(target));
  });
  app.post("/:token/api/compare", async (context) => {
    const body = await context.req.json<PlaceIds & { protocol?: string; trace?: string }>();
    const { session, at } = sessions.find(body);
    if (body.trace !== undefined) {
      const trace = admitted(body.trace, admit);
      return context.json({ story: storyOf(await replay(trace), trace.setting.protocol) });
    }
    const { protocol = "" } = body;
    admit(protocol);
    return context.json({ story: await storyUnder(protocol, session, at) });
  });
}

/** Where a session stands, and how it goes on. */
function routesToStep(app: Hono, sessions: OpenSessions): void {
  const lookAhead = new LookAhead();
  app.post("/:token/api/story", async (context) => {
    const { session, at } = sessions.find(await context.req.json());
    return context.json({ ids: session.path(at).map(({ id }) => id), story: session.story(at, "main") });
  });
  app.post("/:token/api/next", async (context) => {
    const body = await context.req.json<PlaceIds & { query?: string }>();
    const { session, at } = sessions.find(body);
    const groups = nextActions(session, at, body.query);
    lookAhead.from(session, at);
    return context.json({ groups });
  });
  app.post("/:token/api/take", async (context) => {
    const body = await context.req.json<PlaceIds & { key: string }>();
    const { session, at } = sessions.find(body);
    lookAhead.stop();
    const next = session.take(at, body.key);
    if (!next) throw new UserError("bad-option", "This action is not possible in this state.");
    const { lanes, end, outcome, property, loopFrom } = session.story(next, "");
    return context.json({ id: next.id, step: next.step, lanes, end, outcome, property, loopFrom });
  });
}

/** Questions to the model, one at a time: another one stops it. */
function routesToAsk(app: Hono, sessions: OpenSessions): void {
  let asking: AbortController | null = null;
  app.post("/:token/api/ask", async (context) => {
    const body = await context.req.json<PlaceIds & { question: Question }>();
    const { session, at } = sessions.find(body);
    asking?.abort();
    asking = new AbortController();
    const { place: reached, text, unavoidable } = await answer(session, at, body.question, asking.signal);
    return context.json({
      text,
      unavoidable,
      ...(reached && {
        ids: session.path(reached).map(({ id }) => id),
        story: session.story(reached, "answer"),
      }),
    });
  });
  app.post("/:token/api/stop", (context) => {
    asking?.abort();
    return context.json({});
  });
}

/** What a run is kept as: a link or a file. */
function routesToKeep(app: Hono, sessions: OpenSessions): void {
  app.post("/:token/api/link", async (context) => {
    const body = await context.req.json<PlaceIds & { watches?: readonly string[] }>();
    const { session, at } = sessions.find(body);
    return context.json({ link: linkText(linkTo(session, at, body.watches)) });
  });
  app.post("/:token/api/export", async (context) => {
    const body = await context.req.json<PlaceIds & { format: string }>();
    const { session, at } = sessions.find(body);
    return context.json(exported(session, at, body.format));
  });
}

/** The trace in a file of the page's, if its protocol may be run. */
function admitted(text: string, admit: Admit): Trace {
  const trace = decodeTrace(text, "the file");
  admit(trace.setting.protocol);
  return trace;
}

/** The run that leads to a place, with another protocol, as far as it is possible there. */
async function storyUnder(protocol: string, session: Session, at: Place): Promise<Story> {
  const setting: SettingDescription = { ...describeSetting(session.setting, session.name), protocol };
  const actions = session.actions(at);
  const other = new Session(sayingToo(await settingFrom(setting), actions), protocol);
  const start = other.startOf(at.start);
  if (!start) throw new UserError("bad-option", `${protocol} has no such start.`);
  const reached = other.follow(start, actions);
  const story = other.story(reached, protocol);
  if (reached.depth === actions.length) return story;
  return { ...story, end: `Step ${reached.depth + 1} is not possible here.`, outcome: "diverged" };
}

function livePage(): string {
  const embedded = viewerScript({ stories: [], live: true });
  const place = viewerPlace(0, "This page needs scripts.", true);
  return htmlPage("turncoat explore", place, "", embedded, "'self'");
}
