// Symmetry: states that differ only in the names of interchangeable replicas and of request values are one orbit, and the
// search keeps one state of each: the least in the order of its integers. What may be renamed:
//   - request values, where every replica has all of them from the start (runs without client nodes), and
//   - correct replicas that lead no view within the bounds. (Rotating leaders tell the others apart.) A protocol without
//     views says itself which replicas are alike.
//
// Why it is sound. Let every element g of the group be an automorphism of the transition system: it maps initial states to
// initial states, every transition to a transition, and what the properties see to what they judge alike. Then for any
// state s and g(s) the same can happen up to names, so expanding one of an orbit finds the successors of all, up to names;
// and s violates a property if and only if g(s) does. Steps commute with renaming one by one, so visible steps and symmetry
// can be combined.
//
// That g is an automorphism is checked, not assumed: for every generator and every step of a node, every observation, every
// move of the adversary and every set of knowledge that the search comes across, the renamed step is made too and compared.
// (Those renamed steps are checked in turn; so what is checked is closed under the whole group.) One difference, and symmetry is refused, with
// the input that shows it.
//
// Not for liveness: a fair execution of representatives need not be fair to each replica.

import type { Event, Input, Json, NodeId } from "../protocol/index.js";
import type { Channels } from "./channels.js";
import { calling } from "./errors.js";
import type { Inputs } from "./inputs.js";
import type { Moves } from "./moves.js";
import type { EvaluatedStep, NodeTable, Outbox, Outcome } from "./node-table.js";
import type { Observations } from "./observations.js";
import { Renaming, wordsBetween } from "./renaming.js";
import type { Representatives } from "./representatives.js";
import { checksLiveness, digestOf, nodesOf, requestsOf, type Setting } from "./setting.js";
import { inputId, inputOf, requestsFor } from "./starts.js";

/** Larger groups cost more than they save. */
const maxOrder = 5040;

/** Why symmetry cannot be used. */
export class SymmetryRefused extends Error {}

/** A renaming, and where it takes each node (by index). */
interface Element {
  readonly renaming: Renaming;
  readonly imageOf: readonly number[];
  readonly origin: readonly number[];
  /** Images: per node of components and local states; then of messages, lists of events, observations and inboxes. */
  readonly components: number[][];
  readonly locals: number[][];
  readonly messages: number[];
  readonly events: number[];
  readonly observations: number[];
  readonly inboxes: number[];
}

/** What symmetry needs from the system. */
export interface SymmetrySurroundings {
  readonly setting: Setting;
  readonly nodes: readonly NodeTable[];
  readonly inputs: Inputs;
  readonly moves: Moves;
  readonly observations: Observations;
  readonly channels: Channels | null;
  readonly width: number;
}

/** See the file comment. */
export class Symmetry implements Representatives {
  readonly #of: SymmetrySurroundings;
  /** All elements but the identity. */
  readonly #elements: readonly Element[];
  /** Transpositions that generate the group. */
  readonly #generators: readonly Element[];
  /** Per node: steps that are not checked yet. */
  readonly #steps: readonly EvaluatedStep[][];
  readonly #best: Int32Array;
  readonly #image: Int32Array;

