// The parameters that every protocol has: the number of nodes, the Byzantine nodes and their adversary, the
// network, crashes, and the bounds of a run.

import { names, namesOrEach, oneOf, text, whole, yesOrNo } from "./kinds.js";
import { always, optional } from "./parameter.js";
import { counted } from "./words.js";

const nodes = "Nodes and faults:";
const crashing = "Crashes:";
const bounds = "Bounds:";

export const everyProtocol = {
  replicas: always(whole(1), "config", {
    option: "replicas",
    value: "<n>",
    help: "number of replicas n",
    byDefault: "4; more where these bear no fault",
    group: nodes,
    most: 200,
    caption: (n) => `n=${n}`,
    json: "run",
  }),
  faults: always(whole(0), "config", {
    option: "faults",
    value: "<f>",
    help: "the f that quorums are computed from",
    byDefault: "the most that the protocol bears: floor((n-1)/3)",
    group: nodes,
    most: 200,
    caption: (f) => `f=${f}`,
    json: "run",
  }),
  adversaries: optional(names, "setting", {
    option: "adversary",
    value: "<names>",
    help: "comma-separated; one run each; also: all, none, A+B, A@V, A@until-gst",
    byDefault: "the strongest; see: turncoat list adversaries",
    group: nodes,
  }),
  byzantine: optional(namesOrEach, "setting", {
    option: "byzantine",
    value: "<ids>",
    help: "replicas under its control, as in r0,r1; or: each, one run per inequivalent placement",
    byDefault: "each",
    group: nodes,
  }),
  properties: optional(names, "setting", {
    option: "property",
    value: "<names>",
    help: "comma-separated",
    byDefault: "every property that the protocol supports",
    group: nodes,
  }),
  network: optional(text, "setting", {
    option: "network",
    value: "<name>",
    help: "async, once, once:keep, fifo, reordering:K, lossy, lossy:K, lossy-fifo, lossy-fifo:K, duplicating, duplicating:K, partitions or partitions:K (also one-way- or bridge-partitions)",
    byDefault: "async; see: turncoat list networks",
    group: nodes,
    caption: (name) => `${name} network`,
    doc: "What becomes of a message once it is sent.",
  }),
  views: always(whole(0), "bounds", {
    option: "views",
    value: "<v>",
    help: "views 0..v; also --epochs, --rounds, --terms, ... where the protocol calls them so",
    byDefault: "1, or 0 for a protocol without views",
    group: bounds,
    doc: "Replica timers do not fire in view v, and nobody goes beyond it.",
    most: 1000,
    json: "bounds",
  }),
  crashes: optional(whole(0), "bounds", {
    option: "crashes",
    value: "<k>",
    help: "correct replicas may crash, and restart, up to k times",
    byDefault: "0",
    group: crashing,
    doc: "k counts the crashes of all replicas together.",
    most: 1000,
    json: "bounds",
  }),
  losing: optional(oneOf("volatile", "unsynced", "nothing"), "bounds", {
    option: "losing",
    value: "<what>",
    help: "what a crash takes away",
    byDefault: "volatile",
    group: crashing,
    doc:
      "`volatile`, as when a process is killed: the replica restarts from what its behaviour calls stable; timers are gone. " +
      "`unsynced`, as when the power fails: also the last writes that were not synced (see `Behaviour.unsynced`). " +
      "`nothing`, as when a process is suspended: it goes on where it stopped.",
    json: "bounds",
  }),
  recovery: optional(oneOf("always", "maybe"), "bounds", {
    option: "recovery",
    value: "<when>",
    help: "whether a replica that crashed restarts; with `maybe` it may stay down, and then counts as faulty",
    byDefault: "maybe",
    group: crashing,
    doc:
      "`maybe`: it may come back, or stay down for ever; one that stays down is faulty, so crashes count towards f, and nothing is " +
      "owed to it. `always`: it must come back, and counts as correct. Every run of `always` is one of `maybe`.",
    json: "bounds",
  }),
  requests: always(whole(1), "config", {
    option: "requests",
    value: "<r>",
    help: "distinct requests",
    byDefault: "2 for safety, 1 where clients are nodes",
    group: bounds,
    most: 200,
    caption: (number) => counted(number, "request"),
    json: "bounds",
  }),
  slots: always(whole(1), "config", {
    option: "slots",
    value: "<s>",
    help: "sequence numbers; also --heights, --indexes, ... where the protocol calls them so",
    byDefault: "1",
    group: bounds,
    doc: "The last sequence number that may be used in the run.",
    most: 1000,
    caption: (number, { slots }) => (slots === null ? "" : counted(number, slots)),
    json: "bounds",
  }),
  clients: always(yesOrNo, "config", {
    option: "clients",
    value: "<yes|no>",
    help: "whether clients are nodes of the run",
    byDefault: "one run each, as properties ask",
    group: nodes,
    doc: "If not, every replica holds all requests from the start.",
    caption: (are) => (are ? "client nodes" : "no client nodes"),
    endsCaption: true,
    json: "run",
  }),
};
