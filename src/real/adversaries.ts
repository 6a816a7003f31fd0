// Byzantine nodes for classes of which nothing is known but what they say: a liar made of traffic, and a mutator. They work for every
// protocol whose messages are plain values. What is signed (`signer` in the options) cannot be forged: the model sees to that.

import {
  type Adversary,
  type Config,
  type Json,
  type Protocol,
  replicaIds,
  sign,
} from "../protocol/index.js";
import { trafficOf } from "./traffic.js";
import { type Vocabulary, variationsOf, vocabularyOf } from "./variations.js";

/** More moves than these are too many for a search; the rarest fields come first. */
const maxMoves = 200;

/** What adversaries are made of. */
export interface Lies {
  readonly protocol: Protocol<Json, Json>;
  /** The bundle's code. */
  readonly code: string;
  /** Says in whose name a message is signed, or null; null if the file does not tell. */
  readonly signer: ((message: Json) => string | null) | null;
}

/** The adversaries of a class; the weakest first. */
export function realAdversaries({ protocol, code, signer: told }: Lies): readonly Adversary<Json>[] {
  const isSigning = told !== null;
  const signer = told ?? (() => null);
  const known = new Map<string, { readonly heard: readonly Json[]; readonly vocabulary: Vocabulary }>();
  const wordsIn = (config: Config) => {
    const key = JSON.stringify(config);
    let words = known.get(key);
    if (!words) {
      const heard = trafficOf(protocol, { ...config, clients: false }).map((message) =>
        isSigning ? bodyOf(message) : message,
      );
      words = {
        heard,
        vocabulary: vocabularyOf(
          heard,
          replicaIds(config),
          labelsIn(code, textsIn(heard)),
          protocol.requests(config),
        ),
      };
      known.set(key, words);
    }
    return words;
  };
  const moves = new Map<string, readonly Json[]>();
  const liar: Adversary<Json> = {
    name: "liar",
    summary:
      "says what was heard in runs without faults, or what differs from it in one field, differently to each",
    strength: 2,
    forwards: true,
    speaks: true,
    canMove: () => true,
    observes: () => true,
    moves: ({ self, config, byzantine }) => {
      const key = `${self} ${byzantine.join()} ${JSON.stringify(config)}`;
      const made = moves.get(key);
      if (made) return made;
      const { heard, vocabulary } = wordsIn(config);
      const all = new Map<string, Json>();
      const say = (message: Json) => {
        const by = signer(message);
        if (by !== null && !byzantine.includes(by)) return;
        if (all.size < maxMoves)
          all.set(JSON.stringify(message), by === null ? message : signed(by, message));
      };
      for (const message of heard) say(message);
      // One variation of each message, then the next of each: what is rare is not crowded out.
      const variations = heard.map((message) => variationsOf(message, vocabulary));
      for (let round = 0; all.size < maxMoves && variations.some((list) => list.length > round); round++)
        for (const list of variations) if (list[round] !== undefined) say(list[round]!);
      const result = [...all.values()];
      moves.set(key, result);
      return result;
    },
  };
  const mutator: Adversary<Json> = {
    name: "mutator",
    summary: "runs the class, but may change one field of any message, differently to each",
    strength: 1,
    forwards: false,
    speaks: true,
    canMove: () => true,
    observes: () => false,
    moves: () => [],
    stepFaults: {
      says: (message, { byzantine, config }) =>
        variationsOf(isSigning ? bodyOf(message) : message, wordsIn(config).vocabulary).flatMap((varied) => {
          const by = signer(varied);
          if (by === null) return [varied];
          return byzantine.includes(by) ? [signed(by, varied)] : [];
        }),
    },
  };
  return [mutator, liar];
}

function signed(by: string, message: Json): Json {
  return sign(by, message) as unknown as Json;
}

/** A message without its signature. */
export function bodyOf(message: Json): Json {
  const { tag, body, signer } = (message ?? {}) as { tag?: Json; body?: Json; signer?: Json };
  return tag === "signed" && typeof signer === "string" && body !== undefined ? body : message;
}

/** The labels of `case` in the switches of some code that know one of these texts, each once. */
function labelsIn(code: string, heard: ReadonlySet<string>): readonly string[] {
  const switches = code
    .split(/\bswitch \(/)
    .map((part) => [...part.matchAll(/\bcase "([\w :.-]{1,40})":/g)].map(([, label]) => label!));
  return [...new Set(switches.filter((labels) => labels.some((label) => heard.has(label))).flat())];
}

/** Every text in some values. */
function textsIn(value: Json, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value === "string") found.add(value);
  else if (typeof value === "object" && value !== null)
    for (const item of Object.values(value)) textsIn(item as Json, found);
  return found;
}
