// Where a message in a trace comes from: the step in which it was sent. Traces do not say so, since on the
// `async` network a message that was sent twice is one message. For a message that a Byzantine node has
// made it is where the signed statements in it come from. (Certificates and collections do not say whose
// signatures they are: these are left out.)

import type { Action, PartitionKind } from "../model/action.js";
import { canonicalizer, SchemaMismatch } from "../model/canonical.js";
import type { Setting } from "../model/setting.js";
import { isSigned, visitTerms } from "../model/terms.js";
import type { Json, NodeId } from "../protocol/index.js";
import type { ReplayResult } from "../trace/replay-result.js";
import type { NodeSummary, StepChange } from "../trace/step-change.js";

/** A node has sent something in a step (by its index), or at its start (null). */
export interface Sending {
  readonly node: NodeId;
  readonly step: number | null;
  /** Which of the messages of that step, by its index; null at the start. */
  readonly letter: number | null;
}

/** A message that was sent. */
interface Letter extends Sending {
  readonly step: number;
  readonly to: NodeId | "all replicas";
}

/** A signed statement of a correct node. */
interface Statement {
  readonly signer: NodeId;
  readonly key: string;
}

/** For each step, what has to have been sent before it. */
export function sendings({ setting, starts, steps }: ReplayResult): Sending[][] {
  const found = new Sendings(setting, starts);
  return steps.map((step) => found.add(step));
}

/** The same for an execution that grows step by step. */
export class Sendings {
  readonly #setting: Setting;
  readonly #canonical: (message: Json) => unknown;
  readonly #isCorrect: ReadonlySet<NodeId>;
  readonly #isReplica: ReadonlySet<NodeId>;
  /** By the text of the message. */
  readonly #letters = new Map<string, Letter[]>();
  /** By the text of a statement: the first message in which it stands. */
  readonly #statements = new Map<string, Letter>();
  /** How many of the copies of a message have arrived. */
  readonly #copies = new Map<string, number>();
  /** For each link, as in `r0>r1`, the step in which a cut across it has healed last: what was sent before has come, or is lost. */
  readonly #healed = new Map<string, number>();
  #count = 0;

  /** `starts`: where the correct nodes begin. */
  constructor(setting: Setting, starts: readonly NodeSummary[]) {
    this.#setting = setting;
    this.#canonical = canonicalizer(setting.protocol.message as never);
    this.#isCorrect = new Set(starts.map(({ node }) => node));
    this.#isReplica = new Set(starts.filter(({ role }) => role === "replica").map(({ node }) => node));
  }

  /** How many steps there are so far. */
  get count(): number {
    return this.#count;
  }

  /** What has to have been sent before the next step; the step is added. */
  add(step: StepChange): Sending[] {
    const sources = this.#sources(step);
    const index = this.#count++;
    if (step.action.kind === "heal") this.#heal(step.action, index);
    for (const [letter, { to, message }] of step.sent.entries()) {
      const sent: Letter = { node: step.node, step: index, letter, to };
      const key = JSON.stringify(message);
      const same = this.#letters.get(key);
      if (same) same.push(sent);
      else this.#letters.set(key, [sent]);
      for (const statement of statementsIn(message, this.#isCorrect))
        if (!this.#statements.has(statement.key)) this.#statements.set(statement.key, sent);
    }
    return sources;
  }

  #heal(
    { sides: [first, second], oneWay }: Extract<Action, { readonly kind: PartitionKind }>,
    index: number,
  ): void {
    for (const a of first)
      for (const b of second) {
        this.#healed.set(`${a}>${b}`, index);
        if (!oneWay) this.#healed.set(`${b}>${a}`, index);
      }
  }

  #sources({ action }: StepChange): Sending[] {
    if (!("message" in action)) return [];
    const found = this.#canonical(action.message);
    // What a simulated puppet says, or a user asks for, need not be a message of the protocol.
    const message = found instanceof SchemaMismatch ? action.message : (found as Json);
    if (action.kind === "relay" || action.kind === "inject")
      return statementsIn(message, this.#isCorrect).flatMap(
        ({ signer, key }) => this.#statements.get(key) ?? this.#atStart(signer),
      );
    const key = JSON.stringify(message);
    const via = action.kind === "deliver" ? (action.via ?? null) : null;
    const healed = this.#healed.get(`${via ?? action.from}>${action.to}`) ?? -1;
    const isAddressed = ({ node, to, step }: Letter) =>
      step > healed &&
      (to === action.to || (to === "all replicas" && node !== action.to && this.#isReplica.has(action.to)));
    const equal = (this.#letters.get(key) ?? []).filter(isAddressed);
    // Others may say the same in the same words. Only what is signed as a whole can have been sent by somebody else than its origin.
    const own = equal.filter(({ node }) => node === (via ?? action.from));
    const letters = own.length > 0 || via !== null || !isSigned(message) ? own : equal;
    // Where each copy is used up, the n-th to arrive is the n-th that was sent; elsewhere all are the first
    // one.
    const name = JSON.stringify([via ?? action.from, action.to, key, healed]);
    const used = this.#setting.network === "async" ? 0 : (this.#copies.get(name) ?? 0);
    if (action.kind !== "duplicate") this.#copies.set(name, used + 1);
    const sending = letters[Math.min(used, letters.length - 1)];
    return sending ? [sending] : this.#atStart(via ?? action.from);
  }

  #atStart(node: NodeId): Sending[] {
    return this.#isCorrect.has(node) ? [{ node, step: null, letter: null }] : [];
  }
}

/** The signed statements of correct nodes in a canonical message, at any depth. */
function statementsIn(message: Json, isCorrect: ReadonlySet<NodeId>): Statement[] {
  const found: Statement[] = [];
  visitTerms(message, (term) => {
    if (isSigned(term) && isCorrect.has(term.signer))
      found.push({ signer: term.signer, key: JSON.stringify(term) });
    return true;
  });
  return found;
}
