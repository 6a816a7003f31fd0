// The transition system: protocol + adversary + network + bounds, as "what can happen next". A state is a
// vector of integers: one component for each correct node, and one observation at the end. Search, fuzz,
// replay and minimize see only this; they differ in which of the transitions they take.
//
// On the `async` network a message once sent may be delivered at any time, any number of times, in any
// order, or never. So what node j can receive from node i is a function of i's component (its outbox), what
// the adversary can say is a function of all outboxes (what it has seen), and every transition changes one
// node's component alone. On the other networks there are inboxes between the components and the
// observation: see channel-steps.ts.

import type { Input, Json, NodeId, Role, Signed } from "../protocol/index.js";
import { absencesOf } from "./absences.js";
import { type Action, actor, choiceOf, isOfNetwork, type StartChoice } from "./action.js";
import { outcomeOf } from "./apply-reaction.js";
import { AsyncSteps } from "./async-steps.js";
import { ChannelSteps } from "./channel-steps.js";
import { Channels } from "./channels.js";
import { DeadMessages } from "./dead-messages.js";
import type { SharedTables } from "./dictionary.js";
import { UserError } from "./errors.js";
import { crashList, emptyList, type InputList, Inputs, restartList, timerList } from "./inputs.js";
import { Liveness } from "./liveness.js";
import { Looks } from "./looks.js";
import { Mail } from "./mail.js";
import { Moves } from "./moves.js";
import { type Channeled, networkNamed } from "./network.js";
import { NodeTable } from "./node-table.js";
import { Observations } from "./observations.js";
import { byzantineBit } from "./outboxes.js";
import type { Dependencies, TimerSetting } from "./outcomes.js";
import { withOwnParameters } from "./own-parameters.js";
import { Partitions } from "./partitions.js";
import { type ActionOutcome, isIdle, isSame } from "./possible-action.js";
import { Distortions, instancesOf } from "./puppets.js";
import { Reactions } from "./reactions.js";
import { checksLiveness, crashesForGood, digestOf, nodesOf, requestsOf, type Setting } from "./setting.js";
import { nodeStarts, requestsFor } from "./starts.js";
import type { Successors } from "./successors.js";
import { SymmetryRefused } from "./symmetry/group.js";
import { Symmetry } from "./symmetry/symmetry.js";
import { IntList } from "./tables.js";

/** One way for the run to begin. */
export interface InitialState {
  readonly vector: Int32Array;
  readonly choice: StartChoice;
  /** For each node the timers that it has set, in order. */
  readonly sets: readonly (readonly TimerSetting[])[];
  /** For each node the numbers of the lists of events that it has emitted, in order. */
  readonly events: readonly (readonly number[])[];
  /** For each node what it has sent on a network with inboxes, in order: indices into `NodeTable.sendings`. */
  readonly sends: readonly (readonly number[])[];
}

/** The transition system of one setting. */
export class TransitionSystem {
  readonly setting: Setting;
  /**
   * The correct nodes, then the puppets; the i-th integer of a state vector is the component of the i-th
   * node.
   */
  readonly nodes: readonly NodeTable[];
  readonly roles: readonly Role[];
  /** How many of the nodes are correct. */
  readonly correctCount: number;
  readonly observations: Observations;
  /** What inputs do to nodes; the search reads it directly. */
  readonly reactions: Reactions;
  /** Integers in a state vector: one for each correct node, perhaps inboxes, and the observation. */
  readonly width: number;
  /** What is on its way and what happens to it, on networks other than `async`; otherwise null. */
  readonly channels: Channels | null;
  readonly channelSteps: ChannelSteps | null;
  readonly asyncSteps: AsyncSteps;
  /** What is owed in a state. */
  readonly liveness: Liveness;

  readonly #inputs: Inputs;
  readonly #mail: Mail;
  readonly #moves: Moves;
  readonly #hasCrashes: boolean;
  /**
   * Byzantine nodes know all that a correct node has said, to whomever. Whether outboxes say so of messages
   * to others, too: where messages are taken out of them, these must not be lost to the adversary.
   */
  #marksHeard = false;

