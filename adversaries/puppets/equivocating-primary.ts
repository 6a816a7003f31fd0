// Equivocating primary: it proposes one request to one half of the backups and another to the rest, for the
// same slot, and commits to each half what it proposed to it. To have two, it ignores a request that it hears
// of for the first time until it has heard of another. If there is no other, it tells the second half the
// same request with a wrong digest.

import { match } from "ts-pattern";
import type { Input, NodeId, Puppet, Signed } from "../../src/protocol/index.js";
import type { Value } from "../../src/protocols/pbft/messages.js";
import { digestOf } from "../../src/protocols/pbft/requests.js";
import { type Body, bodyOf, changed, fake } from "./parts.js";

interface Proposal extends Body {
  readonly request?: unknown;
}

/**
 * The request in a client's message or from the environment, if requests are signed (the tutorials' are not).
 */
function requestIn(input: Input<unknown>): unknown {
  const term = match(input)
    .with({ kind: "message" }, ({ message }) => message)
    .with({ kind: "request" }, ({ request }) => request)
    .with({ kind: "timer" }, () => null)
    .exhaustive();
  const isRequest = (term as Signed<unknown> | null)?.tag === "signed" && bodyOf(term).tag === "request";
  return isRequest ? term : undefined;
}

/** The other proposal for a slot: what the second half is told. */
interface Alternative {
  readonly digest: string;
  readonly request?: unknown;
}

export const equivocatingPrimaryPuppet: Puppet<unknown> = {
  name: "equivocating-primary",
  summary: "as primary, proposes different requests to the two halves of the backups, and commits to each",
  attach: ({ self }) => {
    const requests = new Map<string, unknown>(); // digest -> request, as far as it has heard
    const alternatives = new Map<string, Alternative>();

    return {
      hears: (input) => {
        const request = requestIn(input);
        if (request === undefined) return true;
        const digest = digestOf(request as Value);
        const isKnown = requests.has(digest);
        requests.set(digest, request);
        return isKnown || requests.size > 1;
      },
      says: (to, message) => {
        const body = bodyOf(message) as Proposal;
        const place = `${body.view} ${body.slot}`;
        if (body.tag === "pre-prepare") {
          const alternative = alternativeTo(place, body);
          if (!isSecondHalf(to)) return [{ to, message }];
          return [
            { to, message: changed(self, message, alternative) },
            { to, message: commitTo(self, message, alternative) },
          ];
        }
        const alternative = body.tag === "commit" && isSecondHalf(to) ? alternatives.get(place) : undefined;
        return alternative ? [] : [{ to, message }]; // its commit to that half has been sent
      },
    };

    function alternativeTo(place: string, { digest = "", request }: Proposal): Alternative {
      const known = alternatives.get(place);
      if (known) return known;
      const other = [...requests].find(([name]) => name !== digest);
      const made: Alternative = other
        ? { digest: other[0], request: other[1] }
        : { digest: fake(digest), ...(request !== undefined && { request }) };
      alternatives.set(place, made);
      return made;
    }
  },
};

function isSecondHalf(to: NodeId): boolean {
  return Number(to.slice(1)) % 2 === 0;
}

/** The commit that belongs to a pre-prepare with the other proposal; signed if that is. */
function commitTo(self: NodeId, prePrepare: unknown, { digest }: Alternative): unknown {
  const { view, slot } = bodyOf(prePrepare);
  const body = { tag: "commit", view, slot, digest };
  const isSigned = (prePrepare as Signed<unknown>).tag === "signed";
  return isSigned ? { tag: "signed", signer: self, body } : body;
}
