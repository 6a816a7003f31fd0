// What both ends of a connection ask of TLS: version 1.3, and the node's own certificate.

import type { NodeSettings } from "./cluster.js";

/** The options that clients and servers share. */
export function tlsOptions({ member, tlsKey }: NodeSettings) {
  return { minVersion: "TLSv1.3", cert: member.certificate, key: tlsKey } as const;
}
