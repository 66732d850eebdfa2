import type {
  ClientFile,
  ClientForm,
  ClientId,
  ClientParam,
  ClientRow,
  ClientSlot,
  FormChoice,
  KeyDetail,
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

/** The file that was chosen, or else the project's, or the first that is there. */
export function fileOf(client: ClientRow | undefined, target: Target): ClientFile | undefined {
  const files = filesOf(client, slotOf(client, target));
  return (
    files.find(({ id }) => id === target.file) ??
    files.find(({ scope }) => scope === "project" || scope === "local") ??
    files.find(({ exists }) => exists) ??
    files[0]
  );
}

/** What is asked for the chosen slot and form. */
export function paramsOf(client: ClientRow | undefined, target: Target): ClientParam[] {
  const slot = slotOf(client, target);
  const form = formsOf(slot).find(({ kind }) => kind === target.form);
  const asked = askedBy(form);
  const more = asked ? [{ ...asked, default: "", only_new: false }] : [];
  return [...(slot?.params ?? []), ...more];
}

/** A first choice for a client: the slot made for the key's platform, or its first one. */
export function toTarget(
  client: ClientRow,
  key: KeyDetail | null,
  form: FormChoice | null,
): Target {
  const platform = key?.row.platform ?? "";
  const fits = client.slots.filter(
    ({ platforms }) => platforms.length === 0 || platforms.includes(platform),
  );
  const slot = fits.find(({ platforms }) => platforms.length > 0) ?? fits[0] ?? client.slots[0];
  const has = (kind: FormChoice | null) => slot?.forms.some((one) => one.kind === kind);
  return {
    client: client.id,
    slot: slot?.id ?? "",
    file: "",
    form: form !== null && has(form) ? form : (slot?.forms[0]?.kind ?? "literal"),
    params: suggested(slot, key),
  };
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
