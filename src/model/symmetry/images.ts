// The images of all interned values under a renaming: local states, messages, inboxes, observations. Each is
// computed once and cached. What is derived from a value (the view of a state, the adversary's knowledge, a
// property's verdict) is compared with that of its image.

import type { Json, NodeId } from "../../protocol/index.js";
import { SchemaMismatch } from "../canonical.js";
import type { Channels } from "../channels.js";
import type { Inputs } from "../inputs.js";
import type { Moves } from "../moves.js";
import type { NodeTable } from "../node-table.js";
import type { Observations, Shown } from "../observations.js";
import { byzantineBit } from "../outboxes.js";
import type { Setting } from "../setting.js";
import { type GroupElement, type NameMap, SymmetryRefused } from "./group.js";
import { Renaming } from "./renaming.js";

/** A renaming, and where it takes each node (by index). */
export interface Element {
  readonly renaming: Renaming;
  /** Whether it leaves all requests as they are. */
  readonly isOfReplicas: boolean;
  /**
   * What it is the product of, the last first: its images are looked up in theirs. Null for a generator,
   * which renames.
   */
  readonly product: readonly [generator: Element, before: Element] | null;
  readonly imageOf: readonly number[];
  readonly origin: readonly number[];
  /**
   * Images: per node of components and local states; then of messages, lists of events, observations and
   * inboxes.
   */
  readonly components: number[][];
  readonly locals: number[][];
  readonly messages: number[];
  readonly events: number[];
  readonly observations: number[];
  readonly inboxes: number[];
}

/** The elements of a group, for nodes in this order. */
export function elementsOf(group: readonly GroupElement[], ids: readonly NodeId[]): readonly Element[] {
  const elements: Element[] = [];
  for (const { words, isOfReplicas, product } of group) {
    const [last, before] = product ? [elements[product[0]]!, elements[product[1]]!] : [null, null];
    const imageOf = last
      ? before.imageOf.map((node) => last.imageOf[node]!)
      : ids.map((id) => ids.indexOf(words().get(id) ?? id));
    elements.push(elementOf(words, isOfReplicas, imageOf, last && [last, before]));
  }
  return elements;
}

function elementOf(
  words: () => NameMap,
  isOfReplicas: boolean,
  imageOf: readonly number[],
  product: Element["product"],
): Element {
  const origin: number[] = [];
  for (const [from, to] of imageOf.entries()) origin[to] = from;
  let renaming: Renaming | null = null;
  return {
    get renaming() {
      renaming ??= new Renaming(words());
      return renaming;
    },
    ...{ isOfReplicas, product, imageOf, origin },
    ...{ components: [], locals: [], messages: [], events: [], observations: [], inboxes: [] },
  };
}

/** What symmetry needs from the system. */
export interface SymmetryDependencies {
  readonly setting: Setting;
  readonly nodes: readonly NodeTable[];
  readonly inputs: Inputs;
  readonly moves: Moves;
  readonly observations: Observations;
  readonly channels: Channels | null;
  readonly width: number;
}

/** The images of interned values under renamings. */
export class Images {
  readonly #deps: SymmetryDependencies;
  /** By observation. */
  readonly #judged: (readonly string[])[] = [];

  constructor(deps: SymmetryDependencies) {
    this.#deps = deps;
  }

  /** A component of this node; the image is one of the node in whose place it comes. */
  component(element: Element, node: number, component: number): number {
    element.components[node] ??= [];
    const images = element.components[node];
    const known = images[component];
    if (known !== undefined) return known;
    const image = element.product
      ? this.#throughProduct(element.product, node, component)
      : this.#renamedComponent(element, node, component);
    images[component] = image;
    return image;
  }