  /** @throws {SymmetryRefused} if there is nothing to rename, or too much, or it is a liveness run. */
  constructor(of: SymmetrySurroundings) {
    this.#of = of;
    const { setting, nodes } = of;
    if (checksLiveness(setting))
      throw new SymmetryRefused(
        "liveness properties are checked without symmetry, which does not keep fairness",
      );
    const [replicas, requests] = [interchangeable(setting), exchangeableRequests(setting)];
    const ids = nodes.map(({ spec }) => spec.id);
    const order = factorial(replicas.map(({ length }) => length)) * factorial([requests.length]);
    if (order === 1) throw new SymmetryRefused("no two replicas and no two requests can be exchanged here");
    if (order > maxOrder)
      throw new SymmetryRefused(`there are ${order} renamings, and at most ${maxOrder} are tried`);
    const element = (words: ReadonlyMap<string, string>): Element => {
      const imageOf = ids.map((id) => ids.indexOf(words.get(id) ?? id));
      const origin = ids.map((_, node) => imageOf.indexOf(node));
      const [components, locals]: number[][][] = [ids.map(() => []), ids.map(() => [])];
      const memos = { messages: [], events: [], observations: [], inboxes: [] };
      return { renaming: new Renaming(words), imageOf, origin, components, locals, ...memos } as Element;
    };
    const identity: ReadonlyMap<string, string> = new Map();
    const words = [...replicas.flat(), ...requests.flat()];
    if (new Set(words).size < words.length)
      throw new SymmetryRefused("a request has a word that is the name of a replica");
    const all = [...replicas.map(permutationsOf), permutationsOf(requests)].reduce<
      ReadonlyMap<string, string>[]
    >(
      (products, factor) => products.flatMap((left) => factor.map((right) => new Map([...left, ...right]))),
      [identity],
    );
    const elements = new Map(all.map((words) => [movedBy(words), element(words)]));
    elements.delete("");
    this.#elements = [...elements.values()];
    this.#generators = [...replicas, requests].flatMap((items) =>
      items.slice(1).map((_, index) => elements.get(movedBy(exchange(items, index, index + 1)))!),
    );
    this.#steps = nodes.map((table) => {
      const steps: EvaluatedStep[] = [];
      table.listeners.push((step) => steps.push(step));
      return steps;
    });
    of.moves.log = [];
    of.observations.log = [];
    this.#best = new Int32Array(of.width);
    this.#image = new Int32Array(of.width);
  }

  /** How many renamings there are, the identity included. */
  get order(): number {
    return this.#elements.length + 1;
  }

  /** Puts the representative of its orbit in the place of a state. */
  canonicalize(vector: Int32Array): void {
    const best = this.#best;
    best.set(vector);
    for (const element of this.#elements) if (this.#isLess(element, vector, best)) best.set(this.#image);
    vector.set(best);
  }

  /**
   * Checks whatever the search has come across since the last time.
   *
   * @throws {SymmetryRefused} at the first step that changes when names do.
   */
  check(): void {
    const { moves, observations } = this.#of;
    for (;;) {
      const node = this.#steps.findIndex((steps) => steps.length > 0);
      if (node >= 0) this.#checkStep(node, this.#steps[node]!.pop()!);
      else if (moves.log!.length > 0) this.#checkMoves(...moves.log!.pop()!);
      else if (observations.log!.length > 0) this.#checkObservation(...observations.log!.pop()!);
      else return;
    }
  }

  /** Checks that the ways to begin are symmetric, too. @throws {SymmetryRefused} if not. */
  checkInitial(vectors: readonly Int32Array[]): void {
    const known = new Set(vectors.map((vector) => vector.join()));
    for (const vector of vectors)
      for (const generator of this.#generators)
        if (!known.has(this.#imageOf(generator, vector).join()))
          throw new SymmetryRefused("the ways to begin change when names are exchanged");
  }

  /** Writes the image into the scratch vector; false as soon as it is seen not to be less than `best`. */
  #isLess(element: Element, vector: Int32Array, best: Int32Array): boolean {
    const { width, nodes } = this.#of;
    const count = nodes.length;
    let isLess = false;
    for (let at = 0; at < width; at++) {
      const value = this.#valueAt(element, vector, at, count, width);
      if (!isLess && value > (best[at] as number)) return false;
      if (value < (best[at] as number)) isLess = true;
      this.#image[at] = value;
    }
    return isLess;
  }

  #imageOf(element: Element, vector: Int32Array): Int32Array {
    const { width, nodes } = this.#of;
    return vector.map((_, at) => this.#valueAt(element, vector, at, nodes.length, width));
  }

  #valueAt(element: Element, vector: Int32Array, at: number, count: number, width: number): number {
    if (at === width - 1) return this.#observation(element, vector[at] as number);
    if (at < count) {
      const from = element.origin[at] as number;
      return this.#component(element, from, vector[from] as number);
    }
    if (at >= 2 * count) return vector[at] as number; // mishaps
    return this.#inbox(element, vector[count + (element.origin[at - count] as number)] as number);
  }

  #component(element: Element, node: number, component: number): number {
    const known = (element.components[node] as number[])[component];
    if (known !== undefined) return known;
    const { nodes, inputs } = this.#of;
    const [table, other] = [nodes[node]!, nodes[element.imageOf[node]!]!];
    const described = table.describe(component);
    const sent = table.outboxes[table.outboxOf[component]!]!.map(
      ([message, recipients]) =>
        [inputs.messageOf(this.#message(element, message)), this.#bits(element, recipients)] as const,
    );
    const local = other.localState(this.#local(element, node, table.localOf[component]!));
    const image = other.adopt({ ...described, local, sent });
    element.components[node]![component] = image;
    return image;
  }

  #observation(element: Element, observation: number): number {
    const known = element.observations[observation];
    if (known !== undefined) return known;
    const { observations } = this.#of;
    const image = observations.adopt(
      observations.monitorStates(observation).map((state) => element.renaming.apply(state)),
    );
    element.observations[observation] = image;
    for (const [index, property] of observations.properties.entries()) {
      const judge = (seen: number) =>
        `${observations.monitors[index]!.verdict(observations.monitorStates(seen)[index]!)} ${observations.exercised(seen, index)}`;
      if (judge(observation) !== judge(image))
        throw new SymmetryRefused(`the property ${property.name} tells names apart`);
    }
    return image;
  }

  #inbox(element: Element, inbox: number): number {
    const known = element.inboxes[inbox];
    if (known !== undefined) return known;
    const { waiting, deferred } = this.#of.channels!.describe(inbox);
    const { renaming, imageOf } = element;
    const content = ({ from, message }: { readonly from: NodeId; readonly message: Json }) => ({
      from: renaming.apply(from),
      message: renaming.apply(message),
    });
    const image = this.#of.channels!.adopt({
      waiting: waiting.map((parcel) => ({
        link: parcel.link < 0 ? -1 : imageOf[parcel.link]!,
        ...content(parcel),
      })),
      deferred: deferred.map((kept) => ({ key: renaming.apply(kept.key), ...content(kept) })),
    });
    element.inboxes[inbox] = image;
    return image;
  }

  #bits({ imageOf }: Element, recipients: number): number {
    let image = recipients & (1 << 30);
    for (const [from, to] of imageOf.entries()) if (recipients & (1 << from)) image |= 1 << to;
    return image;
  }

  #checkStep(node: number, { local, inputId: input, outcomes }: EvaluatedStep): void {
    const table = this.#of.nodes[node]!;
    for (const element of this.#generators) {
      const other = this.#of.nodes[element.imageOf[node]!]!;
      const { id, get } = this.#inputImage(element, table, other, input);
      const expected = outcomes.map((outcome) => this.#imageText(element, node, outcome));
      const found = other
        .outcomesOf(this.#local(element, node, local), id, get)
        .map((outcome) => this.#text(outcome, other));
      if (expected.sort().join("\n") !== found.sort().join("\n"))
        throw new SymmetryRefused(
          `${table.spec.id} and ${other.spec.id} react differently, names aside, to ${clip(JSON.stringify(get()))}`,
        );
    }
  }

  /** The number of the renamed input, and the input itself. */
  #inputImage(
    element: Element,
    table: NodeTable,
    other: NodeTable,
    input: number,
  ): { readonly id: number; readonly get: () => Input<Json> } {
    const { inputs } = this.#of;
    const { kind, what } = inputOf(input);
    switch (kind) {
      case "packet": {
        const packet = this.#packet(element, what);
        const get = () =>
          ({ kind: "message", from: inputs.origin(packet), message: inputs.content(packet) }) as const;
        return { id: inputId.packet(packet), get };
      }
      case "timer": {
        const timer = table.timers[what]!;
        return { id: inputId.timer(other.timerId(timer)), get: () => ({ kind, timer }) };
      }
      case "request": {
        const requests = requestsFor(this.#of.setting, table.spec.id, table.spec.role);
        const request = element.renaming.apply(requests[what]!);
        const texts = requests.map((one) => JSON.stringify(one));
        return {
          id: inputId.request(texts.indexOf(JSON.stringify(request))),
          get: () => ({ kind, request }),
        };
      }
    }
  }

  #local(element: Element, node: number, local: number): number {
    const known = element.locals[node]![local];
    if (known !== undefined) return known;
    const [table, other] = [this.#of.nodes[node]!, this.#of.nodes[element.imageOf[node]!]!];
    const image = other.localId(element.renaming.apply(table.localState(local)));
    element.locals[node]![local] = image;
    if (table.viewOfLocal(local) !== other.viewOfLocal(image))
      throw new SymmetryRefused(`view() of ${table.spec.id} tells names apart`);
    return image;
  }

  #message(element: Element, message: number): number {
    const known = element.messages[message];
    if (known !== undefined) return known;
    const { inputs, moves } = this.#of;
    const content = element.renaming.apply(inputs.messageOf(message));
    const image = inputs.message(content, "a renaming", "protocol-malformed");
    element.messages[message] = image;
    if (
      moves.renamed(moves.learnedFromMessage(message), element.renaming) !== moves.learnedFromMessage(image)
    )
      throw new SymmetryRefused(
        `the adversary ${this.#of.setting.adversary?.name} remembers by names: ${clip(JSON.stringify(content))}`,
      );
    return image;
  }

  #packet(element: Element, packet: number): number {
    const { inputs } = this.#of;
    const origin = element.renaming.apply(inputs.origin(packet));
    return inputs.packet(origin, this.#message(element, inputs.contentId(packet)));
  }

  #events(element: Element, events: number): number {
    if (events === 0) return 0;
    const { observations } = this.#of;
    const renamed = element.renaming.apply(observations.eventList(events) as unknown as Json);
    element.events[events] ??= observations.events(renamed as unknown as readonly Event[]);
    return element.events[events];
  }

  #imageText(element: Element, node: number, outcome: Outcome): string {
    const table = this.#of.nodes[node]!;
    const outbox = (sent: Outbox): Outbox =>
      sent.map(([message, to]) => [this.#message(element, message), this.#bits(element, to)]);
    return textOf(table, {
      local: this.#local(element, node, outcome.local),
      kept: outbox(outcome.kept),
      sent: outbox(table.sendings[outcome.sends]!),
      timersOn: outcome.timersOn,
      timersOff: outcome.timersOff,
      defers: outcome.defers === null ? null : element.renaming.apply(outcome.defers),
      events: this.#events(element, outcome.events),
    });
  }

  #text(outcome: Outcome, table: NodeTable): string {
    return textOf(table, { ...outcome, sent: table.sendings[outcome.sends]! });
  }

  #checkMoves(role: "replica" | "client", knowledge: number): void {
    const { moves, inputs } = this.#of;
    const packets = (set: number) => inputs.list(moves.towards(role, set)).items;
    for (const element of this.#generators) {
      const expected = packets(knowledge).map((packet) => this.#packet(element, packet));
      const found = new Set(packets(moves.renamed(knowledge, element.renaming)));
      const missing = expected.find((packet) => !found.has(packet));
      if (missing !== undefined || expected.length !== found.size)
        throw new SymmetryRefused(
          `the adversary ${this.#of.setting.adversary?.name} tells names apart` +
            (missing === undefined ? "" : `: it never says ${clip(JSON.stringify(inputs.content(missing)))}`),
        );
    }
  }

  #checkObservation(observation: number, node: number, events: number): void {
    const { observations } = this.#of;
    for (const element of this.#generators) {
      const there = this.#events(element, events);
      const image = this.#observation(element, observation);
      const found = observations.after(image, element.imageOf[node]!, there);
      if (found !== this.#observation(element, observations.after(observation, node, events)))
        throw new SymmetryRefused(
          `a property tells names apart after ${clip(JSON.stringify(observations.eventList(events)))}`,
        );
    }
  }
}

