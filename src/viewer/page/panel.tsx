// What the panels beside the diagram have in common.

import type { Timeline } from "../timeline.js";

export interface PanelProps {
  readonly timeline: Timeline;
  readonly moment: number;
  readonly onMoment: (moment: number) => void;
}

/** Longer lists are cut. */
export const mostListed = 200;

/** A button that leads to a moment. */
export function Jump({
  moment,
  onMoment,
  label = "",
}: {
  readonly moment: number;
  readonly onMoment: (moment: number) => void;
  readonly label?: string;
}) {
  return (
    <button type="button" class="jump" onClick={() => onMoment(moment)}>
      {label} {moment === 0 ? "the start" : `step ${moment}`}
    </button>
  );
}
