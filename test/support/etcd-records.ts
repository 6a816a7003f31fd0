// Makes records in the form in which etcd-raft logs its traces (build tag `with_tla`), with a small Raft of its own: servers that begin with
// bootstrap entries, elections, one append at a time to each follower, lost messages. It shares no code with the shipped Raft.

/** A number below the limit. */
type Draw = (limit: number) => number;

/** How many entries all servers begin with. */
export const bootstrap = 2;

interface EtcdMessage {
  readonly type: "MsgVote" | "MsgVoteResp" | "MsgApp" | "MsgAppResp" | "MsgHeartbeat" | "MsgHeartbeatResp";
  readonly term: number;
  readonly from: string;
  readonly to: string;
  /** The terms of the entries; the file has only their number. */
  readonly entries: readonly number[];
  readonly logTerm: number;
  readonly index: number;
  readonly commit: number;
  readonly reject: boolean;
  readonly rejectHint: number;
}

class Server {
  term = 1;
  vote = "0";
  /** What `vote` was at the last event: a vote is shown late. */
  shownVote = "0";
  /** Terms, from index 1. */
  log: number[] = Array<number>(bootstrap).fill(1);
  commit = bootstrap;
  role: "StateFollower" | "StateCandidate" | "StateLeader" = "StateFollower";
  votes = new Set<string>();
  next = new Map<string, number>();
  match = new Map<string, number>();
  readonly id;

  constructor(id: string) {
    this.id = id;
  }

  get last(): number {
    return this.log.length;
  }

  termAt(index: number): number {
    return this.log[index - 1] ?? 0;
  }
}

/** Makes one record. */
class Generator {
  readonly lines: string[] = [];
  readonly servers: Map<string, Server>;
  readonly draw: Draw;
  /** On their way. */
  mail: EtcdMessage[] = [];
  replicated = 0;

  constructor(count: number, draw: Draw) {
    this.draw = draw;
    this.servers = new Map(
      Array.from({ length: count }, (_, i) => [String(i + 1), new Server(String(i + 1))]),
    );
  }

  line(fields: object): void {
    const ts = `2026-01-01T00:00:00.${String(this.lines.length + 1).padStart(9, "0")}Z`;
    this.lines.push(JSON.stringify({ ts, scenario: "generated", ...fields }));
  }

  event(
    name: string,
    server: Server,
    more: { readonly msg?: EtcdMessage; readonly prop?: object } = {},
  ): void {
    const { term, commit, role, last, id, shownVote } = server;
    const vote = name === "SendRequestVoteResponse" || name.startsWith("Receive") ? shownVote : server.vote;
    server.shownVote = vote;
    const state = {
      term,
      vote,
      commit,
      applied: commit,
      snapshotIndex: bootstrap,
      snapshotTerm: 1,
      pendingConfIndex: bootstrap,
    };
    const conf = name === "InitState" ? [[], []] : [[...this.servers.keys()], []];
    const msg = more.msg && { ...more.msg, entries: more.msg.entries.length, vote: "0" };
    const event = {
      name,
      nid: id,
      state,
      role,
      log: last,
      conf,
      ...(msg && { msg }),
      ...(more.prop && { prop: more.prop }),
    };
    this.line({ tag: "trace", event });
  }

  send(name: string, server: Server, msg: Omit<EtcdMessage, "from" | "term">, prop?: object): void {
    const { type, to, ...rest } = msg;
    const whole: EtcdMessage = { type, term: server.term, from: server.id, to, ...rest };
    this.event(name, server, { msg: whole, ...(prop && { prop }) });
    if (whole.to !== server.id || msg.type.endsWith("Resp")) this.mail.push(whole);
  }

  others(server: Server): string[] {
    return [...this.servers.keys()].filter((id) => id !== server.id);
  }

  start(): void {
    this.line({ tag: "config", config: { MaxInflightMsgs: 2147483647 } });
    for (const server of this.servers.values()) {
      this.event("InitState", server);
      this.event("BecomeFollower", server);
      this.event("Ready", server);
    }
  }

