// A node of @markwylde/liferaft as documented: a transport that writes packets, and a log in memory. The
// package is unchanged from npm.

import Raft from "@markwylde/liferaft";
import Log from "@markwylde/liferaft/log.js";
import memdown from "memdown";
import type { Io } from "turncoat/real";

export type Packet = { readonly type: string; readonly data?: unknown };

export interface Parts {
  readonly Raft?: typeof Raft;
  readonly Log?: typeof Log;
  /** Called with every packet that the node sends. */
  readonly onSend?: (packet: Packet) => void;
}

/** A node, and the function that gives packets to it. */
export function raftNode(io: Io<Packet, string>, parts: Parts = {}) {
  const { Raft: Class = Raft, Log: LogClass = Log, onSend = () => {} } = parts;
  const send = (to: string, packet: Packet) => {
    onSend(packet);
    io.send(to, packet);
  };
  const raft = new Class(io.self, { Log: LogClass, adapter: memdown, path: "" });
  for (const peer of io.peers)
    raft.join(peer, (packet: Packet, done: () => void) => {
      send(peer, packet);
      done();
    });
  raft.on("commit", (command: string) => io.executed(command));
  const receive = (from: string, packet: Packet): void => {
    raft.emit("data", packet, async (reply?: Packet | Promise<Packet>) => {
      const answer = await reply;
      if (answer) send(from, answer);
    });
  };
  return { raft, receive };
}

/** Commands wait until their node is the leader. */
export function proposesAsLeader(raft: {
  on(event: string, then: () => void): void;
  command(what: string): Promise<void>;
}) {
  const waiting: string[] = [];
  raft.on("leader", async () => {
    for (const command of waiting.splice(0)) await raft.command(command);
  });
  return waiting;
}
