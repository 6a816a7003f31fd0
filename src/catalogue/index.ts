// The catalogue: looks up protocols, adversaries, puppets and properties by name, for traces and the command
// line.

export { declared, wordsFor } from "./declared.js";
export type { Defaults, Entry, OwnMutant } from "./entry.js";
export {
  correctFormOf,
  findProtocol,
  importModule,
  moduleEntry,
} from "./load.js";
export { withoutMutation } from "./mutants.js";
export { adversaryNamed, combinations, pick, propertyNamed } from "./names.js";
export { isPath, moduleFile, splitModuleName } from "./path.js";
export { builtinProperties, builtinPuppets, builtins, pbftAdversaries } from "./registry.js";
export {
  configuredFor,
  describeSetting,
  isSimulated,
  recordedNetwork,
  type SettingDescription,
  settingFrom,
  settingIn,
} from "./setting.js";
