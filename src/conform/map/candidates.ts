// Explanations of others' records that are still alive: states of all nodes and what they have sent, with how they came there. They share what
// they have in common. An event leads from each to those that it allows.

import { type Canonicalizer, SchemaMismatch } from "../../model/canonical.js";
import { evaluateInit } from "../../model/evaluate.js";
import { deepFreeze } from "../../model/plain-json.js";
import { sortedText } from "../../model/sorted-text.js";
import type { Config, Effect, Event, Json, NodeId, NodeSpec, Step } from "../../protocol/index.js";
import {
  canonicalState,
  outcomesOf,
  type RecordedInput,
  type RecordedStep,
  stateDigest,
} from "../../records/index.js";

/** A node of an explanation. */
interface Standing {
  readonly state: Json;
  readonly timers: ReadonlySet<string>;
}

/** A message that a node has sent. */
export interface SentMessage {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Json;
  readonly text: string;
}

/** An explanation of the events so far. */
export interface Candidate {
  readonly nodes: ReadonlyMap<NodeId, Standing>;
  readonly sent: readonly SentMessage[];
  readonly shown: ReadonlyMap<NodeId, readonly Event[]>;
  /** The steps that led here, the last one first. */
  readonly history: History | null;
}

/** A step, and those before it. */
export interface History {
  readonly step: RecordedStep;
  readonly before: History | null;
}

/** Makes steps of nodes. */
export class Candidates {
  readonly #specs: ReadonlyMap<NodeId, NodeSpec<Json>>;
  readonly #config: Config;
  readonly #canonical: Canonicalizer;
  readonly #replicas: readonly NodeId[];
  readonly #sentIds = new Map<string, number>();

  /** `specs`: all nodes; those that are `byzantine` make no steps, and hear what is sent to all. */
  constructor(
    specs: readonly NodeSpec<Json>[],
    byzantine: readonly NodeId[],
    config: Config,
    canonical: Canonicalizer,
  ) {
    this.#specs = new Map(specs.flatMap((spec) => (byzantine.includes(spec.id) ? [] : [[spec.id, spec]])));
    this.#config = config;
    this.#canonical = canonical;
    this.#replicas = specs.filter(({ role }) => role === "replica").map(({ id }) => id);
  }

