import type { ReactNode } from "react";

import { type Failure, Failed, Skeleton } from "@/ui/Notice";

interface LoadedProps<Data> {
  data: Data | undefined;
  failure: Failure | null;
  onRetry: () => void;
  /** What is on its way, for those who hear the page. */
  label: string;
  rows?: number;
  look?: "lines" | "cards";
  children: (data: Data) => ReactNode;
}

/** What was asked for, or the state of asking: what is held stays on the page when asking anew fails. */
export function Loaded<Data>({ data, failure, onRetry, label, rows = 5, look = "lines", children }: LoadedProps<Data>) {
  if (data !== undefined) return children(data);
  if (failure !== null) return <Failed failure={failure} onRetry={onRetry} />;
  return <Skeleton rows={rows} label={label} look={look} />;
}
