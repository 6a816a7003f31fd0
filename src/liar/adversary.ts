// The generic liar: an adversary `arbitrary` for any protocol, from nothing but the schema of its messages and its step function.

import type * as Schema from "effect/Schema";
import type * as AST from "effect/SchemaAST";
import { allRequestsOf, digestOf, nodesOf } from "../model/setting.js";
import type { Adversary, Json, Protocol } from "../protocol/index.js";
import { fits, resolved } from "../protocol/schema-parts.js";
import { type Alphabet, workedOut } from "./alphabet.js";
import { nestedStatements } from "./draw.js";
import { termOf } from "./places.js";
import type { Situation, Words } from "./vocabulary.js";
import { workOn } from "./work.js";

/** The liar of a protocol. */
export interface Liar extends Adversary<Json> {
  /** What it can say in a setting. */
  alphabet(situation: Situation): Alphabet;
}

/** Whether an adversary is the generic liar. */
export function isLiar(adversary: Adversary<Json>): adversary is Liar {
  return "alphabet" in adversary;
}

/** What the liars say that were made here: a narrowed one, which has been given other moves, is no longer whole. */
const wholeMoves = new WeakSet<Adversary<Json>["moves"]>();

/** Whether an adversary is the generic liar with all that it can say. */
export function isWholeLiar(adversary: Adversary<Json>): adversary is Liar {
  return isLiar(adversary) && wholeMoves.has(adversary.moves);
}

/** Makes the generic liar of a protocol; `strength`: see `Adversary`. */
export function liarOf(protocol: Protocol<Json, Json>, strength = 3): Liar {
  // Looked at when it is needed: a module whose schema is none is refused elsewhere.
  let nested: readonly AST.AST[] | null = null;
  const workOf = ({ byzantine, config, views, beyond }: Situation) => {
    const situation = { byzantine, config, views, beyond };
    return workOn(protocol, situation, () => workedOut(protocol, wordsOf(protocol, situation)));
  };
  const moves: Liar["moves"] = ({ self, to, ...situation }) => workOf(situation).finish().of(self, to);
  wholeMoves.add(moves);
  return {
    name: "arbitrary",
    summary: "says anything that fits the schema, is unforged, and that a correct node would react to",
    strength,
    get forwards() {
      const root = resolved((protocol.message as Schema.Top).ast);
      const members = root._tag === "Union" ? root.types.map(resolved) : [root];
      return members.some((member) => member._tag === "Objects" && termOf(member) === "signed");
    },
    speaks: true,
    canMove: ({ self, config, views }) =>
      workOf({ byzantine: [self], config, views, beyond: false }).findsLieOf(self),
    observes: ({ body, convinces }) => {
      if (convinces !== undefined) return true; // its MACs can be spoiled, also where it stands by itself
      nested ??= nestedStatements((protocol.message as Schema.Top).ast);
      return nested.some((type) => fits(type, body as Json));
    },
    moves,
    prepares: (situation) => workOf(situation).pieces(),
    alphabet: (situation) => workOf(situation).finish(),
  };
}

function wordsOf(protocol: Protocol<Json, Json>, situation: Situation): Words {
  const { config } = situation;
  const requests = allRequestsOf(protocol, config);
  return {
    ...situation,
    nodes: nodesOf(protocol, config).map(({ id }) => id),
    requests,
    digest: (value) => {
      try {
        const digest: unknown = protocol.digest(value);
        return typeof digest === "string" ? digest : null;
      } catch {
        return null; // it is no request
      }
    },
    values: [
      ...new Set([
        ...requests.flatMap((request) => (typeof request === "string" ? [request] : [])),
        ...requests.map((request) => digestOf(protocol, request)),
      ]),
    ],
  };
}
