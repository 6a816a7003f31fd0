// The oracle for conformance of others' records: logs of random executions of random protocols, in a form of their own, and an enumeration of all
// executions that explain them, by the definition. The mapping that says the same to the product stands beside it.

import type { MapFile } from "../../src/conform/index.js";
import type { Setting } from "../../src/model/setting.js";
import {
  type Effect,
  type Event,
  type Input,
  type Json,
  type NodeId,
  replicaIds,
} from "../../src/protocol/index.js";
import { admitted } from "./naive-conform.js";
import type { Draw } from "./record-runs.js";

/** A line of the log: what a node took, and where it was then; or what it has shown or sent by now. */
export type Line = { readonly node: NodeId } & (
  | { readonly kind: "timer"; readonly timer: string; readonly at: number }
  | { readonly kind: "plain"; readonly tag: string; readonly from: NodeId; readonly at: number }
  | { readonly kind: "signed"; readonly tag: string; readonly signer: NodeId; readonly from: NodeId }
  | { readonly kind: "lie"; readonly message: Json; readonly from: NodeId; readonly at: number }
  | { readonly kind: "request"; readonly request: string; readonly at: number }
  | { readonly kind: "shown"; readonly name: string }
  | { readonly kind: "sent"; readonly to: NodeId; readonly tag: string }
  | { readonly kind: "was"; readonly at: number }
);

/** What may have happened without a line, once before each line at its node. */
const unloggedTimers = ["t1"];
const unloggedTags = ["ping"];

/** The mapping of such lines. */
export function mappingOf({ config, byzantine }: Setting): MapFile {
  const state = { at: "$at" };
  const from = "$from";
  const ids = replicaIds(config);
  return {
    ...{ format: "turncoat-map", version: 1, protocol: "random", config: { ...config }, byzantine },
    ...{ nodes: Object.fromEntries(ids.map((id) => [id, id])), node: "$node" },
    rules: [
      { when: { kind: "timer" }, input: { timer: "$timer" }, state },
      { when: { kind: "plain" }, input: { message: { tag: "$tag" }, from }, state },
      { when: { kind: "signed" }, input: { message: { signer: "$signer", body: { tag: "$tag" } }, from } },
      { when: { kind: "lie" }, input: { message: "$message", from }, state },
      { when: { kind: "request" }, input: { request: "$request" }, state },
      { when: { kind: "shown" }, shown: [{ name: "$name" }] },
      { when: { kind: "sent" }, sent: [{ to: "$to", message: { tag: "$tag" } }] },
      { when: { kind: "was" }, before: state },
    ],
    unlogged: {
      inputs: [
        ...unloggedTimers.map((timer) => ({ timer })),
        ...ids
          .filter((id) => !byzantine.includes(id))
          .flatMap((id) => unloggedTags.map((tag) => ({ message: { tag }, from: id }))),
      ],
      max: 1,
    },
    candidates: 100_000,
  };
}

interface Sent {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Json;
}

/** Where all nodes are. */
interface World {
  readonly states: { readonly [node: NodeId]: Json };
  readonly timers: { readonly [node: NodeId]: readonly string[] };
  readonly shown: { readonly [node: NodeId]: readonly Event[] };
  readonly sent: readonly Sent[];
}

const tagOf = (message: Json) => (message as { readonly tag?: string }).tag;
const signerOf = (message: Json, via: NodeId) => (message as { readonly signer?: NodeId }).signer ?? via;
const atOf = ({ states }: World, node: NodeId) => (states[node] as { readonly at: number }).at;

/** Executions of a setting, step by step. */
class Executions {
  readonly setting: Setting;
  readonly correct: readonly NodeId[];
  readonly #ids: readonly NodeId[];

  constructor(setting: Setting) {
    this.setting = setting;
    this.#ids = replicaIds(setting.config);
    this.correct = this.#ids.filter((id) => !setting.byzantine.includes(id));
  }