  campaign(server: Server): void {
    server.term++;
    server.role = "StateCandidate";
    server.vote = server.id;
    server.votes = new Set();
    this.event("BecomeCandidate", server);
    const log = { entries: [], logTerm: server.termAt(server.last), index: server.last };
    const rest = { commit: 0, reject: false, rejectHint: 0 };
    for (const to of this.others(server))
      this.send("SendRequestVoteRequest", server, { type: "MsgVote", to, ...log, ...rest });
    this.send("SendRequestVoteResponse", server, { type: "MsgVoteResp", to: server.id, ...nothing, ...rest });
    this.event("Ready", server);
  }

  follow(server: Server, term: number): void {
    server.term = term;
    server.role = "StateFollower";
    server.vote = "0";
    this.event("BecomeFollower", server);
  }

  /** Sends what a follower lacks, in one append. */
  append(server: Server, to: string): void {
    const next = server.next.get(to)!;
    const entries = server.log.slice(next - 1);
    const prop = {
      state: "StateProbe",
      match: server.match.get(to),
      next,
      paused: false,
      inflights_count: 0,
    };
    const log = { entries, index: next - 1, logTerm: server.termAt(next - 1), commit: server.commit };
    this.send(
      "SendAppendEntriesRequest",
      server,
      { type: "MsgApp", to, ...log, reject: false, rejectHint: 0 },
      prop,
    );
  }

  replicate(server: Server): void {
    this.event("Replicate", server);
    server.log.push(server.term);
    this.replicated++;
    server.match.set(server.id, server.last);
    const answer = { entries: [], logTerm: 0, index: server.last, commit: 0, reject: false, rejectHint: 0 };
    this.send("SendAppendEntriesResponse", server, { type: "MsgAppResp", to: server.id, ...answer });
    for (const to of this.others(server)) this.append(server, to);
    this.event("Ready", server);
  }

  heartbeat(server: Server): void {
    for (const to of this.others(server)) {
      const commit = Math.min(server.commit, server.match.get(to)!);
      this.send("SendAppendEntriesRequest", server, {
        type: "MsgHeartbeat",
        to,
        ...nothing,
        commit,
        reject: false,
        rejectHint: 0,
      });
    }
  }

  lead(server: Server): void {
    server.role = "StateLeader";
    for (const id of this.servers.keys()) {
      server.next.set(id, server.last + 1);
      server.match.set(id, 0);
    }
    this.event("BecomeLeader", server);
    this.replicate(server);
  }

  receive(msg: EtcdMessage): void {
    const server = this.servers.get(msg.to)!;
    if (msg.type === "MsgHeartbeat" && msg.term > server.term) return; // lost: the shipped Raft has no heartbeats that could depose
    const kind = {
      MsgVote: "RequestVoteRequest",
      MsgVoteResp: "RequestVoteResponse",
      MsgApp: "AppendEntriesRequest",
      MsgAppResp: "AppendEntriesResponse",
      MsgHeartbeat: "AppendEntriesRequest",
      MsgHeartbeatResp: "AppendEntriesResponse",
    }[msg.type];
    this.event(`Receive${kind}`, server, { msg });
    if (msg.term < server.term) return;
    const isRequest = msg.type === "MsgVote" || msg.type === "MsgApp" || msg.type === "MsgHeartbeat";
    if (msg.term > server.term) {
      if (!isRequest) return; // nobody answers in a term that it was not asked in
      this.follow(server, msg.term);
    }
    if (msg.type === "MsgVote") this.onVote(server, msg);
    else if (msg.type === "MsgVoteResp") this.onVoteResponse(server, msg);
    else if (msg.type === "MsgApp") this.onAppend(server, msg);
    else if (msg.type === "MsgAppResp") this.onAppendResponse(server, msg);
  }

  onVote(server: Server, msg: EtcdMessage): void {
    const own = server.termAt(server.last);
    const isUpToDate = msg.logTerm > own || (msg.logTerm === own && msg.index >= server.last);
    const reject = !(isUpToDate && (server.vote === "0" || server.vote === msg.from));
    if (!reject) server.vote = msg.from;
    const rest = { ...nothing, commit: 0, reject, rejectHint: 0 };
    this.send("SendRequestVoteResponse", server, { type: "MsgVoteResp", to: msg.from, ...rest });
    this.event("Ready", server);
  }