  #throughProduct([last, first]: NonNullable<Element["product"]>, node: number, component: number): number {
    return this.component(last, first.imageOf[node]!, this.component(first, node, component));
  }

  #renamedComponent(element: Element, node: number, component: number): number {
    const { nodes, inputs } = this.#deps;
    const [table, other] = [nodes[node]!, nodes[element.imageOf[node]!]!];
    const described = table.serialize(component);
    const sent = table.outboxes[table.outboxOf[component]!]!.map(
      ([message, recipients]) =>
        [inputs.messageOf(this.message(element, message)), this.bits(element, recipients)] as const,
    );
    const local = other.localState(this.local(element, node, table.localOf[component]!));
    return other.deserialize({ ...described, local, sent });
  }

  /** What the properties have seen. They have to judge its image alike. */
  observation(element: Element, observation: number): number {
    const known = element.observations[observation];
    if (known !== undefined) return known;
    const { product } = element;
    const image = product
      ? this.observation(product[0], this.observation(product[1], observation))
      : this.#renamedObservation(element, observation);
    element.observations[observation] = image;
    return image;
  }

  #renamedObservation({ renaming }: Element, observation: number): number {
    const { observations } = this.#deps;
    const image = observations.deserialize(
      observations.monitorStates(observation).map((state) => renaming.apply(state)),
    );
    const [before, after] = [this.#judgedOf(observation), this.#judgedOf(image)];
    for (const [index, property] of observations.properties.entries())
      if (before[index] !== after[index])
        throw new SymmetryRefused(`the property ${property.name} tells names apart`);
    return image;
  }

  /** What each property says about an observation. */
  #judgedOf(observation: number): readonly string[] {
    const { observations } = this.#deps;
    this.#judged[observation] ??= observations.properties.map((_, index) => {
      const state = observations.monitorStates(observation)[index]!;
      return `${observations.monitors[index]!.verdict(state)} ${observations.exercised(observation, index)}`;
    });
    return this.#judged[observation];
  }

  /** What is on its way to a node, where channels are kept. */
  inbox(element: Element, inbox: number): number {
    const known = element.inboxes[inbox];
    if (known !== undefined) return known;
    const { product } = element;
    const image = product
      ? this.inbox(product[0], this.inbox(product[1], inbox))
      : this.#renamedInbox(element, inbox);
    element.inboxes[inbox] = image;
    return image;
  }

  /**
   * How many faults of the network there have been, and the cut that there is, with its nodes renamed. The image
   * of a cut is one, too: any replicas may be parted, each way costs as much, and what a cut takes out of the
   * inboxes is what the image takes out of theirs. So renaming replicas stays a symmetry.
   */
  networkFaults({ renaming }: Element, what: number): number {
    return this.#deps.channels!.partitions.renamed(what, (id) => renaming.apply(id));
  }

  #renamedInbox({ renaming, imageOf }: Element, inbox: number): number {
    const { waiting, deferred } = this.#deps.channels!.serialize(inbox);
    const content = ({ from, message }: { readonly from: NodeId; readonly message: Json }) => ({
      from: renaming.apply(from),
      message: renaming.apply(message),
    });
    return this.#deps.channels!.deserialize({
      waiting: waiting.map((packet) => ({
        link: packet.link < 0 ? -1 : imageOf[packet.link]!,
        ...content(packet),
      })),
      deferred: deferred.map((kept) => ({ key: renaming.apply(kept.key), ...content(kept) })),
    });
  }

  /** A set of recipients; the bit of the adversary stays where it is. */
  bits({ imageOf }: Element, recipients: number): number {
    let image = recipients & byzantineBit;
    for (const [from, to] of imageOf.entries()) if (recipients & (1 << from)) image |= 1 << to;
    return image;
  }

  /** A local state of this node, as one of the node in whose place it comes. Its view stays the same. */
  local(element: Element, node: number, local: number): number {
    element.locals[node] ??= [];
    const known = element.locals[node][local];
    if (known !== undefined) return known;
    const [table, other] = [this.#deps.nodes[node]!, this.#deps.nodes[element.imageOf[node]!]!];
    const image = other.localId(element.renaming.apply(table.localState(local)));
    if (image instanceof SchemaMismatch)
      throw new SymmetryRefused(
        `a state of ${table.spec.id} does not fit the schema of ${other.spec.id}: ${image}`,
      );
    element.locals[node][local] = image;
    if (table.viewOfLocal(local) !== other.viewOfLocal(image))
      throw new SymmetryRefused(`view() of ${table.spec.id} tells names apart`);
    return image;
  }

  /** What the adversary learns from the image is the image of what it learns. */
  message(element: Element, message: number): number {
    const known = element.messages[message];
    if (known !== undefined) return known;
    const { inputs, moves } = this.#deps;
    const content = element.renaming.apply(inputs.messageOf(message));
    const image = inputs.idOf(content);
    if (image === undefined)
      throw new SymmetryRefused(
        `a message with other names does not fit the protocol's schema: ${clip(JSON.stringify(content))}`,
      );
    element.messages[message] = image;
    if (
      moves.renamed(moves.learnedFromMessage(message), element.renaming) !== moves.learnedFromMessage(image)
    )
      throw new SymmetryRefused(
        `the adversary ${this.#deps.setting.adversary?.name} remembers by names: ${clip(JSON.stringify(content))}`,
      );
    return image;
  }

  /** A message with whom it comes from. */
  packet(element: Element, packet: number): number {
    const { inputs } = this.#deps;
    const origin = element.renaming.apply(inputs.origin(packet));
    return inputs.packet(origin, this.message(element, inputs.contentId(packet)));
  }

  /** A list of events. */
  events(element: Element, events: number): number {
    if (events === 0) return 0;
    const known = element.events[events];
    if (known !== undefined) return known;
    const { observations } = this.#deps;
    const renamed = element.renaming.apply(observations.shownList(events) as unknown as Json);
    const image = observations.shown(renamed as unknown as readonly Shown[]);
    element.events[events] = image;
    return image;
  }
}

/** A text that fits into a line or two of a reason. */
export function clip(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}...` : text;
}
