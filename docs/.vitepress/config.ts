// The documentation as a site: first the course, in the order in which a newcomer reads it, then the reference, then measured figures.

import { existsSync } from "node:fs";
import { defineConfig } from "vitepress";

const page = (text: string, link: string) => ({ text, link });

/** Pages that other commands make; they are listed once they are there. */
const made = (text: string, link: string) =>
  existsSync(new URL(`..${link}.md`, import.meta.url)) ? [page(text, link)] : [];

export default defineConfig({
  title: "Turncoat",
  description: "Model checking and fuzz testing for Byzantine fault tolerant replicas",
  cleanUrls: true,
  srcExclude: ["experiments/*.html"],
  // Links from the pages into the source lead there in a clone and in the package; the site shows them as plain names.
  ignoreDeadLinks: [/^(\.\/)?\.\.\//],
  markdown: {
    config: (md) => {
      md.core.ruler.push("source-links", ({ tokens }) => {
        for (const { children } of tokens)
          for (const token of children ?? [])
            if (token.type === "link_open" && String(token.attrGet("href")).startsWith("../")) {
              token.attrSet("title", `in the source: ${token.attrGet("href")}`);
              token.attrSet("href", "#");
            }
      });
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    sidebar: [
      {
        text: "The course",
        items: [
          page("A first counterexample", "/first-counterexample"),
          ...made("Check the code you have", "/real-code"),
          page("A protocol of your own", "/writing-a-protocol"),
          page("An adversary of your own", "/your-own-adversary"),
          page("What holds means", "/what-holds-means"),
          page("When it is too big", "/when-it-is-too-big"),
          page("In CI", "/ci"),
        ],
      },
      {
        text: "Reference",
        items: [
          ...made("Command line", "/cli"),
          page("Adversaries", "/adversaries"),
          page("Fuzzing", "/fuzzing"),
          page("From a laptop to fifty machines", "/campaigns"),
          page("Simulation", "/simulation"),
          page("Real processes", "/run"),
          page("Reports", "/reports"),
          page("Histories of real systems", "/histories"),
          page("Looking into a run", "/explorer"),
          page("Library", "/library"),
          ...made("Every name of the library", "/api/index"),
          page("Rules of PBFT", "/rules"),
          page("How the code is arranged", "/structure"),
          page("Dependencies", "/dependencies"),
        ],
      },
      {
        text: "What was found and measured",
        items: [
          page("Every flaw, and what finds it", "/flaws"),
          page("Findings in other people's protocols", "/findings"),
          page("Reports to their maintainers", "/reports/overview"),
          page("False alarms", "/false-alarms"),
          page("What it costs", "/performance"),
        ],
      },
    ],
  },
});
