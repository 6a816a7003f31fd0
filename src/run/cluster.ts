// The configuration of a cluster: one file that every node reads (addresses, public keys, certificates, the
// protocol and its parameters), and one file for each node with its secrets. `turncoat keys` writes them.

import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { dirname, resolve } from "node:path";
import * as Schema from "effect/Schema";
import { findProtocol } from "../catalogue/index.js";
import { document } from "../files/document.js";
import { readJson } from "../files/json.js";
import { UserError } from "../model/errors.js";
import { nodesOf } from "../model/setting.js";
import type { Config, Json, NodeId, NodeSpec, Protocol } from "../protocol/index.js";

const Port = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65535 }));
const Milliseconds = Schema.Finite.check(Schema.isGreaterThan(0));

/** Keys that a node has had before, and that are accepted for some time still. */
export const EarlierKeys = Schema.Struct({
  publicKey: Schema.String,
  certificate: Schema.String,
  /** When they are accepted no longer, as in `2030-01-31T12:00:00.000Z`. */
  until: Schema.String,
});
export type EarlierKeys = typeof EarlierKeys.Type;

/** A node as all others know it. */
export const Member = Schema.Struct({
  id: Schema.String,
  role: Schema.Literals(["replica", "client"]),
  host: Schema.String,
  port: Port,
  /** The Ed25519 key that verifies what it signs, in PEM. */
  publicKey: Schema.String,
  /** The certificate that it shows in TLS, in PEM. No other is accepted from it. */
  certificate: Schema.String,
  /** The latest first. Default: none. */
  earlier: Schema.optionalKey(Schema.Array(EarlierKeys)),
});
export type Member = typeof Member.Type;

/** The file that all nodes share. */
export const ClusterFile = Schema.Struct({
  format: Schema.Literal("turncoat-cluster"),
  version: Schema.Literal(1),
  /** Drawn at random. It stands in every signed statement, so that those of another cluster mean nothing here. */
  id: Schema.String,
  protocol: Schema.String,
  /** What every node knows: see `Config`. */
  config: Schema.Record(Schema.String, Schema.Unknown),
  /** The base timeout of the protocol's timers. */
  timeoutMs: Milliseconds,
  nodes: Schema.Array(Member),
});
export type ClusterFile = typeof ClusterFile.Type;

/** The file of one node. It is secret. */
export const NodeFile = Schema.Struct({
  format: Schema.Literal("turncoat-node"),
  version: Schema.Literal(1),
  node: Schema.String,
  /** The file of the cluster, relative to this one. */
  cluster: Schema.String,
  /** The directory of its log and its record, relative to this file. */
  data: Schema.String,
  /** Its Ed25519 key, in PEM (PKCS #8). */
  signingKey: Schema.String,
  /** The key of its certificate, in PEM (PKCS #8). */
  tlsKey: Schema.String,
});
export type NodeFile = typeof NodeFile.Type;

/** A cluster with everything looked up. */
export interface Cluster {
  readonly file: ClusterFile;
  readonly protocol: Protocol<Json, Json>;
  readonly config: Config;
  readonly specs: readonly NodeSpec<Json>[];
  /** The keys of each node: the one that it has now comes first. */
  readonly publicKeys: ReadonlyMap<NodeId, readonly KnownKey[]>;
  /** By the SHA-256 fingerprint of a certificate, whose it is. */
  readonly byFingerprint: ReadonlyMap<string, KnownCertificate>;
}

/** A key that verifies what a node signs, until a moment in milliseconds since 1970. */
export interface KnownKey {
  readonly key: KeyObject;
  readonly untilMs: number;
}

/** A certificate that a node may show, until a moment in milliseconds since 1970. */
export interface KnownCertificate {
  readonly node: NodeId;
  readonly untilMs: number;
}

/** The certificates that a node may show, those that it has had before included as long as they are accepted. */
export function certificatesOf({ certificate, earlier = [] }: Member): readonly string[] {
  const accepted = earlier.filter(({ until }) => Date.parse(until) > Date.now());
  return [certificate, ...accepted.map((one) => one.certificate)];
}

/** What a node needs to run. */
export interface NodeSettings {
  readonly cluster: Cluster;
  readonly spec: NodeSpec<Json>;
  readonly member: Member;
  readonly signingKey: KeyObject;
  readonly tlsKey: string;
  /** Where its log and its record are kept. */
  readonly directory: string;
}

/** @throws {UserError} `bad-file` for a file that is no cluster's, or whose keys are none. */
export async function readCluster(file: string): Promise<Cluster> {
  return clusterFrom(document(ClusterFile, readJson(file), `${file} is not a cluster's file`), file);
}

