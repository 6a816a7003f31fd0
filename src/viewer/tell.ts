// Tells a story: turns replayed executions, and single steps of live ones, into the plain data of the page (see story.ts).

import { type Action, actor, choiceOf, messageOf } from "../model/action.js";
import { nodesOf, type Setting } from "../model/setting.js";
import { isSigned, typeNameOf } from "../model/terms.js";
import { visibleText } from "../model/visible-text.js";
import { ownWords } from "../parameters/vocabulary.js";
import type { Json, NodeId, Words } from "../protocol/index.js";
import { type Describer, describer } from "../render/describe.js";
import { handedOverBy } from "../render/diagram.js";
import { noPaint } from "../render/paint.js";
import { endLines, header } from "../render/render.js";
import { type Sending, Sendings } from "../render/sendings.js";
import { changeTexts, eventText, startTexts } from "../render/step-words.js";
import type { Moment } from "../trace/moment.js";
import type { ReplayResult } from "../trace/replay-result.js";
import type { NodeSummary, StepChange } from "../trace/step-change.js";
import { diff } from "./patch.js";
import type { Story, StoryLane, StoryMessage, StoryNode, StoryStep } from "./story.js";

/** What a step is told with, besides itself. */
export interface StepContext {
  /** Where its node stood before. */
  readonly before: NodeSummary;
  /** What properties and adversary said before; null if nobody knows. */
  readonly moment: Moment | null;
  readonly causes: readonly Sending[];
  readonly timeMs: number | null;
}

/** The story of a replayed trace. `name` is what it is called where there are several. */
export function storyOf(result: ReplayResult, name: string): Story {
  const { setting, property, starts, steps, timesMs } = result;
  const teller = new StoryTeller(setting);
  const sendings = new Sendings(setting, starts);
  const nodes = new Map(starts.map((summary) => [summary.node, summary]));
  let moment = result.startMoment ?? null;
  const told = steps.map((step, index): StoryStep => {
    const before = nodes.get(step.node) ?? step.now;
    const context = { before, moment, causes: sendings.add(step), timeMs: timesMs?.[index] ?? null };
    nodes.set(step.node, step.now);
    moment = step.moment;
    return teller.step(step, context);
  });
  const loop = result.outcome === "reproduced" ? (result.loop ?? 0) : 0;
  const failing = result.outcome === "reproduced" ? result.faultAction : undefined;
  return {
    ...teller.beginning(starts, result.startMoment ?? null, startTexts(result.start)),
    name,
    property,
    outcome: { reproduced: "violated", diverged: "diverged", "holds now": "holds" }[
      result.outcome
    ] as Story["outcome"],
    end: endLines(result, teller.describe, noPaint)[0] ?? "",
    lanes: teller.lanes(told),
    steps: failing ? [...told, teller.failing(failing, endLines(result, teller.describe, noPaint))] : told,
    loopFrom: loop === 0 ? null : told.length - loop,
    unavoidable: null,
  };
}

