// Published TLA+ specifications as worlds of one node. Their numbers of states are published, so they check the search.

import * as Schema from "effect/Schema";
import type { Setting } from "../../src/model/setting.js";
import { has, including, type Json, type Protocol, SetOf, world } from "../../src/protocol/index.js";

/** A run of one node, without anybody to lie to it. */
export function alone(protocol: unknown): Setting {
  return {
    protocol: protocol as Protocol<Json, Json>,
    config: { replicas: 1, faults: 0, requests: 1, slots: 1, clients: false },
    byzantine: [],
    adversary: null,
    network: "async",
    bounds: { views: 0 },
    properties: [],
  };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const without = <T>(items: readonly T[], item: T) => items.filter((one) => one !== item);
const replaced = <T>(items: readonly T[], index: number, item: T) =>
  items.map((one, at) => (at === index ? item : one));
/** All subsets; with `size`, those that are so large. */
function subsets<T>([first, ...rest]: readonly T[], size?: number): (readonly T[])[] {
  if (first === undefined) return [[]];
  const all = subsets(rest).flatMap((one) => [one, [first, ...one]]);
  return size === undefined ? all : all.filter(({ length }) => length === size);
}

/** Readers and writers that wait in a queue (tlaplus/Examples, ReadersWriters). */
export const readersWriters = (actors: number) =>
  world({
    name: "readers-writers",
    summary: "a queue serves readers and writers fairly",
    state: Schema.Struct({
      readers: SetOf(Schema.Number),
      writers: SetOf(Schema.Number),
      waiting: Schema.Array(Schema.Struct({ writes: Schema.Boolean, actor: Schema.Number })),
    }),
    initial: [{ readers: [], writers: [], waiting: [] }],
    next(state) {
      const { readers, writers, waiting } = state;
      const [head, ...tail] = waiting;
      const tries = [false, true].flatMap((writes) =>
        range(1, actors)
          .filter((actor) => !has(waiting, { writes, actor }))
          .map((actor) => ({ ...state, waiting: [...waiting, { writes, actor }] })),
      );
      const reads =
        head && !head.writes ? [{ ...state, readers: including(readers, head.actor), waiting: tail }] : [];
      const writes =
        head?.writes && readers.length === 0
          ? [{ ...state, writers: including(writers, head.actor), waiting: tail }]
          : [];
      return [
        ...tries,
        ...(writers.length === 0 ? [...reads, ...writes] : []),
        ...readers.map((actor) => ({ ...state, readers: without(readers, actor) })),
        ...without(writers, -1)
          .filter((actor) => !readers.includes(actor))
          .map((actor) => ({ ...state, writers: without(writers, actor) })),
      ];
    },
  });

const Commit = Schema.Struct({
  rm: Schema.Array(Schema.Literals(["working", "prepared", "committed", "aborted", "failed"])),
  done: Schema.Array(Schema.Boolean),
  tm: Schema.Literals(["init", "commit", "abort", "hidden"]),
  at: Schema.Literals(["TS", "TC", "F1", "TA", "F2", "done"]),
  backup: Schema.Literals(["BTS", "BTC", "BTA", "done"]),
});

/** Two-phase commit with a backup manager, where one resource manager and the manager may fail (tlaplus/Examples, 2PCwithBTM). */
export const commitWithBackup = (managers: number) =>
  world({
    name: "commit-with-backup",
    summary: "a backup takes over from a transaction manager that hides",
    state: Commit,
    initial: [
      {
        ...{
          rm: range(1, managers).map(() => "working" as const),
          done: range(1, managers).map(() => false),
        },
        ...{ tm: "init", at: "TS", backup: "BTS" },
      },
    ],
    next(state) {
      const { rm, done, tm, at, backup } = state;
      const canCommit = rm.every((one) => one === "prepared") || rm.includes("committed");
      const canAbort = (rm.includes("aborted") || rm.includes("failed")) && !rm.includes("committed");
      const when = (is: boolean, part: Partial<typeof Commit.Type>) => (is ? [{ ...state, ...part }] : []);
      const next = rm.flatMap((mine, index) => {
        const may = (is: boolean, one: typeof mine) => when(is, { rm: replaced(rm, index, one) });
        if (mine !== "working" && mine !== "prepared")
          return when(!done[index], { done: replaced(done, index, true) });
        return [
          may(mine === "working", "prepared"),
          may(tm === "commit", "committed"),
          may(mine === "working" || tm === "abort", "aborted"),
          may(!rm.includes("failed"), "failed"),
        ].flat();
      });
      return [
        ...next,
        ...when(at === "TS" && canCommit, { at: "TC" }),
        ...when(at === "TS" && canAbort, { at: "TA" }),
        ...when(at === "TC", { tm: "commit", at: "F1" }),
        ...when(at === "TA", { tm: "abort", at: "F2" }),
        ...when(at === "F1" || at === "F2", { tm: "hidden", at: "done" }),
        ...when(backup === "BTS" && canCommit && tm === "hidden", { backup: "BTC" }),
        ...when(backup === "BTS" && canAbort && tm === "hidden", { backup: "BTA" }),
        ...when(backup === "BTC", { tm: "commit", backup: "done" }),
        ...when(backup === "BTA", { tm: "abort", backup: "done" }),
      ];
    },
  });

/** Flexible Paxos (Howard, Malkhi and Spiegelman, OPODIS 2016), with three values, three ballots, and phase-1 quorums of half. */
export const flexiblePaxos = (acceptors: number) => {
  const [ids, three] = [range(0, acceptors - 1), [0, 1, 2]];
  const quorums = subsets(ids, Math.ceil(acceptors / 2));
  const Count = Schema.Number;
  return world({
    name: "flexible-paxos",
    summary: "Paxos with quorums that need to meet across phases only",
    state: Schema.Struct({
      acceptors: Schema.Array(Schema.Struct({ ballot: Count, voted: Count, value: Count })),
      prepare: SetOf(Count),
      promise: SetOf(Schema.Struct({ by: Count, ballot: Count, voted: Count, value: Count })),
      propose: SetOf(Schema.Struct({ ballot: Count, value: Count })),
      accept: SetOf(Schema.Struct({ by: Count, ballot: Count, value: Count })),
    }),
    initial: [
      {
        acceptors: ids.map(() => ({ ballot: -1, voted: -1, value: -1 })),
        ...{ prepare: [], promise: [], propose: [], accept: [] },
      },
    ],
    next(state) {
      const { acceptors: all, prepare, promise, propose, accept } = state;
      const mayPropose = (ballot: number, value: number) =>
        quorums.some((quorum) => {
          const own = promise.filter(({ by, ballot: b }) => quorum.includes(by) && b === ballot);
          const voted = own.filter((one) => one.voted >= 0);
          const highest = Math.max(...voted.map((one) => one.voted));
          return (
            own.length === quorum.length &&
            (voted.length === 0 || voted.some((one) => one.voted === highest && one.value === value))
          );
        });
      return [
        ...three
          .filter((ballot) => !prepare.includes(ballot))
          .map((ballot) => ({ ...state, prepare: [...prepare, ballot] })),
        ...three
          .filter((ballot) => propose.every((one) => one.ballot !== ballot))
          .flatMap((ballot) =>
            three.filter((value) => mayPropose(ballot, value)).map((value) => ({ ballot, value })),
          )
          .map((proposal) => ({ ...state, propose: [...propose, proposal] })),
        ...ids.flatMap((by) => {
          const mine = all[by]!;
          const { voted, value } = mine;
          return [
            ...prepare
              .filter((ballot) => ballot > mine.ballot)
              .map((ballot) => ({
                ...state,
                acceptors: replaced(all, by, { ...mine, ballot }),
                promise: [...promise, { by, ballot, voted, value }],
              })),
            ...propose
              .filter(({ ballot }) => ballot >= mine.ballot && ballot !== voted)
              .map((one) => ({
                ...state,
                acceptors: replaced(all, by, { ballot: one.ballot, voted: one.ballot, value: one.value }),
                accept: [...accept, { by, ...one }],
              })),
          ];
        }),
      ];
    },
  });
};
