// Equivocating primary: it proposes one request to one half of the backups and another to the rest, for the same slot, and
// commits to each half what it has proposed to it. With one request to choose from, the second is that same one under a
// digest that is not its own.

import type { NodeId, Puppet, Signed } from "../../src/protocol/index.js";
import { type Body, bodyOf, changed, fake } from "./parts.js";

interface Proposal extends Body {
  readonly request?: unknown;
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
    const requests = new Map<string, unknown>(); // digest -> request, as proposed so far
    const alternatives = new Map<string, Alternative>();
    const isSecondHalf = (to: NodeId) => Number(to.slice(1)) % 2 === 0;

    return {
      says: (to, message) => {
        const body = bodyOf(message) as Proposal;
        const place = `${body.view} ${body.slot}`;
        if (body.tag === "pre-prepare") {
          const alternative = alternativeTo(place, body);
          if (!isSecondHalf(to)) return [{ to, message }];
          return [
            { to, message: changed(self, message, alternative) },
            ...commitTo(to, message, alternative),
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
      if (request !== undefined) requests.set(digest, request);
      alternatives.set(place, made);
      return made;
    }

    function commitTo(to: NodeId, message: unknown, { digest }: Alternative) {
      const { view, slot } = bodyOf(message);
      const body = { tag: "commit", view, slot, digest };
      const isSigned = (message as Signed<unknown>).tag === "signed";
      return [{ to, message: isSigned ? { tag: "signed", signer: self, body } : body }];
    }
  },
};
