// Checkpoints and state transfer (sections 2.3.4 and 5.3): a checkpoint is stable once a quorum has the same state there. Its message stands for
// the digest and for what is fetched under it, so who has fallen behind, or has another state, has the right one at once.

import { type NodeId, quorum, sign } from "../../protocol/index.js";
import { type Context, isCorrect, type Turn, update } from "./context.js";
import { changeKeys } from "./keys.js";
import { checkpointBelow, firstOf } from "./parameters.js";
import { considerRecovered } from "./recovered.js";
import type { Said, State } from "./state.js";
import { boundIn, executions, recoverySlot } from "./values.js";

/** The text that stands for a state in events. */
function digestOf(history: readonly string[]): string {
  return history.join(", ");
}

/** After every K slots. */
export function takeCheckpoint(context: Context, turn: Turn, slot: number): Turn {
  const { self, rules } = context;
  const { history } = turn.state;
  const shown = isCorrect(turn.state) ? turn.shows("checkpoint", { slot, digest: digestOf(history) }) : turn;
  if (!rules.maySend(turn.state, slot)) return shown;
  const said = shown.broadcast(sign(self, { tag: "checkpoint" as const, history }));
  return count(context, said, self, history);
}

/** Somebody has taken one. Checkpoints become stable in turn; who has fallen behind goes through all of them. */
export function onCheckpoint(
  context: Context,
  turn: Turn,
  from: NodeId,
  { history }: Said<"checkpoint">,
): Turn {
  const { config } = context;
  const slot = history.length;
  const next = turn.state.stable + config.set.interval;
  if (slot < next || slot !== checkpointBelow(config, slot) || slot > config.slots) return turn;
  if (slot > next) return turn.defer(`${from} checkpoint ${slot} ${digestOf(history)}`);
  return count(context, turn, from, history);
}

/** Counts the first one of each replica for a slot, until a quorum says the same. */
function count(context: Context, turn: Turn, from: NodeId, history: readonly string[]): Turn {
  const slot = history.length;
  const known = turn.state.checkpoints;
  if (known.some((one) => one.from === from && one.history.length === slot)) return turn;
  const checkpoints = [...known, { from, history }];
  const counted = update(turn, { checkpoints });
  const equal = checkpoints.filter((one) => digestOf(one.history) === digestOf(history));
  return equal.length < quorum(context.config) ? counted : stabilize(context, counted, history);
}

/** A checkpoint is stable: whoever has another state at that slot, or none, takes this one, and what is below is discarded. */
function stabilize(context: Context, turn: Turn, certified: readonly string[]): Turn {
  const slot = certified.length;
  const own = turn.state.history.slice(0, slot);
  const isRight = digestOf(own) === digestOf(certified);
  const fetched = isRight ? turn : fetch(context, turn, context.rules.repaired(own, certified));
  const { log, checkpoints, history } = fetched.state;
  const discarded = update(fetched, {
    stable: slot,
    log: log.filter((entry) => entry.slot > slot),
    checkpoints: checkpoints.filter((one) => one.history.length > slot),
  });
  const digest = digestOf(history.slice(0, slot));
  const shown = isCorrect(discarded.state) ? discarded.shows("stable", { slot, digest }) : discarded;
  return considerRecovered(context, shown);
}

/**
 * Takes over a certified state, and says so: others may need its word for a quorum. Who learns from the state that a recovery request was
 * executed does what that asks for.
 */
function fetch(context: Context, turn: Turn, history: readonly string[]): Turn {
  const { self, config, rules } = context;
  const before: State = turn.state;
  const pending = before.pending.filter((value) => !history.includes(value));
  const taken = update(turn, { history, pending });
  const adopted =
    rules.vouchesForFetched() && rules.maySend(before, history.length)
      ? taken.broadcast(sign(self, { tag: "checkpoint" as const, history }))
      : taken;
  const fetched = executions(config, history).slice(executions(config, before.history).length);
  const shown = isCorrect(before)
    ? fetched.reduce<Turn>((turn, execution) => turn.executed(execution), adopted)
    : adopted;
  const slot = recoverySlot(history);
  if (slot === 0 || recoverySlot(before.history) > 0 || self === firstOf(config)) return shown;
  const fillTo = rules.recoveryPoint(config, boundIn(history[slot - 1]!)!, slot);
  const filling = update(shown, { fillTo });
  const changed = rules.changesKeysOnFetch() ? changeKeys(config, filling) : filling;
  return changed.send(firstOf(config), { tag: "recover-reply" as const, slot });
}
