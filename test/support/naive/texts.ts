// States of the naive search as texts: equal texts are equal states.

import type { Json, NodeId } from "../../../src/protocol/index.js";

/** The state of one node; `outbox` maps the text of a message to those it was sent to. */
export interface Node {
  readonly local: Json;
  readonly timers: readonly string[];
  readonly outbox: { readonly [message: string]: readonly NodeId[] };
  /** Where there are inboxes: for each link (`*`: all) the texts of the packets on their way, in one text. */
  readonly inbox: { readonly [link: string]: string };
  /** The texts of deferred packets. */
  readonly deferred: { readonly [key: string]: string };
  readonly crashes: number;
  readonly isDown: boolean;
}

export const nothingYet: Node = {
  local: null,
  timers: [],
  outbox: {},
  inbox: {},
  deferred: {},
  crashes: 0,
  isDown: false,
};

/** The text of each node's state (of the correct ones, then of puppets), how many mishaps there were (where replicas can be parted: and who does not reach whom), and the text of the monitors' states. */
export type State = readonly string[];

const texts = new WeakMap<object, string>();

/** The text of a JSON value, which nobody may change afterwards; equal up to the order of keys and of arrays. */
export function canonicalText(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = textOf(value);
  texts.set(value, text);
  return text;
}

function textOf(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).sort().join()}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`).join()}}`;
}

/** The text of a tuple of monitor states, in which the order of arrays matters. */
export function observationText(monitorStates: readonly Json[]): string {
  return JSON.stringify(monitorStates, (_, value: Json) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

export interface Packet {
  readonly from: NodeId;
  readonly message: Json;
}

const values = new Map<string, Json>();

/** Parsing anew each time would say the same, four times slower. */
export function parsed(text: string): Json {
  const value = values.get(text) ?? (JSON.parse(text) as Json);
  values.set(text, value);
  return value;
}
