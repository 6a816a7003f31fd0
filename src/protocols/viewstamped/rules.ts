// The rules of Viewstamped Replication on which its safety rests. What f+1 replicas have, one of any f+1 others has as well: the new primary of
// a view change, and whoever recovers, hears from one that knows it, and must not mistake older knowledge for newer.

import { type Config, inTurn } from "../../protocol/index.js";
import { crashesOf } from "./crash-vector.js";
import type { Answer, Change, State } from "./state.js";

/** Who says something, in a view change or to one that recovers, and what it knows of crashes. */
type Knowing = Pick<Change, "from" | "crashes">;

export const viewstampedRules = {
  /** Replicas that have an operation when it is committed, that change a view, or that help to recover: f+1 (4.1). */
  quorum: ({ replicas }: Pick<Config, "replicas">): number => Math.floor(replicas / 2) + 1,

  /** The log of the new view: that of the latest normal view, and of several the longest (4.2). */
  best: (changes: readonly Change[]): Change =>
    [...changes].sort((a, b) => b.lastNormal - a.lastNormal || b.log.length - a.log.length)[0]!,

  /** Only who is in a normal view helps to recover: others do not know what was committed in the meantime (4.3). */
  mayHelp: ({ status }: State): boolean => status === "normal",

  /** What a replica recovers: what the primary of the latest view among those who answer says; null if it has not answered (4.3). */
  recovered: (config: Pick<Config, "replicas">, replies: readonly Answer[]): Answer | null => {
    const latest = Math.max(...replies.map(({ view }) => view));
    return replies.find(({ from, view }) => view === latest && from === inTurn(config, latest)) ?? null;
  },

  /** What a replica said before a crash binds it no longer: somebody whose word counts, too, knows that it has come back since (DISC'17). */
  isOutdated: (said: Knowing, others: readonly Knowing[]): boolean =>
    others.some(({ crashes }) => crashesOf(crashes, said.from) > crashesOf(said.crashes, said.from)),

  /** An answer to a recovery before the last crash is none to this one. */
  isFresh: ({ nonce }: Pick<State, "nonce">, asked: number): boolean => asked === nonce,

  /** Nor in view changes (4.3): it would tell of a log that it has lost. */
  mayChangeView: ({ status }: State): boolean => status !== "recovering",

  /** A replica that comes back knows nothing, and takes part in nothing until it has recovered. */
  mustRecover: (): boolean => true,
};
export type ViewstampedRules = typeof viewstampedRules;
