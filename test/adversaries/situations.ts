// Places in which adversaries are asked for their moves, and what they know there.

import { KnowledgeBase } from "../../src/model/knowledge.js";
import type { Adversary, AdversaryContext, Config, Json, NodeId, Signed } from "../../src/protocol/index.js";
import type { Message } from "../../src/protocols/pbft/messages.js";
import { requestOf } from "../../src/protocols/pbft/requests.js";
import {
  A,
  B,
  checkpoint,
  four,
  prePrepare,
  prepare,
  prepared,
  viewChange,
} from "../protocols/pbft/support.js";

/** What correct nodes have sent by the end of view 0: A prepared at r2, and nobody else knows. */
export const endOfView0: readonly Signed<unknown>[] = [
  A,
  B,
  prePrepare(0, 1, A),
  ...["r1", "r2", "r3"].map((by) => prepare(by, 0, 1, A)),
  ...["r0", "r1", "r3"].map((by) => viewChange(by, 1)),
  viewChange("r2", 1, [prepared(0, 1, A)]),
];

export interface Situation {
  readonly place: AdversaryContext;
  /** What correct nodes have sent. */
  readonly sent: readonly Signed<unknown>[];
}

/** A situation with Byzantine replicas, the first of which speaks; they hear what others have sent. */
export function situation(
  byzantine: readonly [NodeId, ...NodeId[]],
  views: number,
  sent: readonly Signed<unknown>[],
  change: Partial<AdversaryContext> = {},
): Situation {
  const heard = sent.filter(({ signer }) => !byzantine.includes(signer));
  const place = { self: byzantine[0], byzantine, to: "replica" as const, config: four, views, beyond: false };
  return { place: { ...place, ...change }, sent: heard };
}

const seven: Config = { ...four, replicas: 7, faults: 2 };
const withClients = { config: { ...four, clients: true, requests: 1 }, to: "client" as const };

const authenticated: Config = { ...four, authentication: "authenticators" };
const AforAll = requestOf(authenticated, "c0", 1);

export const situations: { readonly [name: string]: Situation } = {
  "r0 at the start of view 0": situation(["r0"], 0, [A, B]),
  "r0 before clients have sent anything": situation(["r0"], 0, []),
  "r0 at the end of view 0": situation(["r0"], 1, endOfView0),
  "r1 at the start of view 1": situation(["r1"], 1, endOfView0),
  "r1 at the start of view 1, with view 2 in sight": situation(["r1"], 1, endOfView0, { beyond: true }),
  "r2 at the end of view 0": situation(["r2"], 1, endOfView0),
  "r1 and r4 of seven": situation(["r1", "r4"], 1, endOfView0, { config: seven }),
  "r2 once a checkpoint was taken": situation(["r2"], 1, [A, B, checkpoint("r1", A), checkpoint("r3", A)], {
    config: { ...four, checkpointInterval: 1 },
  }),
  "r0 with authenticators": situation(["r0"], 0, [AforAll], { config: authenticated }),
  "c1, a client": situation(["c1"], 0, [A], { config: { ...four, clients: true } }),
  "c1, a client with authenticators": situation(["c1"], 0, [AforAll], {
    config: { ...authenticated, clients: true },
  }),
  "r0, towards a client": situation(["r0"], 0, [A], withClients),
};

/** What an adversary knows in a situation, and what it would like to say. */
export function ask(adversary: Adversary<Message>, { place, sent }: Situation) {
  const base = new KnowledgeBase(place.byzantine, adversary.observes);
  const set = base.learn(sent as unknown as readonly Json[]);
  const moves = adversary.moves(place, base.view(set));
  return { moves, admits: (message: Message) => base.admits(set, message as unknown as Json) };
}

/** How many different messages of each type. */
export function count(moves: readonly Message[]): { [type: string]: number } {
  const counts: { [type: string]: number } = {};
  for (const text of distinct(moves)) {
    const { body } = JSON.parse(text) as Message;
    counts[body.tag] = (counts[body.tag] ?? 0) + 1;
  }
  return counts;
}

export function distinct(moves: readonly Message[]): ReadonlySet<string> {
  return new Set(moves.map((move) => JSON.stringify(move)));
}
