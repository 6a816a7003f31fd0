// Which messages of correct replicas change what an adversary of PBFT can send.

import { match } from "ts-pattern";
import type { Signed } from "../../../src/protocol/index.js";
import type { Body } from "../../../src/protocols/pbft/messages.js";

/** Whether new-views, or anything that they are built from, can contain the statement or follow from it. */
export function mattersToNewViews(statement: Signed<unknown>): boolean {
  return match((statement as Signed<Body>).body.tag)
    .with("request", "pre-prepare", "prepare", "checkpoint", "view-change", () => true)
    .with("commit", "reply", "read", "read-reply", "new-view", "fetch", "state", () => false)
    .exhaustive();
}

/** Whether view-changes can contain the statement or follow from it. */
export function mattersToViewChanges(statement: Signed<unknown>): boolean {
  return (statement as Signed<Body>).body.tag !== "view-change" && mattersToNewViews(statement);
}
