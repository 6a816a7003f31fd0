// The same, counted from when the lock was asked for.

import { real } from "turncoat/real";
import { redlock } from "./clients.js";
import { options, worldOf } from "./one-clock.js";

export { properties } from "./one-clock.js";

export default real(
  worldOf(redlock(({ acquiredAt, metadata }) => acquiredAt - (metadata?.acquisitionTime ?? 0))),
  options,
);
