import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Changes what a user may do, or gives another password. */
export function useChangeUser() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: { id: number; role?: string; is_active?: boolean; password?: string }) => unwrap(client.PATCH(api.user, { params: { path: { id } }, body: change })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.users }),
  });
}
