// The repaired log in the same setting: no entry is lost.

import { real } from "turncoat/real";
import type { Packet } from "./raft.js";
import { RepairedLog } from "./repaired.js";
import { leaderOrVoter } from "./two-leaders.js";

export default real<Packet>((io) => leaderOrVoter(io, RepairedLog), { replicas: 3, ask: "at-start" });
