// Exports of an exploration: a trace file, and every format that a trace can be written in.

import { exporterNamed } from "../export/index.js";
import { encodeTrace, replayIn, type Trace, traceOf } from "../trace/index.js";
import type { Place, Session } from "./session.js";

/** A file to be saved. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}

/** The trace of the run that leads to a place. If nothing is violated there, it is expected to hold. */
function traceTo(session: Session, place: Place): Trace {
  const violated = place.moment.monitors.find(({ verdict }) => verdict === "violated");
  const property = violated?.property ?? session.setting.properties[0]?.name ?? "";
  const explanation = violated?.why ?? "an exploration, in which nothing is violated";
  const run = { property, explanation, start: place.start, actions: session.actions(place) };
  const trace = traceOf(session.setting, run, { protocol: session.name, origin: "turncoat explore" });
  return violated ? trace : { ...trace, expect: "holds now" };
}

/** @throws {UserError} if there is no such format. */
export function exported(session: Session, place: Place, format: string): ExportedFile {
  const trace = traceTo(session, place);
  const name = session.name.replaceAll(/[^\w-]+/g, "-").replaceAll(/^-+|-+$/g, "");
  if (format === "trace") return { name: `${name}.json`, text: encodeTrace(trace) };
  const exporter = exporterNamed(format);
  const result = replayIn(session.setting, trace.violates.property, trace);
  return { name: `${name}${exporter.ending}`, text: exporter.write({ trace, result, file: `${name}.json` }) };
}
