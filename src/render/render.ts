// Renders a trace as text: the setting, every step with its changes, and the end.

import { match } from "ts-pattern";
import { isSimulated, recordedNetwork } from "../catalogue/index.js";
import type { UserError } from "../model/errors.js";
import type { Setting } from "../model/setting.js";
import { timingText } from "../model/timed/timing.js";
import { visibleText } from "../model/visible-text.js";
import { viewRange } from "../parameters/vocabulary.js";
import { counted } from "../parameters/words.js";
import { type Json, wordsOf } from "../protocol/index.js";
import type { Diverged, ReplayResult, Reproduced } from "../trace/replay-result.js";
import type { NodeSummary, StepChange } from "../trace/step-change.js";
import { type Describer, describer } from "./describe.js";
import { noPaint, type Paint } from "./paint.js";
import { lengthText } from "./run-length.js";
import { crashText } from "./setting.js";
import { changeTexts, eventText, startTexts } from "./step-words.js";

/**
 * The lines of a replayed trace, for a terminal or a file. Default: no colours. `besides`: further lines for each step.
 *
 * ```ts
 * renderReplay(await replay(trace)).filter((line) => /Byzantine\)$/.test(line)).length // => 4
 * ```
 */
export function renderReplay(
  result: ReplayResult,
  paint: Paint = noPaint,
  besides: readonly (readonly string[])[] = [],
): string[] {
  const { setting, steps, timesMs } = result;
  const describe = describer(setting.protocol, setting.config);
  const width = String(steps.length).length;
  const loopAt = result.outcome === "reproduced" ? steps.length - (result.loop ?? 0) : steps.length;
  return [
    ...header(setting).map((line, index) => (index === 0 ? paint.bold(line) : paint.dim(line))),
    "",
    ...startTexts(result.start).map((text) => `  ${"0".padStart(width)}  ${text}`),
    ...steps.flatMap((step, index) => [
      ...(index === loopAt ? [paint.bold("  from here on, again and again:")] : []),
      ...timeLines(timesMs, index, width, paint),
      ...stepLines(step, index + 1, width, describe, paint),
      ...(besides[index] ?? []).map((line) => " ".repeat(width + 7) + paint.dim(line)),
    ]),
    ...faultStep(result, describe, width, paint),
    ...(steps.length > 0 ? [""] : []),
    ...endLines(result, describe, paint),
  ];
}

/** The action that ends with an error changes nothing, and is no step. */
function faultStep(result: ReplayResult, describe: Describer, width: number, paint: Paint): string[] {
  if (result.outcome !== "reproduced" || !result.faultAction) return [];
  return [`  ${String(result.after).padStart(width)}  ${paint.bad(describe.action(result.faultAction))}`];
}

/** What was replayed: the protocol and who is Byzantine, then the rest of the setting. */
export function header({
  protocol,
  config,
  byzantine,
  adversary,
  network,
  bounds,
  timing,
}: Setting): string[] {
  const who =
    byzantine.length === 0 ? "none" : `${byzantine.join(", ")} (${adversary?.name ?? "no adversary"})`;
  const title = `${protocol.name}, n = ${config.replicas}, f = ${config.faults}, Byzantine: ${who}`;
  const words = wordsOf(protocol.vocabulary);
  const views = viewRange(words.views, bounds.views, "..");
  if (isSimulated(network)) {
    const each = ` with ${counted(config.operations ?? 1, "request")} each`;
    const load = config.clients
      ? counted(config.requests, "client") + each
      : counted(config.requests, "request");
    const seed = network.slice(network.indexOf(":") + 1);
    return [title, [`simulated with seed ${seed}`, views, load].filter((text) => text !== "").join(", ")].map(
      visibleText,
    );
  }
  if (network === recordedNetwork) return [title, "as real nodes have recorded it"].map(visibleText);
  const clients = config.clients ? "clients are nodes" : "replicas have all requests from the start";
  const seen = [
    views,
    ...(bounds.crashes === undefined ? [] : [crashText(bounds)]),
    counted(config.requests, "request"),
    ...(words.slots === null ? [] : [counted(config.slots, words.slots)]),
  ].filter((text) => text !== "");
  return [
    title,
    `${network} network, ${seen.join(", ")}; ${clients}`,
    ...(timing ? [timingText(timing)] : []),
  ].map(visibleText);
}