  /** All ways to begin, after each node was given these requests in any order. */
  starts(requestsOf: (spec: NodeSpec<Json>) => readonly Json[]): Candidate[] {
    let all: Candidate[] = [{ nodes: new Map(), sent: [], shown: new Map(), history: null }];
    for (const spec of this.#specs.values()) {
      const outcomes = evaluateInit(spec, { self: spec.id, config: this.#config });
      all = all.flatMap((one) =>
        outcomes.map((outcome) => this.#after(one, spec.id, { kind: "start" }, outcome, outcomes.length)),
      );
      all = this.#given(all, spec.id, requestsOf(spec));
    }
    return all;
  }

  /** After all these requests, in any order. */
  #given(before: readonly Candidate[], node: NodeId, requests: readonly Json[]): Candidate[] {
    if (requests.length === 0) return [...before];
    const after = requests.flatMap((request, index) => {
      const first = before.flatMap((one) => this.outcomes(one, node, { kind: "request", request }));
      const next = first.map((outcome) => outcome.next);
      return this.#given(next, node, requests.toSpliced(index, 1));
    });
    return this.distinct(after);
  }

  /** All outcomes of an input at a node. */
  outcomes(
    candidate: Candidate,
    node: NodeId,
    input: RecordedInput,
  ): { readonly label: string | null; readonly next: Candidate }[] {
    const spec = this.#specs.get(node)!;
    const outcomes = outcomesOf(
      spec,
      { self: node, config: this.#config },
      candidate.nodes.get(node)!.state,
      input,
    );
    return outcomes.map((outcome) => ({
      label: outcome.label ?? null,
      next: this.#after(candidate, node, input, outcome, outcomes.length),
    }));
  }

  #after(
    candidate: Candidate,
    node: NodeId,
    input: RecordedInput,
    outcome: Step<Json, Json>,
    count: number,
  ): Candidate {
    const { effects, events, label } = outcome;
    const state = canonicalState(this.#specs.get(node)!, outcome.state);
    const timers = timersAfter(candidate.nodes.get(node)?.timers ?? new Set(), input, effects);
    const sent = this.#sentAfter(candidate.sent, node, effects);
    const number = 1 + countOf(candidate.history, node);
    const choice = count > 1 && label !== undefined ? { choice: label } : {};
    const step: RecordedStep = {
      ...{ kind: "step", node, at: 0, clock: { [node]: number }, input, ...choice },
      ...{ effects, events, digest: stateDigest(state) },
    };
    return {
      nodes: new Map(candidate.nodes).set(node, { state, timers }),
      sent,
      shown:
        events.length === 0
          ? candidate.shown
          : new Map(candidate.shown).set(node, [...(candidate.shown.get(node) ?? []), ...events]),
      history: { step, before: candidate.history },
    };
  }

  /** What is sent by now, each message once. */
  #sentAfter(
    before: readonly SentMessage[],
    from: NodeId,
    effects: readonly Effect<Json>[],
  ): readonly SentMessage[] {
    const sent = [...before];
    const texts = new Set(before.map(({ text }) => text));
    for (const effect of effects) {
      if (effect.kind !== "send" && effect.kind !== "broadcast") continue;
      const found = this.#canonical(effect.message);
      if (found instanceof SchemaMismatch) continue; // nobody can have received it
      const message = deepFreeze(found);
      for (const to of effect.kind === "send" ? [effect.to] : this.#replicas.filter((id) => id !== from)) {
        const text = `${from}>${to}>${sortedText(message)}`;
        if (texts.has(text)) continue;
        texts.add(text);
        sent.push({ from, to, message, text });
      }
    }
    return sent.length === before.length ? before : sent;
  }

  /** Those that differ in what may come after them. */
  distinct(candidates: readonly Candidate[]): Candidate[] {
    if (candidates.length < 2) return [...candidates];
    return [
      ...new Map(candidates.map((one) => [this.#key(one), one]).reverse() as [string, Candidate][]).values(),
    ].reverse();
  }

  #key({ nodes, sent, shown }: Candidate): string {
    const standings = [...nodes].map(
      ([node, { state, timers }]) => `${node} ${sortedText(state)} ${[...timers].sort()}`,
    );
    const ids = sent.map(({ text }) => this.#sentId(text)).sort((a, b) => a - b);
    const events = [...shown].map(([node, list]) => `${node} ${sortedText(list)}`);
    return `${standings.join("|")}#${ids}#${events}`;
  }

  #sentId(text: string): number {
    const known = this.#sentIds.get(text);
    if (known !== undefined) return known;
    this.#sentIds.set(text, this.#sentIds.size);
    return this.#sentIds.size - 1;
  }
}

function timersAfter(
  before: ReadonlySet<string>,
  input: RecordedInput,
  effects: readonly Effect<Json>[],
): ReadonlySet<string> {
  const timers = new Set(before);
  if (input.kind === "timer") timers.delete(input.timer);
  for (const effect of effects) {
    if (effect.kind === "set-timer") timers.add(effect.timer);
    if (effect.kind === "cancel-timer") timers.delete(effect.timer);
  }
  return timers;
}

function countOf(history: History | null, node: NodeId): number {
  for (let at = history; at !== null; at = at.before) if (at.step.node === node) return at.step.clock[node]!;
  return 0;
}

/** The steps of an explanation, in order. */
export function stepsOf({ history }: Candidate): RecordedStep[] {
  const steps: RecordedStep[] = [];
  for (let at = history; at !== null; at = at.before) steps.push(at.step);
  return steps.reverse();
}
