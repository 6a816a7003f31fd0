// What each step has changed in the state of its node, in lines of text: `replay --state`.

import { visibleText } from "../model/visible-text.js";
import type { Json } from "../protocol/index.js";
import type { ReplayResult } from "../trace/replay-result.js";
import { diff, type Path } from "./patch.js";

/** Longer values are cut. */
const longest = 160;

/** For each step, one line for each change: `~` another value, `+` a new element, `-` one that is gone. */
export function stateLines({ starts, steps }: ReplayResult): string[][] {
  const states = new Map(starts.map(({ node, state }) => [node, state]));
  return steps.map(({ node, now }) => {
    const before = states.get(node);
    states.set(node, now.state);
    if (before === undefined) return [];
    return diff(before, now.state).map((change) => {
      const [kind, path] = change;
      const where = `${node}${pathText(path)}`;
      if (kind === "-") return visibleText(`- ${where}`);
      return visibleText(`${kind === "+" ? "+" : "~"} ${where} = ${valueText(change[2])}`);
    });
  });
}

function pathText(path: Path): string {
  return path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
}

function valueText(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest - 3)}...`;
}
