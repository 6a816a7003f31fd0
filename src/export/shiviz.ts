// A log with vector clocks for ShiViz (https://bestchai.bitbucket.io/shiviz/), which draws who could have known what. The
// first line of the file is the regular expression by which ShiViz reads the rest, the second would separate several
// executions and is empty.

import { match, P } from "ts-pattern";
import { visibleText } from "../model/visible-text.js";
import type { NodeId } from "../protocol/index.js";
import { type Describer, describer } from "../render/describe.js";
import { handedOverBy } from "../render/diagram.js";
import { sendings } from "../render/sendings.js";
import { eventText } from "../render/step-words.js";
import type { StepChange } from "../trace/step-change.js";
import type { Exporter, ReplayedTrace } from "./exporter.js";
import { type Clock, HostClocks } from "./vector-clocks.js";

/** How ShiViz reads an event: its text on a line, then the host and its clock. */
const shivizPattern = "(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})";

/** Who loses and doubles messages, and parts nodes. */
const network = "(network)";

export const shiviz: Exporter = {
  name: "shiviz",
  summary: "a log with vector clocks for ShiViz",
  ending: ".log",
  write: (replayed) => [shivizPattern, "", ...logLines(replayed), ""].join("\n"),
};

function logLines({ result }: ReplayedTrace): string[] {
  const { setting, starts, steps } = result;
  const describe = describer(setting.protocol, setting.config);
  const clocks = new HostClocks();
  const lines: string[] = [];
  const log = (host: string, text: string, ...heard: readonly Clock[]): Clock => {
    const clock = clocks.tick(nameOf(host), heard);
    lines.push(visibleText(text).replaceAll(/\s+/g, " "), `${nameOf(host)} ${JSON.stringify(clock)}`);
    return clock;
  };
  const atStart = new Map(
    starts.map(({ node }) => {
      const choice = result.start[node];
      return [node, log(node, choice === undefined ? "starts" : `starts with ${choice}`)];
    }),
  );
  const afterStep: Clock[] = [];
  const sentBy = sendings(result);
  const loop = result.outcome === "reproduced" ? (result.loop ?? 0) : 0;
  for (const [index, step] of steps.entries()) {
    const heard = sentBy[index]!.map(({ node, step: sent }) =>
      sent === null ? atStart.get(node)! : afterStep[sent]!,
    );
    const prefix = loop > 0 && index >= steps.length - loop ? "again and again: " : "";
    afterStep.push(
      logStep(step, setting.byzantine, describe, heard, (host, text, ...others) =>
        log(host, prefix + text, ...others),
      ),
    );
  }
  return lines;
}

type Log = (host: string, text: string, ...heard: readonly Clock[]) => Clock;

/** Logs a step, and returns the clock of the node to which it happened. */
function logStep(
  { action, node, events }: StepChange,
  byzantine: readonly NodeId[],
  describe: Describer,
  heard: readonly Clock[],
  log: Log,
): Clock {
  const what = [describe.action(action), ...events.map((event) => eventText(node, event, describe))].join(
    "; ",
  );
  return match(action)
    .with({ kind: "deliver" }, () => log(node, what, ...heard))
    .with({ kind: P.union("inject", "relay") }, (handed) => {
      const liar = handedOverBy(handed, byzantine);
      return log(node, what, log(liar, `sends to ${node}: ${describe.message(handed.message)}`, ...heard));
    })
    .with({ kind: P.union("lose", "duplicate", "cut", "heal") }, () => log(network, what, ...heard))
    .with({ kind: P.union("timer", "crash", "restart") }, () => log(node, what))
    .exhaustive();
}

/** ShiViz's hosts are words. */
function nameOf(host: string): string {
  return visibleText(host).replaceAll(/\s+/g, "_") || "_";
}
