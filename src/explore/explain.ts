// Explains where the states of a search come from, and where its time went. A state combines one component of each node, so there are
// two questions: how many different components does each node have, and what makes them different? Both are
// read off the interned tables once a search has ended, exhausted or not.

import type { NodeTable } from "../model/node-table.js";
import type { TransitionSystem } from "../model/system.js";
import { typeNameOf } from "../model/terms.js";
import { type Json, wordsOf } from "../protocol/index.js";
import { type Cause, causesOf, firstOf } from "./blow-up/causes.js";
import { type Costs, costsOf } from "./blow-up/costs.js";
import { type CountingShare, countingOf } from "./blow-up/counting.js";
import { at, different, gainOf } from "./blow-up/places.js";
import { fieldsOf, nameOf, statesOf } from "./blow-up/states.js";
import { type AlphabetShare, alphabetShare } from "./liar.js";

/** A field of a node's state, and what it does to the number of its local states. */
export interface FieldFactor {
  readonly field: string;
  /** Distinct values that it has had. */
  readonly values: number;
  /**
   * By how much the distinct local states would shrink without it; 1 means that it follows from the others.
   */
  readonly factor: number;
}

/** What one node contributes. */
export interface NodeShare {
  readonly node: string;
  /** Distinct components: local state, timers and messages sent. */
  readonly components: number;
  readonly localStates: number;
  /** Distinct sets of messages sent: what the others' inboxes are made of. */
  readonly outboxes: number;
  /** The fields of its state, the one that multiplies most first. */
  readonly fields: readonly FieldFactor[];
}

/** How often a type of message occurs. */
export interface MessageShare {
  readonly type: string;
  /** Distinct messages that correct nodes have sent. */
  readonly sent: number;
  /**
   * How many of them have changed nothing in any state of the run, neither by delivery nor by what an
   * adversary learned.
   */
  readonly idle: number;
}

/** Where the states of a search come from. */
export interface Explanation {
  readonly nodes: readonly NodeShare[];
  /** Distinct tuples of monitor states: what the properties remember. */
  readonly observations: number;
  readonly messages: readonly MessageShare[];
  /** Absent: the adversary is not the generic liar, or the search has ended before it was ready. */
  readonly alphabet?: AlphabetShare;
  /** What multiplies, the most first. */
  readonly causes: readonly Cause[];
  readonly costs: Costs;
  /** Which messages are counted as votes are: see docs/what-holds-means.md, tallies. */
  readonly counting: readonly CountingShare[];
  /** What to lower or to drop, most effective first. */
  readonly advice: readonly string[];
}

/** What a search was like that is explained. */
export interface Searched {
  readonly seconds: number;
  readonly gcSeconds: number;
  /** Whether the adversary has worked out its moves. */
  readonly isPrepared: boolean;
  /** Whether a limit or an interrupt allows no more time. */
  readonly isOver: () => boolean;
}

/** Explains the size of what a search has seen so far, and its time. */
export function explain(
  system: TransitionSystem,
  { seconds, gcSeconds, isPrepared, isOver }: Searched,
): Explanation {
  const causes = causesOf(system);
  const costs = costsOf(system, seconds, gcSeconds);
  const nodes = system.nodes.map((table, index): NodeShare => {
    return {
      node: system.nodes[index]!.spec.id,
      components: table.localOf.length,
      localStates: table.localCount,
      outboxes: table.outboxes.length,
      fields: fieldFactors(table),
    };
  });
  const messages = messageShares(system);
  const alphabet = isPrepared ? alphabetShare(system, isOver) : null;
  return {
    nodes,
    observations: system.observations.count,
    messages,
    ...(alphabet && { alphabet }),
    ...{ causes, costs, counting: countingOf(system) },
    advice: [
      ...dearSteps(costs),
      ...causes.slice(0, causesTold).map(({ advice }) => advice),
      ...bounds(system),
    ],
  };
}

function fieldFactors(table: NodeTable): FieldFactor[] {
  // The states of a class are large, and have many fields.
  const states = table.spec.behaviour.parts ? firstOf(statesOf(table)) : [...statesOf(table)];
  return fieldsOf(table, states)
    .map((place) => ({
      field: nameOf(place),
      values: different(states.map((state) => at(state, place) as Json)),
      factor: gainOf(states, [place], () => undefined),
    }))
    .sort((a, b) => b.factor - a.factor || b.values - a.values || (a.field < b.field ? -1 : 1));
}

function messageShares(system: TransitionSystem): MessageShare[] {
  const effective = new Set(
    system.reactions
      .causes()
      .filter(({ kind }) => kind === "deliver" || kind === "relay")
      .map(({ message }) => JSON.stringify(message)),
  );
  const shares = new Map<string, { sent: number; idle: number }>();
  const seen = new Set<string>();
  for (const table of system.nodes.slice(0, system.correctCount)) {
    for (const { message, isSeenByAdversary } of table.messagesSent()) {
      const text = JSON.stringify(message);
      if (seen.has(text)) continue;
      seen.add(text);
      const share = shares.get(typeNameOf(message)) ?? { sent: 0, idle: 0 };
      shares.set(typeNameOf(message), share);
      share.sent++;
      if (!isSeenByAdversary && !effective.has(text)) share.idle++;
    }
  }
  return [...shares]
    .map(([type, share]) => ({ type, ...share }))
    .sort((a, b) => b.sent - a.sent || (a.type < b.type ? -1 : 1));
}

/** How many causes become advice. */
const causesTold = 3;

/** The author's `step` is the thing to look at if it takes more than a third of the time. */
export function dearSteps({ seconds, evaluations, evaluationMs, stepSeconds }: Costs): readonly string[] {
  if (stepSeconds < seconds / 3 || evaluationMs < 1) return [];
  return [
    `\`step\` takes ${Math.round((100 * stepSeconds) / seconds)} % of the time: ${evaluations} evaluations of ${evaluationMs.toFixed(1)} ms (two calls each). Make it cheaper: what it computes anew each time can be kept in a table outside, by its arguments.`,
  ];
}

/** The bound to lower. */
function bounds({ setting }: TransitionSystem): readonly string[] {
  const { views } = setting.bounds;
  const { requests, slots } = setting.config;
  const words = wordsOf(setting.protocol.vocabulary);
  const lines: string[] = [];
  if (views > 0 && words.views)
    lines.push(
      `${capital(words.views.many)} are the bound that costs most: try --${words.views.many} ${views - 1} first.`,
    );
  else if (slots > 1 && words.slots)
    lines.push(`${capital(words.slots.many)} multiply: try --${words.slots.many} ${slots - 1} first.`);
  else if (requests > 1) lines.push(`Request values multiply: try --requests ${requests - 1} first.`);
  return lines;
}

function capital(word: string): string {
  return word.replace(/^./, (letter) => letter.toUpperCase());
}
