import "./icon.css";

/** Outlines on a 16 × 16 grid, drawn for this dashboard. */
const SHAPES = {
  overview: "M2 9h3v5H2zM6.5 2h3v12h-3zM11 6h3v8h-3z",
  traffic: "M2 4h12M2 8h9M2 12h6",
  threats: "M8 1.8 2.8 3.6v4c0 3.2 2.2 5.5 5.2 6.6 3-1.1 5.2-3.4 5.2-6.6v-4zM8 5v3.4M8 10.6v.2",
  bell: "M3 11.5h10L11.8 10V7a3.8 3.8 0 0 0-7.6 0v3zM6.6 13.6a1.5 1.5 0 0 0 2.8 0",
  gauge: "M2.5 12.5a6 6 0 1 1 11 0M8 9.5 11 6M8 9.5h.1",
  security: "M3.5 7.5h9V14h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5M8 10v1.5",
  model: "M8 2.2 13 5v6l-5 2.8L3 11V5zM8 8v5.6M8 8 3.2 5.2M8 8l4.8-2.8",
  sources: "M2.5 3.5h11v3.6h-11zM2.5 9h11v3.6h-11zM5 5.3h.1M5 10.8h.1",
  settings: "M2 4.5h7M12 4.5h2M9 2.8v3.4h3V2.8zM2 11.5h2M7 11.5h7M4 9.8v3.4h3V9.8z",
  leave: "M9.5 2.5H3v11h6.5M6.5 8H14M11 5l3 3-3 3",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.4 10.4 14 14",
  clock: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 4.8V8l2.2 1.6",
  file: "M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  chevron: "M4 6l4 4 4-4",
  back: "M10 3 5 8l5 5",
  forward: "M6 3l5 5-5 5",
  table: "M2 3h12v10H2zM2 6.3h12M2 9.6h12M6.4 3v10",
  chart: "M2 13.5h12M3.5 11 6 7l3 2.5L13 4",
  pause: "M5 3v10M11 3v10",
  play: "M4.5 2.8v10.4L13 8z",
  check: "M3 8.5 6.5 12 13 4.5",
  warning: "M8 2 1.6 13.4h12.8zM8 6.2v3.4M8 11.4v.2",
  info: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 7.4v3.4M8 5.1v.2",
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3",
  command: "M2.5 4.5 6 8l-3.5 3.5M7.5 12h6",
  keyboard: "M1.5 4h13v8h-13zM4 6.6h.1M6.6 6.6h.1M9.2 6.6h.1M11.8 6.6h.1M4.6 9.6h6.8",
  sun: "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.1 1.1M11.9 11.9 13 13M3 13l1.1-1.1M11.9 4.1 13 3",
  moon: "M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z",
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  columns: "M2 3h12v10H2zM6 3v10M10 3v10",
  bookmark: "M4 2h8v12l-4-3.2L4 14z",
  edit: "M3 13l.6-2.8L10.8 3l2.2 2.2-7.2 7.2zM9.4 4.4l2.2 2.2",
  activity: "M1.5 8.5h3l2-5.5 3 10 2-4.5h3",
  up: "M8 13V3M4 7l4-4 4 4",
  down: "M8 3v10M4 9l4 4 4-4",
} as const;

export type IconName = keyof typeof SHAPES;

/** A decorative outline; the words stand beside it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
