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
];
