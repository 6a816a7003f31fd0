// The parameters of PBFT. Its protocol, its mutants and its variants declare this table.

import { given, oneOf, whole } from "./kinds.js";
import { internal, optional } from "./parameter.js";
import { counted } from "./words.js";

export const pbftParameters = {
  checkpointInterval: optional(whole(1), "config", {
    option: "checkpointInterval",
    value: "<k>",
    help: "take a checkpoint every k sequence numbers",
    byDefault: "none are taken",
    most: 1000,
    neutral: 0,
    caption: (k) => `a checkpoint every ${counted(k, "slot")}`,
    json: "run",
  }),
  window: optional(whole(1), "config", {
    option: "window",
    value: "<l>",
    help: "sequence numbers above a stable checkpoint that may be used",
    byDefault: "two intervals",
    most: 10_000,
    neutral: 0,
    caption: (l) => `a window of ${l}`,
    json: "run",
  }),
  batch: optional(whole(1), "config", {
    option: "batch",
    value: "<b>",
    help: "requests under one sequence number",
    byDefault: "1",
    doc: "Those that have waited longest come first. Without it there is one, and which of those that wait is a choice.",
    most: 1000,
    neutral: 0,
    caption: (b) => `batches of ${b}`,
    json: "run",
  }),
  pipeline: internal(
    whole(1),
    "How many sequence numbers a primary keeps in flight at a time. Default: as many as the window allows.",
  ),
  operations: optional(whole(1), "config", {
    option: "operations",
    value: "<o>",
    help: "requests of each client, one after the other",
    byDefault: "1",
    most: 1000,
    neutral: 0,
    caption: (o) => `${counted(o, "operation")} each`,
    json: "run",
  }),
  paced: internal(
    given,
    "Whether a client waits to be given each request, and may be given any number, instead of making the next one by itself. Default: no. Clients that run as processes need it.",
  ),
  showsWaiting: internal(
    given,
    "Whether replicas say with a custom event named `waiting` when they begin (true) and stop (false) to wait for requests. " +
      "Default: no, for what is shown tells states apart. Properties that need it ask for it.",
  ),
  showsSkipped: internal(
    given,
    "Whether replicas show where the null request has committed (a custom event named `skipped`, with the slot). Default: no. " +
      "Properties that need it ask for it.",
  ),
  reads: optional(whole(0), "config", {
    option: "reads",
    value: "<k>",
    help: "the last k requests of each client read instead of appending",
    byDefault: "0",
    most: 1000,
    neutral: 0,
    caption: (k) => `${counted(k, "read")} each`,
    json: "run",
  }),
  readOnly: optional(given, "config", {
    option: "readOnly",
    value: "",
    help: "answer reads without ordering them",
    byDefault: null,
    doc: "OSDI'99, 5.1. Without it reads are ordered like everything else.",
    neutral: false,
    caption: () => "reads not ordered",
    json: "run",
  }),
  authentication: optional(oneOf("signatures", "authenticators"), "config", {
    option: "authentication",
    value: "<how>",
    help: "how requests are authenticated",
    byDefault: "signatures",
    doc:
      "`signatures` convince whoever sees them; `authenticators` have a MAC for each replica (OSDI'99, 5.2), and each is convinced " +
      "by its own alone.",
    neutral: "signatures",
    caption: (how) => how,
    json: "run",
  }),
  tentative: internal(
    given,
    "Whether replicas execute and answer as soon as they are prepared, before they have committed (TOCS'02, 5.1.2). Default: no.",
  ),
  keepsEarlyVotes: internal(
    given,
    "Whether replicas keep votes that come before what they are about. Default: they ask for them again (the effect `defer`), which " +
      "multiplies no states; where messages are many, as in simulations, keeping is faster.",
  ),
};

const { checkpointInterval: _interval, window: _window, readOnly: _readOnly, ...others } = pbftParameters;

/** The parameters of PBFT without signatures, which takes no checkpoints and orders every read. */
export const pbftMacsParameters = others;
