// The same, counted from when the prolongation was asked for.

import { real } from "turncoat/real";
import { options, worldOf } from "./one-clock.js";
import { redisKit } from "./prolonging.js";

export { properties } from "./one-clock.js";

export default real(
  worldOf(
    redisKit(async (lock) => {
      const asked = Date.now();
      return (await lock.extend()) ? asked + (lock.expirationTime.getTime() - Date.now()) : null;
    }),
  ),
  options,
);
