// Puppets: Byzantine replicas that run the real step function, for strategies that change what such a replica
// sends instead of making it up. A puppet receives everything that correct nodes send. What it would send is
// a suggestion: the model decides whether the setting's adversary may send it. So a trace stays one of the
// setting's own adversary.

import type { NodeTable } from "../../model/node-table.js";
import { additions } from "../../model/outboxes.js";
import type { Setting } from "../../model/setting.js";
import { inputId, nodeStarts, requestsFor } from "../../model/starts.js";
import { TransitionSystem } from "../../model/system.js";
import type { Json, NodeId } from "../../protocol/index.js";
import type { Dice } from "../dice.js";

/** A message that a puppet would send, and its receiver. */
export interface Suggestion {
  readonly self: NodeId;
  readonly to: readonly NodeId[];
  readonly message: Json;
}

/** Creates the puppets of a setting, and caches evaluated steps from run to run. */
export class Puppets {
  readonly #setting: Setting;
  #stage: TransitionSystem | null = null;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** A puppet in its initial state. */
  make(self: NodeId, dice: Dice): Puppet {
    this.#stage ??= new TransitionSystem({
      ...this.#setting,
      ...{ byzantine: [], adversary: null, network: "async", properties: [] },
    });
    const index = this.#stage.nodes.findIndex(({ spec }) => spec.id === self);
    return new Puppet(this.#stage, index, dice, this.#setting);
  }
}

/** One copy of a Byzantine replica. */
export class Puppet {
  readonly self: NodeId;
  readonly #stage: TransitionSystem;
  readonly #table: NodeTable;
  readonly #index: number;
  readonly #dice: Dice;
  #component: number;
  #waiting: Suggestion[] = [];

  constructor(stage: TransitionSystem, index: number, dice: Dice, setting: Setting) {
    this.#stage = stage;
    this.#index = index;
    this.#dice = dice;
    this.#table = stage.nodes[index]!;
    this.self = this.#table.spec.id;
    const requests = requestsFor(stage.setting, this.self, stage.roles[index]!);
    const starts = nodeStarts(this.#table, requests, setting.protocol);
    this.#component = dice.pick(starts).component;
    this.#speak(0, this.#table.outboxOf[this.#component]!);
  }

  /** Its messages that were not taken yet; the caller owns the list. */
  take(): Suggestion[] {
    return this.#waiting.splice(0);
  }

  /** Receives a message. */
  hear(from: NodeId, message: Json): void {
    const packet = this.#stage.packetOf(from, message);
    if (packet === undefined) return;
    this.#become(
      this.#table.react(this.#component, inputId.packet(packet), () => this.#stage.inputOf(packet)),
    );
  }

  /** One of its timers fires, if any is set. */
  timeOut(): void {
    const armed = this.#table.timers.filter(
      (timer) => this.#stage.reactions.firing(this.#index, this.#component, timer) !== null,
    );
    if (armed.length === 0) return;
    const timer = this.#table.timers.indexOf(this.#dice.pick(armed.sort()));
    this.#become(this.#stage.reactions.react(this.#index, this.#component, "timer", timer));
  }

  /** What lies outside the bounds it does not do: nobody would listen, and its terms would grow for ever. */
  #become(reactions: readonly { readonly component: number }[]): void {
    const inside = reactions.filter(
      ({ component }) => !this.#stage.reactions.isOutside(this.#index, component),
    );
    if (inside.length === 0) return;
    const before = this.#table.outboxOf[this.#component]!;
    this.#component = this.#dice.pick(inside).component;
    this.#speak(before, this.#table.outboxOf[this.#component]!);
  }

  #speak(before: number, after: number): void {
    if (before === after) return;
    const { outboxes } = this.#table;
    const news = additions(outboxes[before]!, outboxes[after]!).map(({ message, added }): Suggestion => {
      const to = this.#stage.nodes.flatMap(({ spec }, index) => (added & (1 << index) ? [spec.id] : []));
      return { self: this.self, to, message: this.#stage.messageOf(message) };
    });
    const text = ({ message }: Suggestion) => JSON.stringify(message);
    this.#waiting.push(...news.sort((a, b) => (text(a) < text(b) ? -1 : 1)));
  }
}
