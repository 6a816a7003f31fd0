// What an action changed, for renderers. The state vector has only the result, so the step function, which is
// pure, is called once more for its effects and events.

import { match, P } from "ts-pattern";
import { type Action, actor, choiceOf } from "../model/action.js";
import { canonicalizer } from "../model/canonical.js";
import { restartOutcomes } from "../model/disk.js";
import { type AnyOutcomes, evaluateStep } from "../model/evaluate.js";
import type { TransitionSystem } from "../model/system.js";
import type { Effect, Event, Json, NodeId, Property, Role } from "../protocol/index.js";
import { type Moment, momentObserver } from "./moment.js";

/** A message that a node has asked to be sent. */
export interface Sent {
  readonly to: NodeId | "all replicas";
  readonly message: Json;
  /** Those of its receivers whom a cut keeps it from; absent if there are none. */
  readonly unreached?: readonly NodeId[];
}

/** A message that was on its way and is lost. */
export interface Lost {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Json;
}

/** What one action has done to the node that it happened to. */
export interface StepChange {
  readonly action: Action;
  readonly node: NodeId;
  /** The node's view before and after; null if its behaviour knows no views. */
  readonly viewBefore: number | null;
  readonly viewAfter: number | null;
  readonly sent: readonly Sent[];
  /** What a cut has taken; absent if nothing. */
  readonly lost?: readonly Lost[];
  /** Timers that run now and did not before (a timer that has fired does not run). */
  readonly timersSet: readonly string[];
  /** Timers that were stopped before they fired. */
  readonly timersCancelled: readonly string[];
  readonly events: readonly Event[];
  /** Where the node stands now. */
  readonly now: NodeSummary;
  /** The properties, and what the adversary knows, after it. */
  readonly moment: Moment;
}

/** Where a node stands. */
export interface NodeSummary {
  readonly node: NodeId;
  readonly role: Role;
  /** Null if its behaviour knows no views. */
  readonly view: number | null;
  /** The timers that are set. */
  readonly timers: readonly string[];
  /** Whether it has crashed and not restarted. */
  readonly down: boolean;
  readonly state: Json;
}

/**
 * Returns a function that says what an action has changed, from the state vectors before and after;
 * `properties` are those of which it tells what they say.
 */
export function stepObserver(system: TransitionSystem, properties: readonly Property[]) {
  const momentOf = momentObserver(system, properties);
  const checked = canonicalizer(system.setting.protocol.message as never);
  const canonical = (message: Json) => checked(message) as Json; // the model has accepted it
  return (before: Int32Array, after: Int32Array, action: Action): StepChange => {
    const index = system.nodes.findIndex((table) => table.spec.id === actor(action));
    const [was, is] = [summarize(system, before, index), summarize(system, after, index)];
    const { effects, events } = outcomeOf(
      system,
      index,
      system.nodes[index]!.local(before[index]!),
      action,
      canonical,
    );
    const change = changeOf({ action, was, now: is, effects, events, canonical, moment: momentOf(after) });
    return system.channels?.network.partitions ? parted(system, before, after, index, change) : change;
  };
}

/** The same change, with what a cut keeps from its receivers. */
function parted(
  system: TransitionSystem,
  before: Int32Array,
  after: Int32Array,
  index: number,
  change: StepChange,
): StepChange {
  const { nodes } = system;
  const channels = system.channels!;
  const idOf = (node: number) => nodes[node]!.spec.id;
  if (change.action.kind === "cut") {
    const lost = nodes.flatMap((_, to) => {
      const waiting = (vector: Int32Array) => channels.serialize(vector[nodes.length + to]!).waiting;
      const left = new Set(waiting(after).map(({ link }) => link));
      return waiting(before).flatMap(({ link, message }) =>
        left.has(link) ? [] : [{ from: idOf(link), to: idOf(to), message }],
      );
    });
    return lost.length === 0 ? change : { ...change, lost };
  }
  const blocked = channels.partitions.blockedFrom(after[2 * nodes.length]!, index);
  const cutOff = nodes.flatMap(({ spec }, node) => (blocked & (1 << node) ? [spec.id] : []));
  return {
    ...change,
    sent: change.sent.map((sent) => {
      const unreached = cutOff.filter((id) => sent.to === "all replicas" || sent.to === id);
      return unreached.length === 0 ? sent : { ...sent, unreached };
    }),
  };
}

/** What an action has changed, from where its node stood before and after, and what the node did. */
export function changeOf({
  action,
  was,
  now,
  effects,
  events,
  canonical,
  moment,
}: Pick<StepChange, "action" | "now" | "events" | "moment"> & {
  readonly was: NodeSummary;
  readonly effects: readonly Effect<Json>[];
  readonly canonical: (message: Json) => Json;
}): StepChange {
  const fired = action.kind === "timer" ? action.timer : null;
  const running = was.timers.filter((timer) => timer !== fired);
  return {
    action,
    node: was.node,
    viewBefore: was.view,
    viewAfter: now.view,
    sent: effects.flatMap((effect) =>
      match(effect)
        .returnType<Sent[]>()
        .with({ kind: "send" }, ({ to, message }) => [{ to, message: canonical(message) }])
        .with({ kind: "broadcast" }, ({ message }) => [{ to: "all replicas", message: canonical(message) }])
        .with({ kind: P.union("set-timer", "cancel-timer", "defer") }, () => [])
        .exhaustive(),
    ),
    timersSet: now.timers.filter((timer) => !running.includes(timer)),
    timersCancelled: running.filter((timer) => !now.timers.includes(timer)),
    events,
    now,
    moment,
  };
}

/** What the node did. Nothing at all, where something only happened to it or to a message on its way. */
function outcomeOf(
  system: TransitionSystem,
  index: number,
  state: Json,
  action: Action,
  canonical: (message: Json) => Json,
): Pick<AnyOutcomes[number], "effects" | "events"> {
  const { spec, context, stepFaults } = system.nodes[index]!;
  const chosen = (outcomes: AnyOutcomes) => outcomes.find(({ label }) => label === choiceOf(action))!;
  return match(action)
    .with({ kind: P.union("lose", "duplicate", "cut", "heal", "crash") }, () => ({ effects: [], events: [] }))
    .with({ kind: "restart" }, () => {
      if (stepFaults !== null || !system.reactions.losesVolatile) return { effects: [], events: [] };
      return chosen(restartOutcomes(spec, context, state, system.setting.bounds.losing ?? "volatile"));
    })
    .with({ kind: "timer" }, ({ timer }) =>
      chosen(evaluateStep(spec, context, state, { kind: "timer", timer })),
    )
    .with({ kind: P.union("deliver", "inject", "relay") }, ({ from, message }) =>
      chosen(evaluateStep(spec, context, state, { kind: "message", from, message: canonical(message) })),
    )
    .exhaustive();
}

/** Where every correct node stands in a state. */
export function summarizeNodes(system: TransitionSystem, vector: Int32Array): NodeSummary[] {
  return system.nodes.slice(0, system.correctCount).map((_, index) => summarize(system, vector, index));
}

function summarize(system: TransitionSystem, vector: Int32Array, index: number): NodeSummary {
  const table = system.nodes[index]!;
  const component = vector[index]!;
  const timers = table.timersOf[component]!;
  return {
    node: table.spec.id,
    role: system.roles[index]!,
    view: table.spec.behaviour.view ? table.viewOf[component]! : null,
    timers: table.timers.filter((_, timer) => timers & (1 << timer)),
    down: table.isDown(component),
    state: table.shownLocal(component),
  };
}
