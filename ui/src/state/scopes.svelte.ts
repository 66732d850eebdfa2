import type { ScopeAxis, ScopeChoice } from "../ipc";

/** The scopes chosen on a form's axes. A wildcard stands alone; a grid has one tier a row. */
export class ScopePick {
  readonly axes: ScopeAxis[];
  #chosen: Record<string, string[]> = $state({});

  constructor(axes: ScopeAxis[]) {
    this.axes = axes;
    for (const axis of axes) {
      this.#chosen[axis.id] = axis.kind === "fixed" ? axis.choices.map(({ value }) => value) : [];
    }
  }

  /** All scopes, axis by axis. */
  get list(): string[] {
    return this.axes.flatMap((axis) => this.of(axis));
  }

  of(axis: ScopeAxis): string[] {
    return this.#chosen[axis.id] ?? [];
  }

  has(axis: ScopeAxis, value: string): boolean {
    return this.of(axis).includes(value);
  }

  /** Typed scopes that no choice of the axis lists. */
  typed(axis: ScopeAxis): string[] {
    const known = new Set(axis.choices.map(({ value }) => value));
    return this.of(axis).filter((value) => !known.has(value) && value !== axis.wildcard?.value);
  }

  /** Chooses or drops one scope. */
  toggle(axis: ScopeAxis, value: string) {
    if (axis.kind === "fixed") return;
    const chosen = this.of(axis);
    if (chosen.includes(value))
      this.#set(
        axis,
        chosen.filter((other) => other !== value),
      );
    else if (axis.kind === "one" || value === axis.wildcard?.value) this.#set(axis, [value]);
    else this.#set(axis, [...chosen.filter((other) => other !== axis.wildcard?.value), value]);
  }

  /** The tier chosen in a grid's row; empty when the row is not chosen. */
  tier(axis: ScopeAxis, row: string): string {
    return inRow(axis, row).find(({ value }) => this.has(axis, value))?.tier ?? "";
  }

  /** Sets a grid row's tier; empty drops the row. */
  setTier(axis: ScopeAxis, row: string, tier: string) {
    const cells = inRow(axis, row);
    const others = this.of(axis).filter((value) => !cells.some((cell) => cell.value === value));
    const cell = cells.find((choice) => choice.tier === tier);
    this.#set(axis, cell ? [...others, cell.value] : others);
  }

  /** Adds what was typed, behind the axis's prefix. */
  type(axis: ScopeAxis, text: string) {
    const prefix = axis.free?.prefix ?? "";
    const bare = text.trim();
    if (bare === "") return;
    const value = bare.startsWith(prefix) ? bare : `${prefix}${bare}`;
    if (!this.has(axis, value)) this.toggle(axis, value);
  }

  /** Takes over another key's scopes, each on the axis that knows it. */
  take(scopes: string[]) {
    for (const axis of this.axes) {
      if (axis.kind === "fixed") continue;
      const prefix = axis.free?.prefix;
      const fits = (scope: string) =>
        scope === axis.wildcard?.value ||
        axis.choices.some(({ value }) => value === scope) ||
        (prefix !== undefined && prefix !== "" && scope.startsWith(prefix));
      this.#set(axis, scopes.filter(fits));
    }
  }

  #set(axis: ScopeAxis, values: string[]) {
    this.#chosen[axis.id] = values;
  }
}

/** The cells of one row of a grid. */
export function inRow(axis: ScopeAxis, row: string): ScopeChoice[] {
  return axis.choices.filter((choice) => choice.row === row);
}

/** What people call a row: what the labels of its cells say before their tier. */
export function rowLabel(axis: ScopeAxis, row: string): string {
  const names = inRow(axis, row).map(({ label, tier }) =>
    label.endsWith(`: ${tier}`) ? label.slice(0, -tier.length - 2) : row,
  );
  return names.every((name) => name === names[0]) ? (names[0] ?? row) : row;
}

/** The rows of a grid, in the order of the form. */
export function rowsOf(axis: ScopeAxis): string[] {
  return [...new Set(axis.choices.map(({ row }) => row))];
}
