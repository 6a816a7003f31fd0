// The default strategy: all strategies take turns, by the number of the run, since none finds everything. The
// report names the one that found a failure.

import type { Strategy } from "../strategy.js";
import { byzzfuzz } from "./byzzfuzz.js";
import { guided } from "./guided.js";
import { pct } from "./pct.js";
import { pos } from "./pos.js";
import { twins } from "./twins.js";
import { uniform } from "./uniform.js";

/**
 * Turns of twenty runs. Every other one is guided: it finds the deep flaws, from what the others have
 * reached.
 */
const turns: readonly Strategy[] = (() => {
  const [p, b, t] = [pct(), byzzfuzz(), twins()];
  const [u, o, g] = [uniform, pos, guided];
  return [u, g, p, g, o, g, b, g, u, g, p, g, t, g, o, g, u, g, p, g];
})();

export const mixed: Strategy = {
  name: "mixed",
  summary: "all of these, taking turns",
  part: (run) => turns[run % turns.length]!,
  buildsOnOthers: true,
  begin: (start) => turns[start.run % turns.length]!.begin({ ...start, ordinal: turnOf(start.run) }),
};

/**
 * How many runs this run's strategy has made before. A strategy counts its own runs, so that it leaves
 * nothing out.
 */
function turnOf(run: number): number {
  const strategy = turns[run % turns.length];
  const inRound = turns.slice(0, run % turns.length).filter((other) => other === strategy).length;
  const perRound = turns.filter((other) => other === strategy).length;
  return Math.floor(run / turns.length) * perRound + inRound;
}
