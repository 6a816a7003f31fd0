// Cached reactions: for each node, component and list of inputs the reactions that change something. A
// transition of the whole system is then a table lookup and an integer store, however slow the user's `step`
// is.

import type { Json, NodeId, Role } from "../protocol/index.js";
import { type Action, actor, type NetworkFaultKind, type PartitionKind } from "./action.js";
import type { SharedMemo, SharedNumbering } from "./dictionary.js";
import { type InputList, type Inputs, timerList } from "./inputs.js";
import { Numbering } from "./intern.js";
import type { NodeTable } from "./node-table.js";
import type { Observations } from "./observations.js";
import type { Partitions } from "./partitions.js";
import { type Reaction, silentlyTo } from "./reaction.js";
import { checksLiveness, type Setting } from "./setting.js";
import { inputId, type NodeStart, nodeStarts, requestsFor } from "./starts.js";
import { IntList, PairTable } from "./tables.js";

/** What an action consists of, interned. */
interface Cause {
  readonly kind: InputList["kind"] | NetworkFaultKind | PartitionKind;
  /** Packet id, or timer index of the node, or number of a cut, or -1. */
  readonly what: number;
  readonly label: string | undefined;
  /** See `Action.via`. */
  readonly via: NodeId | undefined;
}

/** A cause as plain data. */
export interface SerializedCause {
  readonly kind: Cause["kind"];
  readonly timer?: number;
  readonly from?: NodeId;
  readonly message?: Json;
  readonly label?: string;
  readonly via?: NodeId;
}

/** A reaction that was found, among those to the same inputs. */
interface Found {
  readonly reaction: Reaction;
  readonly cause: number;
  multiplicity: number;
  /** Another one that leads to the same component. */
  readonly another: Found | undefined;
}

/** How many integers describe one reaction in an arena. The first is the next component. */
export const reactionStride = 5;
/** Where the others stand: the list of events, the multiplicity, the (first) cause, the sending. */
export const [eventsAt, multiplicityAt, causeAt, sendingAt] = [1, 2, 3, 4] as const;

