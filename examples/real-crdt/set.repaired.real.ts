// The repaired set: one that is made from JSON knows what it has.

import { ORSet } from "crdts";
import { real } from "turncoat/real";
import { replicaWith, type SetClass } from "./replica.js";

export { properties } from "./replica.js";

class RepairedSet extends ORSet {
  static from(json: { values: readonly unknown[] }): RepairedSet {
    const set = new RepairedSet();
    set.merge(ORSet.from(json));
    return set;
  }
}

export default real(replicaWith(RepairedSet as SetClass), {
  replicas: 2,
  network: "once",
  requests: ["+x", "-x", "+y"],
  requestCount: 3,
  properties: ["commutes", "removed"],
});
