import { app, detail, place } from "../../state";
import { lock, newKey } from "../../state/actions";
import { placeKey } from "../../state/clients/actions";
import { rotate } from "../../state/rotation/actions";

const VIEWS = ["overview", "keys", "clients", "activity", "connections"] as const;

/** Keys that work from anywhere in the window. */
export function shortcut(event: KeyboardEvent) {
  if (event.defaultPrevented || app.locking) return;
  const command = event.ctrlKey || event.metaKey;
  const handled = command && !event.altKey ? withCommand(event.key) : plain(event);
  if (handled) event.preventDefault();
}

function withCommand(key: string): boolean {
  switch (key.toLowerCase()) {
    case "k":
      if (place.dialog?.kind === "palette") place.close();
      else if (!place.dialog) place.show({ kind: "palette" });
      return true;
    case "l":
      void lock();
      return true;
    case ",":
      if (!place.dialog) place.show({ kind: "settings" });
      return true;
    default:
      return false;
  }
}

function plain(event: KeyboardEvent): boolean {
  if (place.dialog || isTyping(event.target)) return false;
  if (event.altKey) {
    if (event.key.toLowerCase() === "l") place.show({ kind: "leak" });
    else if (event.key.toLowerCase() === "q") place.go("queue");
    else return toView(event.key);
    return true;
  }
  switch (event.key) {
    case "r":
      if (place.view !== "keys" || !detail.value?.can.rotate) return false;
      rotate(detail.value.row.id);
      return true;
    case "/":
      place.go("keys");
      requestAnimationFrame(() => document.getElementById("search")?.focus());
      return true;
    case "n":
      newKey();
      return true;
    case "e":
      if (place.view !== "keys" || !detail.value) return false;
      place.show({ kind: "edit", key: detail.value.row.id });
      return true;
    case "p":
      if (place.view !== "keys" || !detail.value?.has_secret) return false;
      placeKey(detail.value.row.id);
      return true;
    default:
      return false;
  }
}

function toView(key: string): boolean {
  const view = VIEWS[Number(key) - 1];
  if (view) place.go(view);
  return view !== undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
