// `turncoat conform --map`: records of others, read through a mapping.

import { conformMapped, type MappedConformance, readForeign, readMap } from "../conform/index.js";
import { writeAtomically } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import { counted } from "../parameters/words.js";
import type { RecordHead } from "../records/index.js";
import { grouped, round, seconds } from "../report/numbers.js";
import { encodeTrace } from "../trace/index.js";
import { traceOfRecords } from "../trace/replay-recorded.js";
import { version } from "../version.js";
import { exitCode } from "./exit-codes.js";
import { printJson } from "./print-json.js";

/** What was asked for. */
export interface MappedOptions {
  readonly map: string;
  readonly byzantine?: readonly string[];
  readonly protocol?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Runs it. The exit code. */
export async function conformThroughMap(files: readonly string[], options: MappedOptions): Promise<number> {
  const { map: mapFile, byzantine, protocol, out, json } = options;
  if (byzantine !== undefined)
    throw new UserError("bad-option", "With --map, the mapping says who is Byzantine, not --byzantine.");
  const startedAt = performance.now();
  const map = readMap(mapFile);
  const found = await conformMapped(readForeign(files), map, protocol);
  const elapsed = (performance.now() - startedAt) / 1000;
  if (out !== undefined) writeAtomically(out, encodeTrace(prefixOf(found)));
  if (json)
    printJson({ turncoat: version, command: "conform", ...jsonOf(found, mapFile), seconds: round(elapsed) });
  else for (const line of linesOf(found, elapsed, out)) console.log(line);
  if (found.rejection !== null) return exitCode.violated;
  return found.unmapped.count > 0 ? exitCode.undecided : exitCode.holds;
}

function verdictOf({ rejection, unmapped }: MappedConformance): "conforms" | "rejected" | "inconclusive" {
  if (rejection !== null) return "rejected";
  return unmapped.count > 0 ? "inconclusive" : "conforms";
}

function jsonOf(found: MappedConformance, map: string) {
  const { protocol, nodes, byzantine, events, explained, candidates, rejection, ignored, skipped, unmapped } =
    found;
  return {
    ...{ verdict: verdictOf(found), map, protocol, correct: nodes, byzantine, events, explained, candidates },
    ...{ ignored, skipped, unmapped, rejection },
  };
}

/** One explanation, as far as it goes, as a trace. */
function prefixOf({
  protocol,
  nodes,
  byzantine,
  config,
  steps,
  explained,
  events,
  rejection,
}: MappedConformance) {
  const heads = nodes.map(
    (node): RecordHead => ({
      ...{
        kind: "head",
        format: "turncoat-record",
        version: 1,
        turncoat: version,
        cluster: "mapped",
        node,
        protocol,
      },
      config: { ...config },
    }),
  );
  const end =
    rejection === null
      ? ""
      : ` Then ${rejection.place}, ${rejection.what}: ${rejection.obstacles[0]?.reason}`;
  const explanation = `${protocol} explains ${explained} of ${events} events.${end}`;
  return traceOfRecords({ protocol, heads, steps, byzantine, explanation });
}

function linesOf(found: MappedConformance, elapsed: number, out: string | undefined): string[] {
  const { protocol, nodes, events, explained, candidates, rejection, ignored, skipped, unmapped } = found;
  const how = rejection === null ? "all" : `the first ${grouped(explained)}`;
  return [
    `${verdictOf(found)}: ${protocol} explains ${how} of ${counted(events, "event")} of ${nodes.join(", ")}; ${counted(candidates, "explanation")} alive; ${seconds(elapsed)}`,
    ...(rejection === null
      ? []
      : [
          `No explanation goes on at ${rejection.place} (${rejection.what}):`,
          ...rejection.obstacles.map(
            ({ reason, candidates: count }) =>
              `  ${reason}${candidates > 1 ? ` (${counted(count, "explanation")})` : ""}`,
          ),
        ]),
    ...Object.entries(ignored).map(([reason, count]) => `Ignored: ${counted(count, "event")}: ${reason}`),
    ...(skipped > 0 ? [`Skipped: ${counted(skipped, "record")} that the mapping says are no events`] : []),
    ...(unmapped.count > 0
      ? [
          `No rule maps ${counted(unmapped.count, "event")}, the first at ${unmapped.first}: add a rule, or one with "ignore"`,
        ]
      : []),
    ...(out === undefined
      ? []
      : [`Written to ${out}: see it with turncoat replay ${out} --emit html --out page.html`]),
  ];
}
