import { skipToken, useQuery } from "@tanstack/react-query";

import { keys } from "@/lib/keys";
import type { Performance } from "@/lib/wire";

/** Load of this moment, as the live socket brings it; there is no route to ask for it. */
export function usePerformanceNow() {
  return useQuery<Performance>({ queryKey: keys.performanceNow, queryFn: skipToken });
}
