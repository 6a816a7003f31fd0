// State transfer (OSDI'99, section 4.3; TOCS'02, section 5.3): a replica that learns of a stable checkpoint
// above its last executed slot asks for that state. The answer contains a proof, so the sender need not be
// trusted.

import { type Signed, sign } from "../../protocol/index.js";
import { discard, proofOf, showStable } from "./checkpoints.js";
import { executeFurther, isExecuted } from "./execution.js";
import type { Fetch, StateTransfer } from "./messages.js";
import { isReplica } from "./quorums.js";
import { deferFetch, isBetweenWatermarks, type Reaction, send, show, update } from "./reaction.js";
import { digestOfSnapshot } from "./snapshots.js";
import { lowWatermark } from "./state.js";

/**
 * Answers with the state of the last stable checkpoint; defers if the replica may have the one asked for
 * soon.
 */
export function onFetch(reaction: Reaction, { signer, body }: Signed<Fetch>): Reaction {
  const { context, state } = reaction;
  const { stable } = state;
  if (!isReplica(context.config, signer)) return reaction;
  if (body.slot > lowWatermark(state))
    return isBetweenWatermarks(reaction, body.slot) ? deferFetch(reaction, signer) : reaction;
  const own = state.snapshots.find(({ slot }) => slot === stable?.slot);
  if (!stable || !own) return reaction;
  const proof = proofOf(reaction, stable);
  return send(reaction, signer, sign(context.self, { tag: "state", ...own, proof }));
}

/** Installs state that is proven to be that of a stable checkpoint, and continues from there. */
export function onState(reaction: Reaction, { body }: Signed<StateTransfer>): Reaction {
  const { context, rules, state } = reaction;
  const { slot, snapshot, proof } = body;
  if (state.fetching === null || slot < state.fetching.slot || slot <= state.lastExecuted) return reaction;
  if (proof.vote.slot !== slot || !rules.checkpointProofIsValid(rules, context.config, proof))
    return reaction;
  const digest = digestOfSnapshot(snapshot);
  if (!rules.snapshotIsRight(digest, proof)) return reaction;
  const adopted = update(reaction, {
    stable: proof.vote,
    lastExecuted: slot,
    executedRequests: snapshot.executed,
    ...(snapshot.reads && { executedReads: snapshot.reads }),
    replies: snapshot.replies,
    history: snapshot.history,
    snapshots: [{ slot, snapshot }],
  });
  const pending = state.pending.filter((request) => !isExecuted(rules, adopted.state, request.body));
  const installed = show(update(adopted, { pending }), {
    kind: "custom",
    name: "state-installed",
    data: snapshot.executed,
  });
  const had = show(installed, { kind: "custom", name: "checkpoint", data: { slot, digest } });
  return executeFurther(discard(showStable(had, proof.vote)));
}
