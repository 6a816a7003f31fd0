// The end of a recovery (section 4.3): the recovery point H is known from the replies to the recovery request, and the checkpoint there is
// stable.

import { type Context, type Turn, update } from "./context.js";
import type { State } from "./state.js";
import { executions } from "./values.js";

/** Computes H once enough replies say the same slot, and ends the recovery once the checkpoint at H is stable. */
export function considerRecovered(context: Context, turn: Turn): Turn {
  if (turn.state.standing !== "recovering") return turn;
  const point = turn.state.point || pointOf(context, turn.state);
  const known = point > 0 ? update(turn, { point, replies: [] }) : turn;
  const { history, stable } = known.state;
  if (!context.rules.hasRecovered(known.state)) return known;
  const done: State = { ...known.state, standing: "normal", answers: [], replies: [], bound: 0, point: 0 };
  // What it has taken over it has executed, like the others.
  return executions(context.config, history)
    .reduce<Turn>((shown, execution) => shown.executed(execution), known.with(done))
    .shows("stable", { slot: stable, digest: history.slice(0, stable).join(", ") })
    .shows("recovered", point)
    .broadcast({ tag: "recovered" as const });
}

/** H, or 0 as long as too few have replied. */
function pointOf({ config, rules }: Context, { replies, bound }: State): number {
  const needed = rules.repliesNeeded(config);
  const slots = [0, ...replies.map(({ slot }) => slot)];
  const agreed = slots.find(
    (slot, index) => slots.filter((one) => one === slot).length - (index === 0 ? 1 : 0) >= needed,
  );
  return agreed === undefined ? 0 : rules.recoveryPoint(config, bound, agreed);
}
