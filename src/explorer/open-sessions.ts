// The sessions that one server holds, by number, and the ways to open another: from a link, or from a trace.

import { describeSetting, type SettingDescription, settingFrom } from "../catalogue/index.js";
import { sayingToo } from "../liar/told.js";
import { UserError } from "../model/errors.js";
import { checkMessages, type Trace } from "../trace/index.js";
import type { Link } from "./links.js";
import { type Place, Session } from "./session.js";

/** The names of a state in a request of the page. */
export interface PlaceIds {
  readonly session: number;
  readonly at: number;
}

/** What is shown of a session first. */
interface Shown {
  readonly note?: string | null;
  readonly watches?: readonly string[];
}

/** What the page needs to show a session at some place. */
export type Opened = ReturnType<OpenSessions["shown"]>;

/** See the file comment. */
export class OpenSessions {
  readonly #sessions: Session[] = [];

  /** The session and the place that a request names. @throws {UserError} if there are none, as after a restart of the server. */
  find({ session, at }: PlaceIds): { readonly session: Session; readonly at: Place } {
    const found = this.#sessions[session];
    const place = found?.place(at);
    if (!found || !place)
      throw new UserError("bad-option", "The server does not know this state any more: load the page again.");
    return { session: found, at: place };
  }

  /** Adds a session, and shows it. */
  open(session: Session, at: Place, more: Shown = {}): Opened {
    return this.shown(this.#sessions.push(session) - 1, at, more);
  }

  shown(id: number, at: Place, { note = null, watches = [] }: Shown = {}) {
    const session = this.#sessions[id]!;
    return {
      session: id,
      name: session.name,
      setting: describeSetting(session.setting, session.name),
      nodes: session.nodeNames,
      starts: session.starts
        .slice(0, 200)
        .map(({ id: start, start: choice }) => ({ id: start, text: startName(choice) })),
      ids: session.path(at).map(({ id: visited }) => visited),
      story: session.story(at, "main"),
      note,
      watches,
    };
  }

  /** Opens the state that a link names, in the session of its setting if there is one. */
  async openLink({ setting, start, path, watches = [] }: Link): Promise<Opened> {
    const known = this.#sessions.findIndex((one) => isSameSetting(one, setting));
    const session =
      known >= 0 ? this.#sessions[known]! : new Session(await settingFrom(setting), setting.protocol);
    const show = (at: Place, note: string | null = null) =>
      known >= 0 ? this.shown(known, at, { note, watches }) : this.open(session, at, { note, watches });
    let at = session.startOf(start);
    if (!at)
      throw new UserError("bad-option", "There is no such start any more: the protocol has changed since.");
    for (const key of path) {
      const after = session.take(at, key);
      if (!after) {
        const note = `The link goes on for ${path.length} steps, but step ${at.depth + 1} is not possible any more.`;
        return show(at, note);
      }
      at = after;
    }
    return show(at);
  }

  /** Opens the end of a trace's run. */
  async openFile(trace: Trace): Promise<Opened> {
    const session = await sessionOf(trace);
    const { at, note } = endOf(session, trace);
    return this.open(session, at, { note });
  }
}

/** A session in the setting of a trace, in which the generic liar can say what the trace has it say. */
export async function sessionOf({ setting, actions, loop = [] }: Trace): Promise<Session> {
  return new Session(sayingToo(await settingFrom(setting), [...actions, ...loop]), setting.protocol);
}

/**
 * The end of a trace's run in a session: after all of its actions, as far as they are possible. `note` says what was not.
 *
 * @throws {UserError} for messages of another protocol.
 */
export function endOf(session: Session, trace: Trace): { readonly at: Place; readonly note: string | null } {
  checkMessages(trace, session.setting);
  const start = session.startOf(trace.start);
  if (!start) return { at: session.starts[0]!, note: "The trace has a start that is not possible any more." };
  const { actions, loop = [], schedule } = trace;
  const stem = session.follow(start, actions, false, schedule?.timesMs);
  const at = stem.depth === actions.length ? session.follow(stem, loop, true) : stem;
  const count = actions.length + loop.length;
  if (at.depth === count) return { at, note: null };
  return {
    at,
    note: `The trace has ${count} actions, of which action ${at.depth + 1} is not possible any more.`,
  };
}

function startName(choice: { readonly [node: string]: string }): string {
  const words = Object.entries(choice).map(([node, label]) => `${node}: ${label}`);
  return words.length === 0 ? "the start" : words.join(", ");
}

function isSameSetting(session: Session, setting: SettingDescription): boolean {
  return JSON.stringify(describeSetting(session.setting, session.name)) === JSON.stringify(setting);
}
