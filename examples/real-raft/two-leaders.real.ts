// A committed entry is lost, as in lost.real.ts, where only two nodes may lead.

import Log from "@markwylde/liferaft/log.js";
import { real } from "turncoat/real";
import type { Packet } from "./raft.js";
import { leaderOrVoter } from "./two-leaders.js";

export default real<Packet>((io) => leaderOrVoter(io, Log), { replicas: 3, ask: "at-start" });
