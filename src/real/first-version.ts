// A first version of the file that describes a class, made from the names of its constructor's parameters and of its methods. It guesses
// by names; what it cannot guess it leaves as a question.

import { basename } from "node:path";

/** What the source of a class shows. */
export interface ClassShape {
  readonly name: string;
  readonly isDefault: boolean;
  readonly isEmitter: boolean;
  /** Names of the constructor's parameters. */
  readonly parameters: readonly string[];
  /** Public methods with the names of their parameters. */
  readonly methods: readonly { readonly name: string; readonly parameters: readonly string[] }[];
}

const messageNames = /^(on)?(receive|handle|message|hear|deliver|process|data)(Message|Packet|Rpc|RPC)?$/i;
const requestNames =
  /^(propose|request|submit|command|append|execute|replicate|write|put|broadcast|acquire|lock)$/i;

/** The first exported class of a source, or null. */
export function classIn(source: string): ClassShape | null {
  const text = source.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
  const found =
    /export\s+(default\s+)?(?:abstract\s+)?class\s+(\w+)([^{]*)\{/.exec(text) ??
    /(?:^|\n)()class\s+(\w+)([^{]*)\{[\s\S]*(?:module\.exports\s*=|export\s*(?:default|\{))/.exec(text);
  if (!found) return null;
  const [, isDefault = "", name = "", heritage = ""] = found;
  const body = text.slice(text.indexOf("{", text.indexOf(`class ${name}`)) + 1);
  const methods: { name: string; parameters: readonly string[] }[] = [];
  for (const match of body.matchAll(/^ {1,4}(?:public\s+)?(?:async\s+)?\*?\s*([A-Za-z_]\w*)\s*\(/gm)) {
    const [whole, method = ""] = match;
    if (/^(if|for|while|switch|return|function|super|catch|private|protected|static|get|set)$/.test(method))
      continue;
    const parameters = parametersAt(body, match.index + whole.length);
    if (parameters) methods.push({ name: method, parameters });
  }
  return {
    name,
    isDefault: isDefault !== "" || /module\.exports\s*=\s*\w+|export default \w+/.test(text),
    isEmitter: /extends\s+(\w+\.)?EventEmitter/.test(heritage),
    parameters: methods.find((method) => method.name === "constructor")?.parameters ?? [],
    methods: methods.filter((method) => method.name !== "constructor"),
  };
}

/** The names in a list of parameters that begins at `start`, if a body follows it; null if it is a call. */
function parametersAt(text: string, start: number): readonly string[] | null {
  let depth = 1;
  let end = start;
  for (; end < text.length && depth > 0; end++) {
    if ("([{<".includes(text[end]!)) depth++;
    else if (text[end] === ">" && text[end - 1] === "=") continue;
    else if (")]}>".includes(text[end]!)) depth--;
  }
  if (!/^\s*(:[^{;]*)?\{/.test(text.slice(end, end + 200))) return null;
  const parts: string[] = [];
  let part = "";
  depth = 0;
  for (const letter of text.slice(start, end - 1)) {
    if ("([{<".includes(letter)) depth++;
    if (")]}>".includes(letter)) depth--;
    if (letter === "," && depth === 0) {
      parts.push(part);
      part = "";
    } else part += letter;
  }
  return [...parts, part]
    .map((one) => one.replace(/\b(private|protected|public|readonly)\b/g, "").trim())
    .filter((one) => one !== "")
    .map((one) => /^[\w$]+/.exec(one)?.[0] ?? "options");
}

/** The text of a file `*.real.ts` for a class in `file`. */
export function firstVersion(shape: ClassShape, file: string): string {
  const { name, isDefault, isEmitter, parameters, methods } = shape;
  const specifier = `./${basename(file).replace(/\.([cm]?)ts$/, ".$1js")}`;
  const message = methods.find((method) => messageNames.test(method.name));
  const request = methods.find((method) => requestNames.test(method.name));
  const argumentsOf = parameters.map((parameter) => argumentFor(parameter)).join(", ");
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
    isEmitter
      ? '  replica.on("commit", (request) => io.executed(request)); // TODO: which event says that something was executed?'
      : "  // TODO: call io.executed(request) where the replica has executed a request.",
    "  return {",
    "    roots: { replica },",
    message
      ? `    message: (from, message) => replica.${message.name}(${message.parameters.length > 1 ? "from, message" : "message"}),`
      : `    message: (from, message) => { /* TODO: which method takes a message? ${methods.map((method) => method.name).join(", ")} */ },`,
    request
      ? `    request: (request) => replica.${request.name}(request),`
      : `    request: (request) => { /* TODO: which method takes a client's request? ${methods.map((method) => method.name).join(", ")} */ },`,
    "  };",
    "});",
    "",
  ];
  return lines.join("\n");
}

/** What is passed for a parameter of this name. */
function argumentFor(name: string): string {
  if (/^(id|self|address|nodeId|name|me|replicaId)$/i.test(name)) return "io.self";
  if (/^(peers|others|neighbou?rs)$/i.test(name)) return "io.peers";
  if (/^(ids|nodes|members|replicas|cluster)$/i.test(name)) return "io.ids";
  if (/^(send|transport|network|emit|tell)$/i.test(name)) return "(to, message) => io.send(to, message)";
  if (/^broadcast$/i.test(name)) return "(message) => io.broadcast(message)";
  if (/^(apply|execute|onCommit|commit|deliver|onDeliver)$/i.test(name))
    return "(request) => io.executed(request)";
  if (/^(options|config|opts)$/i.test(name))
    return "{ id: io.self, peers: io.peers, send: (to, message) => io.send(to, message) }";
  return `undefined /* ${name} */`;
}
