import type { QueryProblem } from "../../ipc";

/** A run of a query's text, for drawing. */
export interface Run {
  text: string;
  kind: "text" | "field" | "wrong";
}

const FIELD = /(^|\s)-?([a-z_]+:)/g;

/** The query in runs: filter names apart, and the wrong part apart. */
export function highlight(query: string, problem: QueryProblem | null): Run[] {
  const wrong = problem ? range(query, problem) : null;
  const kinds: Run["kind"][] = Array.from(query, () => "text");
  const letters = Array.from(query);
  for (const match of query.matchAll(FIELD)) {
    const [whole, space = ""] = match;
    const from = Array.from(query.slice(0, match.index + space.length)).length;
    kinds.fill("field", from, from + whole.length - space.length);
  }
  if (wrong) kinds.fill("wrong", wrong[0], wrong[1]);
  return runs(letters, kinds);
}

function runs(letters: string[], kinds: Run["kind"][]): Run[] {
  const list: Run[] = [];
  letters.forEach((letter, index) => {
    const kind = kinds[index] ?? "text";
    const last = list.at(-1);
    if (last?.kind === kind) last.text += letter;
    else list.push({ text: letter, kind });
  });
  return list;
}

/** A place in bytes as a place in letters. */
function range(query: string, { at, len }: QueryProblem): [number, number] {
  const bytes = new TextEncoder().encode(query);
  const letters = (end: number) => Array.from(new TextDecoder().decode(bytes.slice(0, end))).length;
  return [letters(at), letters(at + len)];
}