  onVoteResponse(server: Server, msg: EtcdMessage): void {
    if (server.role !== "StateCandidate" || msg.reject) return;
    server.votes.add(msg.from);
    if (server.votes.size > this.servers.size / 2) this.lead(server);
  }

  onAppend(server: Server, msg: EtcdMessage): void {
    if (server.role !== "StateFollower") {
      server.role = "StateFollower";
      this.event("BecomeFollower", server);
    }
    const answer = { type: "MsgAppResp" as const, to: msg.from, entries: [], logTerm: 0, commit: 0 };
    if (server.termAt(msg.index) !== msg.logTerm) {
      const rejectHint = Math.min(msg.index - 1, server.last);
      this.send("SendAppendEntriesResponse", server, {
        ...answer,
        index: msg.index,
        reject: true,
        rejectHint,
      });
      return;
    }
    for (const [i, term] of msg.entries.entries()) {
      const index = msg.index + i + 1;
      if (server.termAt(index) === term) continue;
      server.log = [...server.log.slice(0, index - 1), ...msg.entries.slice(i)];
      break;
    }
    const index = msg.index + msg.entries.length;
    const commit = Math.max(server.commit, Math.min(msg.commit, index));
    const moved = commit !== server.commit;
    server.commit = commit;
    if (moved) this.event("Commit", server);
    this.send("SendAppendEntriesResponse", server, { ...answer, index, reject: false, rejectHint: 0 });
    if (moved) this.event("ApplyEntries", server, { prop: { applied: commit } });
    this.event("Ready", server);
  }

  onAppendResponse(server: Server, msg: EtcdMessage): void {
    if (server.role !== "StateLeader" || msg.from === server.id) return;
    if (msg.reject) {
      server.next.set(msg.from, Math.max(server.match.get(msg.from)!, msg.rejectHint) + 1);
      this.append(server, msg.from);
      return;
    }
    server.match.set(msg.from, Math.max(server.match.get(msg.from)!, msg.index));
    server.next.set(msg.from, server.match.get(msg.from)! + 1);
    const matches = [...server.match.values()].sort((a, b) => b - a);
    const majority = matches[Math.floor(this.servers.size / 2)]!;
    if (majority <= server.commit || server.termAt(majority) !== server.term) return;
    server.commit = majority;
    this.event("Commit", server);
    for (const to of this.others(server)) this.append(server, to);
    this.event("ApplyEntries", server, { prop: { applied: server.commit } });
    this.event("Ready", server);
  }
}

const nothing = { entries: [], logTerm: 0, index: 0 };

/** A record with at least so many lines, of three servers (or `servers`) that replicate at most `entries` entries. */
export function etcdRecord(
  draw: Draw,
  {
    lines,
    servers = 3,
    entries = 7,
  }: { readonly lines: number; readonly servers?: number; readonly entries?: number },
): string {
  const generator = new Generator(servers, draw);
  generator.start();
  while (generator.lines.length < lines) {
    // What a server sends itself comes as soon as it is on the disk, before any answer of others.
    const own = generator.mail.findIndex(({ from, to }) => from === to);
    if (own >= 0) {
      generator.receive(generator.mail.splice(own, 1)[0]!);
      continue;
    }
    const all = [...generator.servers.values()];
    const leader = all.filter(({ role }) => role === "StateLeader").sort((a, b) => b.term - a.term)[0];
    const isQuiet = generator.mail.length === 0;
    const what = draw(isQuiet ? 4 : 40);
    if (what === 0 || leader === undefined) {
      const able = all.filter(({ role }) => role !== "StateLeader");
      if (able.length === 0) break;
      if (isQuiet || draw(8) === 0) generator.campaign(able[draw(able.length)]!);
    } else if (what < 3 && generator.replicated < entries) generator.replicate(leader);
    else if (what === 3) generator.heartbeat(leader);
    if (generator.mail.length === 0) continue;
    const [msg] = generator.mail.splice(draw(Math.min(4, generator.mail.length)), 1);
    if (draw(12) > 0) generator.receive(msg!);
  }
  return `${generator.lines.join("\n")}\n`;
}
