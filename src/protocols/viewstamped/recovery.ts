// Recovery (section 4.3): a replica that comes back after a crash has lost everything. It asks the others, and takes part again once it knows
// what the primary of the latest view has.

import { reply } from "../../protocol/index.js";
import { type Context, executed, type Turn, watching } from "./context.js";
import { merged } from "./crash-vector.js";
import { waiting } from "./normal.js";
import type { Said, State } from "./state.js";
import { normal } from "./view-change.js";

/** The replica is back. */
export function comeBack(context: Context, before: State): Turn {
  if (!context.rules.mustRecover()) return watching(context, reply(before).shows("state-lost", null));
  const nonce = before.nonce + 1;
  const crashes = [{ node: context.self, count: nonce }];
  const state: State = { ...before, status: "recovering", nonce, crashes };
  const told = reply(state).shows("state-lost", null).broadcast({ tag: "recovery", nonce });
  return watching(context, told);
}

/** Another replica is back. */
export function help(
  { rules }: Context,
  state: State,
  from: string,
  { nonce }: Said<"recovery">,
): Turn | State {
  if (!rules.mayHelp(state)) return state;
  const { view, log, commit } = state;
  const crashes = merged(state.crashes, [{ node: from, count: nonce }]);
  return reply({ ...state, crashes }).send(from, {
    ...{ tag: "recovery-response", nonce, view, log, commit, crashes },
  });
}

/** Somebody answers. With f+1 answers, that of the latest primary among them, the replica has recovered. */
export function recover(
  context: Context,
  before: State,
  from: string,
  said: Said<"recovery-response">,
): Turn | State {
  const { rules, config } = context;
  const isAwaited = before.status === "recovering" && rules.isFresh(before, said.nonce);
  const known = before.replies.find((other) => other.from === from);
  if (!isAwaited || (known && known.view >= said.view)) return before;
  const { view, log, commit, crashes } = said;
  const answer = { from, view, log, commit, crashes };
  // What somebody has answered before a crash it knows no longer: that this replica was away, above all.
  const current = before.replies.filter((other) => other !== known && !rules.isOutdated(other, [answer]));
  if (rules.isOutdated(answer, current)) return before;
  const replies = [...current, answer];
  const state = { ...before, replies, crashes: merged(before.crashes, crashes) };
  const found = replies.length >= rules.quorum(config) ? rules.recovered(config, replies) : null;
  if (!found) return reply(state);
  return waiting(context, executed(reply(normal(state, found.view, found.log)), found.commit));
}
