// Operations of a history, made of its events: a call and what became of it.

import type { Operation, SequentialObject } from "../linearizability/index.js";
import { UserError } from "../model/errors.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import type { HistoryEvent } from "./event.js";

/**
 * Pairs calls with their ends. What failed did not happen and is left out; what nobody knows of (`info`, or no end at all) never
 * returned. Events of type `info` of somebody who has called nothing (Jepsen's nemesis) are passed over.
 *
 * @throws {UserError} `bad-file` if a process calls twice without an end, ends what it has not called, or the object has no such operation.
 */
export function operationsOf(
  file: string,
  events: readonly HistoryEvent[],
  object: SequentialObject,
): Operation[] {
  const open = new Map<string, Call>();
  const operations: Operation[] = [];
  for (const [at, event] of events.entries()) {
    const call = open.get(event.process);
    const place = `line ${event.line} of ${file}`;
    if (event.type === "invoke") {
      requireNoneOpen(event, call, place);
      requireKnown(event, object, place);
      open.set(event.process, { ...event, at });
    } else if (call) {
      requireSame(event, call, object, place);
      open.delete(event.process);
      if (event.type === "ok") operations.push(operationOf(call, at, event.value));
      else if (event.type === "info") operations.push(operationOf(call, null, null));
    } else if (event.type !== "info")
      throw new UserError(
        "bad-file",
        `${place}: process ${event.process} ends ${event.name}, which it has not called`,
      );
  }
  for (const call of open.values()) operations.push(operationOf(call, null, null));
  return operations.sort((a, b) => a.called - b.called);
}

/** A call with its place among the events. */
type Call = HistoryEvent & { readonly at: number };

function operationOf(call: Call, returned: number | null, output: HistoryEvent["value"]): Operation {
  return {
    ...{ process: call.process, name: call.name, input: call.value, output },
    ...{ called: call.at, returned, line: call.line },
  };
}

function requireNoneOpen({ process, name }: HistoryEvent, open: Call | undefined, place: string): void {
  if (open)
    throw new UserError(
      "bad-file",
      `${place}: process ${process} calls ${name} before its ${open.name} of line ${open.line} has ended`,
    );
}

/** What ends is what was called, on the same key. */
function requireSame(
  { type, process, name, value }: HistoryEvent,
  call: Call,
  { part }: SequentialObject,
  place: string,
): void {
  if (name !== call.name)
    throw new UserError(
      "bad-file",
      `${place}: process ${process} ends ${name}, and has called ${call.name} in line ${call.line}`,
    );
  if (type !== "ok" || !part || !Array.isArray(value)) return;
  const [asked, answered] = [part({ name, input: call.value }), part({ name, input: value })];
  if (asked !== answered)
    throw new UserError(
      "bad-file",
      `${place}: process ${process} ends ${name} of ${answered}, and has called it for ${asked} in line ${call.line}`,
    );
}

function requireKnown({ name, value }: HistoryEvent, object: SequentialObject, place: string): void {
  if (!object.operations.includes(name))
    throw new UserError(
      "bad-file",
      `${place}: a ${object.name} has no operation ${name}. ${didYouMean(name, object.operations)}It has ${object.operations.join(", ")}.`,
    );
  const problem = object.problem?.(name, value);
  if (problem) throw new UserError("bad-file", `${place}: ${problem}`);
}
