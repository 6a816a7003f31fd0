// The repaired log, on the same network.

import { real } from "turncoat/real";
import { acknowledgedStays, watchedNode } from "./cut.js";
import type { Packet } from "./raft.js";
import { RepairedLog } from "./repaired.js";

export default real<Packet>((io) => watchedNode(io, RepairedLog), {
  replicas: 3,
  network: "once",
  views: 2,
  ask: "at-start",
  properties: ["acknowledged-stays"],
});

export const properties = [acknowledgedStays];
