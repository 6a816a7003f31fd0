// One meaning of "a node reacts": what the simulator's nodes make of an input is what the model makes of it: the same
// state, the same messages to the same nodes, the same timers, the same events.

import test from "ava";
import fc from "fast-check";
import type { Outbox } from "../../src/model/outboxes.js";
import { TransitionSystem } from "../../src/model/system.js";
import { EventQueue } from "../../src/model/timed/event-queue.js";
import type { Event, Input, Json, NodeSpec } from "../../src/protocol/index.js";
import { Nodes } from "../../src/simulate/engine/nodes.js";
import { Processors } from "../../src/simulate/engine/processors.js";
import { Progress } from "../../src/simulate/engine/progress.js";
import { Requests } from "../../src/simulate/engine/requests.js";
import { Measures } from "../../src/simulate/measures.js";
import { defaults } from "../../src/simulate/raw-options.js";
import type { Simulation } from "../../src/simulate/setting.js";
import type { Watch } from "../../src/simulate/watch.js";
import { canonicalText } from "../support/naive.js";
import { randomModels, settingOf } from "../support/random-protocol.js";

/** What the step function has returned last, if it was asked, and the events that were shown since. */
interface Done {
  readonly events: Event[];
  state: Json | undefined;
}

/** An input that waits for its node. */
interface Waiting {
  readonly to: number;
  readonly input: Input<Json>;
}

/** Random protocols without an adversary and without choices, of which the simulator draws one outcome. */
const models = randomModels.map((model) => ({
  ...model,
  ...{ adversary: null, requests: 0, views: null },
  rules: model.rules.map((rule) => ({
    ...rule,
    reactions: rule.reactions.slice(0, 1).map((reaction) => ({
      ...reaction,
      // A deferred message is delivered again at once; in the model it stays deliverable.
      effects: reaction.effects.filter(({ kind }) => kind !== "defer"),
    })),
  })),
}));

/** The nodes of a simulation, and what they have done since the last time that somebody asked. */
function simulated(setting: ReturnType<typeof settingOf>) {
  const done: Done = { events: [], state: undefined };
  const specs = setting.protocol.nodes(setting.config).map((spec): NodeSpec<Json> => {
    const { behaviour } = spec;
    const step: typeof behaviour.step = (context, state, input) => {
      const outcomes = behaviour.step(context, state, input);
      done.state = outcomes[0]!.state as Json;
      return outcomes;
    };
    return { ...spec, behaviour: { ...behaviour, step } };
  });
  const simulation: Simulation = {
    ...{ parameters: { ...defaults, clients: 0, timerJitter: 0 }, config: setting.config, nodes: specs },
    ...{
      byzantine: [],
      gone: [],
      puppet: null,
      properties: [],
      entry: { protocol: setting.protocol } as never,
    },
  };
  const queue = new EventQueue<Input<Json>>();
  const measures = new Measures(1);
  const nodes = new Nodes({
    ...{ simulation, queue, measures, progress: new Progress(simulation) },
    processors: new Processors(simulation),
    requests: new Requests(simulation, queue, measures),
    network: { longestWait: () => 0, becomeSteady: () => false, arrivals: () => [1] },
    watch: { observe: (_by: string, event: Event) => done.events.push(event) } as unknown as Watch,
  });
  /** The inputs that have come into being since. */
  const fresh = () => {
    const all: Waiting[] = [];
    while (queue.next()) all.push({ to: queue.node, input: queue.what! });
    return all;
  };
  return { nodes, done, fresh };
}

/** What a node sends, each message with its receiver. */
function sentIn(waiting: readonly Waiting[]): string[] {
  return waiting.flatMap(({ to, input }) =>
    input.kind === "message" ? [`${to} ${canonicalText(input.message)}`] : [],
  );
}

test("a node of a simulation reacts as the model says", (t) => {
  const compared = { message: 0, timer: 0, request: 0 };
  fc.assert(
    fc.property(models, fc.infiniteStream(fc.nat(999)), (model, dice) => {
      const setting = settingOf(model, []);
      const system = new TransitionSystem(setting);
      const { nodes, done, fresh } = simulated(setting);
      const vector = system.initial()[0]!.vector.slice();
      nodes.begin();
      const waiting = fresh();
      for (let step = 0; step < 30 && waiting.length > 0; step++) {
        const { to, input } = waiting[(dice.next().value as number) % waiting.length]!;
        const [table, before] = [system.nodes[to]!, vector[to]!];
        done.state = undefined;
        done.events.length = 0;
        nodes.handle(to, input);
        if (done.state === undefined) continue; // a timer that is not set any more
        const [kind, what] =
          input.kind === "timer"
            ? (["timer", system.reactions.firing(to, before, input.timer)!] as const)
            : (["deliver", messageIn(system, input)] as const);
        const [reaction] = system.reactions.react(to, before, kind, what);
        const after = reaction!.component;
        vector[to] = after;
        const made = fresh();
        const addressed = (outbox: Outbox) =>
          outbox.flatMap(([message, recipients]) =>
            [...system.nodes.keys()]
              .filter((node) => recipients & (1 << node))
              .map((node) => `${node} ${canonicalText(system.messageOf(message))}`),
          );
        const [had, has] = [before, after].map((one) => addressed(table.outboxes[table.outboxOf[one]!]!));
        t.is(canonicalText(done.state), canonicalText(table.local(after)));
        t.deepEqual(done.events, [...system.observations.eventList(reaction!.events)]);
        t.deepEqual(has!.toSorted(), [...new Set([...had!, ...sentIn(made)])].sort());
        for (const { input } of made)
          if (input.kind === "timer") t.not(system.reactions.firing(to, after, input.timer), null);
        waiting.push(...made);
        compared[input.kind]++;
      }
    }),
    { seed: 16, numRuns: 30 },
  );
  t.true(compared.message > 100 && compared.timer > 30, JSON.stringify(compared));
});

function messageIn(system: TransitionSystem, input: Input<Json>): number {
  if (input.kind !== "message") throw new Error("not a message");
  return system.packetOf(input.from, input.message)!;
}
