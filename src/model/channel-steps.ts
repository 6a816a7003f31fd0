// The transitions on networks with inboxes. Their state vector also has, between the components and the
// observation, the inbox of every node and, if the network has faults, how many of them have happened (on
// networks that part, with the cut that there is: see `Partitions.standing`).
// Adversary moves, timers and crashes are as on `async`.

import type { Action, CrashKind, DeliveryKind, NetworkFaultKind, PartitionKind } from "./action.js";
import { choiceOf, isOfNetwork, isPartition } from "./action.js";
import { applyReaction, outcomeOf, type ReactingSystem } from "./apply-reaction.js";
import type { Channels, Deliverable } from "./channels.js";
import type { Inputs } from "./inputs.js";
import type { NodeTable } from "./node-table.js";
import type { Observations } from "./observations.js";
import { PartitionSteps } from "./partition-steps.js";
import { type ActionOutcome, isSame, type PossibleAction, possibleAction } from "./possible-action.js";
import { isIgnored, type Reaction } from "./reaction.js";
import { causeAt, eventsAt, multiplicityAt, type Reactions, reactionStride, sendingAt } from "./reactions.js";
import type { Successors } from "./successors.js";
import { IntList, PairTable } from "./tables.js";

/** A reaction with the id of the action that causes it. */
interface CausedReaction extends Reaction {
  readonly cause: number;
}

/** How many integers describe one delivery in the arena. The first is the next component. */
const deliveryStride = 5;
/** Where the others stand: the list of events, the sending, the next inbox, the cause. */
const [eventsOf, sendingOf, inboxOf, causeOf] = [1, 2, 3, 4] as const;

/** What the steps need from the system that they are part of. */
export interface ChannelDependencies {
  readonly nodes: readonly NodeTable[];
  readonly inputs: Inputs;
  readonly reactions: Reactions;
  readonly observations: Observations;
  readonly channels: Channels;
  /** The lists of inputs that reach a node otherwise than from its inbox. */
  listsOf(vectors: Int32Array, offset: number, to: number, lists: IntList): void;
  decides(events: number): boolean;
}

/** The transitions on networks with inboxes. */
export class ChannelSteps {
  /** Integers in a state vector. */
  readonly width: number;
  readonly #deps: ChannelDependencies;
  readonly #system: ReactingSystem;
  readonly #count: number;
  /** How many network faults there can be. */
  readonly #networkFaults: number;
  /** Whether the vector counts them: there is an end to them. */
  readonly #counts: boolean;
  /** What it does besides, if it parts replicas. */
  readonly #partitions: PartitionSteps | null;
  readonly #lists = new IntList();
  /** Per node: (component, packet) -> index of its reactions. */
  readonly #memo: PairTable[];
  readonly #reactionsTo: (readonly CausedReaction[])[] = [];
  /**
   * Per node: (component, inbox) -> where in the arena stands how many deliveries there are, and behind
   * that the deliveries.
   */
  readonly #deliveryMemo: PairTable[];
  readonly #arena = new IntList();

  constructor(dependencies: ChannelDependencies) {
    this.#deps = dependencies;
    this.#count = dependencies.nodes.length;
    const { losses, duplications } = dependencies.channels.network;
    this.#networkFaults = losses + duplications;
    this.#counts = this.#networkFaults > 0 && Number.isFinite(this.#networkFaults);
    const parts = dependencies.channels.network.partitions !== null;
    this.width = 2 * this.#count + (this.#counts || parts ? 1 : 0) + 1;
    this.#partitions = parts ? new PartitionSteps(dependencies, this.width) : null;
    this.#system = { ...dependencies, width: this.width };
    this.#memo = dependencies.nodes.map(() => new PairTable());
    this.#deliveryMemo = dependencies.nodes.map(() => new PairTable());
  }

  /** Whether the vector has a place for what the network has done. */
  get countsFaults(): boolean {
    return this.#counts || this.#partitions !== null;
  }

  /** The largest number that can stand at that place. */
  get largestFaultNumber(): number {
    return this.#partitions?.largestNumber ?? this.#networkFaults;
  }

  /** Fills `out` with the transitions of a state. */
  successors(vectors: Int32Array, offset: number, out: Successors): void {
    out.clear();
    const { reactions } = this.#deps;
    for (let to = 0; to < this.#count; to++) {
      const component = vectors[offset + to] as number;
      this.#deps.listsOf(vectors, offset, to, this.#lists);
      for (let index = 0; index < this.#lists.length; index++) {
        const list = this.#lists.items[index] as number;
        const before = out.transitions;
        this.#reactTo(vectors, offset, to, component, list, out);
        if (reactions.isObligatory(to, list)) out.obligatory += out.transitions - before;
      }
      this.#deliver(vectors, offset, to, component, out);
    }
    this.#addNetworkSteps(vectors, offset, out);
  }

