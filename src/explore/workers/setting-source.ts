// How a thread finds the setting that it works on.

import { settingFrom } from "../../catalogue.js";
import type { Setting } from "../../model/setting.js";
import type { SettingSource } from "./messages.js";

/** The setting: from the catalogue, or from a module's function. */
export async function settingOf(where: SettingSource): Promise<Setting> {
  if ("description" in where) return settingFrom(where.description);
  const module = (await import(where.module)) as {
    readonly [name: string]: (...args: unknown[]) => Setting;
  };
  return module[where.name]!(...where.args);
}
