// The page: shows the stories that stand in it, or, where a server answers, a live exploration.

import { render } from "preact";
import type { Story } from "../story.js";
import { damaged, Guarded } from "./guarded.js";
import { LiveApp } from "./live-app.js";
import { Viewer } from "./viewer.js";

/** What the page is given, as JSON in an element with the id `turncoat-data`. */
interface PageData {
  readonly stories: readonly Story[];
  /** The page is served by `turncoat explore`. */
  readonly live?: boolean;
}

const element = document.getElementById("turncoat-data");
const data = dataOf(element?.textContent ?? null);

for (const place of document.querySelectorAll<HTMLElement>("[data-story]"))
  if (data === null || !(data.live || data.stories[Number(place.dataset.story)])) place.prepend(warning());
  else mount(place, data);

function dataOf(text: string | null): PageData | null {
  try {
    const parsed = JSON.parse(text ?? "") as Partial<PageData> | null;
    return Array.isArray(parsed?.stories) ? (parsed as PageData) : null;
  } catch {
    return null;
  }
}

function warning(): HTMLElement {
  const element = document.createElement("p");
  element.className = "viewer problem";
  element.textContent = damaged;
  return element;
}

function mount(place: HTMLElement, { stories, live = false }: PageData): void {
  const index = Number(place.dataset.story);
  const show = () => {
    place.replaceChildren();
    place.classList.add("mounted");
    render(
      <Guarded>
        {live ? (
          <LiveApp />
        ) : (
          <Viewer stories={stories} first={index} isWhole={place.dataset.whole !== undefined} />
        )}
      </Guarded>,
      place,
    );
  };
  const folded = place.closest("details:not([open])");
  if (folded) folded.addEventListener("toggle", show, { once: true });
  else show();
}
