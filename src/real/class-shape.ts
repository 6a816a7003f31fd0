// What the source of a class shows without being compiled: its constructor's parameters with the members of their types, its public
// methods, and the events that it emits. For a first version of the file that describes it; all of it is guessing.

/** A parameter, or a member of its type. */
export interface Parameter {
  readonly name: string;
  /** How many parameters it has itself, if its type is that of a function. */
  readonly takes: number | null;
  /** The members of its type, if the source tells. */
  readonly members: readonly Parameter[];
}

/** What the source of a class shows. */
export interface ClassShape {
  readonly name: string;
  readonly isDefault: boolean;
  readonly isEmitter: boolean;
  /** The constructor's parameters. */
  readonly parameters: readonly Parameter[];
  /** Public methods with the names of their parameters. */
  readonly methods: readonly { readonly name: string; readonly parameters: readonly string[] }[];
  /** The events that it emits by name, with what stands for their arguments. */
  readonly events: readonly { readonly name: string; readonly parameters: readonly string[] }[];
}

/** The first exported class of a source, or null; with what it inherits from classes of the same source. */
export function classIn(source: string): ClassShape | null {
  const text = source.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "");
  const name = exportedIn(text);
  return name === null ? null : shapeOfClass(text, name, new Set());
}

const declared = (name: string) => new RegExp(`(?:^|[^\\w$.])class\\s+${name}\\b([^{]*)\\{`);

/** The name of the first class that is exported: where it is declared, or in a list of exports, as ES and CommonJS write them. */
function exportedIn(text: string): string | null {
  const names = [
    ...[/export\s+(?:default\s+)?(?:abstract\s+)?class\s+(\w+)/.exec(text)?.[1]],
    ...[...text.matchAll(/(?:module\.exports\s*=|export)\s*\{([^}]*)\}/g)].flatMap(([, list = ""]) =>
      list.split(",").map((one) => /^(?:\w+\s*:\s*)?(\w+)/.exec(one.trim())?.[1]),
    ),
    ...[...text.matchAll(/(?:exports(?:\.\w+)?\s*=|export\s+default)\s*(?:class\s+)?(\w+)/g)].map(
      ([, name]) => name,
    ),
  ];
  return names.find((name) => name !== undefined && declared(name).test(text)) ?? null;
}

/** `seen`: classes that inherit from it, so that none is its own ancestor. */
function shapeOfClass(text: string, name: string, seen: ReadonlySet<string>): ClassShape | null {
  const found = declared(name).exec(text);
  if (!found || seen.has(name)) return null;
  const [whole, heritage = ""] = found;
  const body = bodyAt(text, found.index + whole.length);
  const parent = /extends\s+(\w+)/.exec(heritage)?.[1];
  const inherited = parent === undefined ? null : shapeOfClass(text, parent, new Set([...seen, name]));
  const methods = methodsIn(body, text);
  const own = methods.filter((method) => method.name !== "constructor");
  const events = [...eventsIn(body), ...(inherited?.events ?? [])];
  return {
    name,
    isDefault: new RegExp(
      `export\\s+default\\s+(?:(?:abstract\\s+)?class\\s+)?${name}\\b|module\\.exports\\s*=\\s*(?:class\\s+)?${name}\\b`,
    ).test(text),
    isEmitter: /extends\s+(\w+\.)?EventEmitter/.test(heritage) || (inherited?.isEmitter ?? false),
    parameters:
      methods.find((method) => method.name === "constructor")?.parameters ?? inherited?.parameters ?? [],
    methods: [
      ...own.map((method) => ({
        ...method,
        parameters: method.parameters.map((parameter) => parameter.name),
      })),
      ...(inherited?.methods ?? []).filter((method) => own.every((one) => one.name !== method.name)),
    ],
    events: events.filter((event, index) => events.findIndex((one) => one.name === event.name) === index),
  };
}