/** Looks up the protocol and reads the keys; `name` stands for the file in messages. */
export async function clusterFrom(file: ClusterFile, name: string): Promise<Cluster> {
  const { protocol } = await findProtocol(file.protocol);
  const config = file.config as unknown as Config;
  const specs = nodesOf(protocol, config);
  const [wanted, found] = [specs.map(({ id }) => id), file.nodes.map(({ id }) => id)];
  if (wanted.join() !== found.join())
    throw new UserError(
      "bad-file",
      `${name} has the nodes ${found.join(", ")}, and ${file.protocol} with its parameters has ${wanted.join(", ")}. Make it anew with turncoat keys.`,
    );
  return {
    ...{ file, protocol, config, specs },
    publicKeys: new Map(file.nodes.map((member) => [member.id, keysOf(member, name)])),
    byFingerprint: new Map(file.nodes.flatMap((member) => fingerprintsOf(member, name))),
  };
}

/** Reads the file of a node, and that of its cluster. */
export async function readNode(file: string): Promise<NodeSettings> {
  return (await readNodes([file]))[0]!;
}

/** Reads the files of nodes, and that of their cluster once: it has the keys of all, so n nodes that read it each cost n times n. */
export async function readNodes(files: readonly string[]): Promise<readonly NodeSettings[]> {
  const clusters = new Map<string, Promise<Cluster>>();
  const clusterIn = (file: string) => {
    const cluster = clusters.get(file) ?? readCluster(file);
    clusters.set(file, cluster);
    return cluster;
  };
  return Promise.all(
    files.map(async (file) => {
      const secrets = document(NodeFile, readJson(file), `${file} is not a node's file`);
      const beside = (path: string) => resolve(dirname(file), path);
      return nodeFrom(await clusterIn(beside(secrets.cluster)), secrets, beside(secrets.data), file);
    }),
  );
}

/** @throws {UserError} `bad-file` if the cluster has no such node, or the keys are not the node's. */
export function nodeFrom(cluster: Cluster, secrets: NodeFile, directory: string, name: string): NodeSettings {
  const spec = cluster.specs.find(({ id }) => id === secrets.node);
  const member = cluster.file.nodes.find(({ id }) => id === secrets.node);
  if (spec === undefined || member === undefined)
    throw new UserError(
      "bad-file",
      `${name} is of the node ${secrets.node}, and its cluster has none of that name.`,
    );
  const signingKey = keyIn("signingKey", name, () => createPrivateKey(secrets.signingKey));
  const isOwn = createPublicKey(signingKey).equals(cluster.publicKeys.get(member.id)![0]!.key);
  const certificate = new X509Certificate(member.certificate);
  const isOfCertificate = certificate.checkPrivateKey(
    keyIn("tlsKey", name, () => createPrivateKey(secrets.tlsKey)),
  );
  if (!isOwn || !isOfCertificate)
    throw new UserError(
      "bad-file",
      `${name} has ${isOwn ? "a tlsKey" : "a signingKey"} that is not the one that the cluster knows of ${member.id}. Make both files with one call of turncoat keys.`,
    );
  return { cluster, spec, member, signingKey, tlsKey: secrets.tlsKey, directory };
}

function keysOf({ id, publicKey, earlier = [] }: Member, name: string): readonly KnownKey[] {
  const before = earlier.map((one) => ({
    key: publicKeyOf(one.publicKey, id, name),
    untilMs: momentOf(one.until, id, name),
  }));
  return [{ key: publicKeyOf(publicKey, id, name), untilMs: Number.POSITIVE_INFINITY }, ...before];
}

function fingerprintsOf({ id, certificate, earlier = [] }: Member, name: string) {
  const before = earlier.map(
    (one) =>
      [
        fingerprintOf(one.certificate, id, name),
        { node: id, untilMs: momentOf(one.until, id, name) },
      ] as const,
  );
  const now = { node: id, untilMs: Number.POSITIVE_INFINITY };
  return [...before, [fingerprintOf(certificate, id, name), now] as const];
}

function momentOf(text: string, id: NodeId, name: string): number {
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw new UserError(
    "bad-file",
    `In ${name} an earlier key of ${id} is accepted until ${text}, which is no moment.`,
  );
}

function publicKeyOf(pem: string, id: NodeId, name: string): KeyObject {
  const key = keyIn(`the publicKey of ${id}`, name, () => createPublicKey(pem));
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new UserError("bad-file", `In ${name} the publicKey of ${id} is not an Ed25519 key.`);
}

function fingerprintOf(pem: string, id: NodeId, name: string): string {
  return keyIn(`the certificate of ${id}`, name, () => new X509Certificate(pem).fingerprint256);
}

function keyIn<T>(what: string, name: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new UserError(
      "bad-file",
      `In ${name} ${what} cannot be read: it has to be PEM, as turncoat keys writes it.`,
    );
  }
}
