// The page: shows the stories that stand in it, or, where a server answers, a live exploration.

import { render } from "preact";
import type { Story } from "../story.js";
import { LiveApp } from "./live-app.js";
import { Viewer } from "./viewer.js";

/** What the page is given, as JSON in an element with the id `turncoat-data`. */
interface PageData {
  readonly stories: readonly Story[];
  /** The page is served by `turncoat explore`. */
  readonly live?: boolean;
}

const element = document.getElementById("turncoat-data");
const { stories, live = false } = JSON.parse(element?.textContent ?? '{"stories":[]}') as PageData;

for (const place of document.querySelectorAll<HTMLElement>("[data-story]")) mount(place);

function mount(place: HTMLElement): void {
  const index = Number(place.dataset.story);
  const show = () => {
    place.replaceChildren();
    place.classList.add("mounted");
    render(
      live ? (
        <LiveApp />
      ) : (
        <Viewer stories={stories} first={index} isWhole={place.dataset.whole !== undefined} />
      ),
      place,
    );
  };
  const folded = place.closest("details:not([open])");
  if (folded) folded.addEventListener("toggle", show, { once: true });
  else show();
}