/** The body of a class that begins here: up to the next class, or to a list of exports. */
function bodyAt(text: string, start: number): string {
  const rest = text.slice(start);
  const end =
    /^(?:(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s|module\.exports|exports\.|export\s*[{])/m.exec(
      rest,
    );
  return end ? rest.slice(0, end.index) : rest;
}

function methodsIn(body: string, text: string): { name: string; parameters: readonly Parameter[] }[] {
  const methods: { name: string; parameters: readonly Parameter[] }[] = [];
  for (const match of body.matchAll(/^ {1,4}(?:public\s+)?(?:async\s+)?\*?\s*([A-Za-z_]\w*)\s*\(/gm)) {
    const [whole, method = ""] = match;
    if (/^(if|for|while|switch|return|function|super|catch|private|protected|static|get|set)$/.test(method))
      continue;
    const start = match.index + whole.length;
    const parameters = parametersAt(body, start, text);
    if (!parameters) continue;
    const isConstructor = method === "constructor";
    methods.push({
      name: method,
      parameters: isConstructor ? parameters.map((one) => withUsed(one, body.slice(start))) : parameters,
    });
  }
  return methods;
}

/** A parameter without a type, with the members that the constructor reads of it. */
function withUsed(parameter: Parameter, body: string): Parameter {
  if (parameter.takes !== null || parameter.members.length > 0) return parameter;
  const end = /^ {1,4}\}/m.exec(body)?.index ?? body.length;
  const read = body.slice(0, end).matchAll(new RegExp(`\\b${parameter.name}\\.(\\w+)`, "g"));
  const names = [...new Set([...read].map(([, name]) => name!))].filter((name) => !arrayMembers.has(name));
  return { ...parameter, members: names.map((name) => ({ name, takes: null, members: [] })) };
}

/** What is read of a list, a text or a function is no member of options. */
const arrayMembers = new Set([
  "length",
  "map",
  "filter",
  "forEach",
  "slice",
  "indexOf",
  "includes",
  "bind",
  "call",
  "toString",
]);

function eventsIn(body: string): ClassShape["events"] {
  const events = new Map<string, readonly string[]>();
  for (const match of body.matchAll(/\bthis\.emit\(\s*["'`]([\w:.-]+)["'`]\s*(,|\))/g)) {
    const [whole, name = "", then] = match;
    const start = match.index + whole.length;
    const given = then === ")" ? [] : splitAt(body.slice(start, closing(body, start)), ",");
    // What the last name of an expression says: `this.log[index].value` is a value, `this.#values.get(index)` one of values.
    const names = given.map((one, index) => {
      const said = /(?:\.#?(\w+)\.get\(.*\)|(?:^|[.#\s(])(\w+))[\])!?]*$/.exec(one.trim());
      const word = (said?.[1]?.replace(/s$/, "") ?? said?.[2] ?? "").replace(/^\d.*$/, "");
      return word === "" ? `argument${index + 1}` : word;
    });
    if (!events.has(name))
      events.set(
        name,
        names.map((one, index) => (names.indexOf(one) < index ? `${one}${index + 1}` : one)),
      );
  }
  return [...events].map(([name, parameters]) => ({ name, parameters }));
}

/** The list of parameters that begins at `start`, if a body follows it; null if it is a call. */
function parametersAt(text: string, start: number, source: string): readonly Parameter[] | null {
  const end = closing(text, start);
  if (!/^\s*(:[^{;]*)?\{/.test(text.slice(end + 1, end + 200))) return null;
  return parametersIn(text.slice(start, end), source);
}

function parametersIn(text: string, source: string): readonly Parameter[] {
  return splitAt(text, ",")
    .map((one) => one.replace(/\b(private|protected|public|readonly)\b/g, "").trim())
    .filter((one) => one !== "")
    .map((one) => {
      const taken = /^\{([^}]*)\}\s*(?::([\s\S]*?))?(?:=[^>][\s\S]*)?$/.exec(one);
      const [, name = "options", , type = ""] =
        /^([\w$]+)(\?)?\s*(?::([\s\S]*))?$/.exec(one.replace(/=[^>][\s\S]*$/, "")) ?? [];
      if (!taken) return { name: /^[\w$]+/.exec(one)?.[0] ?? name, ...shapeOf(type, source) };
      const { members } = shapeOf(taken[2] ?? "", source);
      const names = splitAt(taken[1]!, ",").map((part) => /^[\w$]+/.exec(part.trim())?.[0] ?? "");
      const known = names
        .filter((part) => part !== "")
        .map((part) => ({ name: part, takes: null, members: [] }));
      return { name: "options", takes: null, members: members.length > 0 ? members : known };
    });
}

/** What a type says: of a function how many parameters it has, of an object, or of a name for one, its members. */
function shapeOf(type: string, source: string): Pick<Parameter, "takes" | "members"> {
  const text = type.trim();
  const nothing = { takes: null, members: [] };
  if (text.startsWith("(") && text.slice(closing(text, 1)).includes("=>"))
    return {
      takes: splitAt(text.slice(1, closing(text, 1)), ",").filter((one) => one.trim() !== "").length,
      members: [],
    };
  if (text.startsWith("{"))
    return { takes: null, members: membersOf(text.slice(1, closing(text, 1)), source) };
  const [name] = /^[A-Z]\w*(?=$|<|\s)/.exec(text) ?? [];
  if (name === undefined) return nothing;
  const told = new RegExp(`\\b(?:interface\\s+${name}\\b[^{=]*|type\\s+${name}\\b[^={]*=\\s*)\\{`).exec(
    source,
  );
  if (!told) return nothing;
  const start = told.index + told[0].length;
  return { takes: null, members: membersOf(source.slice(start, closing(source, start)), source) };
}

function membersOf(text: string, source: string): readonly Parameter[] {
  return splitAt(text, ";,\n").flatMap((one): Parameter[] => {
    const [whole, name] = /^(?:readonly\s+)?([A-Za-z_$]\w*)\s*\??\s*/.exec(one.trim()) ?? [];
    if (whole === undefined || name === undefined) return [];
    const rest = one.trim().slice(whole.length);
    if (rest.startsWith("("))
      return [{ name, ...shapeOf(`${rest.slice(0, closing(rest, 1) + 1)} =>`, source) }];
    return [
      { name, ...(name === "options" ? { takes: null, members: [] } : shapeOf(rest.replace(/^:/, ""), "")) },
    ];
  });
}

/** Where the bracket closes inside which `start` is. */
function closing(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if ("([{<".includes(text[at]!)) depth++;
    else if (text[at] === ">" && text[at - 1] === "=") continue;
    else if (")]}>".includes(text[at]!)) depth--;
    if (depth === 0) return at;
  }
  return text.length;
}

/** The parts of a text between separators that are in no brackets. */
function splitAt(text: string, separators: string): string[] {
  const parts: string[] = [];
  let [part, depth] = ["", 0];
  for (const [index, letter] of [...text].entries()) {
    if ("([{<".includes(letter)) depth++;
    if (")]}".includes(letter) || (letter === ">" && text[index - 1] !== "=")) depth--;
    if (depth === 0 && separators.includes(letter)) {
      parts.push(part);
      part = "";
    } else part += letter;
  }
  return [...parts, part];
}
