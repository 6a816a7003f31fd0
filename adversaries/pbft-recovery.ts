// The attacker against proactive recovery. It sits at a node of its own, `intruder`, and speaks in the name of the replicas whose keys it has
// stolen: from the start in that of the first one, and to the first one in anybody's; once the second one has fallen, in its name too.
//
// Why it is everything that such an attacker can do. It cannot sign for a co-processor, so it makes no recovery requests and no new keys; and
// queries of the estimation have a nonce, so an answer to its own is no use. It can send any proposal (as primary), prepare and
// commit. Values that no correct replica accepts are left out, except one that no client has signed: votes for them are ignored. A
// checkpoint message with a state that no correct replica has is as good as none, for a quorum of them contains a correct one's:
// so it sends those that somebody has sent.
//
// To the first replica it could speak as everybody, under the keys that this one has had. There it says less: what is needed to make the
// replica believe that it has recovered, with a forged state. As it changes its keys first, it accepts nothing of that kind anyway.
//
// Old keys are the first (0), current ones at most the second (1).

import type { Adversary, AdversaryContext, Knowledge, NodeId } from "../src/protocol/index.js";
import { replicaIds, sign } from "../src/protocol/index.js";
import {
  firstOf,
  intruder,
  primaryOf,
  type RecoveryConfig,
  secondOf,
} from "../src/protocols/pbft-recovery/parameters.js";
import type { Mac, Message, Said } from "../src/protocols/pbft-recovery/state.js";
import { nullRequest, recoveryRequest } from "../src/protocols/pbft-recovery/values.js";
import { neverRequested, valuesOf } from "../src/protocols/reactions.js";
import { range } from "./collections.js";

type Body = Said<"checkpoint"> | Said<"recover"> | Said<"taken">;

/** Speaks in the name of the replica that it holds, and keeps the former keys of the one that has recovered. */
export const pbftRecoveryIntruder: Adversary<Message> = {
  name: "intruder",
  summary:
    "says anything under the keys that it has stolen, of one replica after the other, differently to each",
  strength: 3,
  plays: { node: intruder },
  forwards: false,
  speaks: true,
  canMove: ({ self }) => self === intruder,
  observes: ({ body }) => ["checkpoint", "recover", "taken"].includes((body as Body).tag),
  moves: (place, knowledge) => {
    const config = place.config as RecoveryConfig;
    if (place.self !== intruder) return [];
    const [first, second] = [firstOf(config), secondOf(config)];
    const hasFallen = knowledge.bodies((body) => (body as Body).tag === "taken").length > 0;
    return [
      ...inNameOf(place, knowledge, { as: first, key: 0 }),
      ...(hasFallen ? inNameOf(place, knowledge, { as: second, key: 1 }) : []),
      ...replicaIds(config)
        .filter((id) => id !== first)
        .flatMap((as) => toRecovering(config, { as, key: 0, to: first })),
    ];
  },
};

/** All that a replica can say in the normal case. */
function inNameOf({ config }: AdversaryContext, knowledge: Knowledge, mac: Mac): Message[] {
  const slots = range(1, config.slots);
  const leads = mac.as === primaryOf(config);
  const values = [...valuesOf(config), nullRequest, ...recoveryRequests(knowledge)];
  const votes = slots.flatMap((slot) =>
    values.flatMap((value): Message[] => [
      ...(leads ? [{ tag: "pre-prepare" as const, slot, value, mac }] : []),
      { tag: "prepare", slot, value, mac },
      { tag: "commit", slot, value, mac },
    ]),
  );
  const unsigned = slots.map((slot): Message => ({ tag: "pre-prepare", slot, value: neverRequested, mac }));
  const known = knowledge.bodies((body) => (body as Body).tag === "checkpoint") as Said<"checkpoint">[];
  return [...votes, ...(leads ? unsigned : []), ...known.map(({ history }) => checkpoint(history, mac))];
}

/** What makes a replica that recovers believe that it has: answers, replies, and states that nobody has. */
function toRecovering(config: RecoveryConfig, mac: Mac): Message[] {
  const forged = valuesOf(config).at(-1)!;
  return [
    { tag: "reply-stable", checkpoint: 0, prepared: 0, mac },
    { tag: "recover-reply", slot: 1, mac },
    ...range(1, config.slots).map((slot) =>
      checkpoint([forged, ...Array<string>(slot - 1).fill(nullRequest)], mac),
    ),
  ];
}

function checkpoint(history: readonly string[], mac: Mac): Message {
  return sign(intruder as NodeId, { tag: "checkpoint" as const, history, mac });
}

/** Those that were sent. */
function recoveryRequests(knowledge: Knowledge): string[] {
  const sent = knowledge.statements(({ body }) => (body as Body).tag === "recover");
  return sent.map(({ signer, body }) => recoveryRequest(signer, (body as Said<"recover">).bound));
}
