import type { OperationLine } from "../bindings";

const iso = (ms: number) => new Date(ms).toISOString();

/** What was cut short or waits in the made-up vault. */
export const operations = (now: number): OperationLine[] => [
  {
    id: "o-1",
    connection: "c-acme",
    connection_name: "acme",
    asked: iso(now - 7_200_000),
    state: { kind: "orphaned", remote_ids: ["key_9aa1"] },
    request: {
      kind: "create",
      key: "k-x",
      name: "ci-preview",
      scopes: [],
      lifetime: { kind: "days", value: 30 },
      label: "",
      note: "",
      owner: "",
      owner_kind: "unknown",
      tags: [],
    },
  },
  {
    id: "o-2",
    connection: "c-lab",
    connection_name: "lab",
    asked: iso(now - 3_000_000),
    state: { kind: "draft" },
    request: {
      kind: "create",
      key: "k-y",
      name: "sandbox-probe",
      scopes: [],
      lifetime: { kind: "days", value: 30 },
      label: "",
      note: "",
      owner: "",
      owner_kind: "unknown",
      tags: [],
    },
  },
  {
    id: "o-3",
    connection: "c-acme",
    connection_name: "acme",
    asked: iso(now - 5_400_000),
    state: { kind: "draft" },
    request: {
      kind: "revoke",
      key: "k-2",
      remote_id: "key_2f3a",
      name: "contractor-may",
      reason: "left the team",
    },
  },
  {
    id: "o-4",
    connection: "c-acme",
    connection_name: "acme",
    asked: iso(now - 9_400_000),
    state: { kind: "held", why: "somebody named it “wiki-reader-eu” meanwhile" },
    request: {
      kind: "relabel",
      key: "k-9",
      remote_id: "key_9f3a",
      name: "wiki-reader",
      to: "wiki-reader-team",
    },
  },
];
