import type { Dimension } from "@/features/top/api/useTop";
import type { Filters } from "@/lib/search";
import { className, statusText } from "@/lib/vocabulary";

interface DimensionText {
  title: string;
  head: string;
  /** How a value reads, and what is said of it beside. */
  text: (value: string) => string;
  aside?: (value: string) => string;
  /** The rows behind a value. */
  rows: (value: string) => Filters;
}

const plain = (value: string) => value;

/** Longest search that the server takes, in characters. */
const LONGEST_SEARCH = 200;

export const DIMENSIONS: Record<Dimension, DimensionText> = {
  status: { title: "Response status", head: "Status", text: (value) => (value === "0" ? "none" : value), aside: (value) => statusText(Number(value)), rows: (value) => ({ status: value }) },
  method: { title: "Methods", head: "Method", text: plain, rows: (value) => ({ method: value }) },
  host: { title: "Hosts", head: "Host", text: plain, rows: (value) => ({ host: value }) },
  class: { title: "Classes", head: "Class", text: className, rows: (value) => ({ class: value }) },
  ip: { title: "Clients", head: "Address", text: plain, rows: (value) => ({ ip: value }) },
  path: { title: "Paths", head: "Path", text: plain, rows: (value) => ({ endpoint: value }) },
  // The server filters agents by their words.
  user_agent: { title: "User agents", head: "User agent", text: plain, rows: (value) => ({ q: value.slice(0, LONGEST_SEARCH) }) },
};
