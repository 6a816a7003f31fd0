// Settings in names only, as traces and threads carry them, and the settings that they mean.

import { UserError } from "../model/errors.js";
import { repeatsMessages } from "../model/network.js";
import { completed } from "../model/own-parameters.js";
import { asJson, type Bounds, nodesOf, refusalOf, type Setting } from "../model/setting.js";
import { refuseSizes } from "../model/sizes.js";
import type { Timing } from "../model/timed/timing.js";
import type { Config, NodeId, Property } from "../protocol/index.js";
import type { Entry } from "./entry.js";
import { findProtocol } from "./load.js";
import { adversaryNamed, propertyNamed } from "./names.js";
/** A setting in names only: what a trace file keeps. */
export interface SettingDescription {
  readonly protocol: string;
  readonly config: Config;
  readonly byzantine: readonly NodeId[];
  /** Null, or `none`: nobody is Byzantine. */
  readonly adversary: string | null;
  readonly network: string;
  readonly bounds: Bounds;
  readonly properties: readonly string[];
  readonly timing?: Timing;
}

/**
 * A setting in names, as files keep it. `name` is what finds the protocol again; default: its own name.
 *
 * ```ts
 * describeSetting(setting).adversary // => "equivocating-primary"
 * ```
 */
export function describeSetting<Message, Request>(
  setting: Setting<Message, Request>,
  name = setting.protocol.name,
): SettingDescription {
  return {
    protocol: name,
    config: completed(asJson(setting).protocol, setting.config),
    byzantine: setting.byzantine,
    adversary: setting.adversary?.name ?? null,
    network: setting.network,
    bounds: setting.bounds,
    properties: setting.properties.map((property) => property.name),
    ...(setting.timing && { timing: setting.timing }),
  };
}

/**
 * The setting that a description means.
 *
 * ```ts
 * (await settingFrom(describeSetting(setting))).adversary.name // => "equivocating-primary"
 * ```
 * @throws {UserError} for unknown names and impossible parameters.
 */
export async function settingFrom(description: SettingDescription): Promise<Setting> {
  if (!isSearched(description.network))
    throw new UserError(
      "bad-option",
      `This is the trace of a ${description.network === recordedNetwork ? "recorded" : "simulated"} run, which no search can go on from: read it with turncoat replay, or as a page with --emit html.`,
    );
  return settingIn(await findProtocol(description.protocol), description);
}

/** Whether it is a network of searches, and not that of a simulated or recorded run. */
function isSearched(network: string): boolean {
  return !isSimulated(network) && network !== recordedNetwork;
}

/**
 * The same for a protocol that was found before, or that has no file.
 *
 * @throws {UserError} as {@link settingFrom} does.
 */
export function settingIn(found: Entry, description: SettingDescription): Setting {
  refuseSizes(description.config, description.bounds);
  const chosen = description.properties.map((name) => propertyNamed(name, found));
  const config = configuredFor(completed(found.protocol, description.config), chosen);
  const refusal = refusalOf(found.protocol, config);
  if (refusal !== null) throw new UserError("bad-option", refusal);
  if (
    found.protocol.messagesComeOnce &&
    isSearched(description.network) &&
    repeatsMessages(description.network)
  )
    throw new UserError(
      "bad-option",
      `${found.name} relies on each message coming at most once, and may not hold on ${description.network}: use --network once.`,
    );
  const ids = nodesOf(found.protocol, config).map((node) => node.id);
  for (const id of description.byzantine)
    if (!ids.includes(id))
      throw new UserError("bad-option", `There is no node ${id}; there are ${ids.join(", ")}.`);
  if (description.adversary === "none" && description.byzantine.length > 0)
    throw new UserError("bad-option", "Byzantine replicas need an adversary, not `none`.");
  return {
    protocol: found.protocol,
    config,
    byzantine: [...description.byzantine].sort(),
    adversary:
      description.adversary === null || description.adversary === "none"
        ? null
        : adversaryNamed(description.adversary, found.adversaries),
    network: description.network,
    bounds: description.bounds,
    properties: chosen,
    ...(description.timing && { timing: description.timing }),
  };
}

/** The network of real nodes' records. */
export const recordedNetwork = "recorded";

/** The network of recorded simulations: `simulated:SEED`. */
export function isSimulated(network: string): boolean {
  return /^simulated:\d+$/.test(network);
}

/** What properties need to be set so that they see anything, besides what is set already. */
export function configuredFor(config: Config, chosen: readonly Property[]): Config {
  return Object.assign({}, config, ...chosen.map(({ configures }) => configures)) as Config;
}
