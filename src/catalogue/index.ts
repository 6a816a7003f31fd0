// The catalogue: from names to things. Traces and the command line speak in names; this is where names are looked up.

export type { Defaults, Entry } from "./entry.js";
export { findProtocol, importModule, isPath, moduleFile } from "./load.js";
export { adversaryNamed, combinations, pick, propertyNamed } from "./names.js";
export { builtinProperties, builtinPuppets, builtins, pbftAdversaries } from "./registry.js";
export {
  configuredFor,
  describeSetting,
  type SettingDescription,
  settingFrom,
  settingIn,
} from "./setting.js";
