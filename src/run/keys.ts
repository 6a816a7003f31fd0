// Makes the keys of a cluster: for each node an Ed25519 key for what it signs, and an ECDSA key (P-256) with a
// self-signed certificate for TLS. Nodes pin each other's certificates, so nobody else has to vouch for them.

import "reflect-metadata"; // what @peculiar/x509 is built on asks for it, and does not bring it along
import { generateKeyPairSync, KeyObject, randomBytes, webcrypto } from "node:crypto";
import { X509CertificateGenerator } from "@peculiar/x509";
import type { Config, NodeId, NodeSpec } from "../protocol/index.js";
import type { ClusterFile, Member, NodeFile } from "./cluster.js";

/** The name of the file that all nodes share. */
export const clusterName = "cluster.json";

/** How long certificates are valid, in days. */
const validDays = 3650;

/** A cluster whose keys are to be made. */
export interface ClusterPlan {
  readonly protocol: string;
  readonly config: Config;
  readonly nodes: readonly Pick<NodeSpec<never>, "id" | "role">[];
  readonly timeoutMs: number;
  /** Where each node listens, in the order of the nodes. */
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
}

/** The files of a cluster: the shared one, and one with secrets for each node. */
export async function makeKeys(
  plan: ClusterPlan,
): Promise<{ readonly cluster: ClusterFile; readonly nodes: readonly NodeFile[] }> {
  const made = await Promise.all(
    plan.nodes.map(async ({ id, role }, index) => {
      const { known, secret } = await keysFor(id);
      const member: Member = { ...{ id, role, ...plan.addresses[index]! }, ...known };
      const secrets: NodeFile = {
        ...{ format: "turncoat-node", version: 1, node: id, cluster: clusterName, data: id },
        ...secret,
      };
      return { member, secrets };
    }),
  );
  const cluster: ClusterFile = {
    ...{ format: "turncoat-cluster", version: 1, id: randomBytes(16).toString("hex") },
    ...{ protocol: plan.protocol, config: { ...plan.config }, timeoutMs: plan.timeoutMs },
    nodes: made.map(({ member }) => member),
  };
  return { cluster, nodes: made.map(({ secrets }) => secrets) };
}

/** What others know of new keys, and what only the node knows. */
async function keysFor(id: NodeId) {
  const signing = generateKeyPairSync("ed25519");
  const { certificate, key } = await certificateFor(id);
  return {
    known: { publicKey: signing.publicKey.export({ type: "spki", format: "pem" }).toString(), certificate },
    secret: {
      signingKey: signing.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      tlsKey: key,
    },
  };
}

/** A node's files with new keys. The others accept what the old ones sign, and their certificate, until `until`; keys whose time is over are left out. */
export async function rotated(
  cluster: ClusterFile,
  secrets: NodeFile,
  until: Date,
): Promise<{ readonly cluster: ClusterFile; readonly secrets: NodeFile }> {
  const { known, secret } = await keysFor(secrets.node);
  const renewed = ({ publicKey, certificate, earlier = [], ...member }: Member): Member => ({
    ...{ ...member, ...known },
    earlier: [{ publicKey, certificate, until: until.toISOString() }, ...earlier].filter(
      (one) => Date.parse(one.until) > Date.now(),
    ),
  });
  const nodes = cluster.nodes.map((member) => (member.id === secrets.node ? renewed(member) : member));
  return { cluster: { ...cluster, nodes }, secrets: { ...secrets, ...secret } };
}

async function certificateFor(id: NodeId): Promise<{ certificate: string; key: string }> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const now = Date.now();
  const day = 24 * 60 * 60 * 1000;
  const serialNumber = randomBytes(8).toString("hex").replace(/^./, "1"); // positive, as it has to be
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber,
      // Of two trusted certificates with one name OpenSSL tries one only: each needs a name of its own.
      name: `CN=${id}, OU=${serialNumber}`,
      notBefore: new Date(now - day), // clocks differ
      notAfter: new Date(now + validDays * day),
      signingAlgorithm: algorithm,
      keys,
    },
    webcrypto as never, // the same interface, under the DOM's name
  );
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
  return { certificate: `${certificate.toString("pem")}\n`, key };
}
