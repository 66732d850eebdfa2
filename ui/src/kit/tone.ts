/** How a thing is coloured; its shape or word says the same. */
export type Tone = "critical" | "warning" | "fine" | "calm" | "accent";
