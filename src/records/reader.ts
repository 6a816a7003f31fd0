// Reads records: of one node, or of several that were merged.

import { document } from "../files/document.js";
import { parseJson, readText } from "../files/json.js";
import { SchemaMismatch } from "../model/canonical.js";
import { UserError } from "../model/errors.js";
import { sortedText } from "../model/sorted-text.js";
import type { NodeId } from "../protocol/index.js";
import { checkedStep, type RecordedStep, RecordHead } from "./schema.js";

/** What one or several nodes have recorded. */
export interface Records {
  /** By node. */
  readonly heads: ReadonlyMap<NodeId, RecordHead>;
  /** In the order of the lines: those of one node are in the order of its steps. */
  readonly steps: readonly RecordedStep[];
}

/** A line of a record. @throws {UserError} `bad-file`; `where` says which line it is. */
export function parseLine(line: string, where: string): RecordHead | RecordedStep {
  const json = parseJson(line, where);
  if ((json as { readonly kind?: unknown } | null)?.kind === "head")
    return document(RecordHead, json, `${where} is not the head of a record`);
  const step = checkedStep(json);
  if (step instanceof SchemaMismatch)
    throw new UserError("bad-file", `${where} is not a step of a record: ${step}.`);
  return json as RecordedStep; // as it stands: the order of keys is the node's own
}

/** Everything in these files. @throws {UserError} `bad-file` if one is no record, a node has no head or two, or one of several files of a record is missing. */
export function readRecords(files: readonly string[]): Records {
  const heads = new Map<NodeId, RecordHead>();
  const parts = new Map<NodeId, number>();
  const steps: RecordedStep[] = [];
  for (const file of files)
    for (const [index, line] of readText(file).split("\n").entries()) {
      if (line.trim() === "") continue;
      const where = `line ${index + 1} of ${file}`;
      const parsed = parseLine(line, where);
      if (parsed.kind === "head") {
        const { part = 1 } = parsed;
        const before = parts.get(parsed.node) ?? 0;
        if (part === 1 && before > 0)
          throw new UserError(
            "bad-file",
            `${where} is a second head of ${parsed.node}: name each record once.`,
          );
        if (part !== before + 1)
          throw new UserError(
            "bad-file",
            `${where} begins file ${part} of the record of ${parsed.node}, and file ${before + 1} was not read before it.`,
          );
        parts.set(parsed.node, part);
        heads.set(parsed.node, part === 1 ? parsed : withCode(heads.get(parsed.node)!, parsed));
      } else if (!heads.has(parsed.node))
        throw new UserError(
          "bad-file",
          `${where} is a step of ${parsed.node}, and no head of ${parsed.node} stands before it.`,
        );
      else steps.push(parsed);
    }
  if (heads.size === 0) throw new UserError("bad-file", `${files.join(", ")}: there is no record in it.`);
  refuseForeign([...heads.values()]);
  return { heads, steps };
}

/** The head of a record whose next file is `next`: it may have been written by other code. What one of them does not say nobody knows. */
function withCode({ code: before, ...head }: RecordHead, { code }: RecordHead): RecordHead {
  if (before === undefined || code === undefined) return head;
  const isNew = code.filter((one) => !before.some((other) => sortedText(other) === sortedText(one)));
  return { ...head, code: [...before, ...isNew] };
}

function refuseForeign([first, ...others]: readonly RecordHead[]): void {
  for (const { node, cluster, protocol } of others)
    if (cluster !== first!.cluster || protocol !== first!.protocol)
      throw new UserError(
        "bad-file",
        `the records of ${first!.node} and ${node} are of different clusters: ${first!.cluster} and ${cluster}.`,
      );
}
