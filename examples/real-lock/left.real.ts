// The package as it is: who has given up is still the holder, to a server whose answer came too late.

import { RedLock } from "redlock-universal";
import { real } from "turncoat/real";
import { nodeWith, options } from "./servers.js";

export { properties } from "./servers.js";

export default real(nodeWith(RedLock), options);
