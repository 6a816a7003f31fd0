// Whole operations with the times of their calls and returns, a line each, as Porcupine's `Operation` has them: `{"ClientId": 0, "Call": 3, "Return": 7,
// "Input": {"f": "write", "value": 1}, "Output": null}`. Names of fields may be small; what stands in `Input` may stand beside it.

import { UserError } from "../model/errors.js";
import type { Json } from "../protocol/index.js";
import type { HistoryEvent, Whole } from "./event.js";

type Fields = { readonly [name: string]: Json | undefined };

/** The whole operation that a JSON object is; null if it has no times. @throws {UserError} `bad-file` if it lacks anything else. */
export function wholeOf(json: Fields, at: string): Whole | null {
  const fields = named(json);
  if (fields.call === undefined) return null;
  const input: Fields =
    typeof fields.input === "object" && fields.input !== null && !Array.isArray(fields.input)
      ? { ...fields, ...named(fields.input as Fields) }
      : fields;
  const name = input.f ?? input.op;
  const process = fields.clientid ?? fields.process;
  const { call, return: returned = null } = fields;
  const lacks = (what: string) =>
    new UserError(
      "bad-file",
      `${at} ${what}; an operation has ClientId, Call, Return (left out if it never did), Input with f and value, and Output`,
    );
  if (typeof name !== "string") throw lacks("has no f in its Input");
  if (typeof process !== "string" && typeof process !== "number") throw lacks("has no ClientId");
  if (typeof call !== "number" || (returned !== null && typeof returned !== "number"))
    throw lacks("has times that are no numbers");
  if (returned !== null && returned < call) throw lacks("returns before it is called");
  const keyed = (value: Json): Json => (input.key === undefined ? value : [input.key, value]);
  const output = fields.output ?? null;
  return {
    ...{ process: String(process), name, value: keyed(input.value ?? null) },
    ...{ output: returned === null ? null : keyed(output), call, return: returned },
  };
}

/** The fields by their names in small letters. */
function named(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
}

/** All whole operations of a history. */
export class TimedOperations {
  readonly #all: { readonly whole: Whole; readonly line: number }[] = [];
  /** Where the first one stands; null: there is none. */
  first: string | null = null;

  add(whole: Whole, line: number, at: string): void {
    this.first ??= at;
    this.#all.push({ whole, line });
  }

  /**
   * As events, in the order of time. What is called at the moment at which another returns overlaps with it, as Porcupine has it. A client of
   * Porcupine may have several operations at a time: each gets a process of its own.
   */
  events(): HistoryEvent[] {
    const events = this.#all.flatMap(({ whole, line }) => {
      const event = { line, process: `${whole.process} (line ${line})`, name: whole.name };
      const call = {
        time: whole.call,
        order: 0,
        event: { ...event, type: "invoke" as const, value: whole.value },
      };
      if (whole.return === null) return [call];
      return [
        call,
        { time: whole.return, order: 1, event: { ...event, type: "ok" as const, value: whole.output } },
      ];
    });
    events.sort((a, b) => a.time - b.time || a.order - b.order);
    return events.map(({ event }) => event);
  }
}
