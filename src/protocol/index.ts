// The vocabulary in which protocols, properties and adversaries are written.

export type { OwnParameters, OwnValue, OwnValues, ParameterDefinition } from "../parameters/own.js";
export { atSlot, type Noun, type Vocabulary, type Words, wordsOf } from "../parameters/vocabulary.js";
export type { Adversary, AdversaryContext, Knowledge, StepFaults } from "./adversary.js";
export type {
  Behaviour,
  Context,
  Digest,
  Effect,
  Event,
  Input,
  Mutation,
  NarrowedAlphabet,
  NodeSpec,
  Outcomes,
  Protocol,
  ReplicaStanding,
  ServiceBound,
  Start,
  Step,
  Timeliness,
} from "./behaviour.js";
export { defineProtocol } from "./define.js";
export type {
  BodyOf,
  MessageOf,
  MessageSchemas,
  OwnConfig,
  OwnContext,
  Reaction,
  Received,
  Rules,
  RulesLike,
  SetOfParameters,
  StateOf,
  StateSchema,
  TagOf,
} from "./define-types.js";
export type { Definition, Handlers } from "./definition.js";
export { hearing } from "./hearing.js";
export { equal, has, including, inTurn, majority, quorum, weakQuorum } from "./helpers.js";
export { type Claim, type InvariantOptions, invariant, type NodeState, pairInvariant } from "./invariant.js";
export { type Monitor, type MonitorVerdict, monitor, type Property, type RunFacts } from "./monitor.js";
export { type Authentication, type Config, clientIds, NodeId, type Role, replicaIds } from "./node.js";
export type { FaultContext, FaultHooks, Puppet, Random, Utterance } from "./puppet.js";
export { type Execution, type OwnEntry, type Reply, reply } from "./reply.js";
export type { Resilience } from "./resilience.js";
export { BagOf, type Json, type JsonShape, type Mark, marked, markKey, SetOf } from "./schema.js";
export {
  authenticate,
  type Certificate,
  CertificateOf,
  type Collection,
  CollectionOf,
  certificate,
  collection,
  type Signed,
  SignedOf,
  sign,
} from "./signed.js";
export type { DefinedProtocol, Variation } from "./variation.js";
export { type World, world } from "./world.js";