/** The moment at which an action happens, where it is not that of the one before. */
function timeLines(
  timesMs: readonly number[] | undefined,
  index: number,
  width: number,
  paint: Paint,
): string[] {
  if (!timesMs || timesMs[index] === timesMs[index - 1]) return [];
  return [paint.dim(`  ${" ".repeat(width)}  at ${timesMs[index]} ms`)];
}

function stepLines(
  step: StepChange,
  number: number,
  width: number,
  describe: Describer,
  paint: Paint,
): string[] {
  const words = describe.action(step.action);
  const isCorrect = ["deliver", "timer", "restart"].includes(step.action.kind);
  const indent = " ".repeat(width + 7);
  return [
    `  ${String(number).padStart(width)}  ${isCorrect ? words : paint.bad(words)}`,
    ...step.events.map((event) => indent + paint.bold(eventText(step.node, event, describe))),
    ...changeTexts(step, describe).map((line) => indent + paint.dim(line)),
  ];
}

/** How a replay ended; the first line says it all. */
export function endLines(result: ReplayResult, describe: Describer, paint: Paint): string[] {
  return match(result)
    .with({ outcome: "holds now" }, ({ property, setting }) => [
      paint.good(
        isSimulated(setting.network)
          ? "The run goes as it was recorded, and nothing is violated."
          : setting.network === recordedNetwork
            ? "The behaviours do what was recorded."
            : `${visibleText(property)} holds now: every action is possible and nothing is violated.`,
      ),
    ])
    .with({ outcome: "diverged" }, (diverged) => [divergedLine(diverged, describe)])
    .with({ outcome: "reproduced" }, (reproduced) => reproducedLines(reproduced, describe, paint))
    .exhaustive();
}

function divergedLine(result: Diverged, describe: Describer): string {
  const what = result.action ? describe.action(result.action) : "there is no such start";
  if (result.reason !== undefined) return `Diverged at action ${result.at}: ${whatFails(result, what)}.`;
  return `Diverged at action ${result.at}: ${what}${result.action ? " is no longer possible" : ""}.`;
}

function reproducedLines(result: Reproduced, describe: Describer, paint: Paint): string[] {
  if (result.fault) return faultLines(result, result.fault, paint);
  const { property, setting, nodes, after, loop = 0 } = result;
  const when = loop === 0 ? `after ${lengthText(after)}` : `by ${lengthText(after - loop, loop)}`;
  const verdict = paint.bad(visibleText(`${property} is violated ${when}: ${result.explanation}.`));
  const isSafety = setting.properties.some(({ name, kind }) => name === property && kind === "always");
  return isSafety ? [verdict] : [verdict, ...stuckLines(nodes, describe)];
}

/** The error, and where in the user's files it was thrown. */
function faultLines({ after }: Reproduced, { message, frames }: UserError, paint: Paint): string[] {
  return [
    paint.bad(`An error after ${counted(after, "action")}: ${message}`),
    ...frames.map((frame) => `    ${visibleText(frame)}`),
  ];
}

function whatFails({ action, reason }: Diverged, what: string): string {
  return visibleText(action ? `${what}: ${reason}` : `at the end: ${reason}`);
}

/** For liveness: where everybody stands when nothing more has to happen. */
function stuckLines(nodes: readonly NodeSummary[], describe: Describer): string[] {
  return nodes.map(({ node, view, timers, state }) => {
    const place = view === null ? "" : `${describe.words.views?.one ?? "view"} ${view}, `;
    const pending = timers.length === 0 ? "no timer set" : `timer set: ${timers.join(", ")}`;
    return visibleText(`  ${node}  ${place}${pending}${stateText(state, describe)}`);
  });
}

/**
 * The fields of a state that are neither empty nor plain numbers or truth values: what the node holds and
 * waits for.
 */
function stateText(state: Json, describe: Describer): string {
  if (typeof state !== "object" || state === null || Array.isArray(state))
    return `, state ${describe.value(state)}`;
  return Object.entries(state as Record<string, Json>)
    .filter(([, value]) => typeof value === "object" && value !== null)
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([name, value]) => `, ${name}: ${clipped(describe.value(value))}`)
    .join("");
}

/** Objects of a class of somebody's own hold whole libraries: what is longer is cut. The page shows all of it. */
const maxField = 500;

function clipped(text: string): string {
  if (text.length <= maxField) return text;
  return `${text.slice(0, maxField)}... (${counted(text.length - maxField, "more character")})`;
}
