// Describes actions and messages in words, for every protocol: a message is its type and its fields, a
// signature is left out if the sender is the signer, and a known request is named by its digest. Bulky
// messages of PBFT have phrases of their own (see phrases.ts).

import { match, P } from "ts-pattern";
import { type Action, choiceOf, isPartition, type PartitionKind } from "../model/action.js";
import { digestOf, requestsOf } from "../model/setting.js";
import { isSigned, typeFieldOf } from "../model/terms.js";
import { visibleText } from "../model/visible-text.js";
import {
  type Certificate,
  type Config,
  type Json,
  type Protocol,
  type Words,
  wordsOf,
} from "../protocol/index.js";
import { beyondJson } from "./beyond-json.js";
import { phrase } from "./phrases.js";

/** Puts actions and messages into words. */
export interface Describer {
  /** One line: who did what. */
  action(action: Action): string;
  /** What was done, without who did it to whom. */
  deed(action: Action): string;
  /** A message without its sender. */
  message(message: Json): string;
  /** Any value that is part of a message or of a state. */
  value(value: Json): string;
  /** What the protocol calls its views and slots. */
  readonly words: Words;
}

/**
 * A describer that knows a run's requests by their digests.
 *
 * ```ts
 * describer(protocol, config).action(trace.actions[0]) // => "r0 ⇢ r1  pre-prepare view 0 slot 1 c0:1:A  (Byzantine)"
 * ```
 */
export function describer(
  protocol: Pick<Protocol<Json, Json>, "name" | "requests" | "digest" | "vocabulary">,
  config: Config,
): Describer {
  const words = wordsOf(protocol.vocabulary);
  const digests = new Map(
    requestsOf(protocol, config).map((request) => [keyOf(request), digestOf(protocol, request)]),
  );
  const describe: Describer = {
    words,
    action: (action) =>
      isPartition(action) ? describe.deed(action) : `${whose(action)}  ${describe.deed(action)}`,
    deed: (action) => deedText(action, describe),
    message: (message) => {
      const known = digests.get(keyOf(message));
      const body = isSigned(message) ? message.body : message;
      if (known !== undefined) return `${tagOf(body) ?? "request"} ${known}`;
      return phrase(body, describe) ?? fields(body, describe, digests);
    },
    value: (value) => digests.get(keyOf(value)) ?? nested(value, describe, digests),
  };
  // Whatever a message says: what is shown of it cannot steer a terminal.
  return {
    words,
    action: (action) => visibleText(describe.action(action)),
    deed: (action) => visibleText(describe.deed(action)),
    message: (message) => visibleText(describe.message(message)),
    value: (value) => visibleText(describe.value(value)),
  };
}

function deedText(action: Action, describe: Describer): string {
  const label = choiceOf(action);
  const choice = label === undefined ? "" : `  [${label}]`;
  return match(action)
    .with({ kind: "timer" }, ({ timer }) => `timer ${timer} fires${choice}`)
    .with({ kind: "crash" }, () => "crashes")
    .with({ kind: P.union("cut", "heal") }, ({ kind, sides, oneWay }) => {
      const [first, second] = sides.map((side) => side.join(", "));
      const between = oneWay ? `from ${first} to ${second}, one way` : `between ${first} and ${second}`;
      return `the network ${kind === "cut" ? "is cut" : "heals"} ${between}`;
    })
    .with({ kind: "restart" }, () => `restarts${choice}`)
    .with(
      { kind: P.union("deliver", "inject", "relay", "lose", "duplicate") },
      ({ kind, message }) => `${describe.message(message)}${choice}${notes[kind]}`,
    )
    .exhaustive();
}

const arrows = { deliver: "→", inject: "⇢", relay: "⇢", lose: "↛", duplicate: "→" } as const;

function whose(action: Exclude<Action, { readonly kind: PartitionKind }>): string {
  if ("node" in action) return action.node;
  const via = "via" in action ? `, sent by ${action.via},` : "";
  return `${action.from}${via} ${arrows[action.kind]} ${action.to}`;
}

const notes = {
  deliver: "",
  inject: "  (Byzantine)",
  relay: "  (relayed by a Byzantine node)",
  lose: "  (lost)",
  duplicate: "  (doubled on its way)",
} as const;

/** A value inside another one: here a signature says something, and so does a certificate. */
function nested(value: Json, describe: Describer, digests: ReadonlyMap<string, string>): string {
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value))
    return value.length === 0 ? "none" : `[${value.map((item) => describe.value(item)).join("; ")}]`;
  if (isSigned(value)) return `${describe.message(value)} by ${value.signer}`;
  if (tagOf(value) === "certificate" && "vote" in value) {
    const { atLeast, vote } = value as unknown as Certificate<Json>;
    return `${atLeast} × ${describe.value(vote)}`;
  }
  return beyondJson(value, describe) ?? fields(value, describe, digests);
}

/** The type, then the scalar fields, then the others. A request is left out if its digest stands beside it. */
function fields(value: Json, describe: Describer, digests: ReadonlyMap<string, string>): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return describe.value(value);
  const type = typeFieldOf(value);
  const all = Object.entries(value as Record<string, Json>).filter(([name]) => name !== type);
  const said = new Set<Json>(all.flatMap(([, item]) => (typeof item === "string" ? item : [])));
  const scalars = all.flatMap(([name, item]) => scalar(spaced(name), item));
  const others = all
    .filter(([, item]) => typeof item === "object" && !isEmpty(item))
    .filter(([, item]) => !said.has(digests.get(keyOf(item)) ?? item))
    .map(([name, item]) => labelled(spaced(name), describe.value(item)));
  const name = type === null ? [] : (value as Record<string, string>)[type]!;
  return [[name, scalars].flat().join(" "), ...others].filter((part) => part !== "").join(", ");
}

/** The name of a field, unless what stands in it begins with that word already. */
function labelled(name: string, text: string): string {
  return text.startsWith(`${name} `) ? text : `${name}: ${text}`;
}

/** A string speaks for itself, a number needs its name. */
function scalar(name: string, value: Json): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [`${name} ${value}`];
  if (typeof value === "boolean") return [value ? name : `not ${name}`];
  return isEmpty(value) ? [`no ${name}`] : [];
}

function isEmpty(value: Json): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function tagOf(value: Json): string | null {
  const { tag } = (value ?? {}) as { tag?: Json };
  return typeof tag === "string" ? tag : null;
}

/** `lastExecuted` -> `last executed`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Equal for equal values, whatever the order of their keys. */
function keyOf(value: Json): string {
  return JSON.stringify(value, (_, item: Json) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
