// Adversaries for classes, of which only the messages of fault-free runs are known: a liar that varies these messages, and a mutator. They
// work for every protocol whose messages are plain values. What is signed (`signer` in the options) cannot be forged: the model sees to that.

import {
  type Adversary,
  type Config,
  type Json,
  type NodeId,
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
export function realAdversaries(lies: Lies): readonly Adversary<Json>[] {
  const words = new Words(lies);
  return [mutatorOf(words), liarOf(words)];
}

/** What a class says in runs without faults, by configuration, and in whose name. */
class Words {
  readonly #lies: Lies;
  readonly #known = new Map<string, { readonly heard: readonly Json[]; readonly vocabulary: Vocabulary }>();

  constructor(lies: Lies) {
    this.#lies = lies;
  }

  /** Every message heard, without signatures, and the values of their fields. */
  of(config: Config): { readonly heard: readonly Json[]; readonly vocabulary: Vocabulary } {
    const key = JSON.stringify(config);
    const known = this.#known.get(key);
    if (known) return known;
    const { protocol, code } = this.#lies;
    const heard = trafficOf(protocol, { ...config, clients: false }).map((message) => this.unsigned(message));
    const labels = labelsIn(code, textsIn(heard));
    const vocabulary = vocabularyOf(heard, replicaIds(config), labels, protocol.requests(config));
    const words = { heard, vocabulary };
    this.#known.set(key, words);
    return words;
  }

  unsigned(message: Json): Json {
    return this.#lies.signer ? bodyOf(message) : message;
  }

  /** The message as these nodes can send it: signed if it says so; undefined if none of them can sign it. */
  signed(message: Json, byzantine: readonly NodeId[]): Json | undefined {
    const by = this.#lies.signer?.(message) ?? null;
    if (by === null) return message;
    return byzantine.includes(by) ? (sign(by, message) as unknown as Json) : undefined;
  }
}

/** Says what was heard, or what differs from it in one field. */
function liarOf(words: Words): Adversary<Json> {
  const moves = new Map<string, readonly Json[]>();
  return {
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
      const made = moves.get(key) ?? liesIn(words, config, byzantine);
      moves.set(key, made);
      return made;
    },
  };
}

/** Everything heard, then one variation of each message, then the next of each: what is rare is not crowded out. */
function liesIn(words: Words, config: Config, byzantine: readonly NodeId[]): readonly Json[] {
  const { heard, vocabulary } = words.of(config);
  const all = new Map<string, Json>();
  const say = (message: Json) => {
    const signed = words.signed(message, byzantine);
    if (signed !== undefined && all.size < maxMoves) all.set(JSON.stringify(message), signed);
  };
  for (const message of heard) say(message);
  const variations = heard.map((message) => variationsOf(message, vocabulary));
  for (let round = 0; all.size < maxMoves && variations.some((list) => list.length > round); round++)
    for (const list of variations) if (list[round] !== undefined) say(list[round]!);
  return [...all.values()];
}

/** Runs the class, and changes one field of what it sends. */
function mutatorOf(words: Words): Adversary<Json> {
  return {
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
        variationsOf(words.unsigned(message), words.of(config).vocabulary).flatMap((varied) => {
          const signed = words.signed(varied, byzantine);
          return signed === undefined ? [] : [signed];
        }),
    },
  };
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
