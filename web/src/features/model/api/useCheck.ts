import { useMutation } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { api } from "@/lib/paths";
import type { CheckRequest } from "@/lib/wire";

/** Has a request judged without keeping it. */
export function useCheck() {
  return useMutation({
    mutationFn: async (request: CheckRequest) => (await unwrap(client.POST(api.wafCheck, { params: { query: { record: false, explain: true } }, body: request }))).data,
  });
}