  /** The state after an action, or null if it is not possible. */
  perform(vector: Int32Array, node: number, action: Action, what: number | null): Int32Array | null {
    if (isPartition(action)) return this.#partitions?.perform(vector, action) ?? null;
    if (isOfNetwork(action)) return this.#networkFault(vector, node, action);
    const outcome = this.outcomes(vector, node, action, what).find(
      ({ reaction }) => reaction.label === choiceOf(action),
    );
    return !outcome || isSame(outcome.next, vector) ? null : outcome.next;
  }

  /** All outcomes, within the bounds, of a node's action; none if it is not possible. */
  outcomes(vector: Int32Array, node: number, action: Action, what: number | null): ActionOutcome[] {
    if (isOfNetwork(action)) return [];
    if (action.kind !== "deliver") return what === null ? [] : this.reached(vector, node, action.kind, what);
    if (this.#isDown(node, vector[node]!)) return [];
    for (const inFlight of this.#matching(vector[this.#count + node]!, action)) {
      const outcomes = this.delivered(vector, node, inFlight);
      if (outcomes.some(({ reaction }) => reaction.label === choiceOf(action))) return outcomes;
    }
    return [];
  }

  /** Fills `out` with what the network can do besides delivering. (No step is evaluated.) */
  byNetwork(vector: Int32Array, out: Successors): void {
    out.clear();
    this.#addNetworkSteps(vector, 0, out);
  }

  #addNetworkSteps(vectors: Int32Array, offset: number, out: Successors): void {
    if (this.#networkFaults > 0) this.#networkFaultsOf(vectors, offset, out);
    this.#partitions?.successors(vectors, offset, out);
  }

  /** What can be delivered to a node in a state. (No step is evaluated.) */
  deliverable(vector: Int32Array, node: number): readonly Deliverable[] {
    if (this.#isDown(node, vector[node]!)) return [];
    return this.#deps.channels.deliverable(vector[this.#count + node]!);
  }

  /** All outcomes, within the bounds, of a delivery. */
  delivered(vector: Int32Array, node: number, inFlight: Deliverable): ActionOutcome[] {
    const component = vector[node]!;
    const inbox = vector[this.#count + node]!;
    const reactions = this.#reactions(node, component, inFlight);
    return this.#after(vector, node, reactions, (reaction) =>
      this.#inboxAfter(component, inbox, inFlight, reaction),
    );
  }

  /** All outcomes, within the bounds, of an input that reaches a node otherwise than from its inbox. */
  reached(
    vector: Int32Array,
    node: number,
    kind: Exclude<Action["kind"], NetworkFaultKind | PartitionKind>,
    what: number,
  ): ActionOutcome[] {
    const reactions = this.#deps.reactions.react(node, vector[node]!, kind, what);
    return this.#after(vector, node, reactions, () => vector[this.#count + node]!);
  }

  #after(
    vector: Int32Array,
    node: number,
    reactions: readonly Reaction[],
    inboxAfter: (reaction: Reaction) => number,
  ): ActionOutcome[] {
    return reactions
      .filter(({ component }) => !this.#deps.reactions.isOutside(node, component))
      .map((reaction) => outcomeOf(this.#system, vector, node, reaction, inboxAfter(reaction)));
  }

  /** The actions of nodes that are possible in a state: see fairness.ts. */
  possibleActions(vector: Int32Array, onlyObligatory: boolean): PossibleAction[] {
    const { reactions, channels } = this.#deps;
    const ofNodes = Array.from({ length: this.#count }, (_, node) => node).flatMap((node) => {
      const component = vector[node]!;
      const inbox = vector[this.#count + node]!;
      this.#deps.listsOf(vector, 0, node, this.#lists);
      const lists = [...this.#lists.items.subarray(0, this.#lists.length)];
      const after = (reaction: Reaction, inboxAfter: number) =>
        outcomeOf(this.#system, vector, node, reaction, inboxAfter);
      const others = lists.flatMap((list) => {
        const isObligatory = reactions.isObligatory(node, list);
        if (onlyObligatory && !isObligatory) return [];
        return reactions.possible(node, component, list).map(({ key, results, describe }) => ({
          ...{ key, isObligatory, describe },
          outcomes: results.map((result) => after(result, inbox)),
        }));
      });
      const deliveries = (this.#isDown(node, component) ? [] : channels.deliverable(inbox)).map(
        (inFlight) => ({
          key: `packet ${inFlight.packet} ${inFlight.link}`,
          isObligatory: true,
          describe: (reaction: Reaction) => reactions.action(node, (reaction as CausedReaction).cause),
          outcomes: this.#reactions(node, component, inFlight).map((reaction) =>
            after(reaction, this.#inboxAfter(component, inbox, inFlight, reaction)),
          ),
        }),
      );
      return [...others, ...deliveries].flatMap(
        ({ key, isObligatory, outcomes, describe }) =>
          possibleAction({ key: `${node}:${key}`, node, isObligatory }, vector, outcomes, describe) ?? [],
      );
    });
    return [...ofNodes, ...(this.#partitions?.healing(vector) ?? [])];
  }

  /**
   * Takes something that was delivered out of an inbox, for those who keep account of what is on its way. Whether it is kept there to
   * be delivered again.
   */
  useUp(
    vector: Int32Array,
    node: number,
    { packet, from, isDeferred }: Pick<Deliverable, "packet" | "isDeferred"> & { readonly from: number },
    reaction: Reaction,
  ): boolean {
    const place = this.#count + node;
    const inbox = vector[place]!;
    const inFlight = this.#deps.channels
      .deliverable(inbox)
      .find(
        (one) =>
          one.packet === packet && one.isDeferred === isDeferred && (one.link < 0 || one.link === from),
      )!;
    vector[place] = this.#inboxAfter(vector[node]!, inbox, inFlight, reaction);
    return vector[place] !== inFlight.rest;
  }

  /** Puts what a node has sent into the inboxes of an initial state. */
  begin(vector: Int32Array, from: number, sends: number): void {
    this.#deps.channels.send(vector, this.#count, from, sends);
  }

  #reactTo(
    vectors: Int32Array,
    offset: number,
    to: number,
    component: number,
    list: number,
    out: Successors,
  ): void {
    const { reactions } = this.#deps;
    const start = reactions.of(to, component, list);
    const arena = reactions.array(to);
    const end = start + 1 + (arena[start] as number) * reactionStride;
    for (let entry = start + 1; entry < end; entry += reactionStride) {
      const events = arena[entry + eventsAt] as number;
      const multiplicity = arena[entry + multiplicityAt] as number;
      const at = out.pushWhole(
        vectors,
        offset,
        this.width,
        to,
        arena[entry + causeAt] as number,
        multiplicity,
      );
      applyReaction(
        this.#system,
        out.whole,
        at,
        to,
        arena[entry] as number,
        events,
        arena[entry + sendingAt] as number,
      );
      if (out.settle(vectors, offset, multiplicity) && this.#deps.decides(events))
        out.decisions += multiplicity;
    }
  }

  #deliver(vectors: Int32Array, offset: number, to: number, component: number, out: Successors): void {
    const inbox = vectors[offset + this.#count + to] as number;
    const start = this.#deliveries(to, component, inbox);
    const arena = this.#arena.items;
    const end = start + 1 + (arena[start] as number) * deliveryStride;
    for (let entry = start + 1; entry < end; entry += deliveryStride) {
      const events = arena[entry + eventsOf] as number;
      const at = out.pushWhole(vectors, offset, this.width, to, arena[entry + causeOf] as number);
      out.whole[at + this.#count + to] = arena[entry + inboxOf] as number;
      applyReaction(
        this.#system,
        out.whole,
        at,
        to,
        arena[entry] as number,
        events,
        arena[entry + sendingOf] as number,
      );
      // The same state comes back if an event tells the properties nothing, or a message to itself takes
      // the place of the same.
      if (!out.settle(vectors, offset)) continue;
      out.obligatory++;
      if (this.#deps.decides(events)) out.decisions++;
    }
  }

  #reactions(to: number, component: number, { packet, link }: Deliverable): readonly CausedReaction[] {
    const { reactions, nodes } = this.#deps;
    const via = link + 1;
    const memo = this.#memo[to]!;
    const key = packet * (this.#count + 1) + via;
    let index = memo.get(component, key);
    if (index < 0) {
      const origin = this.#deps.inputs.origin(packet);
      const sender = link < 0 ? undefined : nodes[link]!.spec.id;
      const named = sender === origin ? undefined : sender;
      const caused = reactions
        .react(to, component, "deliver", packet)
        .filter((reaction) => !reactions.isOutside(to, reaction.component))
        .map((reaction) => ({
          ...reaction,
          cause: reactions.causeId("deliver", packet, reaction.label, named),
        }));
      index = this.#reactionsTo.push(caused) - 1;
      memo.set(component, key, index);
    }
    return this.#reactionsTo[index]!;
  }

  /**
   * What a node's inbox can do to it, every delivery and outcome that changes something: where it stands in
   * the arena.
   */
  #deliveries(to: number, component: number, inbox: number): number {
    const memo = this.#deliveryMemo[to] as PairTable;
    const known = memo.get(component, inbox);
    if (known >= 0) return known;
    // Whole, before anything is remembered: steps are evaluated here, before any of which the work may be abandoned.
    const deliveries: number[] = [];
    if (!this.#isDown(to, component))
      for (const inFlight of this.#deps.channels.deliverable(inbox))
        for (const reaction of this.#reactions(to, component, inFlight)) {
          const after = this.#inboxAfter(component, inbox, inFlight, reaction);
          if (after === inbox && isIgnored(reaction, component)) continue;
          deliveries.push(reaction.component, reaction.events, reaction.sends, after, reaction.cause);
        }
    const arena = this.#arena;
    const start = arena.length;
    arena.push(deliveries.length / deliveryStride);
    for (const item of deliveries) arena.push(item);
    memo.set(component, inbox, start);
    return start;
  }

  /**
   * What becomes of the inbox: the packet is used up, unless it is deferred, or ignored on a network that
   * keeps such.
   */
  #inboxAfter(component: number, inbox: number, { packet, rest }: Deliverable, reaction: Reaction): number {
    const { channels } = this.#deps;
    if (reaction.defers !== null) return channels.defer(rest, reaction.defers, packet);
    return channels.network.keepsIgnored && isIgnored(reaction, component) ? inbox : rest;
  }

  #isDown(node: number, component: number): boolean {
    return this.#deps.nodes[node]!.isDown(component);
  }

  #networkFaultsOf(vectors: Int32Array, offset: number, out: Successors): void {
    const { channels, reactions } = this.#deps;
    const happened = this.#counts ? (vectors[offset + 2 * this.#count] as number) : 0;
    if (happened >= this.#networkFaults) return;
    const kind = channels.network.losses > 0 ? "lose" : "duplicate";
    for (let to = 0; to < this.#count; to++) {
      const inbox = vectors[offset + this.#count + to] as number;
      for (const inFlight of channels.deliverable(inbox)) {
        if (inFlight.isDeferred) continue;
        const cause = reactions.causeId(kind, inFlight.packet, undefined);
        const at = out.pushWhole(vectors, offset, this.width, to, cause);
        out.whole[at + this.#count + to] = this.#inboxAfterFault(kind, inbox, inFlight);
        if (this.#counts) out.whole[at + 2 * this.#count] = happened + 1;
        out.settle(vectors, offset);
      }
    }
  }

  #networkFault(
    vector: Int32Array,
    node: number,
    action: Extract<Action, { readonly kind: NetworkFaultKind }>,
  ): Int32Array | null {
    const { losses } = this.#deps.channels.network;
    const happened = this.#counts ? vector[2 * this.#count]! : 0;
    if (happened >= this.#networkFaults) return null;
    if (action.kind !== (losses > 0 ? "lose" : "duplicate")) return null;
    const inbox = vector[this.#count + node]!;
    const [inFlight] = this.#matching(inbox, action).filter(({ isDeferred }) => !isDeferred);
    if (!inFlight) return null;
    const next = vector.slice();
    next[this.#count + node] = this.#inboxAfterFault(action.kind, inbox, inFlight);
    if (this.#counts) next[2 * this.#count] = happened + 1;
    return next;
  }

  #inboxAfterFault(kind: NetworkFaultKind, inbox: number, inFlight: Deliverable): number {
    return kind === "lose" ? inFlight.rest : this.#deps.channels.doubled(inbox, inFlight);
  }

  /** What can be delivered and is what an action speaks of. */
  #matching(
    inbox: number,
    action: Exclude<Action, { readonly kind: "timer" | CrashKind | PartitionKind }>,
  ): readonly Deliverable[] {
    const { channels, inputs, nodes } = this.#deps;
    const via = (action as Extract<Action, { readonly kind: DeliveryKind }>).via ?? action.from;
    const message = inputs.idOf(action.message);
    return channels.deliverable(inbox).filter(({ packet, link }) => {
      const isLink = link < 0 || nodes[link]!.spec.id === via;
      return isLink && inputs.origin(packet) === action.from && inputs.contentId(packet) === message;
    });
  }
}
