// Twins (Bano et al., OPODIS 2021; first published 2020): a Byzantine replica is two correct copies of one
// identity, which equivocate because they receive different messages. Each run follows one scenario (see
// twins-scenarios.ts). In every round all participants talk to those on their side until nothing is left in
// flight there; then some give up on the primary. Messages across sides are lost until the end, when all talk
// to all, synchronously, with one copy of each twin left.
//
// Few scenarios are enumerated, each once, in a random order; then they are repeated with messages in another
// order within a round. Many are sampled without replacement.

import { mixed } from "../dice.js";
import { shuffled } from "../permutation.js";
import type { RunStart, Scheduler, Strategy } from "../strategy.js";
import { type Puppet, Puppets, type Suggestion } from "../world/puppets.js";
import type { World } from "../world/world.js";
import { whenIdle } from "./run-profile.js";
import { type Cast, distinctScenarios, type Scenario, scenarioAt, scenarioCount } from "./twins-scenarios.js";

export interface TwinsOptions {
  /** Rounds of a scenario; default 3. */
  readonly rounds?: number;
  /** Enumerate up to this many scenarios; default 2^12. */
  readonly enumerateUpTo?: number;
}

/** What all runs of a setting share. */
interface TwinsContext {
  readonly puppets: Puppets;
  readonly casts: readonly Cast[];
  /** For each cast the numbers of its scenarios, or null if they are too many to be listed. */
  readonly scenarios: readonly (readonly number[] | null)[];
}

export function twins(options: TwinsOptions = {}): Strategy {
  const contexts = new WeakMap<object, TwinsContext>();
  return {
    name: "twins",
    summary:
      "a Byzantine replica is two correct copies of itself; partitions and timeouts in rounds, each scenario once",
    begin: (start) => {
      let context = contexts.get(start.setting);
      if (!context) {
        context = contextFor(start, options);
        contexts.set(start.setting, context);
      }
      const [cast, number] = scenarioFor(context, start);
      return new TwinsScheduler(start, context.puppets, scenarioAt(cast, number));
    },
  };
}

/** Participants: first the nodes, then two copies of each Byzantine replica. */
function contextFor({ setting, world }: RunStart, options: TwinsOptions): TwinsContext {
  const { rounds = 3, enumerateUpTo = 2 ** 12 } = options;
  const nodes = world.nodes.length;
  const twinned = world.can.lie ? world.byzantine : [];
  const { protocol, config, bounds } = setting;
  const leaders = new Set(
    Array.from({ length: bounds.views + 1 }, (_, view) => protocol.primary?.(config, view)),
  );
  const others = world.nodes.flatMap((id, index) =>
    protocol.primary && id.startsWith("r") && !leaders.has(id) ? [index] : [],
  );
  const copies = twinned.map((_, index) => [nodes + 2 * index, nodes + 2 * index + 1]);
  const casts = Array.from(
    { length: rounds },
    (_, index): Cast => ({
      participants: nodes + 2 * twinned.length,
      interchangeable: [others, ...copies],
      rounds: index + 1,
    }),
  );
  const scenarios = casts.map((cast) =>
    scenarioCount(cast) <= enumerateUpTo ? distinctScenarios(cast) : null,
  );
  return { puppets: new Puppets(setting), casts, scenarios };
}

/**
 * Every other run follows a short scenario of one round; longer ones share the rest. (If participants give up
 * on a correct primary and the next one is faulty, nothing is decided: with long scenarios alone most runs
 * would be like that.)
 */
function scenarioFor(
  { casts, scenarios }: TwinsContext,
  { ordinal, campaign }: RunStart,
): readonly [Cast, number] {
  const longer = casts.length - 1;
  const half = Math.floor(ordinal / 2);
  const isShort = ordinal % 2 === 0 || longer === 0;
  const which = isShort ? 0 : 1 + (half % longer);
  const turn = isShort ? half : Math.floor(half / longer);
  const [cast, listed] = [casts[which]!, scenarios[which]];
  const count = listed ? listed.length : scenarioCount(cast);
  const index = shuffled(turn % count, count, mixed(campaign, which));
  return [cast, listed ? listed[index]! : index];
}

