/**
 * The protocols, mutants, adversaries and properties by name.
 *
 * @module turncoat/protocols
 */

export {
  builtinProperties,
  builtinPuppets,
  builtins,
  type Defaults,
  describeSetting,
  type Entry,
  findProtocol,
  type SettingDescription,
  settingFrom,
} from "../catalogue/index.js";
export type { Message as AutobahnMessage } from "../protocols/autobahn/messages.js";
export type { Message as BrachaMessage } from "../protocols/bracha/messages.js";
export type { Message as FastHotstuffMessage } from "../protocols/fast-hotstuff/messages.js";
export type { Message as GrandpaMessage } from "../protocols/grandpa/state.js";
export type { Message as HotstuffMessage } from "../protocols/hotstuff/messages.js";
export type { Message as IbftMessage } from "../protocols/ibft/messages.js";
export type { Message as MinimmitMessage } from "../protocols/minimmit/state.js";
export type { KnownViolation, Mutant } from "../protocols/mutant.js";
export type { Message as PbftMacsMessage } from "../protocols/pbft-macs/messages.js";
export type { Message as PbftRecoveryMessage } from "../protocols/pbft-recovery/state.js";
export type { Message as SimplexMessage } from "../protocols/simplex/state.js";
export type { Message as StreamletMessage } from "../protocols/streamlet/state.js";
export type { Message as TendermintMessage } from "../protocols/tendermint/messages.js";
