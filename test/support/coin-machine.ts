// Nodes as a table of coins and choices: what each of their timers may do in each of their states. And random tables.

import fc from "fast-check";
import type { Setting } from "../../src/model/setting.js";
import {
  type Behaviour,
  type Effect,
  type Json,
  monitor,
  type NodeId,
  type Outcomes,
  type Property,
} from "../../src/protocol/index.js";
import { seen, to, toySetting } from "./toy.js";
import { eventually } from "./toy-properties.js";

const one = { replicas: 1, faults: 0, requests: 0, slots: 0, clients: false };

/** The outcomes of a timer: a state, perhaps an event; `?` before the state: a random one (`!`: as if it were not). */
export type Cell = readonly (string | readonly [string, string])[];

/** For each state, what each timer may do. */
export interface Table {
  readonly [state: string]: { readonly [timer: string]: Cell };
}

/** One node with timers that are always set; what each may do in each state. */
export function machine(table: Table): Setting {
  const timers = [...new Set(Object.values(table).flatMap((row) => Object.keys(row)))];
  return toySetting(
    {
      init: () => to("start", set(...timers)),
      step: (_context, state, input): Outcomes<Json, Json> => {
        const cell = input.kind === "timer" ? table[String(state)]?.[input.timer] : undefined;
        if (input.kind !== "timer" || !cell) return to(state, input.kind === "timer" ? set(input.timer) : []);
        return cell.map((outcome) => {
          const [next, event] = typeof outcome === "string" ? [outcome] : outcome;
          return {
            label: next,
            random: next.startsWith("?"),
            state: next.replace(/[?!]/g, ""),
            effects: set(input.timer),
            events: event === undefined ? [] : [seen(event)],
          };
        });
      },
    },
    { config: one, properties: [eventually("x")] },
  );
}

function set(...timers: string[]): Effect<Json>[] {
  return timers.map((timer) => ({ kind: "set-timer", timer }));
}

/** What is on the disk of a node in each state; the write may be unsynced, and then what was there before is left. */
export interface Disk {
  readonly written: { readonly [state: string]: string };
  readonly before: { readonly [state: string]: string };
}

/** Two nodes that follow one table, each of which may crash and begins again at what is on its disk; both have to see an x. */
export function crashingMachines(table: Table, disk: Disk): Setting {
  const alone = machine(table);
  const protocol: Setting["protocol"] = {
    ...alone.protocol,
    nodes: (config) =>
      alone.protocol.nodes(config).map((spec) => {
        const behaviour: Behaviour<Json, Json> = spec.behaviour as never;
        const init: typeof behaviour.init = (context, from) =>
          behaviour
            .init(context, from)
            .map((start) => (from.kind === "restart" ? { ...start, state: from.stable as Json } : start));
        const stable = (state: Json) => disk.written[String(state)] ?? "start";
        const unsynced = (state: Json) => [disk.before[String(state)] ?? "start"];
        return { ...spec, behaviour: { ...behaviour, init, stable, unsynced } as never };
      }),
  };
  return { ...alone, protocol, config: { ...one, replicas: 2 }, properties: [everybodySees("x")] };
}

/** Violated as long as a correct node has not seen such an event and never will. */
function everybodySees(name: string): Property {
  return {
    ...eventually(name),
    name: `everybody-sees-${name}`,
    monitor: ({ correct }) =>
      monitor<readonly NodeId[]>({
        init: [],
        on: (nodes, by, event) =>
          event.kind === "custom" && event.name === name && !nodes.includes(by)
            ? [...nodes, by].sort()
            : nodes,
        verdict: (nodes) => (correct.every((id) => nodes.includes(id)) ? "holds" : "pending"),
        exercised: (nodes) => nodes.length,
        explain: (nodes) => `${name} was seen by ${nodes.length} of ${correct.length} nodes`,
      }),
  };
}

const places = ["start", "s1", "s2", "s3", "s4"];

/** Tables of coins and choices with so many states and timers. */
function tablesOf(states: number, timers: readonly string[]): fc.Arbitrary<Table> {
  const side = fc
    .tuple(
      fc.constantFrom(...places.slice(0, states)),
      fc.constantFrom(true, true, false),
      fc.constantFrom(false, false, false, true),
    )
    .map(([place, isRandom, isEnd]): readonly [string, string] | string =>
      isEnd ? [`${isRandom ? "?" : ""}${place}`, "x"] : `${isRandom ? "?" : ""}${place}`,
    );
  const cell = fc.uniqueArray(side, { maxLength: 3, selector: (outcome) => [outcome].flat()[0] });
  const rows = fc.array(fc.record(Object.fromEntries(timers.map((timer) => [timer, cell]))), {
    minLength: states,
    maxLength: states,
  });
  return rows.map((all) => Object.fromEntries(all.map((row, at) => [places[at]!, filled(row)])));
}

function filled(row: Table[string]): Table[string] {
  return Object.fromEntries(Object.entries(row).filter(([, outcomes]) => outcomes.length > 0));
}

/** Five states, three timers. */
export const tables: fc.Arbitrary<Table> = tablesOf(5, ["a", "b", "c"]);

/** Three states, two timers, and any disk. */
export const crashingTables: fc.Arbitrary<readonly [Table, Disk]> = fc.tuple(
  tablesOf(3, ["a", "b"]),
  fc.record({ written: disk(3), before: disk(3) }),
);

function disk(states: number): fc.Arbitrary<{ readonly [state: string]: string }> {
  const place = fc.constantFrom(...places.slice(0, states));
  return fc.record(Object.fromEntries(places.slice(0, states).map((state) => [state, place])));
}

/** The same where the scheduler chooses what was left to chance. */
export function withoutChance(table: Table): Table {
  const chosen = (outcome: Cell[number]): Cell[number] =>
    typeof outcome === "string" ? `!${outcome}` : [`!${outcome[0]}`, outcome[1]];
  return Object.fromEntries(
    Object.entries(table).map(([state, row]) => [
      state,
      Object.fromEntries(Object.entries(row).map(([timer, outcomes]) => [timer, outcomes.map(chosen)])),
    ]),
  );
}
