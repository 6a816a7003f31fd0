// Rehearsals: random runs of the correct nodes with lies that are known so far, from which the liar learns what is said and in which
// states correct nodes can be. They have a seed, so the same setting always has the same ones.

import { type Canonicalizer, canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { KnowledgeBase } from "../model/knowledge.js";
import { deepFreeze } from "../model/plain-json.js";
import { purely } from "../model/purity.js";
import { isSigned } from "../model/terms.js";
import type { Context, Effect, Json, NodeId, NodeSpec, Protocol, Step } from "../protocol/index.js";
import { forged, type Heard, type Words } from "./vocabulary.js";

/** A correct node in some state. */
export interface Stand {
  readonly spec: NodeSpec<Json>;
  readonly context: Context;
  /** Canonical and frozen. */
  readonly state: Json;
}

/** A message that a Byzantine node can say. Canonical and frozen. */
export interface Lie {
  readonly self: NodeId;
  readonly message: Json;
}

/** A lie as it is heard. */
export function heardFrom({ self, message }: Lie): Heard {
  return { from: isSigned(message) ? message.signer : self, message };
}

/** What a rehearsal is asked to tell. */
export interface Audience {
  /** A correct node says this. */
  said(heard: Heard): void;
  /** A correct node is in this state; gives the lies that it would react to. */
  stands(at: Stand): Generator<void, readonly Lie[]>;
}

/** A correct node. */
interface Actor {
  readonly spec: NodeSpec<Json>;
  readonly context: Context;
}

/** The canonical form of a node's state; null if it does not fit. */
type CanonicalState = (spec: NodeSpec<Json>, state: Json) => Json | null;

interface Packet extends Heard {
  readonly to: NodeId;
}

/** See the file comment. */
export class Rehearsal {
  readonly #protocol: Protocol<Json, Json>;
  readonly #words: Words;
  readonly #message: Canonicalizer;
  /** By the JSON of a message. */
  readonly #canonical = new Map<string, Json | null>();
  readonly #states = new Map<NodeSpec<Json>["behaviour"], Canonicalizer>();
  readonly #nodes: readonly Actor[];
  readonly #base: KnowledgeBase;
  readonly #timers = new Map<NodeId, ReadonlySet<string>>();
  #runs = 0;

  constructor(protocol: Protocol<Json, Json>, words: Words) {
    this.#protocol = protocol;
    this.#words = words;
    this.#message = canonicalizer(protocol.message as never);
    this.#base = new KnowledgeBase(words.byzantine, () => true);
    this.#nodes = protocol
      .nodes(words.config)
      .filter(({ id }) => !words.byzantine.includes(id))
      .map((spec) => ({ spec, context: Object.freeze({ self: spec.id, config: words.config }) }));
  }

  /** The canonical form of a message, or null if it does not fit. Equal ones are one object. */
  canonical(message: Json): Json | null {
    return this.canonicalOf(JSON.stringify(message));
  }

  /** The same of a message as JSON. */
  canonicalOf(text: string): Json | null {
    const known = this.#canonical.get(text);
    if (known !== undefined) return known;
    const made = this.#message(JSON.parse(text));
    const canonical = made instanceof SchemaMismatch ? null : deepFreeze(made);
    this.#canonical.set(text, canonical);
    return canonical;
  }

  /** The timers that a node has set in these runs. */
  timersOf(node: NodeId): readonly string[] {
    return [...(this.#timers.get(node) ?? [])];
  }

  /** One random run, each another one. A step that throws ends it: the search will say so. */
  *run(steps: number, audience: Audience): Generator<void, void> {
    const run = new Run(
      this.#nodes,
      this.#protocol,
      this.#words,
      this.#base,
      dice(this.#runs++),
      audience,
      (message) => this.canonical(message),
    );
    try {
      yield* run.go(steps, (spec, state) => this.canonicalState(spec, state));
    } catch {}
    for (const [node, timers] of run.timersSet)
      this.#timers.set(node, new Set([...this.timersOf(node), ...timers]));
  }

  /** The canonical form of a node's state, or null if it does not fit: the search will say so. */
  canonicalState(spec: NodeSpec<Json>, state: Json): Json | null {
    let canonical = this.#states.get(spec.behaviour);
    if (!canonical) {
      canonical = canonicalizer(spec.behaviour.state as never);
      this.#states.set(spec.behaviour, canonical);
    }
    const made = canonical(state);
    return made instanceof SchemaMismatch ? null : deepFreeze(made);
  }
}

class Run {
  readonly #nodes: readonly Actor[];
  readonly #protocol: Protocol<Json, Json>;
  readonly #words: Words;
  readonly #base: KnowledgeBase;
  readonly #below: (bound: number) => number;
  readonly #audience: Audience;
  readonly #canonical: (message: Json) => Json | null;
  readonly #states = new Map<NodeId, Json>();
  readonly #timers = new Map<NodeId, Set<string>>();
  /** All timers that were ever set. */
  readonly timersSet = new Map<NodeId, Set<string>>();
  readonly #sent: Packet[] = [];
  readonly #fresh: Packet[] = [];
  /** Lies of this run; equal ones are one object, as the audience keeps them. */
  readonly #told = new Set<Json>();
  /** By node: the state in which it was looked at last. */
  readonly #looked = new Map<NodeId, Json>();
  #known: number;

  constructor(
    nodes: readonly Actor[],
    protocol: Protocol<Json, Json>,
    words: Words,
    base: KnowledgeBase,
    below: (bound: number) => number,
    audience: Audience,
    canonical: (message: Json) => Json | null,
  ) {
    this.#nodes = nodes;
    this.#protocol = protocol;
    this.#words = words;
    this.#base = base;
    this.#below = below;
    this.#audience = audience;
    this.#canonical = canonical;
    this.#known = base.learn(words.requests);
  }

  *go(steps: number, canonical: CanonicalState): Generator<void, void> {
    this.#begin(canonical);
    // It hears more or fewer of the lies that it would react to; in some runs the liar sticks to one value.
    const mood = this.#below(5);
    const words = [...this.#words.values, forged].map((value) => JSON.stringify(value));
    const theme = this.#below(2 * words.length);
    const others = words.filter((_, index) => theme < words.length && index !== theme);
    for (let step = 0; step < steps; step++) yield* this.#step(mood, others, canonical);
  }

  #begin(canonical: CanonicalState): void {
    for (const { spec, context } of this.#nodes) {
      this.#timers.set(spec.id, new Set());
      this.timersSet.set(spec.id, new Set());
      this.#take(spec, spec.behaviour.init(context, { kind: "start" }), canonical);
      for (const request of this.#shuffled(this.#requestsFor(spec)))
        this.#input({ spec, context }, { kind: "request", request }, canonical);
    }
  }

  /** One node hears a lie, a message, or its timer. */
  *#step(mood: number, others: readonly string[], canonical: CanonicalState): Generator<void, void> {
    const node = this.#nodes[this.#below(this.#nodes.length)]!;
    const { id } = node.spec;
    const kind = this.#below(10);
    const at = { ...node, state: this.#states.get(id)! };
    if (this.#looked.get(id) !== at.state) yield* this.#audience.stands(at);
    this.#looked.set(id, at.state);
    const lies = kind < 2 + mood ? yield* this.#lies(at, others) : [];
    if (lies.length > 0) this.#input(node, this.#lie(lies), canonical);
    else if (kind === 9 || (this.#fresh.length === 0 && this.#sent.length === 0)) this.#fire(node, canonical);
    else this.#deliver(kind < 8, canonical);
  }

  /** What it has told one node it mostly tells the others, or nothing would come of it. */
  #lie(lies: readonly Lie[]) {
    const again = lies.filter(({ message }) => this.#told.has(message));
    const among = again.length > 0 && this.#below(4) > 0 ? again : lies;
    const lie = among[this.#below(among.length)]!;
    this.#told.add(lie.message);
    return { kind: "message" as const, ...heardFrom(lie) };
  }

  #fire(node: Actor, canonical: CanonicalState): void {
    const { id } = node.spec;
    const armed = [...this.#timers.get(id)!].filter((timer) => this.#mayFire(node.spec, timer));
    if (armed.length === 0) return;
    const timer = armed[this.#below(armed.length)]!;
    this.#timers.get(id)!.delete(timer);
    this.#input(node, { kind: "timer", timer }, canonical);
  }

  #deliver(prefersFresh: boolean, canonical: CanonicalState): void {
    const packet =
      prefersFresh && this.#fresh.length > 0
        ? this.#fresh.splice(this.#below(Math.min(6, this.#fresh.length)), 1)[0]!
        : this.#sent[this.#below(this.#sent.length)];
    const to = this.#nodes.find(({ spec }) => spec.id === packet?.to);
    if (packet && to)
      this.#input(to, { kind: "message", from: packet.from, message: packet.message }, canonical);
  }

  *#lies(at: Stand, without: readonly string[]): Generator<void, readonly Lie[]> {
    const lies = yield* this.#audience.stands(at);
    return lies.filter(
      ({ message }) => this.#base.admits(this.#known, message) && !mentions(message, without),
    );
  }

  #requestsFor({ id, role }: NodeSpec<Json>): readonly Json[] {
    const { config, requests } = this.#words;
    if (!config.clients) return role === "replica" ? requests : [];
    return role === "client" ? requests.filter((_, index) => `c${index}` === id) : [];
  }

  /** As in a search: in the last view only what stands for local work. */
  #mayFire({ id, role, behaviour }: NodeSpec<Json>, timer: string): boolean {
    if (role !== "replica" || this.#protocol.primary === undefined) return true;
    const view = behaviour.view?.(this.#states.get(id)) ?? 0;
    return view < this.#words.views || (behaviour.completions?.includes(timer) ?? false);
  }

  #input(
    { spec, context }: Actor,
    input: Parameters<NodeSpec<Json>["behaviour"]["step"]>[2],
    state: CanonicalState,
  ): void {
    const now = this.#states.get(spec.id);
    this.#take(
      spec,
      purely(() => spec.behaviour.step(context, now, input)),
      state,
    );
  }

  #take(spec: NodeSpec<Json>, outcomes: readonly Step<Json, Json>[], canonical: CanonicalState): void {
    const outcome = outcomes[this.#below(outcomes.length)]!;
    const next = canonical(spec, outcome.state);
    if (next === null) return;
    const { views, beyond } = this.#words;
    if ((spec.behaviour.view?.(next) ?? 0) > views + (beyond ? 1 : 0)) return; // outside the bounds
    this.#states.set(spec.id, next);
    for (const effect of outcome.effects) this.#act(spec.id, effect);
  }

  #act(from: NodeId, effect: Effect<Json>): void {
    if (effect.kind === "set-timer")
      for (const timers of [this.#timers, this.timersSet]) timers.get(from)!.add(effect.timer);
    if (effect.kind === "cancel-timer") this.#timers.get(from)!.delete(effect.timer);
    if (effect.kind !== "send" && effect.kind !== "broadcast") return;
    const message = this.#canonical(effect.message);
    if (message === null) return;
    const heard = { from: isSigned(message) ? message.signer : from, message };
    this.#audience.said(heard);
    this.#known = this.#base.union(this.#known, this.#base.learn([message]));
    const to =
      effect.kind === "send"
        ? [effect.to]
        : this.#nodes.flatMap(({ spec: { id, role } }) => (role === "replica" && id !== from ? [id] : []));
    for (const receiver of to) {
      const packet = { ...heard, to: receiver };
      this.#sent.push(packet);
      this.#fresh.push(packet);
    }
  }

  #shuffled<T>(items: readonly T[]): T[] {
    const rest = [...items];
    return items.map(() => rest.splice(this.#below(rest.length), 1)[0]!);
  }
}

const texts = new WeakMap<object, string>();

/** The JSON of what is frozen, made once. */
export function textOf(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const known = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, known);
  return known;
}

/** Whether one of these texts is in a message. */
function mentions(message: Json, words: readonly string[]): boolean {
  if (words.length === 0) return false;
  const text = textOf(message);
  return words.some((word) => text.includes(word));
}

/** A small generator of our own, so that rehearsals are the same everywhere. */
function dice(seed: number): (bound: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
