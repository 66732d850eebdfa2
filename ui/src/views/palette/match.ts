import type { Action } from "../../state/actions";

const MOST_WITHOUT_WORDS = 8;

/** The actions in which every typed word occurs, those that begin with it first. */
export function matching(actions: Action[]): (typed: string) => Action[] {
  return (typed) => {
    const words = typed
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    if (words.length === 0) return actions.slice(0, MOST_WITHOUT_WORDS);
    const fits = actions.filter((action) => {
      const text = `${action.label} ${action.words ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const first = words[0] ?? "";
    const begins = (action: Action) => (action.label.toLowerCase().startsWith(first) ? 0 : 1);
    return fits.sort((a, b) => begins(a) - begins(b));
  };
}
