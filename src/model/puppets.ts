// Puppets: Byzantine nodes that run the protocol's own step function. A puppet is a node of the system like
// any other, with three exceptions: no property watches it, nothing that it does is owed (unless its
// adversary says so), and its messages may be changed. If there are several copies of it, each has its own
// name (r0, r0') and all have one identity: self, signatures and what is sent to them are r0's.
//
// Why it composes with the reductions that it is allowed with. A puppet's local state and outbox are a
// component. What others may receive from it is a function of its outbox, and grows with it (changes are
// made message by message). So it satisfies all that visible steps and dominance require of a node: no
// other node can observe a silent step of it.

import type { Adversary, Config, Json, NodeId, NodeSpec, Protocol, StepFaults } from "../protocol/index.js";
import { calling, UserError } from "./errors.js";
import type { Inputs } from "./inputs.js";
import { listOfMessages } from "./moves.js";
import { nodesOf, type Setting } from "./setting.js";
import { isSigned, visitTerms } from "./terms.js";

/** One node of the system. */
export interface Instance {
  /** Its `id` is the name of the instance. */
  readonly spec: NodeSpec<Json>;
  /** Who it says that it is. */
  readonly self: NodeId;
  /** How it is distorted; null if it is correct. */
  readonly stepFaults: StepFaults<Json> | null;
}

/**
 * The nodes of a run: the correct ones first, then the puppets.
 *
 * @throws {UserError} `bad-option` for puppets on a network on which messages are used up.
 */
export function instancesOf({ protocol, config, byzantine, adversary, network }: Setting): Instance[] {
  const specs = nodesOf(protocol, config);
  const correct = specs
    .filter(({ id }) => !byzantine.includes(id))
    .map((spec): Instance => ({ spec, self: spec.id, stepFaults: null }));
  const { stepFaults } = adversary ?? {};
  if (!stepFaults || byzantine.length === 0) return correct;
  if (network !== "async")
    throw new UserError(
      "bad-option",
      `The adversary ${adversary!.name} runs the protocol's own steps. What such a node has sent is kept for ever, as on ` +
        `the async network; on ${network}, where messages are used up, it cannot be used.`,
    );
  const puppets = specs
    .filter(({ id }) => byzantine.includes(id))
    .flatMap((spec) =>
      Array.from({ length: stepFaults.copies ?? 1 }, (_, copy): Instance => {
        const name = spec.id + "'".repeat(copy);
        return { spec: { ...spec, id: name }, self: spec.id, stepFaults };
      }),
    );
  return [...correct, ...puppets];
}

/** What puppets may say in place of what their step function wanted to say: messages by their numbers. */
export class Distortions {
  readonly #adversary: Adversary<Json> | null;
  readonly #byzantine: readonly NodeId[];
  readonly #config: Config;
  readonly #protocol: Protocol<Json, Json>;
  readonly #inputs: Inputs;
  readonly #known = new Map<string, readonly number[]>();

  constructor({ adversary, byzantine, config, protocol }: Setting, inputs: Inputs) {
    this.#adversary = adversary;
    this.#byzantine = byzantine;
    this.#config = config;
    this.#protocol = protocol;
    this.#inputs = inputs;
  }

  /**
   * The variants of a message that the puppet `self` may say, without the message itself and those it could
   * not sign.
   */
  of(self: NodeId, message: number): readonly number[] {
    const says = this.#adversary?.stepFaults?.says;
    if (!says) return [];
    const key = `${self} ${message}`;
    const known = this.#known.get(key);
    if (known) return known;
    const original = this.#inputs.messageOf(message);
    const name = `says() of the adversary ${this.#adversary!.name}`;
    const place = { self, byzantine: this.#byzantine, config: this.#config, protocol: this.#protocol };
    const proposed = listOfMessages(
      name,
      calling("adversary-threw", name, () => says(original, place)),
    );
    const shown = this.#foreignTerms(original);
    const ids = proposed.flatMap((variant) => {
      const id = this.#inputs.message(
        variant,
        `the adversary ${this.#adversary!.name}`,
        "adversary-malformed",
      );
      const isItsOwn = [...this.#foreignTerms(this.#inputs.messageOf(id))].every((term) => shown.has(term));
      return isItsOwn && id !== message ? [id] : [];
    });
    const variants = [...new Set(ids)];
    this.#known.set(key, variants);
    return variants;
  }

  /**
   * What others have signed in a message, and what proves that they have: a variant may show nothing else
   * of the kind.
   */
  #foreignTerms(message: Json): ReadonlySet<string> {
    const terms = new Set<string>();
    visitTerms(message, (term) => {
      if (isSigned(term) && this.#byzantine.includes(term.signer)) return true;
      terms.add(JSON.stringify(term));
      return false;
    });
    return terms;
  }
}
