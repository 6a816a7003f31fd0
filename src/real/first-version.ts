// Generates a first version of the file that describes a class, from the names of its constructor's
// parameters and of its methods. What it cannot guess from names it leaves as a question.

import { basename } from "node:path";
import type { ClassShape, Parameter } from "./class-shape.js";

const messageNames = /^(on)?(receive|handle|message|hear|deliver|process|data)(Message|Packet|Rpc|RPC)?$/i;
const requestNames =
  /^(propose|request|submit|command|append|execute|replicate|write|put|broadcast|acquire|lock)$/i;
const executedNames = /commit|execut|appl|decid|deliver|chosen|acquired/i;
const networkNames = /^(send|transport|network|net|bus|wire|emit|tell|rpc|channel)$/i;
const slotNames = /^(index|slot|seq|sequence|sequenceNumber|position|height)$/i;

/** The text of a file `*.real.ts` for a class in `file`. */
export function firstVersion(shape: ClassShape, file: string): string {
  const { name, isDefault, isEmitter, parameters, methods } = shape;
  const specifier = `./${basename(file).replace(/\.([cm]?)ts$/, ".$1js")}`;
  const message = methods.find((method) => messageNames.test(method.name));
  const request = methods.find((method) => method !== message && requestNames.test(method.name));
  const argumentsOf = parameters.map((parameter) => argumentFor(parameter)).join(", ");
  const all = methods.map((method) => method.name).join(", ");
  const lines = [
    `// How one replica of ${name} is made, for turncoat check ./${basename(file).replace(/\.[cm]?[jt]s$/, ".real.ts")}. A first version: look at each TODO.`,
    "",
    'import { real } from "turncoat/real";',
    isDefault
      ? `import ${name} from ${JSON.stringify(specifier)};`
      : `import { ${name} } from ${JSON.stringify(specifier)};`,
    "",
    "export default real((io) => {",
    `  const replica = new ${name}(${argumentsOf});${parameters.length > 0 ? " // TODO: are these what it needs?" : ""}`,
    ...(isEmitter
      ? listenerFor(shape)
      : argumentsOf.includes("io.executed")
        ? []
        : ["  // TODO: call io.executed(request) where the replica has executed a request."]),
    "  return {",
    "    roots: { replica },",
    message
      ? `    message: (from, message) => replica.${message.name}(${message.parameters.length > 1 ? "from, message" : "message"}),`
      : `    message: (from, message) => { /* TODO: which method takes a message? ${all} */ },`,
    request
      ? `    request: (request) => replica.${request.name}(request),`
      : `    request: (request) => { /* TODO: which method takes a client's request? ${all} */ },`,
    "  };",
    "});",
    "",
  ];
  return lines.join("\n");
}

/** Listens to the event that seems to say that something was executed. */
function listenerFor({ events }: ClassShape): string[] {
  const question = "TODO: which event says that something was executed?";
  if (events.length === 0)
    return [`  replica.on("commit", (request) => io.executed(request)); // ${question}`];
  const found = events.find(({ name }) => executedNames.test(name));
  const others = events.filter((one) => one !== found).map(({ name }) => name);
  const emits = others.length === 0 ? "" : ` It ${found ? "also " : ""}emits ${others.join(", ")}.`;
  if (!found)
    return [`  // ${question}${emits}`, '  // replica.on("...", (request) => io.executed(request));'];
  const { name, parameters } = found;
  const slot = parameters.length > 1 ? parameters.find((one) => slotNames.test(one)) : undefined;
  const request =
    parameters.find((one) => /value|command|request|entry|data|payload|operation/i.test(one)) ??
    parameters.findLast((one) => one !== slot) ??
    "request";
  const listed = parameters.length > 0 ? parameters.join(", ") : request;
  const at = slot === undefined ? "" : `, { slot: ${slot} }`;
  return [
    `  replica.on(${JSON.stringify(name)}, (${listed}) => io.executed(${request}${at})); // TODO: is that when a request was executed, and which?${emits}`,
  ];
}

/** What is passed for a parameter. */
function argumentFor({ name, takes, members }: Parameter): string {
  if (/^(id|self|address|nodeId|name|me|replicaId)$/i.test(name)) return "io.self";
  if (/^(peers|others|neighbou?rs)$/i.test(name)) return "io.peers";
  if (/^(ids|nodes|members|replicas|cluster)$/i.test(name)) return "io.ids";
  if (networkNames.test(name) && members.length > 0)
    return objectOf(members, (member) => (member.takes === null ? argumentFor(member) : transport(member)));
  if (networkNames.test(name)) return transport({ name, takes, members });
  if (/^broadcast$/i.test(name)) return "(message) => io.broadcast(message)";
  if (/^(apply|execute|onCommit|commit|deliver|onDeliver)$/i.test(name))
    return "(request) => io.executed(request)";
  if (members.length > 0) return objectOf(members, argumentFor);
  if (/^(options|config|opts)$/i.test(name))
    return "{ id: io.self, peers: io.peers, send: (to, message) => io.send(to, message) }";
  return `undefined /* ${name} */`;
}

/** What sends: to one node, or to all if it takes a message only. */
function transport({ takes }: Parameter): string {
  return takes === 1 ? "(message) => io.broadcast(message)" : "(to, message) => io.send(to, message)";
}

function objectOf(members: readonly Parameter[], textOf: (member: Parameter) => string): string {
  return `{ ${members.map((member) => `${member.name}: ${textOf(member)}`).join(", ")} }`;
}
