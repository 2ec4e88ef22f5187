import { csvAddress } from "@/lib/paths";
import { filterQuery, type Filters } from "@/lib/search";
import { useSearchState } from "@/lib/useSearchState";
import { Icon } from "@/ui/Icon";

/** All rows that match, as a file that the server streams. */
export function ExportLink({ path, filters: own }: { path: Parameters<typeof csvAddress>[0]; /** Those of the address that the list understands; without it all of them. */ filters?: Filters }) {
  const { window, filters } = useSearchState();
  return (
    <a className="button button-plain" href={csvAddress(path, { ...window, ...filterQuery(own ?? filters) })} download title="All rows of the range that match the filters">
      <Icon name="file" />
      CSV
    </a>
  );
}
