// Where a message in a trace comes from: the step in which it was sent. Traces do not say so, since on the `async` network a
// message that was sent twice is one message. For a message that a Byzantine node has made it is where the signed
// statements in it come from. (Certificates and collections do not say whose signatures they are: these are left out.)

import { canonicalizer } from "../../model/canonical.js";
import { isSigned, visitTerms } from "../../model/terms.js";
import type { Json, NodeId } from "../../protocol/index.js";
import type { ReplayResult } from "../replay.js";
import type { StepChange } from "../step-change.js";

/** A node has sent something in a step (by its index), or at its start (null). */
export interface Sending {
  readonly node: NodeId;
  readonly step: number | null;
}

/** For each step, what has to have been sent before it. */
export function sendings({ setting, starts, steps }: ReplayResult): Sending[][] {
  const checked = canonicalizer(setting.protocol.message as never);
  const keyOf = (message: Json) => JSON.stringify(checked(message));
  const isReplica = new Set(starts.filter(({ role }) => role === "replica").map(({ node }) => node));
  const correct = new Set(starts.map(({ node }) => node));
  const copies = new Map<string, number>();
  const sentBefore = (end: number, fits: (sent: StepChange["sent"][number], node: NodeId) => boolean) =>
    steps
      .slice(0, end)
      .flatMap(({ node, sent }, step): Sending[] =>
        sent.filter((one) => fits(one, node)).map(() => ({ node, step })),
      );

  return steps.map(({ action }, index): Sending[] => {
    switch (action.kind) {
      case "deliver":
      case "lose":
      case "duplicate": {
        const key = keyOf(action.message);
        const link = "via" in action && action.via !== undefined ? action.via : null;
        const found = sentBefore(
          index,
          ({ to, message }, node) =>
            (link === null || node === link) &&
            (to === action.to || (to === "all replicas" && node !== action.to && isReplica.has(action.to))) &&
            keyOf(message) === key,
        );
        // Where each copy is used up, the n-th arrives as the n-th that was sent; elsewhere all are the first one.
        const name = JSON.stringify([link ?? action.from, action.to, key]);
        const used = setting.network === "async" ? 0 : (copies.get(name) ?? 0);
        if (action.kind !== "duplicate") copies.set(name, used + 1);
        const sending = found[Math.min(used, found.length - 1)];
        return sending ? [sending] : atStart(link ?? action.from);
      }
      case "relay":
      case "inject":
        return signedIn(action.message).flatMap(({ text, signer }) => {
          const first = sentBefore(index, ({ message }) =>
            signedIn(checked(message) as Json).some((term) => term.text === text),
          )[0];
          return first ? [first] : atStart(signer);
        });
      default:
        return [];
    }
  });

  function atStart(node: NodeId): Sending[] {
    return correct.has(node) ? [{ node, step: null }] : [];
  }

  /** The signed statements of correct nodes in a message. */
  function signedIn(message: Json): { readonly text: string; readonly signer: NodeId }[] {
    const found: { text: string; signer: NodeId }[] = [];
    visitTerms(checked(message) as Json, (term) => {
      if (isSigned(term) && correct.has(term.signer))
        found.push({ text: JSON.stringify(term), signer: term.signer });
      return true;
    });
    return found;
  }
}