  #behaviour(node: NodeId) {
    return this.setting.protocol.nodes(this.setting.config).find(({ id }) => id === node)!.behaviour;
  }

  starts(): World[] {
    const empty = (): never[] => [];
    const blank = (of: () => Json) => Object.fromEntries(this.correct.map((id) => [id, of()]));
    let all: World[] = [
      { states: blank(() => null), timers: blank(empty) as never, shown: blank(empty) as never, sent: [] },
    ];
    for (const node of this.correct) {
      const context = { self: node, config: this.setting.config };
      const outcomes = this.#behaviour(node).init(context, { kind: "start" });
      all = all.flatMap((world) => outcomes.map((outcome) => this.#after(world, node, null, outcome)));
    }
    return all;
  }

  /** Every world after an input at a node. */
  after(world: World, node: NodeId, input: Input<Json>): World[] {
    const context = { self: node, config: this.setting.config };
    const outcomes = this.#behaviour(node).step(context, world.states[node]!, input as never);
    const timer = input.kind === "timer" ? input.timer : null;
    return outcomes.map((outcome) => this.#after(world, node, timer, outcome));
  }

  #after(
    world: World,
    node: NodeId,
    fired: string | null,
    outcome: {
      readonly state: unknown;
      readonly effects: readonly unknown[];
      readonly events: readonly Event[];
    },
  ): World {
    const timers = new Set(world.timers[node]!.filter((timer) => timer !== fired));
    const sent = [...world.sent];
    for (const effect of outcome.effects as readonly Effect<Json>[]) {
      if (effect.kind === "set-timer") timers.add(effect.timer);
      if (effect.kind === "cancel-timer") timers.delete(effect.timer);
      const { message } = effect as { readonly message: Json };
      if (effect.kind === "send") sent.push({ from: node, to: effect.to, message });
      if (effect.kind === "broadcast")
        for (const to of this.#ids) if (to !== node) sent.push({ from: node, to, message });
    }
    return {
      states: { ...world.states, [node]: outcome.state as Json },
      timers: { ...world.timers, [node]: [...timers].sort() },
      shown: { ...world.shown, [node]: [...world.shown[node]!, ...outcome.events] },
      sent: [...new Map(sent.map((one) => [JSON.stringify(one), one])).values()],
    };
  }

  /** The inputs that messages of `via` to a node are. */
  received(world: World, node: NodeId, via: NodeId, isIt: (message: Json) => boolean): Input<Json>[] {
    return world.sent
      .filter(({ from, to, message }) => from === via && to === node && isIt(message))
      .map(({ message }) => ({ kind: "message", from: signerOf(message, via), message }));
  }

  /** The inputs that a line may stand for; null: it stands for none, and says something of how things are. */
  inputs(world: World, line: Line): readonly Input<Json>[] | null {
    const { node } = line;
    const { byzantine, config } = this.setting;
    switch (line.kind) {
      case "timer":
        return world.timers[node]!.includes(line.timer) ? [{ kind: "timer", timer: line.timer }] : [];
      case "plain":
        if (byzantine.includes(line.from)) return this.#said(world, { tag: line.tag }, line.from);
        return this.received(world, node, line.from, (message) => tagOf(message) === line.tag);
      case "signed":
        return this.received(world, node, line.from, (message) => {
          const { signer, body } = message as { readonly signer?: NodeId; readonly body?: Json };
          return signer === line.signer && tagOf(body ?? null) === line.tag;
        });
      case "lie":
        if (!byzantine.includes(line.from))
          return this.received(
            world,
            node,
            line.from,
            (one) => JSON.stringify(one) === JSON.stringify(line.message),
          );
        return this.#said(world, line.message, line.from);
      case "request":
        return ["A", "B"].slice(0, config.requests).includes(line.request)
          ? [{ kind: "request", request: line.request }]
          : [];
      default:
        return null;
    }
  }

  #said({ sent }: World, message: Json, via: NodeId): Input<Json>[] {
    const known = sent.map((one) => one.message);
    return admitted(message, this.setting.byzantine, known)
      ? [{ kind: "message", from: signerOf(message, via), message }]
      : [];
  }

  /** Every input that may have happened without a line. */
  unlogged(world: World, node: NodeId): Input<Json>[] {
    const timers = unloggedTimers.filter((timer) => world.timers[node]!.includes(timer));
    return [
      ...timers.map((timer): Input<Json> => ({ kind: "timer", timer })),
      ...this.correct.flatMap((via) =>
        this.received(world, node, via, (message) => unloggedTags.includes(tagOf(message)!)),
      ),
    ];
  }
}

/** Whether a world is as a line says, after its input. */
function fits(world: World, line: Line): boolean {
  const { node } = line;
  switch (line.kind) {
    case "shown":
      return world.shown[node]!.some((event) => (event as { readonly name?: string }).name === line.name);
    case "sent":
      return world.sent.some(
        ({ from, to, message }) => from === node && to === line.to && tagOf(message) === line.tag,
      );
    case "signed":
      return true;
    default:
      return atOf(world, node) === line.at;
  }
}

/** How many lines the execution explains that explains most. */
export function naiveMapped(setting: Setting, lines: readonly Line[]): number {
  const executions = new Executions(setting);
  let worlds = executions.starts();
  for (const [index, line] of lines.entries()) {
    const guessed = worlds.flatMap((world) => [
      world,
      ...executions.unlogged(world, line.node).flatMap((input) => executions.after(world, line.node, input)),
    ]);
    const next = guessed.flatMap((world) => {
      const inputs = executions.inputs(world, line);
      const after = inputs?.flatMap((input) => executions.after(world, line.node, input)) ?? [world];
      return after.filter((one) => fits(one, line));
    });
    worlds = [...new Map(next.map((world) => [JSON.stringify(world), world])).values()];
    if (worlds.length === 0) return index;
  }
  return lines.length;
}

/** The log of a random execution, of which some is not logged. */
export function randomLines(setting: Setting, draw: Draw, actions: number, lies: readonly Json[]): Line[] {
  const executions = new Executions(setting);
  const pick = <T>(all: readonly T[]): T => all[draw(all.length)]!;
  let world = pick(executions.starts());
  const lines: Line[] = [];
  /** By node: whether its last step has no line. */
  const silent = new Set<NodeId>();
  for (let count = 0; count < actions; count++) {
    const node = pick(executions.correct);
    if (draw(4) === 0) {
      const look = pick(looks(world, node));
      lines.push(...look);
      if (look.length > 0) silent.delete(node);
      continue;
    }
    const steps = executions.correct
      .flatMap((via) => executions.received(world, node, via, () => true).map((input) => ({ via, input })))
      .concat(world.timers[node]!.map((timer) => ({ via: node, input: { kind: "timer", timer } })))
      .concat(
        setting.byzantine.flatMap((via) =>
          lies
            .flatMap((message) => executions.inputs(world, { node, kind: "lie", message, from: via, at: 0 })!)
            .map((input) => ({ via, input })),
        ),
      );
    if (steps.length === 0) continue;
    const { via, input } = pick(steps);
    world = pick(executions.after(world, node, input));
    const isGuessed =
      input.kind === "timer"
        ? unloggedTimers.includes(input.timer)
        : input.kind === "message" && unloggedTags.includes(tagOf(input.message)!);
    if (isGuessed && !setting.byzantine.includes(via) && !silent.has(node) && draw(2) === 0) silent.add(node);
    else {
      silent.delete(node);
      lines.push(lineOf(world, node, via, input, setting));
    }
  }
  return lines;
}

function looks(world: World, node: NodeId): Line[][] {
  const shown = world.shown[node]!.flatMap((event) => (event.kind === "custom" ? [event.name] : []));
  const sent = world.sent.filter(({ from, message }) => from === node && tagOf(message) !== undefined);
  return [
    [{ node, kind: "was", at: atOf(world, node) }],
    shown.slice(-1).map((name) => ({ node, kind: "shown", name })),
    sent.slice(-1).map(({ to, message }) => ({ node, kind: "sent", to, tag: tagOf(message)! })),
  ];
}

function lineOf(world: World, node: NodeId, via: NodeId, input: Input<Json>, { byzantine }: Setting): Line {
  const at = atOf(world, node);
  if (input.kind === "timer") return { node, kind: "timer", timer: input.timer, at };
  if (input.kind === "request") return { node, kind: "request", request: String(input.request), at };
  const { message } = input;
  if (byzantine.includes(via)) return { node, kind: "lie", message, from: via, at };
  const { signer, body } = message as { readonly signer?: NodeId; readonly body?: Json };
  if (signer === undefined) return { node, kind: "plain", tag: tagOf(message)!, from: via, at };
  return { node, kind: "signed", tag: tagOf(body!)!, signer, from: via };
}
