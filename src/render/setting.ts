// How a setting is named in reports: in a few words, in a caption, and as JSON.

import { declared, type SettingDescription, splitModuleName, wordsFor } from "../catalogue/index.js";
import { outsideContractText } from "../model/contract.js";
import { timingText } from "../model/timed/timing.js";
import { visibleText } from "../model/visible-text.js";
import { captions, jsonFields } from "../parameters/captions.js";
import { parameters } from "../parameters/search.js";
import { viewRange } from "../parameters/vocabulary.js";

/** A setting in a few words. */
export function settingName(description: SettingDescription): string {
  const { protocol, adversary, byzantine, bounds, config, network, timing } = description;
  const who = adversary === null ? "no adversary" : `${adversary} at ${byzantine.join(", ")}`;
  const how = network === "async" ? "" : `, ${network}`;
  const crashes = bounds.crashes === undefined ? "" : `, ${crashText(bounds)}`;
  const times = timing ? ", timed" : "";
  const views = viewRange(wordsFor(protocol).views, bounds.views);
  return visibleText(
    `${protocol}, ${who}${views === "" ? "" : `, ${views}`}${how}${crashes}${config.clients ? ", with clients" : ""}${times}`,
  );
}

/** The heading over the views of these settings: what their protocols call them, if all say the same; null if none has any. */
export function viewsHead(descriptions: readonly SettingDescription[]): string | null {
  const words = new Set(descriptions.map(({ protocol }) => wordsFor(protocol).views?.many ?? null));
  const [only] = words;
  return words.size === 1 ? only! : "views";
}

/**
 * The cells of a table that say what was run: protocol, adversary, Byzantine nodes, views and properties. Under another heading than its
 * own a protocol's views have their word with them; without a heading they are left out.
 */
export function settingCells(
  { protocol, adversary, byzantine, bounds, properties, config }: SettingDescription,
  head: string | null = "views",
): string[] {
  const checked = `${properties.join(", ")}${config.clients ? " (with clients)" : ""}`;
  const who = byzantine.join(", ") || "-";
  const { views } = wordsFor(protocol);
  const own = views?.many === head ? `0-${bounds.views}` : viewRange(views, bounds.views) || "-";
  return [protocol, adversary ?? "none", who, ...(head === null ? [] : [own]), checked].map(visibleText);
}

/** As in "1 crash" or "2 crashes losing nothing, all recover". */
export function crashText({ crashes = 0, losing, recovery }: SettingDescription["bounds"]): string {
  const what =
    losing === "nothing" || losing === "unsynced"
      ? ` losing ${losing === "nothing" ? losing : "unsynced writes"}`
      : "";
  return `${crashes} ${crashes === 1 ? "crash" : "crashes"}${what}${recovery === "always" ? ", all recover" : ""}`;
}

/** The parameters of a setting that the rows of a table do not show. */
export function settingCaption({ protocol, config, network, timing }: SettingDescription): string {
  const values = { ...config, network };
  const texts = [
    ...captions(parameters, values, wordsFor(protocol)),
    ...(timing ? [timingText(timing)] : []),
  ];
  return visibleText(texts.join(", "));
}

/** The captions of settings, each combination once, in the order in which they come. */
export function settingCaptions(descriptions: readonly SettingDescription[]): string[] {
  return [...new Set(descriptions.map(settingCaption))];
}

/** The fields of a run's JSON object that say what was run. */
export function settingJson(description: SettingDescription, insideContract: boolean) {
  const values = { ...description.config, ...description.bounds };
  const [protocol, mutant] = splitName(description.protocol);
  return {
    protocol,
    mutant,
    ...jsonFields(parameters, "run", values, true),
    adversary: description.adversary,
    byzantine: description.byzantine,
    network: description.network,
    ...(description.timing && { timing: description.timing }),
    bounds: jsonFields(parameters, "bounds", values),
    ...jsonFields(parameters, "run", values, false),
    insideContract,
  };
}

/** `pbft/quorum-2f` is mutant `quorum-2f` of `pbft`; `./vote.ts/two-votes` is mutant `two-votes` of a module. */
export function splitName(name: string): [protocol: string, mutant: string | null] {
  const module = splitModuleName(name);
  if (module[1] !== null) return [...module];
  const match = /^([a-z][\w-]*)\/([\w+-]+)$/.exec(name);
  return match ? [match[1]!, match[2]!] : [name, null];
}

/** What is said of a run outside the protocol's contract. */
export function outsideContractNote({
  protocol,
  config,
}: Pick<SettingDescription, "protocol" | "config">): string {
  return outsideContractText(declared(protocol), config.faults);
}
