// `--set`: the parameter that sets a protocol's own parameters.

import { settings } from "./own.js";
import { optional } from "./parameter.js";

export const setParameter = {
  set: optional(settings, "config", {
    option: "set",
    value: "<name=value>",
    help: "parameters of the protocol's own; several with commas; name=1..3 or name=1,2: one run each",
    byDefault: "what the protocol says",
    group: "The protocol's own:",
    doc: "`turncoat list ./my-protocol.ts` names them. In a setting and in a trace each has a value.",
    caption: (values) =>
      Object.entries(values)
        .map(([name, value]) => `${name}=${value}`)
        .join(", "),
    json: "run",
  }),
};
