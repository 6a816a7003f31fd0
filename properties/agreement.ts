// Agreement (safety): correct replicas do not diverge.

import { atSlot, hearing, monitor, type Property, type Vocabulary } from "../src/protocol/index.js";

/** What each correct replica has executed. */
type Executed = {
  readonly [replica: string]: {
    /**
     * Block -> place in it (a slot, or one of several requests of a slot) -> the request first executed
     * there.
     */
    readonly slots: { readonly [block: string]: { readonly [place: string]: string } };
    /** The requests in the order of execution, block by block. */
    readonly log: readonly (readonly string[])[];
  };
};

/**
 * The log is kept in blocks. Logs grow long in simulations, and states are immutable: an addition copies one
 * block, not the whole log.
 */
const blockSize = 64;

/** Stands for a request that a replica did not execute itself, because it installed the state of others. */
const unknown = "";

/**
 * No two correct replicas execute different requests at one slot, and of any two logs one is a prefix of the
 * other. (Castro and Liskov, OSDI'99, section 4.5.1: "non-faulty replicas agree on the sequence numbers of
 * requests that commit locally".) A replica that installs the state of others emits a custom event
 * `state-installed` with the number of requests that state has executed; one that comes back after a crash without the state that it had emits
 * `state-lost`, and executes from the beginning.
 */
export const agreement: Property = {
  name: "agreement",
  summary: "correct replicas execute the same request at each slot, in the same order",
  kind: "always",
  observes: "replicas",
  exercise: ({ slots }) =>
    `two correct replicas must have executed a request${slots === null ? "" : ` at the same ${slots.one}`}`,
  hears: hearing("executed", "state-installed", "state-lost"),
  monitor: ({ correct, vocabulary }) =>
    monitor<Executed>({
      init: Object.fromEntries(correct.map((replica) => [replica, { slots: {}, log: [] }])),
      on: (state, by, event) => {
        const mine = state[by];
        if (!mine) return state;
        if (event.kind === "custom" && event.name === "state-installed")
          return { ...state, [by]: { ...mine, log: skippedTo(mine.log, Number(event.data)) } };
        if (event.kind === "custom" && event.name === "state-lost")
          return mine.log.length === 0 ? state : { ...state, [by]: { ...mine, log: [] } };
        if (event.kind !== "executed") return state;
        const block = Math.floor(event.slot / blockSize);
        const inBlock = event.slot % blockSize; // small numbers as keys are cheap
        const place = event.index ? `${inBlock}.${event.index}` : inBlock;
        const around = mine.slots[block] ?? {};
        const slots =
          around[place] === undefined
            ? { ...mine.slots, [block]: { ...around, [place]: event.request } }
            : mine.slots;
        return { ...state, [by]: { slots, log: appended(mine.log, event.request) } };
      },
      verdict: (state) => (conflict(state, vocabulary) === null ? "holds" : "violated"),
      exercised: (state) => pairs(state).reduce((sum, [a, b]) => sum + commonPlaces(state, a, b), 0),
      explain: (state) => conflict(state, vocabulary) ?? "all correct replicas agree",
    }),
};

type Log = Executed[string]["log"];

function appended(log: Log, request: string): Log {
  const last = log.at(-1);
  return last === undefined || last.length === blockSize
    ? [...log, [request]]
    : [...log.slice(0, -1), [...last, request]];
}

/** The log extended to `length` entries whose requests are unknown. */
function skippedTo(log: Log, length: number): Log {
  let skipped = log;
  for (let done = log.flat().length; done < length; done++) skipped = appended(skipped, unknown);
  return skipped;
}

function conflict(state: Executed, vocabulary: Vocabulary | undefined): string | null {
  const logs = new Map(Object.entries(state).map(([replica, { log }]) => [replica, log.flat()]));
  for (const [a, b] of pairs(state)) {
    const different = differentSlot(state, a, b);
    if (different !== null) {
      const { slot, left, right } = different;
      const where = atSlot(vocabulary, slot);
      return `${a} executed ${left}${where}, but ${b} executed ${right}${where === "" ? "" : " there"}`;
    }
    const [left, right] = [logs.get(a)!, logs.get(b)!];
    for (let i = 0; i < Math.min(left.length, right.length); i++)
      if (left[i] !== right[i] && left[i] !== unknown && right[i] !== unknown)
        return `${a} executed ${left[i]} as request number ${i + 1}, but ${b} executed ${right[i]} as number ${i + 1}`;
  }
  return null;
}

function pairs(state: Executed): [string, string][] {
  const ids = Object.keys(state).sort();
  return ids.flatMap((a, i) => ids.slice(i + 1).map((b): [string, string] => [a, b]));
}

/** How many places of the log both replicas have executed. */
function commonPlaces(state: Executed, a: string, b: string): number {
  let count = 0;
  for (const [block, places] of Object.entries(state[a]!.slots))
    for (const place of Object.keys(places)) if (state[b]!.slots[block]?.[place] !== undefined) count++;
  return count;
}

function differentSlot(state: Executed, a: string, b: string) {
  for (const [block, places] of Object.entries(state[a]!.slots))
    for (const [place, left] of Object.entries(places)) {
      const right = state[b]!.slots[block]?.[place];
      if (right === undefined || right === left) continue;
      const [inBlock, index] = place.split(".");
      const slot = Number(block) * blockSize + Number(inBlock);
      return { slot: index === undefined ? `${slot}` : `${slot}.${index}`, left, right };
    }
  return null;
}
