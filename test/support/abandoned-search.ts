// Compares searches that are abandoned at random points with ones that are not.

import type { ExecutionContext } from "ava";
import { type SearchOptions, search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import type { Behaviour, Json, Protocol } from "../../src/protocol/index.js";
import { whileTimeFlies } from "./abandoning.js";
import { observationText } from "./naive.js";

/** The same setting; `seen` gets every step that is evaluated. */
function recording(setting: Setting, seen: Set<string>): Setting {
  const { protocol } = setting;
  const nodes: Protocol<Json, Json>["nodes"] = (config) =>
    protocol.nodes(config).map((spec) => {
      const behaviour = spec.behaviour as unknown as Behaviour<Json, Json>;
      const step: Behaviour<Json, Json>["step"] = (context, state, input) => {
        seen.add(`${spec.id} ${JSON.stringify(state)} ${JSON.stringify(input)}`);
        return behaviour.step(context, state, input);
      };
      return { ...spec, behaviour: { ...behaviour, step } as never };
    });
  return { ...setting, protocol: { ...protocol, nodes } };
}

/** Everything that a search has found out, and how it came to it. */
export async function foundBy(setting: Setting, options: SearchOptions) {
  const steps = new Set<string>();
  const observations: string[] = [];
  const {
    seconds: _,
    statesPerSecond: __,
    bytesPerState: ___,
    peakMemoryBytes: ____,
    ...result
  } = await search(recording(setting, steps), {
    ...options,
    onObservation: (states) => observations.push(observationText(states)),
  });
  return { ...result, steps: [...steps].sort(), observations };
}

/** Compares both; returns how often the one that was abandoned looked at its limits. */
export async function agrees(t: ExecutionContext, setting: Setting, options: SearchOptions, seed: number) {
  const calm = await foundBy(setting, options);
  let looks = 0;
  const onProgress = () => {
    looks++;
  };
  const hurried = await whileTimeFlies(seed, () => foundBy(setting, { ...options, onProgress }));
  t.deepEqual(hurried, calm);
  return looks;
}
