// A replica that holds an observed-remove set of the package `crdts`, and tells the others its whole state
// after every change.

import type { ORSet } from "crdts";
import type { Io, RealReplica } from "turncoat/real";

export type SetClass = typeof ORSet;

type Told = { readonly values: readonly unknown[] };

export const replicaWith =
  (OrSet: SetClass) =>
  (io: Io<Told, string>): RealReplica<Told> => {
    const { set: saved, asked = [] } = (io.restored ?? {}) as { set?: Told; asked?: readonly string[] };
    const replica = { set: saved ? OrSet.from(saved) : new OrSet(), asked: [...asked] };
    return {
      roots: { replica },
      request: (what) => {
        if (replica.asked.includes(what)) return;
        replica.asked.push(what);
        const value = what.slice(1);
        if (what.startsWith("+")) replica.set.add(value, `${io.self} ${what}`);
        else {
          replica.set.remove(value);
          io.event("removed", { value, isStillThere: replica.set.has(value) });
        }
        io.broadcast(replica.set.toJSON());
      },
      message: (_, told) => {
        const [mine, theirs] = [OrSet.from(replica.set.toJSON()), OrSet.from(told)];
        theirs.merge(mine);
        replica.set.merge(OrSet.from(told));
        io.event("merged", { mine: replica.set.toArray().sort(), theirs: theirs.toArray().sort() });
      },
      stable: () => ({ set: replica.set.toJSON(), asked: replica.asked }),
    };
  };

interface Seen {
  readonly count: number;
  readonly offence: string;
}

/** A property of single events: `offenceOf` says what is wrong with one, or null. */
function ofEach(
  name: string,
  summary: string,
  event: string,
  offenceOf: (by: string, data: never) => string | null,
) {
  return {
    ...{ name, summary, kind: "always", observes: "both", exercise: `a replica must have ${event}` },
    monitor: () => ({
      init: { count: 0, offence: "" } as Seen,
      on: (state: Seen, by: string, { name: what, data }: { name?: string; data?: unknown }): Seen =>
        what === event ? { count: 1, offence: offenceOf(by, data as never) ?? state.offence } : state,
      verdict: ({ offence }: Seen) => (offence === "" ? "holds" : "violated"),
      exercised: ({ count }: Seen) => count,
      explain: ({ offence }: Seen) => offence,
    }),
  };
}

export const properties = [
  ofEach(
    "commutes",
    "whoever merges, two sets come to the same",
    "merged",
    (by, { mine, theirs }: { mine: string[]; theirs: string[] }) =>
      mine.join() === theirs.join() ? null : `${by} has merged to {${mine}}, the other way it is {${theirs}}`,
  ),
  ofEach(
    "removed",
    "a value that a replica has removed is not there any more",
    "removed",
    (by, { value, isStillThere }: { value: string; isStillThere: boolean }) =>
      isStillThere ? `${by} has removed ${value}, and it is still there` : null,
  ),
];
