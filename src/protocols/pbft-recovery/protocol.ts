// PBFT with proactive recovery (Castro and Liskov, TOCS 2002, section 4), in one view: one replica is in the attacker's hands, restarts and
// recovers; then another one falls. Never more than f are faulty at a time, and more than f in the end.

import { defineProtocol, type NodeId, type Protocol, replicaIds, reply } from "../../protocol/index.js";
import { valuesOf } from "../reactions.js";
import { onCheckpoint } from "./checkpoints.js";
import { type Context, isCorrect, type Turn } from "./context.js";
import { isDead } from "./dead.js";
import { fall, onRecovered } from "./intrusion.js";
import { senderOf } from "./keys.js";
import { executeFurther, onPrePrepare, onVote, propose, settled } from "./ordering.js";
import {
  alike,
  firstOf,
  intruder,
  parameters,
  primaryOf,
  refuses,
  secondOf,
  tooFewSlots,
} from "./parameters.js";
import { onAnswer, onQuery, onRecover, onReply, restart } from "./recovery.js";
import { type RecoveryRules, recoveryRules } from "./rules.js";
import { initial, type Mac, type Message, messages, State } from "./state.js";

/**
 * PBFT with proactive recovery, with these rules.
 *
 * ```ts
 * pbftRecovery({ ...recoveryRules, fillsUp: () => false }, "pbft-recovery/my-mutant").name // => "pbft-recovery/my-mutant"
 * ```
 */
export function pbftRecovery(
  rules: RecoveryRules = recoveryRules,
  name = "pbft-recovery",
  summary = "PBFT with proactive recovery and changing keys (Castro and Liskov, TOCS'02, section 4), in one view",
): Protocol<Message, string> {
  return defineProtocol({
    name,
    summary,
    vocabulary: { views: null },
    promises: "all-execute",
    messages,
    state: State,
    initial: ({ self, config }): State =>
      self === firstOf(config) ? { ...initial, standing: "taken" } : initial,
    rules,
    parameters,
    requests: (config) => valuesOf(config),
    refuses,
    interchangeable: alike,
    nodes: (config, behaviour) =>
      [...replicaIds(config), intruder].map((id) => ({ id, role: "replica", behaviour })),
    stalls: (config, { byzantine }) =>
      byzantine.some((id) => id !== intruder)
        ? "one replica is faulty already, so none may stop for good besides"
        : tooFewSlots(config),
    onStart: start,
    onRequest: (context, state, value) =>
      context.self === primaryOf(context.config) && isCorrect(state)
        ? settled(context, reply({ ...state, pending: [...state.pending, value] }))
        : state,
    onTimer: { propose, watchdog: restart, intrusion: (context) => fall(context) },
    completions: ["propose", "watchdog", "intrusion"],
    isDead: (context, state, { from, message }) => isDead(context as Context, state, from, message),
    on: handlers(),
  });
}

/** The first replica waits for its watchdog; the second may fall at any time, if nothing keeps the two apart. */
function start(context: Context, state: State): Turn | State {
  const { self, config } = context;
  const turn: Turn = reply(state);
  if (self === firstOf(config) && state.standing === "taken") return turn.setTimer("watchdog");
  if (self === secondOf(config) && !config.set.window && isCorrect(state)) return turn.setTimer("intrusion");
  return settled(context, turn);
}

/** A handler for messages whose MAC is right; who has fallen hears nothing. */
function received<Body extends object>(
  handler: (context: Context, turn: Turn, from: NodeId, body: Body) => Turn,
) {
  return (
    context: Context,
    state: State,
    { from, message }: { readonly from: NodeId; readonly message: Body },
  ): Turn | State => {
    if (state.standing === "taken" || context.self === intruder) return state;
    const sender = senderOf(context, state, from, (message as { readonly mac?: Mac }).mac);
    if (sender === null) return state;
    const before: Turn = reply(state);
    const after = handler(context, before, sender, message);
    return after === before ? state : settled(context, executeFurther(context, after));
  };
}

/** One for each message. */
function handlers() {
  return {
    "pre-prepare": received(onPrePrepare),
    prepare: received(onVote),
    commit: received(onVote),
    checkpoint: received(onCheckpoint),
    "query-stable": received(onQuery),
    "reply-stable": received(onAnswer),
    recover: received(onRecover),
    "recover-reply": received(onReply),
    recovered: received(onRecovered),
    taken: (_: Context, state: State) => state, // only the attacker hears of it
  };
}
