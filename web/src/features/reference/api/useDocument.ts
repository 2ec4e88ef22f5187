import { useQuery } from "@tanstack/react-query";

import { readDocument } from "@/features/reference/document";
import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** What the API of this very server offers. */
export function useDocument() {
  return useQuery({
    queryKey: keys.document,
    queryFn: async ({ signal }) => readDocument(await unwrap(client.GET(api.document, { signal }))),
    // It changes with the binary only.
    staleTime: Infinity,
  });
}
