// The links in README.md and docs/ lead somewhere: in a clone, and in the packed package, which has only the files that package.json lists.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import test from "ava";
import { root } from "../cli/support.js";

const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly files: readonly string[];
};
const folders = ["docs", "docs/reports"];
const pages = [
  "README.md",
  ...folders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)),
].filter((name) => name.endsWith(".md"));

/** The files and folders that the pages link to, code aside, relative to the root. */
function targetsOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), "utf8").replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, "");
  return [...text.matchAll(/\]\(([^)#\s]+)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^\w+:/.test(target))
    .map((target) => normalize(join(dirname(page), target)).replace(/\/$/, ""));
}

function isPacked(target: string): boolean {
  if (["README.md", "LICENSE", "package.json"].includes(target)) return true;
  return files.some((entry) =>
    entry.endsWith("/*.md")
      ? dirname(target) === dirname(entry) && target.endsWith(".md")
      : target === entry || target.startsWith(`${entry}/`),
  );
}

for (const page of pages)
  test(`the links of ${page} lead somewhere, in the package too`, (t) => {
    const targets = targetsOf(page);
    t.deepEqual(
      targets.filter((target) => !existsSync(join(root, target))),
      [],
    );
    t.deepEqual(
      targets.filter((target) => !isPacked(target)),
      [],
    );
    const inDocs = targets.filter((target) => target.startsWith("docs/") && !/\.\w+$/.test(target));
    t.deepEqual(inDocs, [], "a site has no folders: link to a page");
  });
