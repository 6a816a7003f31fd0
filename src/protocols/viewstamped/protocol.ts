// Viewstamped Replication (Revisited, 2012) with recovery, and with the crash vectors (2017) that make recovery safe: a log that replicas agree
// on without disks, as long as less than half of them are down or recover. The last slot is the most that a log may hold. A view change begins at any moment. Each file has one section of the paper.

import { defineProtocol, inTurn, type Protocol, reply } from "../../protocol/index.js";
import { parameters, watching } from "./context.js";
import { acknowledge, commit, prepare, request, waiting } from "./normal.js";
import { comeBack, help, recover } from "./recovery.js";
import { viewstampedRules } from "./rules.js";
import { type Message, messages, State } from "./state.js";
import { doViewChange, startView, startViewChange, suspect } from "./view-change.js";

/** Viewstamped Replication with these rules. */
export function viewstamped(
  rules = viewstampedRules,
  name = "viewstamped",
  summary = "Viewstamped Replication: a replicated log without disks, with recovery",
): Protocol<Message, string> {
  return defineProtocol({
    name,
    summary,
    promises: "all-execute",
    resilience: "crash",
    messages,
    state: State,
    initial: {
      ...{ view: 0, lastNormal: 0, status: "normal", log: [], commit: 0 },
      ...{ acknowledged: [], starters: [], changes: [], replies: [], nonce: 0, crashes: [] },
    },
    stable: ["nonce"],
    rules,
    parameters,
    primary: inTurn,
    view: ({ view }) => view,
    onStart: (context, state, { kind }) => {
      if (kind === "restart") return comeBack(context, state);
      return watching(context, waiting(context, reply(state)));
    },
    onTimer: { view: suspect, client: request },
    completions: ["client"], // clients ask in the last view, too
    on: {
      prepare: (context, state, { from, message }) => prepare(context, state, from, message),
      "prepare-ok": (context, state, { from, message }) => acknowledge(context, state, from, message),
      commit: (context, state, { message }) => commit(context, state, message),
      "start-view-change": (context, state, { from, message }) =>
        startViewChange(context, state, from, message),
      "do-view-change": (context, state, { from, message }) => doViewChange(context, state, from, message),
      "start-view": (context, state, { from, message }) => startView(context, state, from, message),
      recovery: (context, state, { from, message }) => help(context, state, from, message),
      "recovery-response": (context, state, { from, message }) => recover(context, state, from, message),
    },
  });
}
