// The package as it is: a lock that was prolonged is taken for valid for its whole time from when the answers had come.

import { real } from "turncoat/real";
import { options, worldOf } from "./one-clock.js";
import { redisKit } from "./prolonging.js";

export { properties } from "./one-clock.js";

export default real(
  worldOf(redisKit(async (lock) => ((await lock.extend()) ? lock.expirationTime.getTime() : null))),
  options,
);