class TwinsScheduler implements Scheduler {
  readonly #world: World;
  readonly #puppets: readonly Puppet[];
  readonly #scenario: Scenario;
  #round = 0;
  /** Messages sent before this are of an earlier round, and lost until the end. */
  #lostBefore = 0;
  #heard: number[];
  #statements: { readonly suggestion: Suggestion; readonly by: number; readonly to: number }[] = [];
  #nextSent = 0;

  constructor({ world }: RunStart, puppets: Puppets, scenario: Scenario) {
    this.#world = world;
    this.#scenario = scenario;
    const twinned = world.can.lie ? world.byzantine : [];
    this.#puppets = twinned.flatMap((self) => [
      puppets.make(self, world.dice),
      puppets.make(self, world.dice),
    ]);
    this.#heard = this.#puppets.map(() => 0);
  }

  step(): boolean {
    const world = this.#world;
    for (;;) {
      this.#listen();
      const places = this.#open();
      const waiting = places.length + this.#statements.length;
      if (waiting > 0) {
        const chosen = world.dice.below(waiting);
        if (chosen < places.length ? world.deliver(places[chosen]!) : this.#say(chosen - places.length))
          return true;
      } else if (this.#round < this.#scenario.length) {
        if (this.#endRound()) return true;
      } else return whenIdle(world, false);
    }
  }

  /** Whether two participants can talk to each other. Clients, and everybody at the end, talk to all. */
  #areTogether(a: number, b: number): boolean {
    const round = this.#scenario[this.#round];
    if (!round) return true;
    const isClient = (index: number) => this.#world.nodes[index]?.startsWith("c") === true;
    return isClient(a) || isClient(b) || round.sides[a] === round.sides[b];
  }

  /** The deliveries that are possible in this round. */
  #open(): number[] {
    const world = this.#world;
    const open: number[] = [];
    const isOver = this.#round >= this.#scenario.length;
    for (let place = 0; place < world.pending; place++) {
      this.#nextSent = Math.max(this.#nextSent, world.sent(place) + 1);
      if (
        isOver ||
        (world.sent(place) >= this.#lostBefore && this.#areTogether(world.from(place), world.to(place)))
      )
        open.push(place);
    }
    return open;
  }

  /** Copies receive messages from their side; those from the other side at the end. */
  #listen(): void {
    const world = this.#world;
    for (const [index, puppet] of this.#puppets.entries()) {
      const participant = world.nodes.length + index;
      for (; this.#heard[index]! < world.said; this.#heard[index]!++) {
        const { by, from, message } = world.statement(this.#heard[index]!);
        if (this.#areTogether(participant, world.nodes.indexOf(by))) puppet.hear(from, message);
      }
      for (const suggestion of puppet.take())
        for (const id of suggestion.to) {
          const to = world.nodes.indexOf(id);
          if (to >= 0 && this.#areTogether(participant, to))
            this.#statements.push({ suggestion, by: index, to });
        }
    }
  }

  #say(index: number): boolean {
    const { suggestion, by, to } = this.#statements[index]!;
    this.#statements[index] = this.#statements.at(-1)!;
    this.#statements.pop();
    const isLeft = this.#round < this.#scenario.length || by % 2 === 0;
    return isLeft && this.#world.say(suggestion.self, to, suggestion.message);
  }

  /** Fires the timers of those who give up on the primary; true if one has changed something. */
  #endRound(): boolean {
    const world = this.#world;
    const { sides, leavers } = this.#scenario[this.#round]!;
    const leaves = (participant: number) =>
      leavers === 3 || (leavers > 0 && sides[participant] === leavers - 1);
    for (const [index, puppet] of this.#puppets.entries())
      if (leaves(world.nodes.length + index)) puppet.timeOut();
    let fired = false;
    const due = new Set(world.nodes.flatMap((_, node) => (leaves(node) ? [node] : [])));
    for (let index = 0; index < world.timers(); ) {
      const { node } = world.timerAt(index);
      if (!due.has(node)) index++;
      else {
        due.delete(node);
        fired = world.fire(index) || fired;
        index = 0;
      }
    }
    this.#round++;
    this.#lostBefore = this.#nextSent;
    return fired;
  }
}
