import type { QueryProblem } from "../bindings";
import { DAY, type FakeKey } from "./vault";

type Test = (key: FakeKey) => boolean;

const STATES: Record<string, Test> = {
  active: (key) => key.row.status === "active",
  expired: (key) => key.row.status === "expired",
  revoking: (key) => key.row.status === "revoking",
  revoked: (key) => key.row.status === "revoked",
  due: (key) => key.findings.some(({ kind }) => kind.kind === "rotation_due"),
  placed: (key) => key.uses.length > 0,
  unplaced: (key) => key.uses.length === 0,
  secret: (key) => key.has_secret,
  deleted: (key) => key.deleted !== null,
};

const until = (at: string | null, days: number) =>
  at !== null && Date.parse(at) - Date.now() < days * DAY;

function field(name: string, value: string): Test | string {
  const days = Number.parseInt(value.replace(/[<>=]/g, ""), 10);
  switch (name) {
    case "is":
      return (
        STATES[value] ??
        `\`is:\` does not know \`${value}\`. Known values: ${Object.keys(STATES).join(", ")}.`
      );
    case "platform":
      return (key) => value.split(",").some((one) => key.row.platform.startsWith(one));
    case "tag":
      return (key) => key.row.tags.includes(value);
    case "owner":
      return (key) => (value === "none" ? key.owner.name === "" : key.owner.name.includes(value));
    case "env":
      return (key) => key.row.environment === value;
    case "expires":
      return (key) =>
        value === "never"
          ? key.row.expires.kind === "never"
          : key.row.expires.kind === "at" &&
            until(key.row.expires.at, days) &&
            !until(key.row.expires.at, 0);
    case "due":
      return (key) => key.row.status === "active" && until(key.row.rotation_due, days);
    case "created":
      return (key) => until(key.row.created, -days);
    case "used":
      return (key) => key.last_used !== null && until(key.last_used, -days);
    default:
      return `There is no filter \`${name}:\`. Known filters: is, platform, tag, owner, env, expires, due, created, used.`;
  }
}

/** Enough of the query language to work on the window. */
export function parse(query: string): Test | QueryProblem {
  const tests: Test[] = [];
  let binned = false;
  for (const match of query.matchAll(/(-?)(?:([a-z]+):)?(\S+)/g)) {
    const [whole, minus, name, value = ""] = match;
    const test: Test | string = name
      ? field(name, value)
      : (key) =>
          `${key.row.title} ${key.row.name} ${key.note} ${key.row.connection_name}`
            .toLowerCase()
            .includes(value.toLowerCase());
    if (typeof test === "string") {
      const at = new TextEncoder().encode(query.slice(0, match.index)).length;
      return { at, len: whole.length, message: test };
    }
    if (whole === "is:deleted") binned = true;
    tests.push(minus === "-" ? (key) => !test(key) : test);
  }
  return (key) => (key.deleted !== null) === binned && tests.every((test) => test(key));
}
