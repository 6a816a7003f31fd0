// The messages of one view: pre-prepares, votes, and prepared certificates.

import {
  type Certificate,
  certificate,
  type Knowledge,
  type Signed,
  sign,
} from "../../../src/protocol/index.js";
import type { Body, Message, PrePrepare, Prepared, Value } from "../../../src/protocols/pbft/messages.js";
import { backupsOf, primaryOf } from "../../../src/protocols/pbft/quorums.js";
import { digestOf, nullDigest } from "../../../src/protocols/pbft/requests.js";
import { pbftRules, preparesCertificate } from "../../../src/protocols/pbft/rules.js";
import { type AdversaryContext, range } from "./place.js";
import { knownRequests, valuesOf } from "./requests.js";

/** Pre-prepares of `view` for every slot and each of these requests. */
export function prePrepares(place: AdversaryContext, view: number, requests: readonly Value[]): Message[] {
  return range(1, place.config.slots).flatMap((slot) =>
    requests.map((request) =>
      sign<Body>(place.self, { tag: "pre-prepare", view, slot, digest: digestOf(request), request }),
    ),
  );
}

/** Pre-prepares of `view` with one request and the digest of another. */
export function misnamedPrePrepares(
  place: AdversaryContext,
  view: number,
  requests: readonly Value[],
): Message[] {
  return range(1, place.config.slots).flatMap((slot) =>
    requests.flatMap((request) =>
      requests
        .filter((other) => other !== request)
        .map((other) =>
          sign<Body>(place.self, { tag: "pre-prepare", view, slot, digest: digestOf(other), request }),
        ),
    ),
  );
}

/** Votes of one kind in `view`, for every slot and value. The null request is never proposed in view 0. */
export function votes(place: AdversaryContext, tag: "prepare" | "commit", view: number): Message[] {
  const digests = [...valuesOf(place).map(digestOf), ...(view > 0 ? [nullDigest] : [])];
  return range(1, place.config.slots).flatMap((slot) =>
    digests.map((digest) => sign<Body>(place.self, { tag, view, slot, digest })),
  );
}

/** Prepared certificates for a slot in views below `view`: all that can be proven. */
export function provable(
  place: AdversaryContext,
  knowledge: Knowledge,
  slot: number,
  view: number,
): Prepared[] {
  return certificates(place, knowledge, slot, view).filter(isMatching);
}

/** The same with the pre-prepare of one request and the proven prepares of another. */
export function mismatched(
  place: AdversaryContext,
  knowledge: Knowledge,
  slot: number,
  view: number,
): Prepared[] {
  return certificates(place, knowledge, slot, view).filter((prepared) => !isMatching(prepared));
}

function isMatching({ prePrepare, prepares }: Prepared): boolean {
  return prePrepare.body.digest === prepares.vote.digest;
}

function certificates(place: AdversaryContext, knowledge: Knowledge, slot: number, view: number): Prepared[] {
  return range(0, view - 1).flatMap((certified) => {
    const shown = proposalsFor(place, knowledge, slot, certified);
    const proven = [...valuesOf(place).map(digestOf), nullDigest]
      .map((digest) =>
        preparesCertificate(pbftRules, place.config, { tag: "prepare", view: certified, slot, digest }),
      )
      .filter((prepares) => knowledge.canProve(prepares));
    return shown.flatMap((prePrepare) =>
      proven.map((prepares) => ({ tag: "prepared" as const, prePrepare, prepares })),
    );
  });
}

/** Certificates that prove nothing: they claim no signed prepare. */
export function unproven(place: AdversaryContext, knowledge: Knowledge, slot: number): Prepared[] {
  return proposalsFor(place, knowledge, slot, 0).map((prePrepare) => {
    const { digest } = prePrepare.body;
    const vote = { tag: "prepare" as const, view: 0, slot, digest };
    const prepares: Certificate<typeof vote> = certificate(vote, 0, backupsOf(place.config, 0));
    return { tag: "prepared" as const, prePrepare, prepares };
  });
}

/** The pre-prepares for a slot of a view that the adversary can send. */
function proposalsFor(
  place: AdversaryContext,
  knowledge: Knowledge,
  slot: number,
  view: number,
): Signed<PrePrepare>[] {
  const primary = primaryOf(place.config, view);
  return [...knownRequests(place, knowledge), ...(view > 0 ? [null] : [])]
    .map((request) =>
      sign<PrePrepare>(primary, { tag: "pre-prepare", view, slot, digest: digestOf(request), request }),
    )
    .filter((prePrepare) => knowledge.canShow(prePrepare));
}
