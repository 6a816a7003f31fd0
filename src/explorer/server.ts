// The server of `turncoat explore`, as an application without a socket: answers the page's questions from sessions (session.ts).
//
// It answers only requests that know the token, name this machine as their host, and do not come from another site's page: what a
// question does is run the user's protocol, and nobody else's page should be able to ask for that.

import { timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { describeSetting, type SettingDescription, settingFrom } from "../catalogue/index.js";
import { UserError } from "../model/errors.js";
import { htmlPage } from "../render/html.js";
import { checkMessages, decodeTrace, replay } from "../trace/index.js";
import { viewerPlace, viewerScript } from "../viewer/embed.js";
import { ExpressionError } from "../viewer/expression.js";
import { storyOf } from "../viewer/tell.js";
import { exported } from "./exports.js";
import { linkText, linkTo, readLink } from "./links.js";
import { LookAhead } from "./look-ahead.js";
import { nextActions } from "./next.js";
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

type Open = Pick<ServerOptions, "session" | "place">;

/** The application; see the file comment. */
export function explorerApp({ token, session, place, watches: watched = [], admit }: ServerOptions): Hono {
  const sessions: Open[] = [{ session, place }];
  const app = new Hono();
  const lookAhead = new LookAhead();
  let asking: AbortController | null = null;

  app.use(async (context, next) => {
    const { host } = new URL(context.req.url);
    const [origin, site] = [context.req.header("origin"), context.req.header("sec-fetch-site")];
    const isHere = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(context.req.header("host") ?? host);
    const isOurs = origin === undefined || /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(origin);
    if (!isHere || !isOurs || site === "cross-site" || site === "same-site")
      return context.text("not from here", 403);
    await next();
    context.header("cache-control", "no-store");
    context.header("x-content-type-options", "nosniff");
    context.header("referrer-policy", "no-referrer");
    context.header("cross-origin-resource-policy", "same-origin");
    return undefined;
  });
  app.use("/:token/*", async (context, next) => {
    if (!isSame(context.req.param("token"), token))
      return context.text("wrong token: use the URL that was printed", 403);
    return next();
  });
  app.onError((error, context) => {
    if (error instanceof UserError || error instanceof ExpressionError)
      return context.json({ problem: error.message }, 400);
    return context.json({ problem: `turncoat has a bug: ${error.stack ?? error.message}` }, 500);
  });

  app.get("/:token/", (context) => {
    const embedded = viewerScript({ stories: [], live: true });
    const page = htmlPage(
      "turncoat explore",
      viewerPlace(0, "This page needs scripts.", true),
      "",
      embedded,
      "'self'",
    );
    context.header("content-security-policy", `${policyOf(page)}; frame-ancestors 'none'`);
    return context.html(page);
  });

  /** What the page needs to show a session at some place. */
  const opened = (id: number, at: Place, note: string | null = null, watches: readonly string[] = []) => {
    const { session: shown } = sessions[id]!;
    return {
      session: id,
      name: shown.name,
      setting: describeSetting(shown.setting, shown.name),
      nodes: shown.nodeNames,
      starts: shown.starts
        .slice(0, 200)
        .map(({ id: start, start: choice }) => ({ id: start, text: startName(choice) })),
      ids: shown.path(at).map(({ id: visited }) => visited),
      story: shown.story(at, "main"),
      note,
      watches,
    };
  };
  const open = (next: Session, at: Place, note: string | null = null, watches: readonly string[] = []) =>
    opened(sessions.push({ session: next, place: at }) - 1, at, note, watches);

  const find = (ids: { readonly session: number; readonly at: number }) => {
    const found = sessions[ids.session]?.session;
    const at = found?.place(ids.at);
    if (!found || !at)
      throw new UserError("bad-option", "The server does not know this state any more: load the page again.");
    return { session: found, at };
  };

  app.get("/:token/api/session", (context) => context.json(opened(0, place, null, watched)));
  app.post("/:token/api/open", async (context) => {
    const body = await context.req.json<{ link?: string; trace?: string; setting?: SettingDescription }>();
    if (body.trace !== undefined) {
      const trace = decodeTrace(body.trace, "the file");
      admit(trace.setting.protocol);
      const next = new Session(await settingFrom(trace.setting), trace.setting.protocol);
      return context.json(openTrace(next, trace, open));
    }
    const link = readLink(body.link ?? "");
    admit(link.setting.protocol);
    const known = sessions.findIndex(({ session: one }) => isSameSetting(one, link.setting));
    const next =
      known >= 0
        ? sessions[known]!.session
        : new Session(await settingFrom(link.setting), link.setting.protocol);
    const shown = (there: Place, note: string | null = null) =>
      known >= 0 ? opened(known, there, note, link.watches) : open(next, there, note, link.watches);
    let at = next.startOf(link.start);
    if (!at)
      throw new UserError("bad-option", "There is no such start any more: the protocol has changed since.");
    for (const key of link.path) {
      const after = next.take(at, key);
      if (!after) {
        const note = `The link goes on for ${link.path.length} steps, but step ${at.depth + 1} is not possible any more.`;
        return context.json(shown(at, note));
      }
      at = after;
    }
    return context.json(shown(at));
  });
  app.post("/:token/api/story", async (context) => {
    const { session: shown, at } = find(await context.req.json());
    return context.json({ ids: shown.path(at).map(({ id }) => id), story: shown.story(at, "main") });
  });
  app.post("/:token/api/next", async (context) => {
    const body = await context.req.json<{ session: number; at: number; query?: string }>();
    const { session: shown, at } = find(body);
    const groups = nextActions(shown, at, body.query);
    lookAhead.from(shown, at);
    return context.json({ groups });
  });
  app.post("/:token/api/take", async (context) => {
    const body = await context.req.json<{ session: number; at: number; key: string }>();
    const { session: shown, at } = find(body);
    lookAhead.stop();
    const next = shown.take(at, body.key);
    if (!next) throw new UserError("bad-option", "This action is not possible in this state.");
    const { lanes, end, outcome, property, loopFrom } = shown.story(next, "");
    return context.json({ id: next.id, step: next.step, lanes, end, outcome, property, loopFrom });
  });
  app.post("/:token/api/ask", async (context) => {
    const body = await context.req.json<{ session: number; at: number; question: Question }>();
    const { session: shown, at } = find(body);
    asking?.abort();
    asking = new AbortController();
    const { place: reached, text, unavoidable } = await answer(shown, at, body.question, asking.signal);
    return context.json({
      text,
      unavoidable,
      ...(reached && { ids: shown.path(reached).map(({ id }) => id), story: shown.story(reached, "answer") }),
    });
  });
  app.post("/:token/api/stop", (context) => {
    asking?.abort();
    return context.json({});
  });
  app.post("/:token/api/link", async (context) => {
    const body = await context.req.json<{ session: number; at: number; watches?: readonly string[] }>();
    const { session: shown, at } = find(body);
    return context.json({ link: linkText(linkTo(shown, at, body.watches)) });
  });
  app.post("/:token/api/export", async (context) => {
    const body = await context.req.json<{ session: number; at: number; format: string }>();
    const { session: shown, at } = find(body);
    return context.json(exported(shown, at, body.format));
  });
  app.post("/:token/api/compare", async (context) => {
    const body = await context.req.json<{ session: number; at: number; protocol?: string; trace?: string }>();
    const { session: shown, at } = find(body);
    if (body.trace !== undefined) {
      const trace = decodeTrace(body.trace, "the file");
      admit(trace.setting.protocol);
      return context.json({ story: storyOf(await replay(trace), trace.setting.protocol) });
    }
    const protocol = body.protocol ?? "";
    admit(protocol);
    const other = new Session(
      await settingFrom({ ...describeSetting(shown.setting, shown.name), protocol }),
      protocol,
    );
    const start = other.startOf(at.start);
    if (!start) throw new UserError("bad-option", `${protocol} has no such start.`);
    const actions = shown.actions(at);
    const reached = other.follow(start, actions);
    const story = other.story(reached, protocol);
    const isWhole = reached.depth === actions.length;
    const end = isWhole ? story.end : `Step ${reached.depth + 1} is not possible here.`;
    return context.json({ story: { ...story, end, outcome: isWhole ? story.outcome : "diverged" } });
  });
  return app;
}

/** A trace as a session: all of its actions, as far as they are possible. @throws {UserError} for messages of another protocol. */
export function openTrace<T>(
  session: Session,
  trace: ReturnType<typeof decodeTrace>,
  open: (session: Session, at: Place, note: string | null) => T,
): T {
  checkMessages(trace, session.setting);
  const start = session.startOf(trace.start);
  if (!start)
    return open(session, session.starts[0]!, "The trace has a start that is not possible any more.");
  const { actions, loop = [], schedule } = trace;
  const stem = session.follow(start, actions, false, schedule?.timesMs);
  const end = stem.depth === actions.length ? session.follow(stem, loop, true) : stem;
  const count = actions.length + loop.length;
  const note =
    end.depth === count
      ? null
      : `The trace has ${count} actions, of which action ${end.depth + 1} is not possible any more.`;
  return open(session, end, note);
}

function startName(choice: { readonly [node: string]: string }): string {
  const words = Object.entries(choice).map(([node, label]) => `${node}: ${label}`);
  return words.length === 0 ? "the start" : words.join(", ");
}

function isSameSetting(session: Session, setting: SettingDescription): boolean {
  return JSON.stringify(describeSetting(session.setting, session.name)) === JSON.stringify(setting);
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The policy that the page itself names. */
function policyOf(page: string): string {
  return /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
}