/** The cached reactions of all nodes of a system. */
export class Reactions {
  readonly #setting: Setting;
  readonly #nodes: readonly NodeTable[];
  readonly #roles: readonly Role[];
  readonly #inputs: Inputs;
  readonly #observations: Pick<Observations, "heard">;
  readonly #partitions: Partitions;
  readonly #isLive: boolean;
  readonly #causes: Cause[] = [];
  /** The numbers of causes, by kind, label and subject. */
  readonly #knownCauses = new Map<Cause["kind"], Map<string | undefined, Map<number, number>>>();
  readonly #causeIds = new Numbering((key) => {
    const [kind, what, via, label] = JSON.parse(key) as [Cause["kind"], number, NodeId | null, string | null];
    this.#causes.push({ kind, what, label: label ?? undefined, via: via ?? undefined });
  });
  /**
   * Per node: (component, list) -> offset into its arena of reactions; timers, asked for most often, by
   * component.
   */
  readonly #memo: PairTable[];
  readonly #timerMemo: number[][];
  readonly #arenas: IntList[];
  /**
   * Per node and component: the number of the set of all lists of events that its known reactions show; 0:
   * none.
   */
  readonly #emits: number[][];
  readonly #eventSets: (readonly number[])[] = [[]];
  readonly #eventSetIds = new Map<string, number>([["", 0]]);
  /**
   * Per node, if it is wanted: (component, component) -> index of the events of the reactions between them.
   */
  #shownIds: PairTable[] | null = null;
  readonly #emitted: number[] = [];
  /** Per node that forgets: how it can begin. */
  readonly #starts: (readonly NodeStart[])[] = [];
  readonly #publish: ((entry: readonly number[]) => void)[] = [];
  /**
   * Whether a node had an obligation so far with an outcome that changes nothing, except perhaps for what properties remember, beside
   * one that does: see fairness.ts.
   */
  mayIdle = false;
  /** Per node: pairs of components that {@link edges} has besides, one after the other; from before a search was cut. */
  readonly #earlierEdges: Int32Array[] = [];
  /** Whether a reaction was left out so far because it leads beyond the last view. */
  hasLeftBounds = false;

  constructor(
    setting: Setting,
    nodes: readonly NodeTable[],
    roles: readonly Role[],
    inputs: Inputs,
    observations: Pick<Observations, "heard">,
    partitions: Partitions,
  ) {
    this.#observations = observations;
    this.#partitions = partitions;
    this.#setting = setting;
    this.#nodes = nodes;
    this.#roles = roles;
    this.#inputs = inputs;
    this.#isLive = checksLiveness(setting);
    this.#memo = nodes.map(() => new PairTable());
    this.#timerMemo = nodes.map(() => []);
    this.#arenas = nodes.map(() => new IntList());
    this.#emits = nodes.map(() => []);
  }

  /**
   * What the inputs of one list do to one component: an offset into {@link array}, where stand the number
   * of reactions and, for each, {@link reactionStride} integers. Reactions with the same effect are one,
   * with a multiplicity.
   */
  of(to: number, component: number, list: number): number {
    if (list === timerList)
      return (this.#timerMemo[to] as number[])[component] ?? this.#compute(to, component, list);
    const known = (this.#memo[to] as PairTable).get(component, list);
    return known >= 0 ? known : this.#compute(to, component, list);
  }

  /** The array into which {@link of} points. It is replaced when it grows: fetch it after each call. */
  array(to: number): Int32Array {
    return (this.#arenas[to] as IntList).items;
  }

  /** From now on {@link emitted} can be asked. It has to be called before the first step. */
  rememberEvents(): void {
    this.#shownIds = this.#nodes.map(() => new PairTable());
  }

  /**
   * The events of all reactions known so far that lead from one component to another; -1 if there is none,
   * or they differ.
   */
  emitted(node: number, from: number, to: number): number {
    const id = this.#shownIds![node]!.get(from, to);
    return id < 0 ? -1 : (this.#emitted[id] as number);
  }

  #remember(table: PairTable, from: number, to: number, events: number): void {
    const id = table.get(from, to);
    if (id < 0) table.set(from, to, this.#emitted.push(events) - 1);
    else if (this.#emitted[id] !== events) this.#emitted[id] = -1;
  }

  /**
   * The number of the set of lists of events that the reactions of a component asked for so far show; 0 if
   * they show nothing.
   */
  emits(to: number, component: number): number {
    return (this.#emits[to] as number[])[component] ?? 0;
  }

  /** The lists of events in a set. */
  eventSet(set: number): readonly number[] {
    return this.#eventSets[set] as readonly number[];
  }

  #withEvents(set: number, events: number): number {
    const before = this.#eventSets[set]!;
    if (events === 0 || before.includes(events)) return set;
    const after = [...before, events].sort((a, b) => a - b);
    const id = this.#eventSetIds.get(after.join()) ?? this.#eventSets.push(after) - 1;
    this.#eventSetIds.set(after.join(), id);
    return id;
  }

  /**
   * Whether the inputs of a list have to reach a node sooner or later: its timers, what correct nodes sent
   * to it, and its restart if whoever crashes comes back.
   */
  isObligatory(to: number, list: number): boolean {
    const { stepFaults } = this.#nodes[to] as NodeTable;
    if (stepFaults !== null && !stepFaults.owes) return false;
    const { kind } = this.#inputs.list(list);
    if (kind === "restart") return stepFaults === null && this.#setting.bounds.recovery === "always";
    return kind === "deliver" || kind === "timer";
  }

  /** Whether a crash takes away what is not on stable storage. */
  get losesVolatile(): boolean {
    return this.#setting.bounds.losing !== "nothing";
  }

  /** The index of the node at which a partition is noted: see `actor`. */
  actorOf(kind: PartitionKind, number: number): number {
    const id = actor(this.#partitions.action(kind, number));
    return this.#nodes.findIndex(({ spec }) => spec.id === id);
  }

  /** The packet or timer of a node, or the cut, that an action is about; -1: none. */
  subjectOf(cause: number): number {
    return this.#causes[cause]!.what;
  }

  /** What an action does, as data. */
  action(node: number, cause: number): Action {
    return this.#described(node, this.#causes[cause]!);
  }

  #described(node: number, { kind, what, label, via }: Cause): Action {
    const choice = label === undefined ? {} : { choice: label };
    const table = this.#nodes[node]!;
    const { id } = table.spec;
    if (kind === "timer") return { kind, node: id, timer: table.timers[what]!, ...choice };
    if (kind === "crash" || kind === "restart") return { kind, node: id, ...choice };
    if (kind === "cut" || kind === "heal") return this.#partitions.action(kind, what);
    const message = this.#inputs.content(what);
    const from = this.#inputs.origin(what);
    if (kind === "lose" || kind === "duplicate") return { kind, from, to: id, message };
    return { kind, from, ...(via === undefined ? {} : { via }), to: id, message, ...choice };
  }

  /**
   * Every action that has changed some state so far, for the witnesses: kind and message (null if there is
   * none).
   */
  causes(): readonly { readonly kind: Cause["kind"]; readonly message: Json }[] {
    return this.#causes.map(({ kind, what }) => ({
      kind,
      message: isAboutMessage(kind) ? this.#inputs.content(what) : null,
    }));
  }

  /** {@link causes} as plain data, by which another process can number them alike. */
  serializeCauses(): readonly SerializedCause[] {
    return this.#causes.map(({ kind, what, label, via }) => ({
      kind,
      ...(isAboutMessage(kind)
        ? { from: this.#inputs.origin(what), message: this.#inputs.content(what) }
        : { timer: what }),
      ...(label === undefined ? {} : { label }),
      ...(via === undefined ? {} : { via }),
    }));
  }

  /** Counts what {@link serializeCauses} has described among the actions that have changed some state. */
  deserializeCauses(causes: readonly SerializedCause[]): void {
    for (const { kind, timer, from, message, label, via } of causes) {
      const what =
        timer ??
        this.#inputs.packet(from!, this.#inputs.message(message!, "the checkpoint", "protocol-malformed"));
      this.causeId(kind, what, label, via);
    }
  }

  /** The transitions of one node that have been needed so far, as pairs (from, to) of components. */
  *edges(node: number): Iterable<readonly [number, number]> {
    const arena = this.#arenas[node]!.items;
    const offsets = [
      ...[...this.#memo[node]!.entries()].map(([component, , offset]) => [component, offset] as const),
      ...this.#timerMemo[node]!.entries(),
    ];
    for (const [component, offset] of offsets) {
      if (offset === undefined) continue;
      for (let entry = 0; entry < arena[offset]!; entry++)
        yield [component, arena[offset + 1 + entry * reactionStride]!];
    }
    const earlier = this.#earlierEdges[node] ?? [];
    for (let at = 0; at < earlier.length; at += 2) yield [earlier[at]!, earlier[at + 1]!];
  }

  /** Takes over edges that were known when the search was cut: components, two by two. */
  adoptEdges(node: number, pairs: Int32Array): void {
    this.#earlierEdges[node] = pairs;
  }

  /** What one input does to a component, without memory of lists. */
  react(to: number, component: number, kind: InputList["kind"], what: number): readonly Reaction[] {
    const table = this.#nodes[to]!;
    const { losing = "volatile" } = this.#setting.bounds;
    if (kind === "crash") return [table.crash(component, losing)];
    if (kind === "restart" && table.stepFaults !== null) return this.#anew(to, component);
    if (kind === "restart") return table.restart(component, losing);
    if (kind === "timer") return table.fire(component, what, inputId.timer(what));
    return table.react(component, inputId.packet(what), () => ({
      kind: "message",
      from: this.#inputs.origin(what),
      message: this.#inputs.content(what),
    }));
  }

  /**
   * What each input of a list by itself does to a component, where it may do anything; `key` is that of the
   * input.
   */
  possible(
    to: number,
    component: number,
    list: number,
  ): {
    readonly key: string;
    readonly results: readonly Reaction[];
    readonly describe: (reaction: Reaction) => Action;
  }[] {
    const { kind, items } = this.#inputs.list(list);
    const inputs = kind === "timer" ? this.armed(to, component) : items;
    return inputs.map((what) => ({
      key: `${kind === "timer" ? "timer" : "packet"} ${what}`,
      results: this.react(to, component, kind, what).filter(
        (reaction) => !this.isOutside(to, reaction.component),
      ),
      describe: ({ label }) => this.#described(to, { kind, what, label, via: undefined }),
    }));
  }

  /** The timer with this name, if it can fire now. */
  firing(node: number, component: number, name: string): number | null {
    const timer = this.#nodes[node]!.timers.indexOf(name);
    return this.armed(node, component).includes(timer) ? timer : null;
  }

  /**
   * In a safety run views above the last one lie outside the bounds; in a liveness run reaching one is a
   * violation.
   */
  isOutside(node: number, component: number): boolean {
    const { viewOf, stepFaults } = this.#nodes[node]!;
    const view = viewOf[component]!;
    if (stepFaults?.until !== undefined && view >= stepFaults.until) return true;
    if (view <= this.#setting.bounds.views || this.#isLive) return false;
    this.hasLeftBounds = true;
    return true;
  }

  /** What a puppet that forgets everything becomes: any of its starts. What it has sent stays sent. */
  #anew(to: number, component: number): readonly Reaction[] {
    const table = this.#nodes[to]!;
    this.#starts[to] ??= nodeStarts(
      table,
      requestsFor(this.#setting, table.context.self, this.#roles[to]!),
      this.#setting.protocol,
    );
    const starts = this.#starts[to];
    return starts.map((start) =>
      silentlyTo(table.joined(component, start.component), {
        label: starts.length > 1 ? start.label : undefined,
        sets: start.sets,
      }),
    );
  }

  /**
   * Runs the inputs of a list on a component, and stores what changes: next component, events,
   * multiplicity, cause.
   */
  #compute(to: number, component: number, list: number): number {
    const found: Found[] = [];
    const firstTo = new Map<number, Found>();
    const { kind, items } = this.#inputs.list(list);
    for (const what of kind === "timer" ? this.armed(to, component) : items) {
      let [idles, changes] = [false, false];
      const outcomes = this.react(to, component, kind, what);
      for (const reaction of outcomes) {
        const { component: next, events, sends, random } = reaction;
        const stays = next === component && sends === 0;
        idles ||= stays && !random; // what it shows may tell the properties nothing
        if (stays && this.#observations.heard(events) === 0) continue;
        if (this.isOutside(to, next)) continue;
        changes = true;
        const cause = this.causeId(kind, what, reaction.label);
        const first = firstTo.get(next);
        let same = first;
        while (same && (same.reaction.events !== events || same.reaction.sends !== sends))
          same = same.another;
        if (same) {
          same.multiplicity++;
          continue;
        }
        const one: Found = { reaction, cause, multiplicity: 1, another: first };
        firstTo.set(next, one);
        found.push(one);
      }
      if (idles && changes && outcomes.length > 1 && this.isObligatory(to, list)) this.mayIdle = true;
    }
    const reactions: number[] = [];
    for (const { reaction, cause, multiplicity } of found)
      reactions.push(reaction.component, reaction.events, multiplicity, cause, reaction.sends);
    const known = this.#known(to, component, list);
    if (known >= 0) return known; // taken over from another thread while the reactions were numbered
    this.#keep(to, component, list, reactions);
    this.#publish[to]?.([component, list, ...reactions]);
    return this.#known(to, component, list);
  }

  #known(to: number, component: number, list: number): number {
    if (list === timerList) return this.#timerMemo[to]![component] ?? -1;
    return this.#memo[to]!.get(component, list);
  }

  #keep(to: number, component: number, list: number, reactions: ArrayLike<number>): void {
    const arena = this.#arenas[to]!;
    const offset = arena.length;
    arena.push(reactions.length / reactionStride);
    for (let at = 0; at < reactions.length; at++) arena.push(reactions[at]!);
    for (let at = 0; at < reactions.length; at += reactionStride) {
      if (!this.#shownIds) break;
      const events = reactions[at + eventsAt]!;
      this.#emits[to]![component] = this.#withEvents(this.emits(to, component), events);
      this.#remember(this.#shownIds[to]!, component, reactions[at]!, events);
    }
    if (list === timerList) this.#timerMemo[to]![component] = offset;
    else this.#memo[to]!.set(component, list, offset);
  }

  /** The actions, which threads have in common. */
  numberings(): SharedNumbering[] {
    return [this.#causeIds];
  }

  /** For each node all reactions that are known, which threads have in common too. */
  memos(): SharedMemo[] {
    return this.#nodes.map((_, to) => ({
      entries: () => this.#entries(to),
      deserialize: (items, at, length) => {
        const [component, list] = [items[at]!, items[at + 1]!];
        if (this.#known(to, component, list) < 0)
          this.#keep(to, component, list, items.subarray(at + 2, at + length));
      },
      share: (publish) => {
        this.#publish[to] = publish;
      },
    }));
  }

  *#entries(to: number): Iterable<readonly number[]> {
    const arena = this.#arenas[to]!.items;
    const reactions = (offset: number) =>
      arena.subarray(offset + 1, offset + 1 + arena[offset]! * reactionStride);
    for (const [component, list, offset] of this.#memo[to]!.entries())
      yield [component, list, ...reactions(offset)];
    for (const [component, offset] of this.#timerMemo[to]!.entries())
      if (offset !== undefined) yield [component, timerList, ...reactions(offset)];
  }

  /**
   * Timers that may fire: a client's always, a replica's in views below the last one; there completions
   * alone.
   */
  armed(to: number, component: number): number[] {
    const node = this.#nodes[to]!;
    const { viewOf, timersOf, timers } = node;
    const hasViews = this.#setting.protocol.primary !== undefined;
    const isLast =
      hasViews && this.#roles[to] === "replica" && viewOf[component]! >= this.#setting.bounds.views;
    const armed = isLast ? timersOf[component]! & node.completions : timersOf[component]!;
    const found: number[] = [];
    for (let index = 0; index < timers.length; index++) if (armed & (1 << index)) found.push(index);
    return found;
  }

  /** The number of an action of this kind. */
  causeId(kind: Cause["kind"], what: number, label: string | undefined, via?: NodeId): number {
    // Asked for every outcome of every step; most are known, by their label and what they are about.
    const known = via === undefined ? this.#causesOf(kind, label) : null;
    const before = known?.get(what);
    if (before !== undefined) return before;
    const { id, isNew } = this.#causeIds.id(JSON.stringify([kind, what, via ?? null, label ?? null]));
    if (isNew) this.#causes.push({ kind, what, label, via });
    known?.set(what, id);
    return id;
  }

  #causesOf(kind: Cause["kind"], label: string | undefined): Map<number, number> {
    const byLabel = this.#knownCauses.get(kind) ?? new Map<string | undefined, Map<number, number>>();
    if (byLabel.size === 0) this.#knownCauses.set(kind, byLabel);
    const known = byLabel.get(label) ?? new Map<number, number>();
    if (known.size === 0) byLabel.set(label, known);
    return known;
  }
}

function isAboutMessage(kind: Cause["kind"]): boolean {
  const others: readonly Cause["kind"][] = ["timer", "crash", "restart", "cut", "heal"];
  return !others.includes(kind);
}
