// Saves what the diagram shows as an SVG file: all rows that pass the filters, with their words.

import type { Story } from "../story.js";
import { headHeight, type Layout } from "./layout.js";

const namespace = "http://www.w3.org/2000/svg";

/** Makes the picture and hands it to the browser as a download. */
export function savePicture(root: HTMLElement, story: Story, layout: Layout): void {
  const drawn = root.querySelector("svg.space-time");
  if (!drawn) return;
  const picture = drawn.cloneNode(true) as SVGSVGElement;
  const longest = Math.max(0, ...layout.rows.map((step) => story.steps[step]!.line.length));
  const width = layout.width + 60 + Math.min(140, longest) * 7;
  picture.setAttribute("xmlns", namespace);
  picture.setAttribute("viewBox", `0 0 ${width} ${layout.height}`);
  picture.setAttribute("width", String(width));
  picture.setAttribute("height", String(layout.height));
  picture.removeAttribute("style");
  const style = document.createElementNS(namespace, "style");
  const computed = getComputedStyle(root);
  const colours = ["--fg", "--bg", "--bad", "--good", "--dim", "--accent", "--line"];
  style.textContent = `svg{background:${computed.getPropertyValue("--bg")};font:12px system-ui,sans-serif;${colours
    .map((name) => `${name}:${computed.getPropertyValue(name)}`)
    .join(";")}}${document.getElementById("turncoat-style")?.textContent ?? ""}`;
  picture.prepend(style);
  for (const { node } of story.lanes)
    picture.append(text(node, layout.x.get(node)!, headHeight - 12, "middle"));
  for (const step of layout.rows)
    picture.append(
      text(`${step + 1}  ${story.steps[step]!.line}`, layout.width + 34, layout.y[step]! + 4, "start"),
    );
  save(new XMLSerializer().serializeToString(picture), `${fileName(story.title)}.svg`, "image/svg+xml");
}

function text(content: string, x: number, y: number, anchor: string): SVGTextElement {
  const element = document.createElementNS(namespace, "text");
  element.setAttribute("x", String(x));
  element.setAttribute("y", String(y));
  element.setAttribute("text-anchor", anchor);
  element.setAttribute("fill", "currentColor");
  element.textContent = content;
  return element;
}

/** Hands a file to the browser. */
export function save(content: string, name: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function fileName(title: string): string {
  return (
    title
      .replaceAll(/[^\w-]+/g, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, 60) || "story"
  );
}
