// The package as it is. `turncoat check ./set.real.ts` holds; with `--crashes 1` a removal is lost.

import { ORSet } from "crdts";
import { real } from "turncoat/real";
import { replicaWith } from "./replica.js";

export { properties } from "./replica.js";

export default real(replicaWith(ORSet), {
  replicas: 2,
  network: "once",
  requests: ["+x", "-x", "+y"],
  requestCount: 3,
  properties: ["commutes", "removed"],
});
