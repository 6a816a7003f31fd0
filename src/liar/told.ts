// The generic liar in a replay. Its alphabet is what a search tries: computed, finite, and another one when the protocol or the liar
// changes. A replay asks less: whether the liar *may* say what the trace has it say. It may if the message fits the protocol's schema and
// keeps to what the protocol's `alphabet` allows; the model sees to it that nothing is forged (see model/knowledge.ts). An authenticator in a
// correct node's name that convinces no correct node is no forgery, but where statements like it are signed, steps need not look at whom it
// convinces: it is said only where such statements have authenticators. Adversaries that are narrower than that stay so: of them only what
// they propose is possible.

import type * as Schema from "effect/Schema";
import { type Action, messageOf } from "../model/action.js";
import { canonicalizer, SchemaMismatch } from "../model/canonical.js";
import type { Setting } from "../model/setting.js";
import { isSigned, typeOf, visitTerms } from "../model/terms.js";
import type { Adversary, AdversaryContext, Json, Knowledge, NodeId, Protocol } from "../protocol/index.js";
import { fieldsOf, fits } from "../protocol/schema-parts.js";
import { isWholeLiar } from "./adversary.js";
import { visitParts } from "./places.js";

/** What somebody is told to have said. */
interface Told {
  readonly from: NodeId;
  readonly message: Json;
}

/**
 * The same setting, in which the generic liar says what these actions have it say, and nothing else. Its alphabet is not needed, unless
 * one of them has a field that the protocol's `alphabet` narrows, or an authenticator in another's name unlike all that were sent. With another adversary: the setting itself.
 */
export function sayingOnly(setting: Setting, actions: readonly Action[]): Setting {
  return saying(setting, actions, false);
}

/** The same setting, in which the generic liar can say that besides its alphabet. With another adversary: the setting itself. */
export function sayingToo(setting: Setting, actions: readonly Action[]): Setting {
  return saying(setting, actions, true);
}

function saying(setting: Setting, actions: readonly Action[], too: boolean): Setting {
  const { adversary, protocol } = setting;
  if (adversary === null || !isWholeLiar(adversary)) return setting;
  const told = toldBy(protocol, actions);
  const moves: Adversary<Json>["moves"] = (context, knowledge) => {
    const { self, byzantine } = context;
    const own = told.filter(({ from }) => from === self || !byzantine.includes(from));
    const allowed = own.filter(
      ({ message }) => keepsTo(protocol, context, message) && isHeardOf(message, byzantine, knowledge),
    );
    const messages = allowed.map(({ message }) => message);
    return too || allowed.length < own.length
      ? [...messages, ...adversary.moves(context, knowledge)]
      : messages;
  };
  return { ...setting, adversary: { ...adversary, moves } };
}

function toldBy(protocol: Protocol<Json, Json>, actions: readonly Action[]): readonly Told[] {
  const canonical = canonicalizer(protocol.message as never);
  const told = new Map<string, Told>();
  for (const action of actions) {
    const message = action.kind === "inject" ? canonical(messageOf(action)!) : undefined;
    if (action.kind !== "inject" || message === undefined || message instanceof SchemaMismatch) continue;
    told.set(JSON.stringify([action.from, message]), { from: action.from, message });
  }
  return [...told.values()];
}

/** Whether all fields, except in what correct nodes have signed, have values that the protocol's `alphabet` allows. */
function keepsTo(
  protocol: Protocol<Json, Json>,
  { self, byzantine, config, views }: AdversaryContext,
  message: Json,
): boolean {
  const narrowed = protocol.alphabet?.({ self, byzantine, config, views }) ?? {};
  let isAllowed = true;
  visitParts((protocol.message as Schema.Top).ast, message, "", (ast, value) => {
    if (isSigned(value) && !byzantine.includes(value.signer)) return false;
    if (ast._tag !== "Objects") return true;
    const struct = value as { readonly [name: string]: Json };
    for (const { name, type } of fieldsOf(ast)) {
      if (!Object.hasOwn(narrowed, name) || !Object.hasOwn(struct, name)) continue;
      const allowed = narrowed[name]!.filter((one) => fits(type, one));
      const text = JSON.stringify(struct[name]);
      isAllowed &&= allowed.length === 0 || allowed.some((one) => JSON.stringify(one) === text);
    }
    return true;
  });
  return isAllowed;
}

/** Whether every authenticator that is made up in a correct node's name is for a statement like one that a node has sent with an authenticator. */
function isHeardOf(message: Json, byzantine: readonly NodeId[], knowledge: Knowledge): boolean {
  const madeUp = new Set<string>();
  visitTerms(message, (term) => {
    if (term.tag !== "signed" || byzantine.includes(term.signer)) return true;
    if (term.convinces?.every((receiver) => byzantine.includes(receiver))) madeUp.add(kindOf(term.body));
    return true;
  });
  if (madeUp.size === 0) return true;
  const heard = knowledge.statements(({ convinces }) => convinces !== undefined);
  const kinds = new Set(heard.map(({ body }) => kindOf(body)));
  return [...madeUp].every((kind) => kinds.has(kind));
}

/** The tag of a body and the names of its fields. */
function kindOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return typeof body;
  return [typeOf(body as Json), ...Object.keys(body).sort()].join(" ");
}
