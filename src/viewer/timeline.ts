// A story, unrolled: the state of every node after each step, what was under way, and which steps depend on which. Everything here is
// bookkeeping over the story's data; what a protocol does was computed where the story was told.

import type { Json } from "../protocol/schema.js";
import { patched } from "./patch.js";
import type { Story, StoryMonitor, StoryNode, StorySent } from "./story.js";

/** The nodes at one moment, by name. Nodes that a step leaves alone are the same objects as before it. */
export type Standing = ReadonlyMap<string, StoryNode>;

/** A message and what became of it: the step in which it was sent (-1: at the start), and those in which it arrived. */
export interface Flight {
  readonly from: string;
  readonly sentAt: number;
  readonly to: string;
  readonly text: string;
  readonly type: string;
  readonly receivedAt: readonly number[];
}

/** See the file comment. Moments are numbered like steps, from 1; moment 0 is the start. */
export class Timeline {
  readonly story: Story;
  readonly #standings: Standing[];
  readonly #monitors: (readonly StoryMonitor[])[];
  /** Per step, the steps that have to come before it directly: the one before at its node, and where its messages were sent. */
  readonly #before: readonly (readonly number[])[];
  #flights: readonly Flight[] | null = null;

  constructor(story: Story) {
    this.story = story;
    this.#standings = [new Map(story.nodes.map((node) => [node.node, node]))];
    this.#monitors = [story.monitors];
    const last = new Map<string, number>();
    this.#before = story.steps.map(({ at, causes }, index) => {
      const own = last.get(at);
      last.set(at, index);
      const sent = causes.flatMap(({ step }) => (step === null ? [] : step));
      return [...new Set([...(own === undefined ? [] : [own]), ...sent])];
    });
  }

  /** How many steps there are. */
  get length(): number {
    return this.story.steps.length;
  }

  /** Where the nodes stand at a moment. */
  standing(moment: number): Standing {
    for (let at = this.#standings.length; at <= moment; at++) this.#standings.push(this.#after(at - 1));
    return this.#standings[moment]!;
  }

  #after(index: number): Standing {
    const before = this.#standings[index]!;
    const { at, view, timers, down, patch } = this.story.steps[index]!;
    const node = before.get(at);
    if (!node) return before; // a Byzantine node that runs the protocol's steps
    return new Map(before).set(at, { node: at, view, timers, down, state: patched(node.state, patch) });
  }

  /** What the properties say at a moment. */
  monitors(moment: number): readonly StoryMonitor[] {
    for (let at = this.#monitors.length; at <= moment; at++)
      this.#monitors.push(this.story.steps[at - 1]!.monitors ?? this.#monitors[at - 1]!);
    return this.#monitors[moment]!;
  }

  /** What the adversary knows at a moment, with the moment at which it has learned it. */
  known(moment: number): { readonly text: string; readonly since: number }[] {
    const { known, steps } = this.story;
    return [
      ...known.map((text) => ({ text, since: 0 })),
      ...steps
        .slice(0, moment)
        .flatMap(({ learned }, index) => learned.map((text) => ({ text, since: index + 1 }))),
    ];
  }

  /** The steps (by index) that had to happen before this one. */
  causes(index: number): ReadonlySet<number> {
    const found = new Set<number>();
    const visit = [...(this.#before[index] ?? [])];
    for (let step = visit.pop(); step !== undefined; step = visit.pop()) {
      if (found.has(step)) continue;
      found.add(step);
      visit.push(...this.#before[step]!);
    }
    return found;
  }

  /** The steps for which this one had to happen. */
  effects(index: number): ReadonlySet<number> {
    const found = new Set([index]);
    for (let step = index + 1; step < this.length; step++)
      if (this.#before[step]!.some((before) => found.has(before))) found.add(step);
    found.delete(index);
    return found;
  }

  /** Every message that a correct node has sent in a step, once for each receiver. */
  flights(): readonly Flight[] {
    this.#flights ??= this.#allFlights();
    return this.#flights;
  }

  #allFlights(): Flight[] {
    const received = new Map<string, number[]>();
    for (const [index, { kind, at, causes }] of this.story.steps.entries()) {
      const cause = causes[0];
      if (kind !== "deliver" || cause === undefined || cause.step === null) continue;
      const key = `${cause.step} ${cause.letter} ${at}`;
      received.set(key, [...(received.get(key) ?? []), index]);
    }
    return this.story.steps.flatMap(({ at, sent }, step) =>
      sent.flatMap((letter, number) =>
        this.#receivers(letter, at).map((to): Flight => {
          const { text, type } = letter;
          return {
            from: at,
            sentAt: step,
            to,
            text,
            type,
            receivedAt: received.get(`${step} ${number} ${to}`) ?? [],
          };
        }),
      ),
    );
  }

  #receivers({ to }: StorySent, from: string): string[] {
    if (to !== "all replicas") return [to];
    return this.story.lanes.flatMap(({ node, role }) => (role === "replica" && node !== from ? node : []));
  }

  /** What expressions are evaluated in at a moment: the nodes' states, with where they stand. */
  scope(moment: number): { readonly [node: string]: Json } {
    return scopeOf(this.standing(moment).values());
  }
}

/** The nodes as expressions see them: the fields of their states, and `view`, `timers` and `down`. */
export function scopeOf(nodes: Iterable<StoryNode>): { readonly [node: string]: Json } {
  return Object.fromEntries(
    [...nodes].map(({ node, view, timers, down, state }) => {
      const fields = typeof state === "object" && state !== null && !Array.isArray(state) ? state : { state };
      return [
        node,
        { view, timers: [...timers], down, ...(fields as { readonly [field: string]: Json }), state },
      ];
    }),
  );
}

/** The index of the first step in which two stories differ: another action, or the same one with another effect. Null if there is none. */
export function firstDifference(a: Story, b: Story): number | null {
  const [longer, shorter] = a.steps.length >= b.steps.length ? [a, b] : [b, a];
  const index = shorter.steps.findIndex((step, at) => textOf(step) !== textOf(longer.steps[at]!));
  if (index >= 0) return index;
  return longer.steps.length === shorter.steps.length ? null : shorter.steps.length;
}

/** What makes two steps the same one. */
function textOf({ kind, at, line, message, choice, events, changes, patch }: Story["steps"][number]): string {
  return JSON.stringify([kind, at, line, message?.content ?? null, choice, events, changes, patch]);
}