/** Equal for outcomes that are the same for nodes of these tables. */
function textOf(
  { timers }: NodeTable,
  {
    local,
    kept,
    sent,
    timersOn,
    timersOff,
    defers,
    events,
  }: Omit<Outcome, "label" | "sends" | "sets"> & { sent: Outbox },
): string {
  const names = (mask: number) => timers.filter((_, index) => mask & (1 << index)).sort();
  const keptTexts = kept.map(([message, to]) => `${message}:${to}`).sort();
  const sentTexts = sent.map(([message, to]) => `${message}:${to}`);
  return `${local} ${keptTexts} ${sentTexts} ${names(timersOn)} ${names(timersOff)} ${defers} ${events}`;
}

function clip(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}...` : text;
}

/** Sets of correct replicas that can be exchanged: see the file comment. */
export function interchangeable({
  protocol,
  config,
  byzantine,
  bounds,
}: Setting): readonly (readonly NodeId[])[] {
  const replicas = nodesOf(protocol, config)
    .filter(({ role, id }) => role === "replica" && !byzantine.includes(id))
    .map(({ id }) => id);
  if (protocol.interchangeable) {
    const groups = calling("protocol-threw", `interchangeable() of ${protocol.name}`, () =>
      protocol.interchangeable!(config),
    );
    return groups.map((group) => group.filter((id) => replicas.includes(id)));
  }
  if (!protocol.primary) return [];
  const leaders = new Set(
    Array.from({ length: bounds.views + 1 }, (_, view) => protocol.primary!(config, view)),
  );
  return [replicas.filter((id) => !leaders.has(id))];
}

/** The words that tell one request from another, for each request; empty if they cannot be exchanged. */
export function exchangeableRequests({ protocol, config }: Setting): readonly (readonly string[])[] {
  if (config.clients) return [];
  const texts = requestsOf(protocol, config).map((request): Json => [request, digestOf(protocol, request)]);
  const [first, ...others] = texts;
  if (first === undefined || others.length === 0) return [];
  const maps = others.map((other) => wordsBetween(first, other));
  if (maps.includes(null)) return [];
  const differing = [...maps[0]!.keys()].filter((word) => maps.some((map) => map!.get(word) !== word));
  const rows = [differing, ...maps.map((map) => differing.map((word) => map!.get(word)!))];
  const isClean = new Set(rows.flat()).size === rows.length * differing.length;
  return isClean ? rows : [];
}

/** A word, or words that go together. */
type Item = string | readonly string[];

/** The words that are renamed, and how, in order: equal for equal renamings. */
function movedBy(words: ReadonlyMap<string, string>): string {
  const moved = [...words].filter(([from, to]) => from !== to).map((pair) => pair.join(" "));
  return moved.sort().join();
}

function exchange(items: readonly Item[], a: number, b: number): ReadonlyMap<string, string> {
  const order = items.map((_, index) => (index === a ? b : index === b ? a : index));
  return wordsOf(items, order);
}

function wordsOf(items: readonly Item[], order: readonly number[]): ReadonlyMap<string, string> {
  return new Map(
    order.flatMap((to, from) => {
      const [left, right] = [[items[from]!].flat(), [items[to]!].flat()];
      return left.map((word, index): [string, string] => [word, right[index]!]);
    }),
  );
}

/** Every way to permute items. */
export function permutationsOf(items: readonly Item[]): ReadonlyMap<string, string>[] {
  const orders = items.reduce<number[][]>(
    (all, _, item) =>
      all.flatMap((order) => [...order.keys(), order.length].map((at) => order.toSpliced(at, 0, item))),
    [[]],
  );
  return orders.map((order) => wordsOf(items, order));
}

function factorial(sizes: readonly number[]): number {
  return sizes.reduce(
    (product, size) => product * Array.from({ length: size }, (_, i) => i + 1).reduce((a, b) => a * b, 1),
    1,
  );
}
