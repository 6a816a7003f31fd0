// How a thread gets its setting: by names, since functions cannot be sent to it.

import { type SettingDescription, settingFrom } from "../catalogue/index.js";
import type { Setting } from "../model/setting.js";
import type { Json } from "../protocol/index.js";

/** Where a thread finds its setting: in the catalogue, or by a function that some module exports. */
export type SettingSource =
  | { readonly description: SettingDescription }
  | { readonly module: string; readonly name: string; readonly args: readonly Json[] };

/** The setting: from the catalogue, or from a module's function. */
export async function settingOf(where: SettingSource): Promise<Setting> {
  if ("description" in where) return settingFrom(where.description);
  const module = (await import(where.module)) as {
    readonly [name: string]: (...args: unknown[]) => Setting;
  };
  return module[where.name]!(...where.args);
}
