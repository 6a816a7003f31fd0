// A replayed trace as an abstract sequence diagram: the participants, and row by row what happens to whom.
// The Mermaid text and the SVG of pages are both made from it.

import { nodesOf } from "../model/setting.js";
import type { NodeId } from "../protocol/index.js";
import type { ReplayResult } from "../trace/replay-result.js";
import type { StepChange } from "../trace/step-change.js";
import { describer } from "./describe.js";
import { noPaint } from "./paint.js";
import { endLines, header } from "./render.js";
import { changeTexts, eventText, startTexts } from "./step-words.js";

/** A node's lifeline. */
interface Lane {
  readonly node: NodeId;
  readonly isByzantine: boolean;
}

/**
 * How a message travels: as it was sent, made by a Byzantine node, passed on by one, or in trouble on its
 * way.
 */
export type Journey = "sent" | "forged" | "relayed" | "lost" | "doubled";

/** One action. */
export interface Row {
  /** From 1. */
  readonly number: number;
  /** To whom it happens. */
  readonly at: NodeId;
  /** Where the message comes from, and how; null if the action is not about a message. */
  readonly message: { readonly from: NodeId; readonly journey: Journey } | null;
  /** The message, or what else happens. */
  readonly text: string;
  /** What properties have seen of it. */
  readonly events: readonly string[];
  /** Views, messages sent, timers. */
  readonly changes: readonly string[];
}

/** A sequence diagram as data. */
export interface Diagram {
  readonly title: string;
  readonly subtitle: string;
  /** How the nodes began that had a choice. */
  readonly starts: readonly string[];
  readonly lanes: readonly Lane[];
  readonly rows: readonly Row[];
  /** The index of the first row of those that can be repeated for ever; null if there are none. */
  readonly loopFrom: number | null;
  /** How it ends, in a sentence. */
  readonly end: string;
  readonly isViolated: boolean;
}

/** The diagram of a replayed trace. It shows the actions that were performed. */
export function diagramOf(result: ReplayResult): Diagram {
  const { setting, steps } = result;
  const describe = describer(setting.protocol, setting.config);
  const rows = steps.map((step, index) => rowOf(step, index + 1, setting.byzantine, describe));
  const nodes = nodesOf(setting.protocol, setting.config).map(({ id }) => id);
  const others = rows.flatMap(({ message }) => message?.from ?? []); // such as clients that are no nodes of this run
  const [title = "", subtitle = ""] = header(setting);
  const loop = result.outcome === "reproduced" ? (result.loop ?? 0) : 0;
  return {
    title,
    subtitle,
    starts: startTexts(result.start),
    lanes: [...new Set([...nodes, ...others])].map((node) => ({
      node,
      isByzantine: setting.byzantine.includes(node),
    })),
    rows,
    loopFrom: loop === 0 ? null : rows.length - loop,
    end: endLines(result, describe, noPaint)[0] ?? "",
    isViolated: result.outcome === "reproduced",
  };
}

const journeys = {
  deliver: "sent",
  inject: "forged",
  relay: "relayed",
  lose: "lost",
  duplicate: "doubled",
} as const;

function rowOf(
  step: StepChange,
  number: number,
  byzantine: readonly NodeId[],
  describe: ReturnType<typeof describer>,
): Row {
  const { action, node, events } = step;
  const isAboutMessage = "message" in action;
  return {
    number,
    at: node,
    message: isAboutMessage
      ? { from: handedOverBy(action, byzantine), journey: journeys[action.kind] }
      : null,
    text: describe.deed(action),
    events: events.map((event) => eventText(node, event, describe)),
    changes: changeTexts(step, describe),
  };
}

/**
 * Who puts a message in front of its receiver. That is not always its origin: a Byzantine node passes on what
 * others have signed. Where several could have done it and the action does not say which, the first stands
 * for them.
 */
export function handedOverBy(
  action: Extract<StepChange["action"], { readonly message: unknown }>,
  byzantine: readonly NodeId[],
): NodeId {
  if ("via" in action && action.via !== undefined) return action.via;
  if (action.kind === "relay" || (action.kind === "inject" && !byzantine.includes(action.from)))
    return byzantine[0] ?? action.from;
  return action.from;
}
