import type {
  ClientFile,
  ClientForm,
  ClientId,
  ClientParam,
  ClientRow,
  ClientSlot,
  FormChoice,
  KeyDetail,
  PlacementRow,
  PlaceTarget,
} from "../../ipc";
import { askedBy } from "../../text";

/** A client that was chosen, and what was told for it. */
export interface Target {
  client: ClientId;
  slot: string;
  /** The id of one of its files. */
  file: string;
  form: FormChoice;
  params: Record<string, string>;
}

export const slotOf = (client: ClientRow | undefined, target: Target): ClientSlot | undefined =>
  client?.slots.find(({ id }) => id === target.slot);

/** The slot's ways of holding a key, one of each kind. */
export const formsOf = (slot: ClientSlot | undefined): ClientForm[] =>
  (slot?.forms ?? []).filter(
    (form, at, all) => all.findIndex(({ kind }) => kind === form.kind) === at,
  );

/** Files that may hold the slot's key and that are written. */
export const filesOf = (
  client: ClientRow | undefined,
  slot: ClientSlot | undefined,
): ClientFile[] =>
  (client?.files ?? []).filter(({ id, read_only }) => read_only === "" && slot?.files.includes(id));

export const isWhole = (path: string): boolean => /^(\/|[A-Za-z]:[\\/])/.test(path);

/** The file that was chosen, or else the project's, or the first that is there. */
export function fileOf(client: ClientRow | undefined, target: Target): ClientFile | undefined {
  const files = filesOf(client, slotOf(client, target));
  const chosen = files.find(({ id }) => id === target.file);
  if (!chosen && isWhole(target.file)) return told(target.file);
  return (
    chosen ??
    files.find(({ scope }) => scope === "project" || scope === "local") ??
    files.find(({ exists }) => exists) ??
    files[0]
  );
}

/** A file that was told by its path: it is known from before, and belongs to some project. */
const told = (path: string): ClientFile => ({
  id: path,
  name: "",
  scope: "project",
  path,
  short: path,
  exists: true,
  read_only: "",
});

/** What is asked for the chosen slot and form. */
export function paramsOf(client: ClientRow | undefined, target: Target): ClientParam[] {
  const slot = slotOf(client, target);
  const form = formsOf(slot).find(({ kind }) => kind === target.form);
  const asked = askedBy(form);
  const more = asked ? [{ ...asked, default: "", only_new: false }] : [];
  return [...(slot?.params ?? []), ...more];
}

/** A first choice for a client: what stood there before, or what fits the key's platform. */
export function toTarget(
  client: ClientRow,
  key: KeyDetail | null,
  form: FormChoice | null,
  again: PlacementRow | null = null,
): Target {
  const platform = key?.row.platform ?? "";
  const seen = again ? readNode(again.node) : {};
  const fits = client.slots.filter(
    ({ platforms }) => platforms.length === 0 || platforms.includes(platform),
  );
  const named = again && fits.find((one) => one.params.some(({ name }) => name in seen));
  const like = fits.find(({ params }) => Object.keys(seen).every((told) => has(params, told)));
  const made = fits.find(({ platforms }) => platforms.length > 0);
  const slot = (again ? (like ?? named) : made) ?? fits[0] ?? client.slots[0];
  const holds = (kind: FormChoice | null) => slot?.forms.some((one) => one.kind === kind);
  const before = form ?? again?.form.kind ?? null;
  const file = client.files.find(({ path }) => path === again?.file)?.id ?? again?.file ?? "";
  return {
    client: client.id,
    slot: slot?.id ?? "",
    file,
    form: before !== null && holds(before) ? before : (slot?.forms[0]?.kind ?? "literal"),
    params: { ...suggested(slot, key), ...seen },
  };
}

const has = (params: ClientParam[], told: string) => params.some(({ name }) => name === told);

/** What a place's path in its file tells: the server's name, the variable's. */
export function readNode(node: string): { server?: string; name?: string } {
  const inServer = /(?:^|\.)(?:\w*[sS]ervers|mcp|extensions)\.("[^"]+"|[^.]+)\.(.+)$/.exec(node);
  if (!inServer) return /^\w+$/.test(node) ? { name: node } : {};
  const server = (inServer[1] ?? "").replaceAll('"', "");
  const variable = /^(?:env|envs|environment)\.(\w+)$/.exec(inServer[2] ?? "")?.[1];
  return variable === undefined ? { server } : { server, name: variable };
}

/** What can be guessed: the definition's own defaults, and names after the key. */
export function suggested(
  slot: ClientSlot | undefined,
  key: KeyDetail | null,
): Record<string, string> {
  const variable = key?.env_name ?? "";
  const server = (key?.row.platform ?? "").replace(/[^A-Za-z0-9_-]+/g, "-");
  const guesses: Record<string, string> = { name: variable, server, provider: server };
  const given = (slot?.params ?? []).map((param): [string, string] => [
    param.name,
    param.default === "" ? (guesses[param.name] ?? "") : param.default,
  ]);
  return { variable, ...Object.fromEntries(given) };
}

/** What must still be told: `file`, or the parameters' names. */
export function missing(client: ClientRow, target: Target, project: string): string[] {
  const names = paramsOf(client, target)
    .filter(({ name, only_new }) => !only_new && (target.params[name] ?? "").trim() === "")
    .map(({ name }) => name);
  // A file of a project is only known once its folder is told.
  const located = fileOf(client, target) !== undefined || project.trim() !== "";
  return located ? names : ["file", ...names];
}

/** The target as the core takes it. */
export function wanted(
  target: Target,
  client: ClientRow | undefined,
  project: string,
): PlaceTarget {
  const told = paramsOf(client, target)
    .map(({ name }): [string, string] => [name, (target.params[name] ?? "").trim()])
    .filter(([, value]) => value !== "");
  return {
    client: target.client,
    slot: target.slot,
    file: fileOf(client, target)?.id ?? target.file,
    project: project.trim(),
    form: target.form,
    params: Object.fromEntries(told),
  };
}
