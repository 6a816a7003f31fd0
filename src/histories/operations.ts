// Operations of a history, made of its events: a call and what became of it.

import type { Operation, SequentialObject } from "../linearizability/index.js";
import { didYouMean } from "../model/did-you-mean.js";
import { UserError } from "../model/errors.js";
import type { HistoryEvent } from "./events.js";

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
  const open = new Map<string, HistoryEvent & { readonly at: number }>();
  const operations: Operation[] = [];
  const add = (
    call: HistoryEvent & { readonly at: number },
    returned: number | null,
    output: HistoryEvent["value"],
  ) =>
    operations.push({
      ...{ process: call.process, name: call.name, input: call.value, output },
      ...{ called: call.at, returned, line: call.line },
    });
  for (const [at, event] of events.entries()) {
    const call = open.get(event.process);
    const place = `line ${event.line} of ${file}`;
    if (event.type === "invoke") {
      if (call)
        throw new UserError(
          "bad-file",
          `${place}: process ${event.process} calls ${event.name} before its ${call.name} of line ${call.line} has ended`,
        );
      requireKnown(event, object, place);
      open.set(event.process, { ...event, at });
      continue;
    }
    if (!call) {
      if (event.type === "info") continue;
      throw new UserError(
        "bad-file",
        `${place}: process ${event.process} ends ${event.name}, which it has not called`,
      );
    }
    open.delete(event.process);
    if (event.type === "ok") add(call, at, event.value);
    else if (event.type === "info") add(call, null, null);
  }
  for (const call of open.values()) add(call, null, null);
  return operations.sort((a, b) => a.called - b.called);
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