  constructor(incomplete: Setting) {
    const setting = withOwnParameters(incomplete);
    this.setting = setting;
    const { protocol, config, byzantine } = setting;
    const network = networkNamed(setting.network);
    this.#hasCrashes = (setting.bounds.crashes ?? 0) > 0;
    // Where clients are no nodes of the run, one more of them may be named than has asked for anything.
    const requests = config.clients ? config.requests : config.requests + 1;
    const ids = nodesOf(protocol, { ...config, clients: true, requests }).map((spec) => spec.id);
    const instances = instancesOf(setting);
    if (instances.length > 30)
      throw new UserError("bad-option", "At most 30 correct nodes can be checked together.");
    this.roles = instances.map(({ spec }) => spec.role);
    const correct = instances.filter(({ stepFaults }) => stepFaults === null).map(({ self }) => self);
    this.correctCount = correct.length;
    const relays = setting.adversary?.forwards === true && byzantine.length > 0;
    const issued = config.clients ? [] : requestsOf(protocol, config);
    this.observations = observationsOf(setting, correct, this.roles, issued);
    this.#inputs = new Inputs(protocol);
    const bits = new Map(ids.map((id) => [id, 0]));
    for (const [index, { self }] of instances.entries()) bits.set(self, bits.get(self)! | (1 << index));
    const frozen = Object.freeze({ ...config });
    const dependencies = this.#dependencies(bits, network !== null);
    this.nodes = instances.map((instance) => {
      const context = Object.freeze({ self: instance.self, config: frozen });
      const around = instance.stepFaults ? { ...dependencies, events: () => 0, looks: null } : dependencies;
      return new NodeTable(instance.spec, context, around, instance.stepFaults);
    });
    this.#mail = new Mail(this.nodes, this.#inputs, relays, new Distortions(setting, this.#inputs));
    this.#moves = new Moves(setting, this.nodes, this.#inputs, issued);
    const partitions = this.#partitionsOn(network);
    const [nodes, inputs] = [this.nodes, this.#inputs];
    this.reactions = new Reactions(setting, nodes, this.roles, inputs, this.observations, partitions);
    this.channels = network && new Channels(network, nodes, inputs, partitions);
    this.channelSteps = this.channels && this.#channelStepsOn(this.channels);
    this.asyncSteps = this.#newAsyncSteps();
    this.width = this.channelSteps?.width ?? instances.length + 1;
    this.liveness = new Liveness(this, this.width - 1, checksLiveness(setting));
  }

  /** What a node needs of the system. `bits`: by node, its bit in a set of recipients; 0 for nodes that are not correct. */
  #dependencies(bits: ReadonlyMap<NodeId, number>, hasInboxes: boolean): Dependencies {
    const { byzantine, properties } = this.setting;
    const looks = new Looks(properties);
    const allReplicas = this.roles.reduce(
      (all, role, index) => (role === "replica" ? all | (1 << index) : all),
      0,
    );
    return {
      message: (by, message) => this.#inputs.message(message, by, "protocol-malformed"),
      messageOf: (message) => this.#inputs.messageOf(message),
      recipients: (by, effect, message) => {
        const known =
          effect.kind === "broadcast" ? allReplicas & ~bits.get(by)! : (bits.get(effect.to) ?? -1);
        const toByzantine =
          effect.kind === "broadcast" ? byzantine.length > 0 : byzantine.includes(effect.to);
        const isHeard = toByzantine || (this.#marksHeard && known > 0 && byzantine.length > 0);
        return isHeard && this.#moves.isOfInterest(message) ? known | byzantineBit : known;
      },
      hasInboxes,
      isOfInterest: (message) => byzantine.length > 0 && this.#moves.isOfInterest(message),
      events: (events, sights) => this.observations.events(events, sights),
      looks: looks.areNone ? null : looks,
    };
  }

  /** The replicas that a network can part are the correct ones. */
  #partitionsOn(network: Channeled | null): Partitions {
    const ids = this.nodes.map(({ context }) => context.self);
    const correct = [...ids.keys()].slice(0, this.correctCount);
    const replicas = correct.filter((index) => this.roles[index] === "replica");
    return new Partitions(network?.partitions ?? null, ids, replicas);
  }

