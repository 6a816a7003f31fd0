// The recovery of a replica (section 4.3), step by step: restart with other keys, estimation, recovery request. Its end is in recovered.ts.

import { type NodeId, reply, sign } from "../../protocol/index.js";
import { type Context, type Turn, update } from "./context.js";
import { remainsOf } from "./intrusion.js";
import { checkpointBelow, firstOf, primaryOf } from "./parameters.js";
import { considerRecovered } from "./recovered.js";
import type { Answer, Said, State } from "./state.js";
import { recoveryRequest } from "./values.js";

/** The watchdog restarts the replica, with whatever the attacker has left. It changes its keys and asks how far the others are. */
export function restart(context: Context, state: State): readonly Turn[] | State {
  const { self, config, rules } = context;
  if (state.standing !== "taken" || self !== firstOf(config)) return state;
  return remainsOf(config).map(({ label, left }) => {
    const back: State = { ...left, standing: "estimating", keys: rules.changesOwnKeys() ? 1 : 0 };
    const answers = [{ from: self, ...progressOf(context, back) }];
    return reply({ ...back, answers })
      .broadcast({ tag: "query-stable" as const })
      .labelled(label);
  });
}

/** c and p of a replica: its last checkpoint, and the last slot that it has prepared. */
function progressOf({ config }: Context, { history, log }: State): Omit<Answer, "from"> {
  const prepared = log.filter(({ phase }) => phase !== "pre-prepared").map(({ slot }) => slot);
  return {
    checkpoint: checkpointBelow(config, history.length),
    prepared: Math.max(history.length, ...prepared),
  };
}

/**
 * A replica estimates: it is told how far this one is, and is sent the checkpoints that it has missed. (Its query has a nonce: answers to
 * somebody else's are none to it.)
 */
export function onQuery(context: Context, turn: Turn, from: NodeId): Turn {
  const { self, config } = context;
  if (from !== firstOf(config) || turn.state.hasAnswered) return turn;
  const { history } = turn.state;
  const progress = progressOf(context, turn.state);
  const answered = update(turn, { hasAnswered: true }).send(from, {
    tag: "reply-stable" as const,
    ...progress,
  });
  const taken = Array.from(
    { length: progress.checkpoint / config.set.interval },
    (_, index) => (index + 1) * config.set.interval,
  );
  return taken.reduce<Turn>(
    (told, slot) =>
      told.send(from, sign(self, { tag: "checkpoint" as const, history: history.slice(0, slot) })),
    answered,
  );
}

/** Somebody has answered. With enough answers the bound H_M is known. */
export function onAnswer(context: Context, turn: Turn, from: NodeId, said: Said<"reply-stable">): Turn {
  const { config, rules } = context;
  const { standing, answers } = turn.state;
  if (standing !== "estimating" || answers.some((one) => one.from === from)) return turn;
  const { checkpoint, prepared } = said;
  const known = update(turn, { answers: [...answers, { from, checkpoint, prepared }] });
  const estimate = rules.estimate(config, known.state.answers);
  return estimate === null ? known : request(context, known, estimate + config.set.log);
}

/** Discards what is above the bound, asks for recovery, and takes part again as far as the bound goes. */
function request(context: Context, turn: Turn, bound: number): Turn {
  const { self, rules } = context;
  const { history, log } = turn.state;
  const kept = log.filter(({ slot }) => rules.keepsSlot(slot, bound));
  const asking = update(turn, {
    ...{ standing: "recovering" as const, bound, answers: [], log: kept },
    history: rules.keepsSlot(history.length, bound) ? history : [],
  }).broadcast(sign(self, { tag: "recover" as const, bound }));
  const sent = kept
    .filter(({ slot }) => rules.maySend(asking.state, slot))
    .reduce<Turn>(
      (told, { slot, value }) =>
        told.broadcast({ tag: "prepare" as const, slot, value }, { tag: "commit" as const, slot, value }),
      asking,
    );
  return considerRecovered(context, sent);
}

/** A recovery request comes to the primary, which orders it like any other. */
export function onRecover(
  { self, config }: Context,
  turn: Turn,
  from: NodeId,
  { bound }: Said<"recover">,
): Turn {
  if (self !== primaryOf(config)) return turn;
  const value = recoveryRequest(from, bound);
  const { pending, history } = turn.state;
  if (pending.includes(value) || history.includes(value)) return turn;
  return update(turn, { pending: [...pending, value] });
}

/** Somebody has executed it. */
export function onReply(context: Context, turn: Turn, from: NodeId, { slot }: Said<"recover-reply">): Turn {
  const { standing, replies, point } = turn.state;
  if (standing !== "recovering" || point > 0 || replies.some((one) => one.from === from)) return turn;
  return considerRecovered(context, update(turn, { replies: [...replies, { from, slot }] }));
}
