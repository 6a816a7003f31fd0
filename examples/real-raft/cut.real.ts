// A follower deletes an entry that it has acknowledged, because of a late heartbeat.

import Log from "@markwylde/liferaft/log.js";
import { real } from "turncoat/real";
import { acknowledgedStays, watchedNode } from "./cut.js";
import type { Packet } from "./raft.js";

export default real<Packet>((io) => watchedNode(io, Log), {
  replicas: 3,
  network: "once",
  views: 2,
  ask: "at-start",
  properties: ["acknowledged-stays"],
});

export const properties = [acknowledgedStays];
