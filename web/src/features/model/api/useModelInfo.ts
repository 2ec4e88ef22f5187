import { useQuery } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** The model in force with its card. */
export function useModelInfo() {
  return useQuery({
    queryKey: keys.model,
    queryFn: async ({ signal }) => (await unwrap(client.GET(api.modelInfo, { signal }))).data,
    staleTime: 60_000,
  });
}
