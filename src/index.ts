/**
 * What authors of protocols and writers of tests need. At most forty names, counted by a test; everything else has a
 * subpath of its own (see src/api and docs/api).
 *
 * @module turncoat
 */

export { findProtocol, settingFrom } from "./catalogue/index.js";
export { search } from "./explore/search.js";
export { fuzz } from "./fuzz/fuzz.js";
export { UserError } from "./model/errors.js";
export type { Setting } from "./model/setting.js";
export type { Adversary, Knowledge } from "./protocol/adversary.js";
export type {
  Behaviour,
  Context,
  Effect,
  Event,
  Input,
  NodeSpec,
  Outcomes,
  Protocol,
  Step,
} from "./protocol/behaviour.js";
export { defineProtocol } from "./protocol/define.js";
export { type Monitor, monitor, type Property } from "./protocol/monitor.js";
export { type Config, clientIds, NodeId, replicaIds } from "./protocol/node.js";
export { reply } from "./protocol/reply.js";
export { type Json, SetOf } from "./protocol/schema.js";
export {
  type Certificate,
  CertificateOf,
  certificate,
  type Signed,
  SignedOf,
  sign,
} from "./protocol/signed.js";
export { renderReplay } from "./render/render.js";
export { configuredRuns } from "./suite/runs.js";
export { decodeTrace } from "./trace/codec.js";
export { readTrace } from "./trace/files.js";
export { replay } from "./trace/replay.js";
export { version } from "./version.js";
