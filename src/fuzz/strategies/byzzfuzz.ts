// ByzzFuzz (Winter, Buse, de Graaf, von Gleissenthall, Kulahcioglu Ozkan, OOPSLA 2023): the Byzantine replica
// runs the real protocol with faults in a few rounds. In at most c rounds its messages to some receivers are
// mutated in a small way, or omitted; in at most d rounds the network is partitioned.
//
// The paper reads a message's round off its fields. Here rounds are counted, so that it works for any
// protocol: a node is in the round after the latest one from which it has received anything (Lamport, CACM
// 1978), and its messages belong to it. Messages that a partition cuts off are delivered when nothing else is
// in flight: on the `async` network everything is sent again.

import type { RunStart, Scheduler, Strategy } from "../strategy.js";
import { type Puppet, Puppets, type Suggestion } from "../world/puppets.js";
import type { World } from "../world/world.js";
import { drawRunProfile, drawSideEvent, perform, type RunProfile, whenIdle } from "./run-profile.js";

export interface ByzzFuzzOptions {
  /** c: the largest number of rounds with process faults; default 3. */
  readonly processFaults?: number;
  /** d: the largest number of rounds with network faults; default 2. */
  readonly networkFaults?: number;
  /** The number of rounds that may have faults; default: drawn from 4 to 16. */
  readonly rounds?: number;
}

/**
 * So often in a row do the puppets' timers expire for nothing: a puppet may send ever new messages, none of
 * which the adversary of the setting can send. Then the run has come to its end.
 */
const maxTimeOuts = 100;

export function byzzfuzz(options: ByzzFuzzOptions = {}): Strategy {
  const stages = new WeakMap<object, Puppets>();
  return {
    name: "byzzfuzz",
    summary:
      "the Byzantine replica follows the protocol, but for a few mutated messages; a few rounds are partitioned",
    begin: (start) => {
      const { setting } = start;
      let puppets = stages.get(setting);
      if (!puppets) {
        puppets = new Puppets(setting);
        stages.set(setting, puppets);
      }
      return new RoundScheduler(start, puppets, options);
    },
  };
}

/** By round: the nodes on the other side of the partition, as a mask. */
type Partitions = ReadonlyMap<number, number>;
/** By round: the receivers (a mask) that the replica lies to, and whether it omits messages instead. */
type Lies = ReadonlyMap<number, { readonly receivers: number; readonly isOmission: boolean }>;

class RoundScheduler implements Scheduler {
  readonly #world: World;
  readonly #puppets: readonly Puppet[];
  readonly #partitions: Partitions;
  readonly #lies: Lies;
  readonly #profile: RunProfile;
  /** The round of each node (0 for all others), and of each delivery in the order of sending. */
  readonly #rounds: Int32Array;
  readonly #roundOf: number[] = [];
  #heard = 0;
  /** The puppets' messages that are not sent yet. */
  readonly #statements: { readonly suggestion: Suggestion; readonly to: number; readonly round: number }[] =
    [];
  #puppetRound = 0;

  constructor({ world }: RunStart, puppets: Puppets, options: ByzzFuzzOptions) {
    const { dice } = world;
    this.#world = world;
    this.#profile = { ...drawRunProfile(world), lies: 0, relays: 0 };
    this.#rounds = new Int32Array(world.nodes.length + 1);
    this.#puppets = world.can.lie ? world.byzantine.map((self) => puppets.make(self, dice)) : [];
    const rounds = options.rounds ?? 4 << dice.below(3);
    const all = 2 ** world.nodes.length;
    this.#partitions = new Map(
      Array.from({ length: dice.below((options.networkFaults ?? 2) + 1) }, () => [
        dice.below(rounds),
        dice.below(all),
      ]),
    );
    this.#lies = new Map(
      Array.from({ length: 1 + dice.below(options.processFaults ?? 3) }, () => [
        dice.below(rounds),
        { receivers: dice.below(all), isOmission: dice.chance(0.3) },
      ]),
    );
  }

  step(): boolean {
    const world = this.#world;
    const { dice } = world;
    for (let inVain = 0; ; ) {
      this.#listen();
      const sideEvent = drawSideEvent(this.#profile, world);
      if (sideEvent !== null && perform(sideEvent, this.#profile, world)) return true;
      const waiting = world.pending + this.#statements.length;
      if (waiting === 0) {
        if (whenIdle(world, false)) return true;
        if (world.violation !== null || inVain++ >= maxTimeOuts || !this.#timeOut()) return false;
        continue;
      }
      const chosen = dice.below(waiting);
      if (chosen < world.pending ? this.#deliver(chosen) : this.#say(chosen - world.pending)) return true;
    }
  }

  /** Gives the puppets the statements made since, and collects their messages. */
  #listen(): void {
    const world = this.#world;
    for (let place = 0; place < world.pending; place++)
      this.#roundOf[world.sent(place)] ??= this.#rounds[world.from(place)]!;
    if (this.#puppets.length === 0) return;
    for (; this.#heard < world.said; this.#heard++) {
      const { by, from, message } = world.statement(this.#heard);
      const node = world.nodes.indexOf(by);
      this.#puppetRound = Math.max(this.#puppetRound, (this.#rounds[node] ?? 0) + 1);
      for (const puppet of this.#puppets) puppet.hear(from, message);
    }
    for (const puppet of this.#puppets) this.#collect(puppet);
  }

  #collect(puppet: Puppet): void {
    for (const suggestion of puppet.take())
      for (const to of suggestion.to) {
        const index = this.#world.nodes.indexOf(to);
        if (index >= 0) this.#statements.push({ suggestion, to: index, round: this.#puppetRound });
      }
  }

  /** Fires a puppet's timer; false if that makes it send nothing. */
  #timeOut(): boolean {
    for (const puppet of this.#puppets) {
      puppet.timeOut();
      this.#collect(puppet);
    }
    return this.#statements.length > 0;
  }

  #deliver(place: number): boolean {
    const world = this.#world;
    const [from, to, sent] = [world.from(place), world.to(place), world.sent(place)];
    const round = this.#roundOf[sent]!;
    const cut = this.#partitions.get(round);
    if (cut !== undefined && ((cut >> from) & 1) !== ((cut >> to) & 1) && !this.#isSecondTime(sent)) {
      world.setAside(place);
      return false;
    }
    if (!world.deliver(place)) return false;
    this.#rounds[to] = Math.max(this.#rounds[to]!, round + 1);
    return true;
  }

  readonly #cutOff = new Set<number>();
  /** Whether a message was cut off before: then it is delivered. */
  #isSecondTime(sent: number): boolean {
    if (this.#cutOff.has(sent)) return true;
    this.#cutOff.add(sent);
    return false;
  }

  #say(index: number): boolean {
    const world = this.#world;
    const { suggestion, to, round } = this.#statements[index]!;
    this.#statements[index] = this.#statements.at(-1)!;
    this.#statements.pop();
    const lie = this.#lies.get(round);
    const isLie = lie !== undefined && ((lie.receivers >> to) & 1) === 1;
    if (isLie && lie.isOmission) return false;
    const said = isLie
      ? world.sayLike(to, suggestion.message)
      : world.say(suggestion.self, to, suggestion.message);
    if (said) this.#rounds[to] = Math.max(this.#rounds[to]!, round + 1);
    return said;
  }
}
