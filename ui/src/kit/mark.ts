/** A shape that tells as much as its colour. */
export type MarkShape = "square" | "triangle" | "outline" | "check" | "ring" | "dash" | "dot";
