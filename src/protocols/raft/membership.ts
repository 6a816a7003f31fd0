// Changes of members, one at a time (thesis, chapter 4): the majorities of two sets that differ in one server share one. A
// configuration is an entry of the log, and counts from when it is appended. The leader sends to all servers: those that are no
// members learn, and do not count.

import { type NodeId, replicaIds } from "../../protocol/index.js";
import type { Context, Turn } from "./context.js";
import { type Entry, type State, whole } from "./state.js";
import { following } from "./terms.js";

/** The entries that would add a server, or remove one. */
export function possibleChanges({ config, rules }: Context, state: State): readonly Entry[] {
  const made = whole(state).filter(({ members }) => members).length;
  if (made >= config.set.changes || !rules.mayChange(state)) return [];
  const members = rules.members(config, state);
  return replicaIds(config)
    .map((server): readonly [string, readonly NodeId[]] =>
      members.includes(server)
        ? [`-${server}`, members.filter((other) => other !== server)]
        : [`+${server}`, [...members, server]],
    )
    .filter(([, changed]) => changed.length > 0)
    .map(([value, changed]) => ({ term: state.term, value, members: changed }));
}

/** A leader that is no member any more steps down once that is committed. */
export function steppedDown({ config, rules, self }: Context, turn: Turn): Turn {
  const { state } = turn;
  const isPending = whole(state)
    .slice(state.commit)
    .some(({ members }) => members);
  if (isPending || rules.members(config, state).includes(self)) return turn;
  return turn.with(following(state)).cancelTimer("client").setTimer("election");
}
