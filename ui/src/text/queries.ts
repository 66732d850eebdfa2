/** Queries offered by name. The language is told in docs/query.md. */
export interface SavedQuery {
  id: string;
  label: string;
  query: string;
}

export const SAVED: SavedQuery[] = [
  { id: "due", label: "Due this month", query: "due:<30d" },
  { id: "ownerless", label: "No owner", query: "owner:none" },
  { id: "unplaced", label: "Not placed", query: "is:unplaced" },
];

export interface FilterGroup {
  label: string;
  filters: { label: string; term: string }[];
}

export const FILTERS: FilterGroup[] = [
  {
    label: "When",
    filters: [
      { label: "Expires within 30 days", term: "expires:<30d" },
      { label: "Rotation due", term: "is:due" },
      { label: "Never expires", term: "expires:never" },
      { label: "Older than 90 days", term: "created:>90d" },
      { label: "Not used for 60 days", term: "used:>60d" },
    ],
  },
  {
    label: "State",
    filters: [
      { label: "Active", term: "is:active" },
      { label: "Expired", term: "is:expired" },
      { label: "Being revoked", term: "is:revoking" },
      { label: "Revoked", term: "is:revoked" },
      { label: "Without a secret here", term: "-is:secret" },
      { label: "In the bin", term: "is:deleted" },
    ],
  },
  {
    label: "Kind",
    filters: [
      { label: "Production", term: "env:live" },
      { label: "Sandbox", term: "env:test" },
    ],
  },
];

/** The query with the term added, or without it when it is there. */
export function toggleTerm(query: string, term: string): string {
  const words = query.split(/\s+/).filter((word) => word !== "");
  const rest = words.filter((word) => word !== term);
  return (rest.length < words.length ? rest : [...rest, term]).join(" ");
}

export const hasTerm = (query: string, term: string): boolean => query.split(/\s+/).includes(term);
