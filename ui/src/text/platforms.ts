import type { Environment, PlatformPreview, PlatformRow } from "../ipc/bindings";

/** `by API · can prove a key dead`: what Keywright can do on a platform, in a line. */
export function platformFacts(platform: PlatformRow): string {
  const can = (what: string) => platform.capabilities.some((one) => one === what);
  const making = can("create") ? "by API" : platform.guided ? "in its dashboard" : "made elsewhere";
  const ending = can("prove alive or dead") ? "can prove a key dead" : "no proof";
  return `${making} · ${ending}`;
}

/** Why a platform's profile may not be added, or what it takes the place of; none when it is new. */
export function takesPlace({ replaces, builtin, platform }: PlatformPreview): {
  tone: "critical" | "warning";
  title: string;
  more: string;
} | null {
  if (builtin)
    return {
      tone: "critical",
      title: `“${platform.id}” comes with Keywright.`,
      more: "It is not replaced: give yours another id.",
    };
  if (replaces !== null)
    return {
      tone: "warning",
      title: `It takes the place of ${replaces}, which you added before.`,
      more: "Connections to that one use the new file from then on. Compare the calls below.",
    };
  return null;
}

const ENVIRONMENT: Record<Environment, string> = {
  live: ", production",
  test: ", sandbox",
  unknown: "",
};

/** `agent.ceo, production`: what a text on the clipboard may be a key of. */
export const candidate = (name: string, environment: Environment): string =>
  `${name}${ENVIRONMENT[environment]}`;
