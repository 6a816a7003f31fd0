// Two-phase commit whose coordinator throws when it has heard from everybody: deep enough for workers to have taken over.

import type { Setting } from "../../src/model/setting.js";
import type { Behaviour, Json, Step } from "../../src/protocol/index.js";
import { twoPhaseCommitSetting } from "./settings.js";

/** Four managers; see the file comment. */
export function throwsLate(): Setting {
  const setting = twoPhaseCommitSetting(4);
  const { protocol } = setting;
  const nodes: typeof protocol.nodes = (config) =>
    protocol.nodes(config).map((spec) => {
      const behaviour = spec.behaviour as Behaviour<Json, Json>;
      const step: typeof behaviour.step = (context, state, input) => {
        const outcomes = behaviour.step(context, state, input);
        if (outcomes.some((outcome: Step<Json, Json>) => isReady(outcome.state))) throw new Error("too late");
        return outcomes;
      };
      return { ...spec, behaviour: { ...behaviour, step } };
    });
  return { ...setting, protocol: { ...protocol, nodes } };
}

function isReady(state: Json): boolean {
  const { prepared } = (state ?? {}) as { readonly prepared?: readonly Json[] };
  return prepared?.length === 4;
}
