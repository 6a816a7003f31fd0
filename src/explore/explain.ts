// Explains where the states of a search come from. A state combines one component of each node, so there are
// two questions: how many different components does each node have, and what makes them different? Both are
// read off the interned tables once a search has ended, exhausted or not.

import type { TransitionSystem } from "../model/system.js";
import { typeOf } from "../model/terms.js";
import { type Json, wordsOf } from "../protocol/index.js";
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
  /** Absent: the adversary is not the generic liar. */
  readonly alphabet?: AlphabetShare;
  /** What to lower or to drop, most effective first. */
  readonly advice: readonly string[];
}

/** Explains the size of what a search has seen so far. */
export function explain(system: TransitionSystem): Explanation {
  const nodes = system.nodes.map((table, index): NodeShare => {
    const locals = Array.from({ length: table.localCount }, (_, local) => table.localIdentity(local));
    return {
      node: system.nodes[index]!.spec.id,
      components: table.localOf.length,
      localStates: locals.length,
      outboxes: table.outboxes.length,
      fields: fieldFactors(locals),
    };
  });
  const messages = messageShares(system);
  const alphabet = alphabetShare(system);
  return {
    nodes,
    observations: system.observations.count,
    messages,
    ...(alphabet && { alphabet }),
    advice: advice(system, nodes),
  };
}

function fieldFactors(locals: readonly Json[]): FieldFactor[] {
  const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!locals.every(isRecord)) return [];
  const fields = [...new Set(locals.flatMap((local) => Object.keys(local)))];
  return fields
    .map((field) => {
      const values = new Set(locals.map((local) => JSON.stringify(local[field])));
      const without = new Set(locals.map((local) => JSON.stringify({ ...local, [field]: null })));
      return { field, values: values.size, factor: locals.length / Math.max(1, without.size) };
    })
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
      const share = shares.get(typeOf(message)) ?? { sent: 0, idle: 0 };
      shares.set(typeOf(message), share);
      share.sent++;
      if (!isSeenByAdversary && !effective.has(text)) share.idle++;
    }
  }
  return [...shares]
    .map(([type, share]) => ({ type, ...share }))
    .sort((a, b) => b.sent - a.sent || (a.type < b.type ? -1 : 1));
}

/** Fields whose loss would make no more difference than this are not worth a sentence. */
const noticeableFactor = 1.2;

function advice({ setting }: TransitionSystem, nodes: readonly NodeShare[]): string[] {
  const largest = [...nodes].sort((a, b) => b.components - a.components)[0];
  const [field] = largest?.fields ?? [];
  const lines: string[] = [];
  if (largest && field && field.factor >= noticeableFactor)
    lines.push(
      `${largest.node} has the most components, and its field \`${field.field}\` multiplies its local states by ` +
        `${field.factor.toFixed(1)}: drop from it what is not needed any more, or keep it in one order (mark it as a set).`,
    );
  const { views } = setting.bounds;
  const { requests, slots } = setting.config;
  const words = wordsOf(setting.protocol.vocabulary);
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