/** Tells of runs in one setting. */
export class StoryTeller {
  readonly describe: Describer;
  readonly #setting: Setting;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.describe = describer(setting.protocol, setting.config);
  }

  /** What can be said before anything has happened. */
  beginning(starts: readonly NodeSummary[], moment: Moment | null, startWords: readonly string[]) {
    const [title = "", ...subtitle] = header(this.#setting);
    return {
      title,
      subtitle,
      ...this.#meanings(),
      words: {
        view: this.describe.words.views?.one ?? "view",
        slot: this.describe.words.slots?.one ?? "slot",
      },
      starts: startWords,
      nodes: starts.map((summary) => this.node(summary)),
      monitors: moment?.monitors ?? [],
      known: (moment?.known ?? []).map((statement) => this.statement(statement)),
    };
  }

  #meanings() {
    const { protocol, adversary, properties } = this.#setting;
    const about = [
      [protocol.name, protocol.summary],
      ...(adversary ? [[adversary.name, adversary.summary]] : []),
    ];
    return {
      // A recorded simulation has no adversary, only its name.
      about: about
        .filter(([, summary]) => summary)
        .map(([name, summary]) => visibleText(`${name}: ${summary}`)),
      meanings: Object.fromEntries(properties.map(({ name, summary }) => [name, visibleText(summary)])),
    };
  }

  /** The lanes of all nodes, and of whoever else these steps speak of. */
  lanes(steps: readonly StoryStep[]): StoryLane[] {
    const { protocol, config, byzantine } = this.#setting;
    const roles = new Map(nodesOf(protocol, config).map(({ id, role }) => [id, role]));
    const others = steps.flatMap(({ from }) => from ?? []);
    return [...new Set([...roles.keys(), ...others])].map((node) => ({
      node,
      role: roles.get(node) ?? null,
      isByzantine: byzantine.includes(node),
    }));
  }

  node({ node, view, timers, down, state }: NodeSummary): StoryNode {
    return { node, view, timers, down, state };
  }

  /** A signed statement, with who has signed it. */
  statement(statement: Json | { readonly signer: NodeId }): string {
    const { signer } = statement as { signer: NodeId };
    return `${signer}: ${this.describe.message(statement as Json)}`;
  }

  step(step: StepChange, { before, moment, causes, timeMs }: StepContext): StoryStep {
    const { action, node, events, sent, now } = step;
    const knownBefore = new Set(moment?.known ?? []);
    const isJudgedAlike = moment !== null && moment.monitors === step.moment.monitors;
    return {
      ...this.#action(action, node),
      events: events.map((event) => eventText(node, event, this.describe)),
      changes: changeTexts(step, this.describe),
      executed: events.flatMap((event) => (event.kind === "executed" ? visibleText(event.request) : [])),
      sent: sent.map(({ to, message }) => ({ to, ...this.message(message) })),
      causes: causes.map(({ node: by, step: at, letter }) => ({ node: by, step: at, letter })),
      view: now.view,
      timers: now.timers,
      down: now.down,
      patch: diff(before.state, now.state),
      monitors: isJudgedAlike ? null : step.moment.monitors,
      learned: step.moment.known
        .filter((statement) => !knownBefore.has(statement))
        .map((statement) => this.statement(statement)),
      timeMs,
    };
  }

  /** The action that ends with an error changes nothing. */
  failing(action: Action, words: readonly string[]): StoryStep {
    const nothing = { executed: [], sent: [], causes: [], timers: [], learned: [], patch: [] };
    const about = this.#action(action, actor(action));
    return {
      ...about,
      ...nothing,
      events: words,
      changes: [],
      view: null,
      down: false,
      monitors: null,
      timeMs: null,
    };
  }

  #action(action: Action, at: NodeId) {
    const content = messageOf(action);
    return {
      kind: action.kind,
      at,
      from: "message" in action ? handedOverBy(action, this.#setting.byzantine) : null,
      line: this.describe.action(action),
      deed: this.describe.deed(action),
      message: content === undefined ? null : { ...this.message(content), content },
      timer: action.kind === "timer" ? action.timer : null,
      choice: choiceOf(action) ?? null,
    };
  }

  message(message: Json): StoryMessage {
    const body = (isSigned(message) ? message.body : message) as { readonly [field: string]: Json } | Json;
    return {
      type: typeOf(body as Json),
      text: this.describe.message(message),
      view: numberIn(body as Json, fieldsOf("views", this.describe.words)),
      slot: numberIn(body as Json, fieldsOf("slots", this.describe.words)),
    };
  }
}

function typeOf(body: Json): string {
  return visibleText(typeof body === "string" ? body : typeNameOf(body));
}

/** The fields of messages in which a view or a slot stands: the protocol's own word, then whatever else one can be called. */
function fieldsOf(what: "views" | "slots", words: Words): readonly string[] {
  const usual = Object.values<string>(ownWords[what]).filter((word) => word !== "index"); // an index of anything
  return [words[what]?.one ?? [], usual, what === "slots" ? ["sequence", "seq"] : []].flat();
}

function numberIn(body: Json, names: readonly string[]): number | null {
  if (typeof body !== "object" || body === null) return null;
  for (const name of names) {
    const value = (body as { readonly [field: string]: Json })[name];
    if (typeof value === "number") return value;
  }
  return null;
}
