// Restricts a trace to one property. If another one is violated on the way, or the state violates two, the
// question stays whether *this* one is violated.

import type { Setting } from "../model/setting.js";
import type { Property } from "../protocol/index.js";

/**
 * The same setting, in which all properties but one keep watching and never complain. They must keep
 * watching: an action that only they can see would otherwise count as one that changes nothing, and would not
 * be possible.
 */
export function focusOn(setting: Setting, property: string): Setting {
  const properties = setting.properties.map((other) => (other.name === property ? other : muted(other)));
  return { ...setting, properties };
}

function muted(property: Property): Property {
  return {
    ...property,
    monitor: (facts) => {
      const heard = property.monitor(facts);
      return {
        init: heard.init,
        on: (state, by, event) => heard.on(state, by, event),
        verdict: () => "holds",
        exercised: (state) => heard.exercised(state),
        explain: (state) => heard.explain(state),
      };
    },
  };
}
