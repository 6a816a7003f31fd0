// Where a message in a trace comes from: the step in which it was sent. Traces do not say so, since on the `async` network a
// message that was sent twice is one message. For a message that a Byzantine node has made it is where the signed
// statements in it come from. (Certificates and collections do not say whose signatures they are: these are left out.)

import { canonicalizer } from "../model/canonical.js";
import { isSigned, visitTerms } from "../model/terms.js";
import type { Json, NodeId } from "../protocol/index.js";
import type { ReplayResult } from "../trace/replay-result.js";

/** A node has sent something in a step (by its index), or at its start (null). */
export interface Sending {
  readonly node: NodeId;
  readonly step: number | null;
}

/** A message that was sent, with all that it is looked for by. */
interface Sent extends Sending {
  readonly step: number;
  readonly to: NodeId | "all replicas";
  readonly key: string;
  readonly statements: ReadonlySet<string>;
}

/** A signed statement of a correct node. */
interface Statement {
  readonly signer: NodeId;
  readonly key: string;
}

/** For each step, what has to have been sent before it. */
export function sendings({ setting, starts, steps }: ReplayResult): Sending[][] {
  const canonical = canonicalizer(setting.protocol.message as never);
  const isCorrect = new Set(starts.map(({ node }) => node));
  const isReplica = new Set(starts.filter(({ role }) => role === "replica").map(({ node }) => node));
  const letters = steps.flatMap(({ node, sent }, step) =>
    sent.map(({ to, message }): Sent => {
      const statements = new Set(statementsIn(message, isCorrect).map(({ key }) => key));
      return { node, step, to, key: JSON.stringify(message), statements };
    }),
  );
  const atStart = (node: NodeId): Sending[] => (isCorrect.has(node) ? [{ node, step: null }] : []);
  const copies = new Map<string, number>();

  return steps.map(({ action }, index): Sending[] => {
    if (!("message" in action)) return [];
    const message = canonical(action.message) as Json; // the replay has accepted it
    if (action.kind === "relay" || action.kind === "inject")
      return statementsIn(message, isCorrect).flatMap(({ signer, key }) => {
        const first = letters.find(({ step, statements }) => step < index && statements.has(key));
        return first ? [first] : atStart(signer);
      });
    const key = JSON.stringify(message);
    const via = action.kind === "deliver" ? (action.via ?? null) : null;
    const isAddressed = ({ node, to }: Sent) =>
      to === action.to || (to === "all replicas" && node !== action.to && isReplica.has(action.to));
    const found = letters.filter(
      (letter) =>
        letter.step < index &&
        letter.key === key &&
        (via === null || letter.node === via) &&
        isAddressed(letter),
    );
    // Where each copy is used up, the n-th to arrive is the n-th that was sent; elsewhere all are the first one.
    const name = JSON.stringify([via ?? action.from, action.to, key]);
    const used = setting.network === "async" ? 0 : (copies.get(name) ?? 0);
    if (action.kind !== "duplicate") copies.set(name, used + 1);
    const sending = found[Math.min(used, found.length - 1)];
    return sending ? [sending] : atStart(via ?? action.from);
  });
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
