// Reads frames of the live socket.

import type { LiveMessage } from "@/lib/wire";

/** Longest frame that is read, in characters; a flush holds 50 rows of at most about 6 KB. */
const LONGEST_FRAME = 4_000_000;

/** A frame, or null when it is not one; unknown types are given on, and ignored by who does not know them. */
export function readFrame(text: unknown): LiveMessage | null {
  if (typeof text !== "string" || text.length > LONGEST_FRAME) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("type" in value) || typeof value.type !== "string") return null;
  if (!("seq" in value) || typeof value.seq !== "number") return null;
  // The server's types are generated from the same definitions that it serialises.
  return value as LiveMessage;
}
