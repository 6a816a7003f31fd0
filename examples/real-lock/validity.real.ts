// The package as it is: `acquiredAt`, from which `using` counts, is when the answers had come, and not when they were asked for.

import { real } from "turncoat/real";
import { redlock } from "./clients.js";
import { options, worldOf } from "./one-clock.js";

export { properties } from "./one-clock.js";

export default real(worldOf(redlock(({ acquiredAt }) => acquiredAt)), options);
