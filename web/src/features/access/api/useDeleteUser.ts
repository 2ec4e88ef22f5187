import { useMutation, useQueryClient } from "@tanstack/react-query";

import { client, unwrap } from "@/lib/api";
import { keys } from "@/lib/keys";
import { api } from "@/lib/paths";

/** Deletes a user with logins and tokens. */
export function useDeleteUser() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(client.DELETE(api.user, { params: { path: { id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.users }),
  });
}
