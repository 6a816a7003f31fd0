// The values of a protocol's own parameters in a configuration. Every setting has a value of each, so that
// a trace says all that it depends on.

import {
  type OwnParameters,
  type OwnValues,
  ownDefaults,
  ownSweep,
  ownTable,
  ownValue,
} from "../parameters/own.js";
import type { ParameterTable } from "../parameters/parameter.js";
import { ParseError } from "../parameters/readers.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import type { Config, Json, Protocol } from "../protocol/index.js";
import { UserError } from "./errors.js";
import type { Setting } from "./setting.js";

type Declaring = Pick<Protocol<Json, Json>, "name" | "ownParameters">;

/**
 * The configuration with a value of each parameter of the protocol's own: what is set, or the default. One
 * without such parameters stays as it is.
 *
 * @throws {UserError} `bad-option` for a name that there is not, and for a value that cannot be one.
 */
export function completed(protocol: Declaring, config: Config): Config {
  const { set, ...others } = config;
  const values = valuesOf(protocol, set ?? {});
  return values === null ? others : { ...others, set: values };
}

/** The setting with a configuration that is {@link completed}: itself, if there is nothing to complete. */
export function withOwnParameters(setting: Setting): Setting {
  const { protocol, config } = setting;
  if (protocol.ownParameters === undefined && config.set === undefined) return setting;
  return { ...setting, config: completed(protocol, config) };
}

/** The values of a protocol that declares any, or null. */
function valuesOf(protocol: Declaring, asked: OwnValues): OwnValues | null {
  const { name, ownParameters: own } = protocol;
  refuseUnknown(name, own, asked);
  if (own === undefined) return null;
  const table = tableOf(name, own);
  const known = Object.entries(asked).map(([parameter, value]) => [
    parameter,
    reading(parameter, value, () => ownValue(table, parameter, value)),
  ]);
  return { ...ownDefaults(own), ...Object.fromEntries(known) };
}

/**
 * What is asked for, one combination of values after the other: `consecutive=1..3` asks for three.
 *
 * @throws {UserError} as {@link completed} does.
 */
export function combinationsOf(
  { name, ownParameters: own }: Declaring,
  asked: OwnValues,
): readonly OwnValues[] {
  refuseUnknown(name, own, asked);
  const table = tableOf(name, own ?? {});
  return Object.entries(asked).reduce<readonly OwnValues[]>(
    (all, [parameter, value]) => {
      const values = reading(parameter, value, () => ownSweep(table, parameter, value));
      return all.flatMap((one) => values.map((next) => ({ ...one, [parameter]: next })));
    },
    [{}],
  );
}

function refuseUnknown(name: string, own: OwnParameters | undefined, asked: OwnValues): void {
  const names = Object.keys(own ?? {});
  const unknown = Object.keys(asked).find((parameter) => !names.includes(parameter));
  if (unknown === undefined) return;
  const there =
    names.length > 0
      ? `There are: ${names.join(", ")}.`
      : "It declares none: see `parameters` of defineProtocol.";
  throw new UserError(
    "bad-option",
    `${name} has no parameter "${unknown}" to set. ${didYouMean(unknown, names)}${there}`,
  );
}

function tableOf(name: string, own: OwnParameters): ParameterTable {
  try {
    return ownTable(own);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new UserError("protocol-malformed", `The parameters of ${name}: ${error.message}`);
  }
}

function reading<T>(parameter: string, value: unknown, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new UserError("bad-option", `${parameter}=${String(value)} cannot be set: ${error.message}`);
  }
}
