// Sequential objects: what each operation answers if there is only one process. A history is linearizable with respect to such an
// object.

import type { Json } from "../protocol/index.js";

/** An object that is used by one process. */
export interface SequentialObject<State extends Json = Json> {
  /** How the command line and errors call it. */
  readonly name: string;
  /** In one line: its operations. */
  readonly summary: string;
  /** The names of its operations. */
  readonly operations: readonly string[];
  /** Those of them that change nothing: one that never returned says nothing. */
  readonly reads: readonly string[];
  /** Its state at the beginning, made of the initial value (null if none is given). */
  readonly init: (initial: Json) => State;
  /**
   * The state after an operation; undefined if the operation cannot give this output here. An operation that never returned may have
   * any output. (A method, so that an object with states of its own is one with JSON as its state.)
   */
  step(state: State, operation: Call): State | undefined;
  /** What is wrong with an input, in words. */
  readonly problem?: (name: string, input: Json) => string | undefined;
  /**
   * The part of the object that an operation touches, if operations on different parts do not influence each other (then each part is
   * checked by itself).
   */
  readonly part?: (operation: Pick<Call, "name" | "input">) => string;
}

/** What an object needs to know of an operation. */
export interface Call {
  readonly name: string;
  readonly input: Json;
  /** undefined: nobody knows. */
  readonly output: Json | undefined;
}

function isPair(value: Json): value is [Json, Json] {
  return Array.isArray(value) && value.length === 2;
}

const same = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A register: `read`, `write v` and `cas [old, new]` (which only succeeds if the value is old). */
export const register: SequentialObject = {
  name: "register",
  summary: "read; write V; cas [OLD, NEW]",
  operations: ["read", "write", "cas"],
  reads: ["read"],
  problem: (name, input) =>
    name === "cas" && !isPair(input) ? `cas takes [OLD, NEW], not ${JSON.stringify(input)}` : undefined,
  init: (initial) => initial,
  step: (state, { name, input, output }) => {
    if (name === "read") return output === undefined || same(output, state) ? state : undefined;
    if (name === "write") return input;
    const [old, next] = input as [Json, Json];
    return same(old, state) ? next : undefined;
  },
};

/** Many registers by key: the input of an operation is `[key, what a register takes]`. */
export const map: SequentialObject = {
  name: "map",
  summary: "a register for each key: read [K, null]; write [K, V]; cas [K, [OLD, NEW]]; answers are [K, V]",
  operations: register.operations,
  reads: register.reads,
  problem: (name, input) =>
    isPair(input)
      ? register.problem!(name, input[1])
      : `${name} takes [KEY, ...], not ${JSON.stringify(input)}`,
  part: ({ input }) => JSON.stringify((input as [Json, Json])[0]),
  init: (initial) => initial,
  step: (state, { name, input, output }) => {
    const [, argument] = input as [Json, Json];
    const answer = Array.isArray(output) ? (output[1] as Json) : output;
    return register.step(state, { name, input: argument, output: answer });
  },
};

/** Texts by key, as in Porcupine's examples: `get`, `put` and `append`; a key that nobody has put is the empty text. */
export const kv: SequentialObject = {
  name: "kv",
  summary: 'texts by key: get; put V; append V; each event has a key ("" at the beginning)',
  operations: ["get", "put", "append"],
  reads: ["get"],
  problem: (name, input) => {
    if (!isPair(input)) return `${name} needs a key: {:f :${name}, :key "x", ...}`;
    if (name === "get" || typeof input[1] === "string") return undefined;
    return `${name} takes a text, not ${JSON.stringify(input[1])}`;
  },
  part: ({ input }) => JSON.stringify((input as [Json, Json])[0]),
  init: (initial) => initial ?? "",
  step: (state, { name, input, output }) => {
    const [, argument] = input as [Json, Json];
    if (name === "put") return argument;
    if (name === "append") return `${state}${argument}`;
    const answer = Array.isArray(output) ? (output[1] as Json) : output;
    return answer === undefined || same(answer ?? "", state) ? state : undefined;
  },
};

/** A queue, first in, first out: `enqueue v`, and `dequeue` answers the oldest value, or null if there is none. */
export const queue: SequentialObject<readonly Json[]> = {
  name: "queue",
  summary: "enqueue V; dequeue, which answers the oldest value, or null if there is none",
  operations: ["enqueue", "dequeue"],
  reads: [],
  init: (initial) => (Array.isArray(initial) ? (initial as readonly Json[]) : []),
  step: (state, { name, input, output }) => {
    if (name === "enqueue") return [...state, input];
    const [first = null, ...rest] = state;
    return output === undefined || same(output, first) ? rest : undefined;
  },
};

/** A set: `add v`, and `read` answers all values, in any order. */
export const set: SequentialObject<readonly Json[]> = {
  name: "set",
  summary: "add V; read, which answers all values in any order",
  operations: ["add", "read"],
  reads: ["read"],
  init: (initial) => (Array.isArray(initial) ? (initial as readonly Json[]) : []),
  step: (state, { name, input, output }) => {
    if (name === "add") return sorted([...state.filter((value) => !same(value, input)), input]);
    return output === undefined || (Array.isArray(output) && same(sorted(output as Json[]), state))
      ? state
      : undefined;
  },
};

/** A log: `append v` answers how many values there are then, and `read` all of them, in order. */
export const log: SequentialObject<readonly Json[]> = {
  name: "log",
  summary: "append V, which answers how many values there are then; read, which answers all in order",
  operations: ["append", "read"],
  reads: ["read"],
  init: (initial) => (Array.isArray(initial) ? (initial as readonly Json[]) : []),
  step: (state, { name, input, output }) => {
    if (name === "read") return output === undefined || same(output, state) ? state : undefined;
    const next = [...state, input];
    return output === undefined || output === null || output === next.length ? next : undefined;
  },
};

function sorted(values: readonly Json[]): readonly Json[] {
  return values.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** The objects that there are, by name. */
export const sequentialObjects: readonly SequentialObject[] = [register, map, kv, queue, set, log];
