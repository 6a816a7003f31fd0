// Turncoat as a library. The command line is made of these.

export {
  builtins,
  describeSetting,
  type Entry,
  findProtocol,
  type SettingDescription,
  settingFrom,
} from "./catalogue.js";
export type { Limits } from "./explore/limits.js";
export { type Progress, type SearchOptions, search } from "./explore/search.js";
export type { PropertyResult, Reduction, SearchResult, Verdict, Witnesses } from "./explore/verdict.js";
export type { Action, Counterexample, Execution } from "./model/action.js";
export { UserError, type UserErrorCode } from "./model/errors.js";
export { type Bounds, insideContract, type Setting } from "./model/setting.js";
export * from "./protocol/index.js";
