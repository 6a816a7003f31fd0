// Normal operation (section 2.3), in view 0: the primary proposes, a quorum prepares, a quorum commits, and what has committed is executed in
// order.

import { type NodeId, quorum, reply } from "../../protocol/index.js";
import { takeCheckpoint } from "./checkpoints.js";
import { type Context, isCorrect, type Turn, update } from "./context.js";
import { changeKeys } from "./keys.js";
import { checkpointBelow, firstOf, primaryOf } from "./parameters.js";
import { considerRecovered } from "./recovered.js";
import type { Entry, Said, State } from "./state.js";
import { boundIn, executions, isAuthentic, isRequest, nullRequest } from "./values.js";

/** How soon the primary proposes, in base timeouts. */
const proposalDelay = 0.1;

/** The high water mark: the last slot that the log has room for. */
function highWatermark({ config }: Context, { stable }: State): number {
  return Math.min(stable + config.set.log, config.slots);
}

/** The slot that the primary proposes next. */
function nextSlot({ history, log }: State): number {
  return Math.max(history.length, ...log.map(({ slot }) => slot)) + 1;
}

/** What the primary may propose next: a request, or the null request as long as a recovery needs the slot. */
function proposable(context: Context, state: State): readonly string[] {
  const slot = nextSlot(state);
  if (slot > highWatermark(context, state)) return [];
  const open = state.log.map(({ value }) => value);
  const asked = state.pending.filter((value) => !state.history.includes(value) && !open.includes(value));
  if (asked.length > 0) return asked;
  return context.rules.fillsUp() && slot <= state.fillTo ? [nullRequest] : [];
}

/** The primary proposes at some time, as long as there is something to propose. */
export function settled(context: Context, turn: Turn): Turn {
  const { self, config } = context;
  const leads = self === primaryOf(config) && isCorrect(turn.state);
  return leads && proposable(context, turn.state).length > 0 ? turn.setTimer("propose", proposalDelay) : turn;
}

/** The primary proposes one of these. */
export function propose(context: Context, state: State): readonly Turn[] | State {
  const values = isCorrect(state) ? proposable(context, state) : [];
  if (values.length === 0) return state;
  const slot = nextSlot(state);
  return values.map((value) => {
    const log: readonly Entry[] = [...state.log, { slot, value, phase: "pre-prepared", votes: [] }];
    const said = reply({ ...state, log }).broadcast({ tag: "pre-prepare" as const, slot, value });
    return settled(context, advance(context, said, slot)).labelled(value);
  });
}

/** A backup accepts the first proposal for a slot. */
export function onPrePrepare(
  context: Context,
  turn: Turn,
  from: NodeId,
  { slot, value }: Said<"pre-prepare">,
): Turn {
  const { state } = turn;
  const { self, config, rules } = context;
  if (from !== primaryOf(config) || self === from || !isAuthentic(config, value)) return turn;
  if (slot <= state.stable || entryOf(state, slot)) return turn;
  if (slot > highWatermark(context, state) || !rules.maySend(state, slot))
    return turn.defer(`${from} pre-prepare ${slot}`);
  const log: readonly Entry[] = [...state.log, { slot, value, phase: "pre-prepared", votes: [] }];
  const said = update(turn, { log }).broadcast({ tag: "prepare" as const, slot, value });
  return advance(context, said, slot);
}

/** A prepare or a commit counts for the value that the replica has accepted. It waits for that, and a commit until the slot has prepared. */
export function onVote(
  context: Context,
  turn: Turn,
  from: NodeId,
  { tag, slot, value }: Said<"prepare"> | Said<"commit">,
): Turn {
  const { state } = turn;
  if (slot <= state.stable) return turn;
  const entry = entryOf(state, slot);
  const awaited = tag === "prepare" ? "pre-prepared" : "prepared";
  if (!entry || (tag === "commit" && entry.phase === "pre-prepared"))
    return turn.defer(`${from} ${tag} ${slot} ${value}`);
  if (entry.phase !== awaited || entry.value !== value || entry.votes.includes(from)) return turn;
  return advance(context, withEntry(turn, { ...entry, votes: [...entry.votes, from] }), slot);
}

/** The next phase of a slot, if a quorum is there. The proposal stands for the primary's prepare. */
function advance(context: Context, turn: Turn, slot: number): Turn {
  const { self, config } = context;
  const entry = entryOf(turn.state, slot)!;
  const prepared = entry.phase === "pre-prepared";
  const voters = new Set([self, ...entry.votes, ...(prepared ? [primaryOf(config)] : [])]);
  if (entry.phase === "committed" || voters.size < quorum(config)) return turn;
  if (!prepared) return withEntry(turn, { ...entry, phase: "committed", votes: [] });
  const said = withEntry(turn, { ...entry, phase: "prepared", votes: [] }).broadcast({
    ...{ tag: "commit" as const, slot, value: entry.value },
  });
  return advance(context, said, slot);
}

/** Executes what has committed, up to the first gap. */
export function executeFurther(context: Context, turn: Turn): Turn {
  const slot = turn.state.history.length + 1;
  const entry = entryOf(turn.state, slot);
  if (entry?.phase !== "committed") return turn;
  const executed = executeSlot(context, turn, slot, entry.value);
  const taken =
    slot === checkpointBelow(context.config, slot) ? takeCheckpoint(context, executed, slot) : executed;
  return executeFurther(context, taken);
}

function executeSlot(context: Context, turn: Turn, slot: number, value: string): Turn {
  const { config } = context;
  const { history, pending } = turn.state;
  const isNew = !history.includes(value);
  const done = update(turn, {
    history: [...history, value],
    pending: pending.filter((other) => other !== value),
  });
  if (boundIn(value) !== null) return isNew ? executeRecovery(context, done, slot, value) : done;
  if (!isCorrect(done.state) || !isRequest(config, value)) return done;
  if (!isNew) return done.shows("committed-again", slot);
  const position = executions(config, history).length + 1;
  return done.executed({ request: value, slot, position });
}

/** A recovery request is executed: the keys are changed, and the reply says at which slot. */
function executeRecovery(context: Context, turn: Turn, slot: number, value: string): Turn {
  const { self, config, rules } = context;
  const fillTo = rules.recoveryPoint(config, boundIn(value)!, slot);
  const filling = update(turn, { fillTo });
  if (self === firstOf(config)) {
    const replies = [...filling.state.replies, { from: self, slot }];
    return considerRecovered(context, update(filling, { replies }));
  }
  const changed = rules.changesKeysOnExecution() ? changeKeys(config, filling) : filling;
  return changed.send(firstOf(config), { tag: "recover-reply" as const, slot });
}

export function entryOf({ log }: State, slot: number): Entry | undefined {
  return log.find((entry) => entry.slot === slot);
}

function withEntry(turn: Turn, entry: Entry): Turn {
  const others = turn.state.log.filter(({ slot }) => slot !== entry.slot);
  return update(turn, { log: [...others, entry] });
}