  #channelStepsOn(channels: Channels): ChannelSteps {
    return new ChannelSteps({
      nodes: this.nodes,
      inputs: this.#inputs,
      reactions: this.reactions,
      observations: this.observations,
      channels,
      listsOf: (vectors, offset, to, lists) => this.inputs(vectors, offset, to, lists),
      decides: (events) => this.decides(events),
    });
  }

  #newAsyncSteps(): AsyncSteps {
    return new AsyncSteps({
      nodes: this.nodes,
      roles: this.roles,
      reactions: this.reactions,
      observations: this.observations,
      mail: this.#mail,
      moves: this.#moves,
      isDown: (node, component) => this.#isDown(node, component),
      mayCrash: (vectors, offset) => this.#mayCrash(vectors, offset),
    });
  }

  /**
   * The symmetry of the system. It has to be made before the first step.
   *
   * @throws {SymmetryRefused} if there is none.
   */
  symmetry(): Symmetry {
    if (this.nodes.length > this.correctCount)
      throw new SymmetryRefused(
        `what ${this.setting.adversary!.name} makes of the protocol's steps is not checked under renaming`,
      );
    const { setting, nodes, observations, channels, width } = this;
    const [inputs, moves] = [this.#inputs, this.#moves];
    return new Symmetry({ setting, nodes, inputs, moves, observations, channels, width });
  }

  /** What forgets dead messages. It has to be made before the first step. */
  deadMessages(): DeadMessages {
    this.#marksHeard = true;
    return new DeadMessages({
      setting: this.setting,
      nodes: this.nodes,
      inputs: this.#inputs,
      moves: this.#moves,
    });
  }

  /**
   * Evaluates some steps once more, in another order: for the end of a search, which is believed after that.
   *
   * @throws {UserError} `protocol-nondeterministic` if one has another outcome now.
   */
  lookAgain(): void {
    for (const node of this.nodes) node.lookAgain();
  }

  /** How often the author's `step` was asked about a new pair of local state and input. */
  get stepCalls(): number {
    return this.nodes.reduce((sum, node) => sum + node.stepCalls, 0);
  }

  /** What threads have in common that explore the system together, each after what it is made of. */
  sharedTables(): SharedTables {
    const { numberings, memos } = this.stepTables();
    return {
      numberings: [...numberings, ...(this.channels?.numberings() ?? []), ...this.reactions.numberings()],
      memos: [...memos, ...this.reactions.memos()],
    };
  }

  /** What does not change between campaigns: messages, local states, and evaluated steps. */
  stepTables(): SharedTables {
    return {
      numberings: [
        ...this.#inputs.numberings(),
        ...this.observations.numberings(),
        ...this.nodes.flatMap((node) => node.numberings()),
      ],
      memos: this.nodes.map((node) => node.evaluatedSteps()),
    };
  }

  /** At each place of a vector, the largest number that can have stood there so far. */
  largestNumbers(): number[] {
    const largest = new Array<number>(this.width).fill(0);
    for (const [index, { localOf }] of this.nodes.entries()) largest[index] = localOf.length - 1;
    if (this.channels) largest.fill(this.channels.count - 1, this.nodes.length, 2 * this.nodes.length);
    if (this.channelSteps?.countsFaults)
      largest[2 * this.nodes.length] = this.channelSteps.largestFaultNumber;
    largest[this.width - 1] = this.observations.count - 1;
    return largest;
  }

  /** All ways for the run to begin. */
  initial(): InitialState[] {
    let states: InitialState[] = [
      { vector: new Int32Array(this.width), choice: {}, sets: [], events: [], sends: [] },
    ];
    for (const [index, node] of this.nodes.entries()) {
      const requests = requestsFor(this.setting, node.context.self, this.roles[index]!);
      const starts = nodeStarts(node, requests, this.setting.protocol);
      states = states.flatMap(({ vector, choice, sets: before, events: emitted, sends: sent }) =>
        starts.map(({ component, events, sends, sets, label }) => {
          const next = vector.slice();
          next[index] = component;
          for (const sending of sends) this.channelSteps?.begin(next, index, sending);
          next[this.width - 1] = events.reduce(
            (observation, list) => this.observations.after(observation, index, list),
            next[this.width - 1]!,
          );
          const chosen = starts.length > 1 ? { ...choice, [node.spec.id]: label } : choice;
          return {
            ...{ vector: next, choice: chosen, sets: [...before, sets], events: [...emitted, events] },
            sends: [...sent, sends],
          };
        }),
      );
    }
    return states;
  }

  /** Fills `out` with the transitions of a state whose vector starts at `offset` of `vectors`. */
  successors(vectors: Int32Array, offset: number, out: Successors): void {
    (this.channelSteps ?? this.asyncSteps).successors(vectors, offset, out);
  }

  /**
   * The ids of the lists of inputs that may reach one node now, otherwise than from an inbox. On `async`
   * they depend on what the nodes (itself included) have sent, and only grow; but a node that is down can
   * do nothing but restart.
   */
  inputs(vectors: Int32Array, offset: number, to: number, lists: IntList): void {
    lists.length = 0;
    if (this.#isDown(to, vectors[offset + to] as number)) {
      lists.push(restartList);
      return;
    }
    lists.push(timerList);
    const { stepFaults } = this.nodes[to] as NodeTable;
    if (stepFaults?.forgets) lists.push(restartList);
    if (stepFaults === null && this.roles[to] === "replica" && this.#mayCrash(vectors, offset))
      lists.push(crashList);
    if (this.channels && this.setting.byzantine.length === 0) return;
    const count = this.nodes.length;
    for (let from = 0; from < count; from++) {
      const mail = this.#mail.from(from, vectors[offset + from] as number);
      if (mail[to] !== emptyList) lists.push(mail[to] as number);
      if (mail[count + to] !== emptyList) lists.push(mail[count + to] as number);
    }
    if (stepFaults !== null) return;
    const injectable = this.injectable(vectors, offset, to);
    if (injectable !== emptyList) lists.push(injectable);
  }

  /** The id of the list of what the adversary can put in front of a node now. */
  injectable(vectors: Int32Array, offset: number, to: number): number {
    const knowledge = this.#moves.knows(vectors, offset);
    return knowledge < 0 ? emptyList : this.#moves.towards(this.roles[to]!, knowledge);
  }

  /** The signed statements of correct nodes that the adversary can show in a state. For people to look at. */
  knowledge(vector: Int32Array): readonly Signed<Json>[] {
    return this.#moves.statements(vector, 0);
  }

  /**
   * The packet in which a message comes from `sender`, or undefined if it does not fit the protocol's
   * schema.
   */
  packetOf(sender: NodeId, message: Json): number | undefined {
    const id = this.#inputs.idOf(message);
    return id === undefined ? undefined : this.#inputs.packet(sender, id);
  }

  /** Every message that the adversary could say in some state so far. */
  offered(): readonly Json[] {
    return this.#inputs.offered();
  }

  /** The message with this number, which stands in outboxes. */
  messageOf(message: number): Json {
    return this.#inputs.messageOf(message);
  }

  /** What stands in a list of inputs. */
  listOf(list: number): InputList {
    return this.#inputs.list(list);
  }

  /** A message with its authenticated origin. */
  packet(packet: number): { readonly from: NodeId; readonly message: Json } {
    return { from: this.#inputs.origin(packet), message: this.#inputs.content(packet) };
  }

  /** A packet as an input to `step`. */
  inputOf(packet: number): Input<Json> {
    return { kind: "message", ...this.packet(packet) };
  }

  /**
   * Checks that a state's adversary can say all that it could say in the state before.
   *
   * @throws {UserError} if not.
   */
  checkGrowth(before: Int32Array, atBefore: number, after: Int32Array, atAfter: number): void {
    const knowledge = this.#moves.knows(after, atAfter);
    if (knowledge >= 0) this.#moves.checkGrowth(this.#moves.knows(before, atBefore), knowledge);
  }

  /**
   * The state after an action that is described as data, or null if the action is not possible in this
   * state or changes nothing. This is how traces are replayed; the vector is left alone.
   */
  perform(vector: Int32Array, action: Action): Int32Array | null {
    const node = this.nodes.findIndex((table) => table.spec.id === actor(action));
    if (node < 0) return null;
    const what = this.#find(vector, node, vector[node]!, action);
    if (this.channelSteps) return this.channelSteps.perform(vector, node, action, what);
    const outcome = this.#outcomes(vector, node, action, what).find(
      ({ reaction }) => reaction.label === choiceOf(action),
    );
    return !outcome || isSame(outcome.next, vector) ? null : outcome.next;
  }

  /** Why an action that is not possible in a state would be a forgery, in words; null: it would be none. */
  whyForged(vector: Int32Array, action: Action): string | null {
    if (action.kind !== "inject") return null;
    return this.#moves.whyForged(this.#moves.knows(vector, 0), action.from, action.message);
  }

  /**
   * Whether an action as data is a choice, possible in this state, that changes nothing, as others of its
   * outcomes do: see fairness.ts.
   */
  idles(vector: Int32Array, action: Action): boolean {
    const node = this.nodes.findIndex((table) => table.spec.id === actor(action));
    if (node < 0 || (action.kind !== "timer" && action.kind !== "deliver")) return false;
    const what = this.#find(vector, node, vector[node]!, action);
    const outcomes = this.channelSteps
      ? this.channelSteps.outcomes(vector, node, action, what)
      : this.#outcomes(vector, node, action, what);
    const outcome = outcomes.find(({ reaction }) => reaction.label === choiceOf(action));
    return (
      outcome !== undefined && isIdle(vector, outcome) && outcomes.some(({ next }) => !isSame(next, vector))
    );
  }

  /** All outcomes, within the bounds, of an action that is possible; none of one that is not. */
  #outcomes(vector: Int32Array, node: number, action: Action, what: number | null): ActionOutcome[] {
    if (what === null || isOfNetwork(action)) return [];
    const reactions = this.reactions.react(node, vector[node]!, action.kind, what);
    const inside = reactions.filter(({ component }) => !this.reactions.isOutside(node, component));
    return inside.map((reaction) => outcomeOf(this, vector, node, reaction));
  }

  /**
   * Whether chance decides of an action that is possible in this state, or has its outcome: see
   * `Step.random`.
   */
  isRandom(vector: Int32Array, action: Action): boolean {
    const node = this.nodes.findIndex((table) => table.spec.id === actor(action));
    if (node < 0 || isOfNetwork(action)) return false;
    const what =
      action.kind === "timer"
        ? this.nodes[node]!.timers.indexOf(action.timer)
        : "message" in action
          ? this.packetOf(action.from, action.message)
          : -1;
    if (what === undefined) return false;
    const outcomes = this.reactions.react(node, vector[node]!, action.kind, what);
    return outcomes.find(({ label }) => label === choiceOf(action))?.random ?? false;
  }

  /** Whether a list of events contains an execution. */
  decides(events: number): boolean {
    return this.observations.executes(events);
  }

  /**
   * The timer or packet that an action speaks of, or -1 for a crash or restart; null if it cannot happen
   * now.
   */
  #find(vector: Int32Array, node: number, component: number, action: Action): number | null {
    const lists = new IntList();
    this.inputs(vector, 0, node, lists);
    for (const id of lists.items.subarray(0, lists.length)) {
      const list = this.#inputs.list(id);
      if (list.kind !== action.kind) continue;
      switch (action.kind) {
        case "timer":
          return this.reactions.firing(node, component, action.timer);
        case "crash":
        case "restart":
          return -1;
        default: {
          const packet = this.#inputs.find(id, action.from, action.message);
          if (packet !== undefined) return packet;
        }
      }
    }
    return null;
  }

  #isDown(node: number, component: number): boolean {
    return this.#hasCrashes && (this.nodes[node] as NodeTable).isDown(component);
  }

  #mayCrash(vectors: Int32Array, offset: number): boolean {
    if (!this.#hasCrashes) return false;
    let happened = 0;
    for (let node = 0; node < this.nodes.length; node++)
      happened += (this.nodes[node]!.crashesOf[vectors[offset + node] as number] as number) >> 1;
    return happened < this.setting.bounds.crashes!;
  }
}

/** What the properties of a setting observe. */
function observationsOf(
  { protocol, config, properties, bounds }: Setting,
  correct: readonly NodeId[],
  roles: readonly Role[],
  requests: readonly Json[],
): Observations {
  const { vocabulary } = protocol;
  const issued = requests.map((request) => digestOf(protocol, request));
  const facts = { config, correct, issued, ...(vocabulary && { vocabulary }) };
  const replicas = [...correct.keys()].filter((index) => roles[index] === "replica");
  const absences = absencesOf(properties, facts, replicas, crashesForGood(bounds));
  return new Observations(properties, facts, absences);
}
